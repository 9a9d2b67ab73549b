"""What API Gateway's answers show."""

import pytest

from services.authorization.outcomes import Outcome
from services.authorization.suite.rest_outcomes import explain_rest, rest_outcome
from services.authorization.token_facts import TokenFacts
from services.graphql import Answer
from services.tokens import Fault
from tests.unit.authorization.samples import identity

ALLOWED, FILTERED, BY_MODE, BY_RULE, NONE = (
    Outcome.ALLOWED, Outcome.FILTERED, Outcome.REFUSED_BY_MODE, Outcome.REFUSED_BY_RULE, Outcome.NO_VERDICT
)  # fmt: skip


def gateway(status: int, text: str = "{}", error_type: str = "") -> Answer:
    """An answer that went through API Gateway."""
    named = {"x-amzn-errortype": error_type} if error_type else {}
    return Answer(status, {"x-amzn-requestid": "1", **named}, text, 5.0)


def typed(status: int, text: str, kind: str) -> Answer:
    """An answer that says what it is."""
    return Answer(status, {**gateway(status).headers, "content-type": kind}, text, 5.0)


UNAUTHORIZED = gateway(401, '{"message":"Unauthorized"}', "UnauthorizedException")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (gateway(200, '{"message": "Hello, ada."}'), ALLOWED),
        (gateway(200, "plain text"), ALLOWED),
        (gateway(204, ""), ALLOWED),
        (gateway(200, "[]"), FILTERED),
        (gateway(200, "null"), FILTERED),
        (gateway(200, ""), FILTERED),
        (typed(200, '{"message": "Hel', "application/json; charset=utf-8"), NONE),
        (typed(200, "<html>", "application/problem+json"), NONE),
        (typed(200, "<html>", "text/html"), ALLOWED),
        (Answer(200, {}, '{"message": "Hello, ada."}', 5.0), NONE),
        (Answer(204, {}, "", 5.0), NONE),
        (UNAUTHORIZED, BY_MODE),
        (gateway(401, '{"message": "The function says no"}'), BY_MODE),
        (gateway(401, '{"message":"The incoming token has expired"}', "UnauthorizedException"), NONE),
        (gateway(403, '{"message": "Only members of admins."}'), BY_RULE),
        (gateway(403, '{"Message":"User: x is not authorized"}', "AccessDeniedException"), BY_RULE),
        (gateway(403, '{"message":"Missing Authentication Token"}', "MissingAuthenticationTokenException"), NONE),
        (gateway(403, '{"message":"Forbidden"}', "ForbiddenException"), NONE),
        (gateway(403, "{}", "InvalidSignatureException:http://example"), NONE),
        (gateway(403, "{}", "SomethingNewException"), NONE),
        (Answer(401, {}, "<html>proxy</html>", 1.0), NONE),
        (Answer(403, {}, "<html>proxy</html>", 1.0), NONE),
        (gateway(302), NONE),
        (gateway(400), NONE),
        (gateway(404), NONE),
        (gateway(429), NONE),
        (gateway(500), NONE),
        (gateway(504), NONE),
    ],
)
def test_each_answer_has_its_outcome(answer: Answer, outcome: Outcome) -> None:
    assert rest_outcome(answer) is outcome
    assert explain_rest(answer, identity()).why


def test_a_dead_token_is_no_verdict_though_the_gateway_says_no_more_than_unauthorized() -> None:
    dead = TokenFacts({"sub": "x"}, Fault.SIGNATURE, "The signature is not the pool's")

    found = explain_rest(UNAUTHORIZED, identity(), dead)

    assert found.outcome is NONE
    assert "signature is not the pool's" in found.why


def test_an_access_token_where_an_id_token_is_wanted_is_refused_by_mode() -> None:
    assert explain_rest(UNAUTHORIZED, identity(), TokenFacts({}, Fault.USE, "wrong use")).outcome is BY_MODE
    assert explain_rest(UNAUTHORIZED, identity(), TokenFacts({})).outcome is BY_MODE


def test_a_broken_credential_is_refused_as_it_should_be() -> None:
    spoilt = identity(broken=True, note="it was tampered with")
    dead = TokenFacts({}, Fault.SIGNATURE, "The signature is not the pool's")

    assert explain_rest(UNAUTHORIZED, spoilt, dead).outcome is BY_MODE
    assert explain_rest(gateway(403, "{}", "InvalidSignatureException"), spoilt).outcome is BY_MODE


def test_a_broken_credential_that_is_let_in_is_told() -> None:
    found = explain_rest(gateway(200, "{}x"), identity(broken=True, note="it was tampered with"))

    assert found.outcome is ALLOWED
    assert "should turn away" in found.why


def test_an_unknown_path_turns_nobody_away_however_broken() -> None:
    unknown = gateway(403, "{}", "MissingAuthenticationTokenException")

    assert explain_rest(unknown, identity(broken=True)).outcome is NONE
