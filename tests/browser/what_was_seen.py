"""What the tabs of a failed browser test showed at that moment: words for the report, a picture in build/failures."""

import re
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Error, Page

FOLDER = Path(__file__).resolve().parent.parent.parent / "build" / "failures"
WORDS = 2_000


def tabs(arguments: Iterable[object]) -> list[Page]:
    """The open tabs among what a test was given, and those that it opened beside them."""
    contexts = {id(page.context): page.context for page in arguments if isinstance(page, Page)}
    return [tab for context in contexts.values() for tab in context.pages if not tab.is_closed()]


def described(tab: Page, test: str, number: int) -> str:
    """The address, the state of the script and the words of a tab; its picture is saved beside."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = FOLDER / f"{re.sub(r'[^a-zA-Z0-9]+', '-', test)[-120:]}-{number}.png"
    try:
        tab.screenshot(path=picture, timeout=5_000)
        app = tab.get_by_test_id("stApp")
        state = [app.get_attribute(f"data-test-{name}", timeout=1_000) for name in ("connection-state", "script-state")]
        return f"{tab.url}\n{state}\n{tab.locator('body').inner_text(timeout=1_000)[:WORDS]}\n{picture.name}"
    except Error as error:
        return f"{tab.url} could not be looked at: {error}"
