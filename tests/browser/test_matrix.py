"""The matrix, in a browser: from a person to their column, from a cell to its group, and a change accepted."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import server
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]
SUITE = """
name: accepting
api: modes
baseline: accepting.baseline
identities:
  - nobody
  - guest
  - stand_in: [admins]
operations:
  - id: everyone
    document: "{ byEveryMode }"
  - id: admins-only
    document: "{ forAdmins }"
"""
BASELINE = """gatehouse-baseline 1
admins-only  group:admins/access  allowed  reason="Administrators" owner=ada
admins-only  group:admins/id  allowed  reason="Administrators" owner=ada
everyone  group:admins/access  allowed  reason="Open" owner=ada
everyone  group:admins/iam  allowed  reason="Open" owner=ada
everyone  group:admins/id  allowed  reason="Open" owner=ada
"""


@pytest.fixture
def accepting(suites: Path) -> Iterator[Path]:
    """A suite whose baseline says nothing of guests, who get in."""
    suite = suites / "accepting.yaml"
    suite.write_text(SUITE)
    (suites / "accepting.baseline").write_text(BASELINE)
    yield suite
    suite.unlink()
    (suites / "accepting.baseline").unlink()


def command(suite: Path, cloud: Cloud, tmp_path: Path) -> int:
    """How the command of CI ends."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GATEHOUSE_", "AWS_"))}
    return subprocess.run(
        [sys.executable, "-m", "services.authorization", "run", str(suite)],
        cwd=server.ROOT,
        env={**clean, "GATEHOUSE_LOCAL_CLOUD": str(cloud.folder), "GATEHOUSE_DATA_FOLDER": str(tmp_path)},
        capture_output=True,
        check=False,
    ).returncode


