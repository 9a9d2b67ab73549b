"""What refusals mean for each kind of credential, each in its own plain words."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from services.authorization.broken import tampered
from services.authorization.explain import compared, explain
from services.authorization.identity import Kind
from services.authorization.outcomes import Outcome
from services.authorization.refusals import KNOWN, Cause
from services.authorization.token_facts import TokenFacts, facts_of
from services.authorization.words import BY_CAUSE
from services.errors import Unavailable
from services.secret import Secret
from services.tokens import Fault
from tests.stand_ins import ENVIRONMENT, NOON, Pool
from tests.unit.authorization.samples import answer, identity, refusal, turned_away

POOL = Pool()
GENERIC = turned_away(401, "UnauthorizedException", "Valid authorization header not provided.")
UNKNOWN = turned_away(401, "UnauthorizedException", "You are not authorized to make this call.")
SIGNATURE = turned_away(
    400, "BadRequestException", "The request signature we calculated does not match the signature you provided. Check …"
)


def token(**changed: Any) -> Secret:
    return POOL.token("id", **changed)


def facts(of: Secret) -> TokenFacts:
    return facts_of(of, ENVIRONMENT, lambda _: POOL.keys(), NOON)


def test_a_call_without_credentials_is_refused_by_mode() -> None:
    explanation = explain(GENERIC, identity(Kind.NO_CREDENTIALS))
    assert explanation.outcome is Outcome.REFUSED_BY_MODE
    assert "Nothing was sent" in explanation.why


def test_an_api_key_on_an_api_without_that_mode_is_refused_by_mode() -> None:
    for made_up in (True, False):
        explanation = explain(GENERIC, identity(Kind.API_KEY, broken=made_up, note="the key is made up"))
        assert explanation.outcome is Outcome.REFUSED_BY_MODE
        assert "no API key mode" in explanation.why


def test_a_made_up_key_that_the_api_does_not_know_is_refused_by_mode() -> None:
    explanation = explain(UNKNOWN, identity(Kind.API_KEY, broken=True, note="no API has this key"))
    assert explanation.outcome is Outcome.REFUSED_BY_MODE
    assert "no API has this key" in explanation.why


def test_the_apis_own_key_that_it_does_not_take_is_a_dead_credential() -> None:
    explanation = explain(UNKNOWN, identity(Kind.API_KEY))
    assert explanation.outcome is Outcome.NO_VERDICT
    assert "expired" in explanation.why


def test_a_lambda_authorizers_no_is_refused_by_mode() -> None:
    explanation = explain(UNKNOWN, identity(Kind.LAMBDA_TOKEN))
    assert explanation.outcome is Outcome.REFUSED_BY_MODE
    assert "Lambda authorizer" in explanation.why


def test_a_policy_that_admits_no_field_is_refused_by_rule() -> None:
    explanation = explain(turned_away(401, "UnauthorizedException", "Permission denied"), identity(Kind.IAM))
    assert explanation.outcome is Outcome.REFUSED_BY_RULE
    assert "policy" in explanation.why


def test_a_live_token_on_an_api_without_its_mode_is_refused_by_mode() -> None:
    explanation = explain(GENERIC, identity(), facts(token()))
    assert explanation.outcome is Outcome.REFUSED_BY_MODE


def test_an_expired_token_is_no_verdict_and_says_since_when() -> None:
    old = token(exp=int((NOON - timedelta(minutes=3, seconds=5)).timestamp()))
    for text in ("Token has expired.", "Valid authorization header not provided."):
        explanation = explain(turned_away(401, "UnauthorizedException", text), identity(), facts(old))
        assert explanation.outcome is Outcome.NO_VERDICT
        assert "expired 3 minutes ago, at 2030-06-01 11:56:55 UTC" in explanation.why


def test_the_apis_word_that_a_token_expired_is_enough() -> None:
    gone = turned_away(401, "UnauthorizedException", "Token has expired.")
    assert explain(gone, identity(), facts(token())).outcome is Outcome.NO_VERDICT


def test_a_tampered_token_is_no_verdict_unless_it_was_tampered_with_on_purpose() -> None:
    forged = facts(tampered(token()))
    assert forged.fault is Fault.SIGNATURE
    pasted = explain(GENERIC, identity(), forged)
    assert pasted.outcome is Outcome.NO_VERDICT
    assert "signature does not match" in pasted.why
    on_purpose = explain(GENERIC, identity(broken=True, note="a claim was changed"), forged)
    assert on_purpose.outcome is Outcome.REFUSED_BY_MODE
    assert "a claim was changed" in on_purpose.why


def test_a_token_of_another_pool_is_refused_by_mode_and_names_its_issuer() -> None:
    other = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other"
    explanation = explain(GENERIC, identity(), facts(token(iss=other)))
    assert explanation.outcome is Outcome.REFUSED_BY_MODE
    assert other in explanation.why


def test_an_unreadable_token_is_no_verdict() -> None:
    unread = turned_away(401, "UnauthorizedException", "Unable to parse JWT token.")
    explanation = explain(unread, identity(), facts(Secret("abc")))
    assert explanation.outcome is Outcome.NO_VERDICT
    assert "not a JSON web token" in explanation.why


def test_a_token_for_a_client_that_the_api_does_not_admit_is_refused_by_mode() -> None:
    refused = turned_away(401, "UnauthorizedException", "Unauthorized")
    explanation = explain(refused, identity(), facts(token(aud="other")))
    assert explanation.outcome is Outcome.REFUSED_BY_MODE
    assert "app client" in explanation.why


def test_keys_that_can_not_be_had_leave_the_signature_unjudged() -> None:
    def gone(_: str) -> dict[str, jwt.PyJWK]:
        raise Unavailable("Could not read the keys")

    assert facts_of(token(), ENVIRONMENT, gone, NOON).fault is None


def test_a_wrong_signature_is_no_verdict_unless_it_is_wrong_on_purpose() -> None:
    assert explain(SIGNATURE, identity(Kind.IAM)).outcome is Outcome.NO_VERDICT
    wrong_secret = explain(SIGNATURE, identity(Kind.IAM, broken=True, note="a wrong secret key"))
    changed_body = explain(SIGNATURE, identity(Kind.IAM, broken=True, note="the body was changed"))
    assert wrong_secret.outcome is changed_body.outcome is Outcome.REFUSED_BY_MODE
    assert wrong_secret.why != changed_body.why


@pytest.mark.parametrize(
    ("status", "error_type", "message", "word"),
    [
        (403, "UnrecognizedClientException", "The security token included in the request is invalid.", "access key"),
        (403, "ExpiredTokenException", "The security token included in the request is expired", "expired"),
        (403, "UnrecognizedClientException", "The security token included in the request is expired", "expired"),
        (400, "BadRequestException", "Signature expired: T1 is now earlier than T2 (T3 - 5 min.)", "clock"),
        (400, "BadRequestException", "Credential should be scoped to correct service: 'appsync'.", "Region"),
        (403, "WAFForbiddenException", "403 Forbidden", "firewall"),
        (400, "MalformedHttpRequestException", "Unable to parse GraphQL query.", "GraphQL"),
        (400, "BadRequestException", "Missing operation name.", "could not handle"),
    ],
)
def test_what_judged_nobody_is_no_verdict_in_words_of_its_own(
    status: int, error_type: str, message: str, word: str
) -> None:
    explanation = explain(turned_away(status, error_type, message), identity(Kind.IAM))
    assert explanation.outcome is Outcome.NO_VERDICT
    assert word in explanation.why


def test_the_error_type_may_come_by_header_alone() -> None:
    by_header = answer("", 403, {"x-amzn-errortype": "UnrecognizedClientException:http://internal.amazon.com/"})
    assert "access key" in explain(by_header, identity(Kind.IAM)).why


def test_a_401_that_appsync_did_not_send_refuses_nobody() -> None:
    assert explain(answer("<html>Proxy login</html>", 401), identity()).outcome is Outcome.NO_VERDICT


def test_a_broken_credential_that_is_let_in_is_an_alarm() -> None:
    explanation = explain(answer({"data": {"a": 1}}), identity(broken=True, note="a claim was changed"))
    assert explanation.outcome is Outcome.ALLOWED
    assert "should turn away: a claim was changed" in explanation.why


def test_a_broken_credential_that_meets_a_dead_service_proves_nothing() -> None:
    assert explain(answer("", 503), identity(broken=True)).outcome is Outcome.NO_VERDICT


def test_fewer_than_the_reference_identity_saw_is_filtered() -> None:
    ours, theirs = answer({"data": {"items": [1, 2]}}), answer({"data": {"items": [1, 2, 3]}})
    explanation = compared(explain(ours, identity()), ours, theirs, "Me · ID token")
    assert explanation.outcome is Outcome.FILTERED
    assert "came with 2 elements, and to Me · ID token with 3" in explanation.why
    assert compared(explain(theirs, identity()), theirs, ours, "Me").outcome is Outcome.ALLOWED


def test_a_null_where_the_reference_identity_saw_a_list_is_no_shorter_list() -> None:
    ours, theirs = (
        answer({"data": {"who": {"mode": "IAM", "groups": None}}}),
        answer({"data": {"who": {"groups": [1]}}}),
    )
    assert compared(explain(ours, identity()), ours, theirs, "Me").outcome is Outcome.ALLOWED


def test_a_partly_refused_call_is_not_called_filtered_by_comparing() -> None:
    short = answer({"data": {"items": [1], "closed": None}, "errors": [refusal("closed")]})
    partial = explain(short, identity())
    assert compared(partial, short, answer({"data": {"items": [1, 2]}}), "Me") == partial


def test_every_cause_has_words_and_most_causes_have_a_known_text() -> None:
    assert set(BY_CAUSE) == set(Cause)
    by_status = {Cause.THROTTLED, Cause.REDIRECTED, Cause.NO_SUCH_API, Cause.FAILED, Cause.STRANGE}
    assert {known.cause for known in KNOWN} == set(Cause) - by_status
