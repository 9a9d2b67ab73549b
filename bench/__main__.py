"""`make bench`: every promised figure, as ratios; fails when one is over its budget."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench import fifty, lab, local_cloud, matrix_page, mutations, pages, side_by_side
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.cloud import running_cloud
from tools.chromium import found


def main() -> None:
    """Measure, print, and exit with 1 when something is over its budget."""
    path = found()
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder) / "cloud") as cloud:
        good = local_cloud.measure(cloud)
        good &= side_by_side.measure(cloud)
        good &= lab.measure(cloud)
        good &= mutations.measure(cloud)
        good &= fifty.measure(cloud)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
            good &= pages.measure(browser, cloud)
            good &= matrix_page.measure(browser, cloud)
            browser.close()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
