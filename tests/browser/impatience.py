"""An impatient operator and a slow Cognito: the second click comes while two runs of the page are under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.verbs import Operator
from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.faults import PATH, authorization, faults

SLOW = 4.0  # seconds that Cognito takes
IMPATIENT = 700  # milliseconds between the clicks
MANY = 100


@contextmanager
def slow_once(cloud: Cloud, operation: str) -> Iterator[None]:
    """Cognito takes its time for an operation, and is asked for it once."""
    fault: dict[str, Any] = {"kind": "latency", "seconds": SLOW, "service": "cognito-idp", "operation": operation}
    with faults(cloud, {**fault, "count": MANY}):
        yield
        (left,) = wire.send(cloud, "GET", PATH, authorization(cloud)).json()["faults"]
        assert left["count"] == MANY - 1


def click_twice(operator: Operator, button: Locator) -> None:
    """Click, and once more while nothing has come of it."""
    operator.settled()
    button.click(trial=True)  # what opens grows for a moment, and its buttons move
    box = button.bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    operator.page.mouse.click(*place)
    operator.page.wait_for_timeout(IMPATIENT)
    operator.page.mouse.click(*place)


def no_complaint(operator: Operator) -> None:
    """Nothing on the page says that something went wrong."""
    operator.settled()
    expect(operator.page.get_by_text("Could not")).to_have_count(0)
