"""A part of a suite runs with everything that it rests on."""

from pathlib import Path

from services.authorization import part
from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId, Facts
from services.authorization.identity import Identity, Kind
from services.authorization.suite.model import Canary, Suite
from services.authorization.suite.saved import SavedOperation
from services.credentials import NoCredentials


def operation(name: str, *after: str) -> SavedOperation:
    return SavedOperation(name, "users", document="{ a }", after=after)


def caller(name: str, control: str = "") -> Caller:
    return Caller(Identity(name, name, Kind.JWT, NoCredentials), Facts(None), control=control)


SUITE = Suite(
    "s",
    "users",
    Path("s.yaml"),
    operations=(*map(operation, "abc"), operation("d", "c"), operation("e", "d")),
    canaries={"group:admins": Canary("b", "a")},
)
GOOD, BROKEN, OTHER = caller("group:admins/id"), caller("broken:tampered", "group:admins/id"), caller("nobody")


def names(operations: tuple[SavedOperation, ...]) -> str:
    return "".join(each.id for each in operations)


def test_everything_is_a_part_of_itself() -> None:
    assert names(part.rows(SUITE, [GOOD], None)) == "abcde"
    assert part.taking_part([GOOD, OTHER], None) == (GOOD, OTHER)


def test_a_call_runs_with_all_whose_results_it_uses() -> None:
    assert names(part.rows(SUITE, [OTHER], [CellId("e", "nobody")])) == "cde"


def test_an_identity_runs_with_its_control_calls() -> None:
    assert names(part.rows(SUITE, [GOOD], [CellId("c", "group:admins/id")])) == "abc"


def test_a_spoilt_credential_runs_with_the_good_one_that_it_is_held_against() -> None:
    assert part.taking_part([GOOD, BROKEN, OTHER], [CellId("c", "broken:tampered")]) == (GOOD, BROKEN)
