"""`make pictures`: the pictures in docs/pictures, taken from the running dashboard on a fresh local cloud."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import server
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.verbs import Operator
from tests.cloud import Cloud, running_cloud

PICTURES = Path("docs/pictures")
SCHEMES = ("light", "dark")
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def users(operator: Operator) -> None:
    """A page of users."""
    operator.go_to("/users?users_size=10", "Users")
    expect(operator.cells("users_table", 1)).not_to_have_count(0)


def groups(operator: Operator) -> None:
    """The groups of the pool."""
    operator.go_to("/groups", "Groups")
    operator.sees("2 groups")


def passwords(operator: Operator) -> None:
    """A password that is typed, and its checklist."""
    operator.open("/passwords?user=otto")
    operator.page.get_by_label("New password", exact=True).fill("Almost-good")
    operator.settled()


def side_by_side(operator: Operator) -> None:
    """Every field of the all-modes API, by every identity."""
    operator.go_to("/side-by-side", "Side by side")
    operator.select("API", "All-modes API")
    operator.settled()
    operator.at("side_run").get_by_role("button").click()
    operator.sees("slowest")
    operator.page.mouse.move(0, 0)


def matrix(operator: Operator) -> None:
    """Every operation of a suite by every identity."""
    operator.go_to("/matrix?matrix_suite=modes.yaml", "Matrix")
    operator.run_matrix()
    operator.page.mouse.move(0, 0)


def tokens(operator: Operator) -> None:
    """One's own two tokens, claim by claim."""
    operator.go_to("/tokens", "Tokens")
    claims = operator.page.get_by_role("region", name="The claims of the ID token and of the access token")
    expect(claims.locator('[data-testid^="glide-cell-1-"]')).not_to_have_count(0)


def audit(operator: Operator) -> None:
    """The record of acts."""
    operator.go_to("/audit", "Audit")
    expect(operator.cells("audit_table", 1)).not_to_have_count(0)


SHOTS: dict[str, Callable[[Operator], None]] = {
    "users": users,
    "groups": groups,
    "passwords": passwords,
    "side-by-side": side_by_side,
    "matrix": matrix,
    "tokens": tokens,
    "audit": audit,
}


def take(page: Page, name: str) -> None:
    """Save what the tab shows, once it has come to rest."""
    Operator(page, "").settled()
    page.wait_for_timeout(600)  # tables fade in
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


def shoot(browser: Browser, address: str, cloud: Cloud) -> None:
    """Take every picture, wide in both themes and narrow in the light one."""
    for scheme, viewport in ((SCHEMES[0], WIDE), (SCHEMES[1], WIDE), (SCHEMES[0], NARROW)):
        suffix = scheme if viewport is WIDE else "narrow"
        with browser.new_context(viewport=viewport, color_scheme=scheme) as context:
            page = context.new_page()
            operator = Operator(page, address)
            operator.go_to("/", "Sign in to Gatehouse")
            take(page, f"sign-in-{suffix}")
            with page.expect_response("**/session"):
                operator.sign_in("ada", cloud.password("ada"))
            for name, prepare in SHOTS.items():
                prepare(operator)
                take(page, f"{name}-{suffix}")


def main() -> None:
    """Start what the pictures are taken of, and take them."""
    path = os.environ.get("GATEHOUSE_CHROMIUM")
    if not path:
        sys.exit("Run `make pictures`, which finds a browser first.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, running_cloud(Path(name) / "cloud") as cloud:
        dashboard = server.start("dashboard.py", Path(name), {"GATEHOUSE_LOCAL_CLOUD": str(cloud.folder)})
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
                shoot(browser, dashboard.address, cloud)
                browser.close()
        finally:
            dashboard.stop()


if __name__ == "__main__":
    main()
