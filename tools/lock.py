"""Choose exact versions again: resolve each requirements file in a fresh virtual environment and freeze it.

A development lock starts from its part's own lock, so that tests run on what people run.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

LOCKS = (
    ("requirements.txt", "requirements.lock", None),
    ("requirements-dev.txt", "requirements-dev.lock", "requirements.lock"),
    ("local_cloud/requirements.txt", "local_cloud/requirements.lock", None),
    ("local_cloud/requirements-dev.txt", "local_cloud/requirements-dev.lock", "local_cloud/requirements.lock"),
    ("infra/requirements.txt", "infra/requirements.lock", None),
    ("tests/clients/requirements.txt", "tests/clients/requirements.lock", None),
)


def frozen(wanted: Path, base: Path | None) -> str:
    """The exact versions that a requirements file resolves to, one a line, on top of another lock."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = str(Path(folder, "bin", "pip"))
        given = [part for path in (base, wanted) if path for part in ("-r", str(path))]
        subprocess.run([pip, "install", "--quiet", "--disable-pip-version-check", *given], check=True)
        listed = subprocess.run([pip, "freeze"], check=True, capture_output=True, text=True)
    return listed.stdout


def main() -> None:
    """Write every lock file, or those whose requirements files are named."""
    chosen = set(sys.argv[1:])
    for wanted, lock, base in LOCKS:
        if chosen and wanted not in chosen:
            continue
        header = f"# Made by `make lock` from {wanted}.\n"
        Path(lock).write_text(header + frozen(Path(wanted), Path(base) if base else None), encoding="utf-8")
        print(lock)


if __name__ == "__main__":
    main()