def test_from_a_person_to_what_they_get(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/passwords?user=vera")
    operator.page.set_viewport_size({"width": 5000, "height": 1400})
    operator.page.get_by_role("link", name="Test as vera").click()
    operator.sees_title("Matrix")
    expect(operator.page.get_by_role("button", name="As vera", exact=True)).to_be_visible()
    operator.run_matrix()

    grid = operator.grid(operator.at("matrix_grid"))
    assert grid["As vera · ID token"]["forViewers"] == "✓ allowed ="
    assert grid["As vera · ID token"]["forAdmins"] == "✕ refused by rule ="
    assert grid["No credentials"]["byEveryMode"] == "⊘ refused by mode ="


def test_a_person_to_test_as_is_searched_for_in_the_user_pool_and_stays_in_the_address(
    as_operator: AsOperator, accepting: Path
) -> None:
    operator = as_operator("ada", f"/matrix?matrix_suite={accepting.name}")
    operator.sees_title("Matrix")
    operator.press("Test as a person")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("User name or e-mail").fill("vera@")  # the address: no user name begins so
    expect(dialog.get_by_role("button", name=re.compile("@example.com"))).to_have_count(1)
    dialog.get_by_role("button", name=re.compile("^vera · vera@example.com")).click()
    expect(dialog).to_have_count(0)
    expect(operator.page).to_have_url(re.compile("matrix_person=vera(&|$)"))

    operator.go("Tokens")
    operator.go("Matrix")
    operator.press("As vera")
    expect(operator.page.get_by_role("button", name="As vera", exact=True)).to_have_count(0)
    expect(operator.page).not_to_have_url(re.compile("matrix_person"))


def test_a_change_is_accepted_with_a_reason_and_ci_fails_before_and_passes_after(
    as_operator: AsOperator, accepting: Path, local_cloud: Cloud, tmp_path: Path
) -> None:
    assert command(accepting, local_cloud, tmp_path) == 1

    operator = as_operator("ada", "/matrix?matrix_suite=accepting.yaml")
    operator.sees_title("Matrix")
    operator.run_matrix()
    operator.sees("1 disagreement")
    # Only the disagreement is shown: one row, one column beside the two frozen ones.
    operator.at("matrix_grid").hover()
    operator.tick_cell("matrix_grid", left=300)
    drawer = operator.page.get_by_role("dialog")
    expect(drawer).to_contain_text("nobody agreed to it")
    drawer.locator("summary").filter(has_text="Accept allowed, with a reason").click()
    drawer.get_by_label("Reason").fill("Guests see the public page")
    drawer.get_by_role("button", name=re.compile("Accept allowed")).click()
    operator.sees(re.compile("Agreed: 10 of 10 cells proven"))

    assert 'reason="Guests see the public page" owner=ada' in accepting.with_suffix(".baseline").read_text()
    assert command(accepting, local_cloud, tmp_path) == 0


def test_from_a_cell_to_the_group_that_caused_it(as_operator: AsOperator, accepting: Path) -> None:
    operator = as_operator("ada", f"/matrix?matrix_suite={accepting.name}")
    operator.sees_title("Matrix")
    operator.run_matrix()
    operator.page.get_by_role("button", name=re.compile("only disagreements")).click()
    operator.page.get_by_label("Find", exact=True).fill("admins-only")
    operator.sees("5 of 10 cells ·")
    expect(operator.at("matrix_grid").locator("canvas th", has_text="No credentials")).to_be_attached()
    operator.at("matrix_grid").hover()
    operator.tick_cell("matrix_grid", left=620)
    drawer = operator.page.get_by_role("dialog")
    expect(drawer).to_contain_text("admins · ID token")
    expect(drawer).to_contain_text('@aws_cognito_user_pools(cognito_groups: ["admins"])')
    drawer.get_by_role("link", name="Group admins").click()
    operator.sees_title("admins")


def test_a_cell_has_an_address_that_opens_it_also_for_who_did_not_run_it(
    as_operator: AsOperator, accepting: Path
) -> None:
    operator = as_operator("ada", f"/matrix?matrix_suite={accepting.name}")
    operator.sees_title("Matrix")
    operator.run_matrix()
    operator.at("matrix_grid").hover()
    operator.tick_cell("matrix_grid", left=300)
    drawer = operator.page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", name="everyone · Guest · IAM")).to_be_visible()
    expect(operator.page).to_have_url(re.compile(r"matrix_cell=everyone\+guest%2Fiam"))
    drawer.get_by_role("tab", name="Copy", exact=True).click()
    link = drawer.get_by_text(re.compile("^http.*matrix_cell=")).inner_text()
    assert f"matrix_suite={accepting.name}" in link

    # Run again from the drawer, the drawer shows what came of it, and closing it leaves the address.
    drawer.get_by_role("button", name="Run this cell again").click()
    expect(drawer).to_contain_text("Run 2 times")
    drawer.get_by_role("tab", name="History", exact=True).click()
    history = drawer.get_by_role("region", name="What the cell showed before")
    expect(history.get_by_test_id("glide-cell-1-1")).to_be_attached()
    operator.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(operator.page).not_to_have_url(re.compile("matrix_cell"))

    # A new tab has no run of its own: the last one that was kept opens, and says that it is that.
    operator.open(link.removeprefix(operator.address))
    expect(drawer.get_by_role("heading", name="everyone · Guest · IAM")).to_be_visible()
    expect(drawer).to_contain_text("As of the run of")
    expect(drawer).to_contain_text("nobody agreed to it")


def test_the_next_identity_is_a_key_away(as_operator: AsOperator, accepting: Path) -> None:
    operator = as_operator("ada", f"/matrix?matrix_suite={accepting.name}")
    operator.sees_title("Matrix")
    operator.run_matrix()
    operator.page.get_by_role("button", name=re.compile("only disagreements")).click()
    operator.sees("10 cells ·")
    expect(operator.at("matrix_grid").locator("canvas th", has_text="No credentials")).to_be_attached()
    operator.at("matrix_grid").hover()
    operator.tick_cell("matrix_grid", left=300)
    drawer = operator.page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", name="everyone · No credentials")).to_be_visible()
    press(operator, drawer, "n", "Next identity")
    expect(drawer.get_by_role("heading", name="everyone · Guest · IAM")).to_be_visible()
    press(operator, drawer, "p", "Previous identity")
    expect(drawer.get_by_role("heading", name="everyone · No credentials")).to_be_visible()


def press(operator: Operator, drawer: Locator, key: str, button: str) -> None:
    """Press the key of a button; the drawer's title is there before its buttons are."""
    expect(drawer.get_by_role("button", name=button)).to_be_enabled()
    operator.settled()
    operator.page.keyboard.press(key)


def test_the_key_for_a_run_does_not_reach_through_a_drawer(as_operator: AsOperator, accepting: Path) -> None:
    operator = as_operator("ada", f"/matrix?matrix_suite={accepting.name}")
    operator.sees_title("Matrix")
    button = operator.at("matrix_run")
    expect(button).to_contain_text("Ctrl")
    operator.press("Test as a person")
    expect(operator.page.get_by_role("dialog")).to_be_visible()
    expect(button).not_to_contain_text("Ctrl")
    operator.page.keyboard.press("Escape")
    expect(button).to_contain_text("Ctrl")

    operator.run_matrix()
    operator.at("matrix_grid").hover()
    operator.tick_cell("matrix_grid", left=300)
    expect(operator.page.get_by_role("dialog")).to_be_visible()
    expect(button).not_to_contain_text("Ctrl")
    operator.page.keyboard.press("Escape")
    expect(button).to_contain_text("Ctrl")
