"""What a person does in the dashboard, as verbs.

Somebody who is patient: they act when the page stands, since while it is drawn anew, what was there before stands
beside what comes. `impatience` has those who don't wait.
"""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 60_000  # two cores may run several servers and browsers at once


@dataclass(frozen=True)
class Operator:
    """Somebody in front of a browser tab."""

    page: Page
    address: str

    def open(self, path: str) -> None:
        """Go to an address of the dashboard."""
        self.page.goto(self.address + path)

    def sign_in(self, name: str, password: str) -> None:
        """Type name and password and submit; what follows is for the caller to see."""
        self.settled()
        self.page.get_by_label("User name or e-mail").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")

    def go(self, title: str) -> None:
        """Open a page by the navigation, and wait for its title."""
        self.settled()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        self.sees_title(title)

    def go_to(self, path: str, title: str) -> None:
        """Go to an address, and wait for its page's title."""
        self.open(path)
        self.sees_title(title)

    def sees_title(self, title: str) -> None:
        """Wait for a page's title, and until the page stands."""
        expect(self.page.get_by_role("heading", name=title, level=1).first).to_be_visible()
        self.settled()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait for a text anywhere on the page; the cells of a table don't count, which nobody sees."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def press(self, name: str) -> None:
        """Click a button by its whole name."""
        self.settled()
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        """Pick one option of a segmented control by its whole name."""
        self.settled()
        self.page.get_by_role("radio", name=name, exact=True).click()

    def select(self, label: str, option: str) -> None:
        """Pick an option of a select box."""
        self.settled()
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        """Fill a field of a form by its whole label; the form sends it."""
        self.settled()
        self.page.get_by_label(label, exact=True).fill(text)

    def type(self, label: str, text: str) -> None:
        """Fill a field by its label and leave it."""
        self.settled()
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Tab")

    def at(self, key: str) -> Locator:
        """The element of a widget's key."""
        return self.page.locator(f".st-key-{key}")

    def settled(self) -> None:
        """Wait until no run of the page is under way."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def run_matrix(self) -> None:
        """Run the suite of the matrix for the first time in this tab, and wait until the run is over and shown."""
        self.settled()
        self.at("matrix_run").get_by_role("button").click()
        # The last run that was kept stands there before, with a verdict of its own and nothing to report.
        expect(self.page.get_by_role("tab", name="Reports and CI")).to_be_visible(timeout=120_000)
        self.settled()

    def cells(self, key: str, column: int) -> Locator:
        """The cells of one column of a table, as assistive technology reads them."""
        return self.at(key).locator(f'[data-testid^="glide-cell-{column}-"]')

    def turned(self, gone: str) -> None:
        """Wait until the table no longer shows a text that it showed before."""
        expect(self.page.locator('[data-testid^="glide-cell-"]', has_text=gone)).to_have_count(0)

    def rows(self, key: str, column: int) -> list[str]:
        """The texts of one column of a table."""
        return [cell.strip() for cell in self.cells(key, column).all_text_contents()]

    def grid(self, table: Locator) -> dict[str, dict[str, str]]:
        """A table's cells by column and by the first cell of their row, as far down as it is drawn.

        Args:
            table: what holds it; the window must be wide enough for every column.
        """
        expect(table.locator("canvas table")).to_be_attached()
        content: tuple[list[str], list[list[str]]] = self.page.wait_for_function(
            """table => {
                const grid = table.querySelector('canvas table');
                const heads = [...grid.querySelectorAll('th')].map(cell => cell.innerText.trim());
                const rows = [...grid.querySelectorAll('tbody tr')].map(
                    row => [...row.querySelectorAll('td')].map(cell => cell.innerText.trim()));
                const drawn = heads.length === Number(grid.getAttribute('aria-colcount'))
                    && rows.length && rows.every(row => row.length === heads.length && row.some(text => text));
                return drawn ? [heads, rows] : null;
            }""",
            arg=table.element_handle(),
        ).json_value()
        heads, rows = content
        return {head: {row[0]: row[place] for row in rows} for place, head in enumerate(heads) if place}

    def tick_row(self, key: str, row: int) -> None:
        """Tick a row of a table; the table is drawn on a canvas, so the click goes by position."""
        self.settled()
        expect(self.cells(key, 1)).not_to_have_count(0)
        self.at(key).locator(".dvn-scroller").click(position={"x": 20, "y": 36 + 18 + 35 * row})

    def tick_cell(self, key: str, left: int, row: int = 0) -> None:
        """Click a cell of a table by its position: pixels from the left, rows from the top."""
        self.settled()
        expect(self.cells(key, 1)).not_to_have_count(0)
        self.at(key).locator(".dvn-scroller").click(position={"x": left, "y": 36 + 16 + 31 * row})
