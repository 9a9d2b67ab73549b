"""How long the page Matrix takes to show the finished grid of a run: `python -m bench.matrix_page`.

The run is of 20 identities × 50 operations, and a mixed one: allowed, partial, refused in both ways, with hundreds of
findings and a baseline that a part of the cells disagrees with. All cells are shown, not the disagreements alone.
"""

import re
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.browser_clock import click, first_title
from bench.pages import TRIVIAL_TITLE
from tests.browser import server
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.verbs import Operator
from tests.cloud import Cloud, running_cloud
from tools.chromium import found

BUDGET_MS = 2000
ROUNDS = 5
OPERATIONS = 50
FIELDS = {
    "byApiKey": "{ byApiKey }",
    "byIam": "{ byIam }",
    "byUserPool": "{ byUserPool }",
    "narrowed": "{ trapNarrowedChild { open adminsOnly } }",
    "forAdmins": "{ forAdmins }",
}
BASELINE = """gatehouse-baseline 1
op00-byApiKey  api-key  allowed  reason="Open" owner=bench
op01-byIam  guest/iam  refused by rule
op02-byUserPool  group:admins/id  allowed  reason="Open" owner=bench
"""
# Twenty columns: three that need nothing, three people with three credentials each, eight that are spoilt.
IDENTITIES = """
identities:
  - nobody
  - api-key
  - guest
  - stand_in: [admins]
  - stand_in: [viewers]
  - stand_in: []
  - broken: [tampered, other-pool, wrong-client, wrong-key, wrong-signature, alg-none, wrong-secret, changed-body]
"""


def measure(browser: Browser, cloud: Cloud) -> bool:
    """Print the figure; whether it is within the budget, stretched by how slow the machine is at this moment."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wide.yaml").write_text(_suite())
        (folder / "wide.baseline").write_text(BASELINE)
        trivial = server.start("bench/trivial_app.py", folder, {})
        dashboard = server.start(
            "dashboard.py",
            folder,
            {"GATEHOUSE_LOCAL_CLOUD": str(cloud.folder), "GATEHOUSE_SUITES_FOLDER": str(folder)},
        )
        try:
            with browser.new_context() as context:
                slower = first_title(context.new_page(), trivial.address) / TRIVIAL_TITLE
                took = _shown_again(context.new_page(), dashboard.address, cloud)
        finally:
            trivial.stop()
            dashboard.stop()
    print(
        f"matrix: the finished grid of {20 * OPERATIONS} cells stands after {median(took):.0f} ms,"
        f" {median(took) / BUDGET_MS / slower:.2f} of its budget of {BUDGET_MS} ms"
        f" (machine {slower:.2f} times as slow as where it was set)"
    )
    return median(took) <= BUDGET_MS * slower


def _shown_again(page: Page, address: str, cloud: Cloud) -> list[float]:
    """Milliseconds from a click on the page's name to the end of its run, the run of the suite being there already."""
    page.set_default_timeout(120_000)
    operator = Operator(page, address)
    operator.open("/matrix")
    with page.expect_response("**/session"):
        operator.sign_in("ada", cloud.password("ada"))
    operator.sees_title("Matrix")
    operator.settled()
    operator.run_matrix()
    expect(page.get_by_text(re.compile("of 1000 cells proven"))).to_be_visible()
    # By itself the page shows what disagrees; here, every cell of it.
    page.get_by_role("button", name=re.compile("only disagreements")).click()
    operator.settled()
    took = []
    for _ in range(ROUNDS):
        operator.go("Tokens")
        operator.settled()
        took.append(click(page, '[data-testid=stSidebarNav] a[href$="/matrix"]'))
        expect(operator.cells("matrix_grid", 1)).not_to_have_count(0)
        operator.settled()
    return took


def _suite() -> str:
    named = list(FIELDS.items())
    operations = ""
    for number in range(OPERATIONS):
        name, document = named[number % len(named)]
        operations += f"  - id: op{number:02}-{name}\n    document: '{document}'\n"
    return f"name: wide\napi: modes\nbaseline: wide.baseline\n{IDENTITIES}operations:\n{operations}"


def main() -> int:
    """Measure on a local cloud of its own; 1 when the figure is past the limit."""
    path = found()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cloud(Path(folder) / "cloud") as cloud,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        return 0 if measure(browser, cloud) else 1


if __name__ == "__main__":
    sys.exit(main())
