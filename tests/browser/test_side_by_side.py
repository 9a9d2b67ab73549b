"""Side by side, in a browser: what each identity gets is what modes, directives and policies say."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.verbs import Operator
from tests.cloud import Cloud
from tests.contract.faults import faults

AsOperator = Callable[..., Operator]
Grid = dict[str, dict[str, str]]

ALLOWED, REFUSED_BY_MODE, REFUSED_BY_RULE = "✓ allowed", "⊘ refused by mode", "✕ refused by rule"
NO_ONE, GUEST, MY_ID, MY_ACCESS, MY_IAM = (
    "No credentials",
    "Guest · IAM",
    "Me · ID token",
    "Me · access token",
    "Me · IAM",
)


@pytest.fixture
def wide(as_operator: AsOperator) -> Callable[[str], Operator]:
    """Ada at the side-by-side page, in a window that shows every row and column."""

    def at(path: str) -> Operator:
        operator = as_operator("ada", path)
        operator.page.set_viewport_size({"width": 3000, "height": 1600})
        operator.sees_title("Side by side")
        return operator

    return at


def run(operator: Operator) -> Grid:
    """Press Run and read the grid: identity, then field, then the words of the cell."""
    operator.settled()
    operator.at("side_run").get_by_role("button").click()
    operator.sees("slowest")
    operator.settled()
    return operator.grid(operator.at("side_grid"))


def test_the_blogs_api_refuses_nobody_and_an_api_key_by_mode_and_admits_the_rest(
    wide: Callable[[str], Operator],
) -> None:
    operator = wide("/side-by-side")
    grid = run(operator)
    whole = {identity: cells["The whole call"] for identity, cells in grid.items()}
    assert whole == {
        NO_ONE: REFUSED_BY_MODE,
        "API key (made up)": REFUSED_BY_MODE,
        GUEST: ALLOWED,
        MY_ID: ALLOWED,
        MY_ACCESS: ALLOWED,
        MY_IAM: ALLOWED,
    }
    operator.sees("Smoke test passed: API key (made up) · refused by mode (HTTP 401)")


def test_every_field_of_the_all_modes_api_gives_what_its_directives_say(
    wide: Callable[[str], Operator], local_cloud: Cloud
) -> None:
    operator = wide("/side-by-side")
    operator.select("API", "All-modes API")
    add_person(operator, "otto", local_cloud.password("otto"))
    grid = run(operator)

    admits = {
        "byApiKey": {"API key"},
        "byIam": {GUEST, MY_IAM, "otto · IAM"},
        "byUserPool": {MY_ID, MY_ACCESS, "otto · ID token", "otto · access token"},
        "byOidc": set(),
        "byLambda": set(),
        "byDefault": {MY_ID, MY_ACCESS, "otto · ID token", "otto · access token"},
        "forAdmins": {MY_ID, MY_ACCESS},
        "forViewers": set(),
        "forAdminsOrViewers": {MY_ID, MY_ACCESS},
    }
    somebody = [identity for identity in grid if identity != NO_ONE]
    assert {grid[NO_ONE][field] for field in admits} == {REFUSED_BY_MODE}
    for field, who in admits.items():
        got = {identity: grid[identity][field] for identity in somebody}
        assert got == {identity: ALLOWED if identity in who else REFUSED_BY_RULE for identity in somebody}, field
    assert all(grid[identity]["byEveryMode"] == ALLOWED for identity in somebody)


def add_person(operator: Operator, name: str, password: str) -> None:
    """Add the columns of another person by signing them in there."""
    operator.press("Add column")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("User name", exact=False).fill(name)
    dialog.get_by_label("Password", exact=True).fill(password)
    dialog.get_by_role("button", name="Sign in", exact=False).click()
    expect(dialog).to_have_count(0)


def test_a_cell_opens_a_drawer_that_says_why(wide: Callable[[str], Operator]) -> None:
    operator = wide("/side-by-side")
    run(operator)
    operator.page.set_viewport_size({"width": 1280, "height": 900})
    operator.settled()
    operator.tick_cell("side_grid", left=320)
    dialog = operator.page.get_by_role("dialog")
    expect(dialog).to_contain_text("refused by mode")
    expect(dialog).to_contain_text("HTTP 401")
    expect(operator.page).to_have_url(re.compile("side_cell=nobody"))
    # A key pressed in the drawer is no wish for another run.
    expect(operator.at("side_run")).not_to_contain_text("Ctrl")
    operator.page.keyboard.press("Escape")
    expect(operator.at("side_run")).to_contain_text("Ctrl")
    expect(operator.page).not_to_have_url(re.compile("side_cell"))


def test_broken_credentials_are_each_refused_in_their_own_words(wide: Callable[[str], Operator]) -> None:
    operator = wide("/side-by-side?side_broken=true")
    run(operator)
    calls = operator.grid(operator.page.get_by_role("region", name="The call of each identity"))
    spoilt = ("Made-up API key", "Me · tampered token", "Me · wrong secret", "Me · changed body")
    assert ALLOWED not in {calls["Outcome"][who] for who in spoilt}
    assert len({calls["Why"][who] for who in spoilt}) == len(spoilt)


def test_the_grid_fills_cell_by_cell_while_an_answer_is_slow(
    wide: Callable[[str], Operator], local_cloud: Cloud
) -> None:
    operator = wide("/side-by-side")
    operator.settled()
    with faults(local_cloud, {"kind": "latency", "seconds": 20, "service": "graphql", "count": 1}):
        operator.at("side_run").get_by_role("button").click()
        operator.sees("5 of 6 identities have their answer")
        so_far = operator.page.get_by_role("region", name="Outcomes that have come so far")
        # The words above the table come before it, and the table of the moment before stands there meanwhile.
        first_row = so_far.locator('[data-testid^="glide-cell-"][data-testid$="-0"]')
        expect(first_row.filter(has_text="… waiting")).to_have_count(1)
        live = operator.grid(so_far)
        words = [cells["The whole call"] for head, cells in live.items()]
        assert words.count("… waiting") == 1
        operator.sees("slowest")
    assert "… waiting" not in str(operator.grid(operator.at("side_grid")))
