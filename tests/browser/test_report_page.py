"""The HTML report in a browser without a network: it asks for nothing, filters, and shows text as text."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from services.authorization.reports.html_page import as_html
from services.authorization.reports.record import Named, RunRecord
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE
from tests.unit.authorization.reports.samples import cell, mixed, nasty, run_of, seen


def opened(context: BrowserContext, folder: Path, record: RunRecord) -> tuple[Page, list[str], list[str]]:
    """The page of a run, with the requests that it made and the complaints that it gave rise to."""
    path = folder / "report.html"
    path.write_text(as_html(record), encoding="utf-8", errors="replace")
    context.set_offline(True)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(path.as_uri())
    return page, asked, complaints


def test_the_report_asks_for_nothing_and_shows_only_disagreements_first(
    context: BrowserContext, tmp_path: Path
) -> None:
    page, asked, complaints = opened(context, tmp_path, mixed())
    expect(page.get_by_role("heading", level=1)).to_have_text("users")
    expect(page.locator("#count")).to_have_text("2 of 6 cells shown")
    expect(page.get_by_text("‼ disagrees")).to_have_count(1)
    page.get_by_label("Only disagreements and what is not proven").uncheck()
    expect(page.locator("#count")).to_have_text("6 of 6 cells shown")
    page.get_by_label("✓ allowed").uncheck()
    expect(page.locator("#count")).to_have_text("4 of 6 cells shown")
    page.get_by_label("Find").fill("rename")
    expect(page.locator("#count")).to_have_text("2 of 6 cells shown")
    expect(page.get_by_role("rowheader", name="All users")).to_be_hidden()
    page.get_by_label("Find").fill("guest")
    expect(page.get_by_role("columnheader", name="Admins")).to_be_hidden()
    page.locator("summary", has_text="◑ partial").click()
    expect(page.get_by_text("email: String @aws_cognito_user_pools").first).to_be_visible()
    assert len(asked) == 1
    assert complaints == []


def test_text_from_outside_does_nothing_in_the_report(context: BrowserContext, tmp_path: Path) -> None:
    page, asked, complaints = opened(context, tmp_path, nasty())
    expect(page.get_by_role("heading", level=1)).to_contain_text("</script><script>alert(1)</script>")
    assert len(asked) == 1
    assert complaints == []


def test_a_thousand_cells_open_and_filter(context: BrowserContext, tmp_path: Path) -> None:
    rows = tuple(Named(f"operation-{number}", f"Operation {number}") for number in range(50))
    columns = tuple(Named(f"group:g{number}/id", f"Group {number}") for number in range(20))
    cells = {cell(row, column): seen(BY_MODE) for row in rows for column in columns}
    cells[cell(rows[7], columns[3])] = seen(ALLOWED)
    page, _, complaints = opened(context, tmp_path, run_of(cells, operations=rows, identities=columns))
    expect(page.locator("#count")).to_have_text("1000 of 1000 cells shown")
    page.get_by_label("Only disagreements and what is not proven").check()
    expect(page.locator("#count")).to_have_text("1 of 1000 cells shown")
    assert complaints == []
