"""How refusals look, and what they give away."""

from services.authorization.agreed.existence import deny_quality
from services.authorization.cells import CellId, Observation
from services.authorization.suite.saved import Owner, SavedOperation
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, BY_RULE, FILTERED, NO_VERDICT

HERS = SavedOperation("post[hers]", "users", document="{ a }", owner=Owner.HERS)
NOBODYS = SavedOperation("post[nobody's]", "users", document="{ a }", owner=Owner.NOBODYS)
REFUSED = Observation(BY_RULE, "", status=200, error_type="Unauthorized")
OTHERWISE = Observation(BY_RULE, "", status=200, error_type="Forbidden")
BY_POLICY = Observation(BY_RULE, "", status=401, error_type="UnauthorizedException")
NOT_FOUND = Observation(NO_VERDICT, "", status=200, error_type="NotFound")
EMPTY = Observation(FILTERED, "", status=200)


def found(observed: dict[tuple[str, str], Observation], *slow: str) -> list[str]:
    cells = {CellId(*place): seen for place, seen in observed.items()}
    findings = list(deny_quality([HERS, NOBODYS], cells, slow))
    assert not any(finding.disagrees for finding in findings)
    return [finding.kind.value for finding in findings]


def test_a_refusal_in_two_shapes_is_found() -> None:
    assert found({("a", "x"): REFUSED, ("a", "y"): OTHERWISE}) == ["answers-differ"]
    assert found({("a", "x"): REFUSED, ("a", "y"): REFUSED, ("b", "x"): OTHERWISE}) == []
    assert found({("a", "x"): REFUSED, ("a", "y"): BY_POLICY}) == [], "AppSync's own shapes"
    by_mode = Observation(BY_MODE, "", status=401, error_type="UnauthorizedException")
    assert found({("a", "x"): REFUSED, ("a", "y"): by_mode}) == [], "another door, not another shape"


def test_an_answer_that_tells_what_exists_is_found() -> None:
    for other in (NOT_FOUND, EMPTY):
        assert found({("post[hers]", "x"): REFUSED, ("post[nobody's]", "x"): other}) == ["existence-leak"]


def test_what_answers_the_same_or_lets_in_or_was_not_sent_tells_nothing() -> None:
    assert found({("post[hers]", "x"): REFUSED, ("post[nobody's]", "x"): REFUSED}) == []
    allowed = Observation(ALLOWED, "", status=200)
    assert found({("post[hers]", "x"): allowed, ("post[nobody's]", "x"): EMPTY}) == []
    assert found({("post[hers]", "x"): REFUSED, ("post[nobody's]", "x"): Observation(NO_VERDICT, "")}) == []
    assert found({("post[hers]", "x"): REFUSED, ("post[nobody's]", "y"): EMPTY}) == []


def test_slow_refusals_are_told() -> None:
    assert found({}, "guest/iam") == ["slow-refusals"]
