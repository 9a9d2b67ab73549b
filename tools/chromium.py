"""Print the path of a Chromium: one that is there, else one that Playwright fetches, else Debian's.

Fails, with the reason on standard error, when none can be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """A Chromium that this machine has, or None."""
    named = os.environ.get("GATEHOUSE_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own() -> str | None:
    """The Chromium that Playwright keeps, fetched if need be, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).is_file():
        quiet(sys.executable, "-m", "playwright", "install", "--with-deps", "chromium")
    return path if Path(path).is_file() else None


def debians() -> str | None:
    """Debian's Chromium, installed where we are root, or None."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet("apt-get", "update", "-qq")
    quiet("apt-get", "install", "-y", "-qq", "chromium")
    return shutil.which("chromium")


def quiet(*command: str) -> None:
    """Run a command with its output on standard error; its failure shows in what is there afterwards."""
    subprocess.run(command, check=False, stdout=sys.stderr, timeout=600)


def found() -> str:
    """A Chromium from wherever there is one; exits, with the reason, when none can be had."""
    path = installed() or playwrights_own() or debians()
    if path is None:
        sys.exit("No Chromium: install one (e.g. `apt-get install chromium`) or name one in GATEHOUSE_CHROMIUM.")
    return path


def main() -> None:
    """Print its path."""
    print(found())


if __name__ == "__main__":
    main()
