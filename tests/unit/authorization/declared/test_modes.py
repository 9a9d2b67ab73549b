"""Who is let in at all: by mode, issuer, app client and key."""

from datetime import timedelta

import pytest

from services.authorization.cells import Facts, Mode
from tests.unit.authorization.declared.samples import (
    BY_LAMBDA,
    BY_OIDC,
    EVERY_MODE,
    GUEST,
    IAM,
    ISSUER,
    KEY,
    LAMBDA,
    NOBODY,
    NOW,
    WITH_KEY,
    api,
    declare,
    oidc,
    person,
    pool,
    shown,
)

OPEN = "type Query { a: String @aws_api_key @aws_iam @aws_cognito_user_pools @aws_oidc @aws_lambda }"
AWAY = ("refused by mode", set())
IN = ("allowed", set())


@pytest.mark.parametrize("mode", [None, *Mode])
def test_who_sends_nothing_or_a_spoilt_credential_is_turned_away_by_every_api(mode: Mode | None) -> None:
    assert shown(api(OPEN, *EVERY_MODE), "{ a }", Facts(mode, good=mode is None)) == AWAY


def test_nothing_needs_to_be_read_to_know_that_nobody_and_the_spoilt_are_turned_away() -> None:
    unread = api(OPEN)
    unread = type(unread)("sample")
    assert shown(unread, "{ a }", NOBODY) == AWAY
    assert shown(unread, "{ a }", Facts(Mode.IAM, good=False)) == AWAY
    assert "could not be read" in str(shown(unread, "{ a }", WITH_KEY))


@pytest.mark.parametrize("facts", [WITH_KEY, person(), BY_OIDC, BY_LAMBDA])
def test_a_good_credential_of_one_of_the_apis_modes_is_let_in(facts: Facts) -> None:
    assert shown(api(OPEN, *EVERY_MODE), "{ a }", facts) == IN


@pytest.mark.parametrize(
    ("facts", "others"),
    [
        (WITH_KEY, [pool(), IAM, oidc(), LAMBDA]),
        (GUEST, [pool(), KEY, oidc()]),
        (GUEST, [pool(), LAMBDA]),
        (BY_OIDC, [pool(), KEY, IAM]),
        (person(), [oidc(), KEY, IAM, LAMBDA]),
        (BY_LAMBDA, [pool(), KEY, IAM, oidc()]),
    ],
)
def test_a_credential_of_a_mode_that_the_api_does_not_have_is_turned_away(facts: Facts, others: list[dict]) -> None:
    assert shown(api(OPEN, *others), "{ a }", facts) == AWAY


@pytest.mark.parametrize("facts", [person(), BY_OIDC])
def test_what_a_lambda_authorizer_makes_of_a_foreign_credential_is_not_guessed(facts: Facts) -> None:
    assert "Lambda authorizer, which decides by itself" in str(shown(api(OPEN, KEY, LAMBDA), "{ a }", facts))


def test_the_mode_of_a_token_is_that_of_its_issuer_among_the_apis() -> None:
    as_issuer = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": ISSUER}}
    only_oidc = "type Query { a: String @aws_oidc  b: String @aws_cognito_user_pools }"
    assert shown(api(only_oidc, KEY, as_issuer), "{ a b }", person()) == ("partial", {"b"})
    assert shown(api(only_oidc, KEY, pool()), "{ a b }", person()) == ("partial", {"a"})


def test_a_token_of_another_pool_is_turned_away_and_of_each_of_several_pools_let_in() -> None:
    other = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other"
    assert shown(api(OPEN, pool(), KEY), "{ a }", person(issuer=other)) == AWAY
    assert shown(api(OPEN, pool(), pool("eu-west-1_Other")), "{ a }", person(issuer=other)) == IN


def test_a_token_whose_issuer_is_not_known_is_not_guessed_about() -> None:
    assert "issuer of the token isn't known" in str(shown(api(OPEN, pool()), "{ a }", person(issuer="")))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("client-1", IN), ("client-1|client-2", IN), ("client-.*", IN), ("", IN), ("client-2", AWAY), ("x|y", AWAY)],
)
@pytest.mark.parametrize("use", ["id", "access"])
def test_a_pool_that_takes_some_app_clients_turns_the_tokens_of_others_away(
    pattern: str, expected: object, use: str
) -> None:
    declared = api(OPEN, pool(appIdClientRegex=pattern))
    assert shown(declared, "{ a }", person(token_use=use)) == expected


def test_a_pattern_that_fits_a_part_of_a_client_id_is_not_guessed_about() -> None:
    assert "fits a part" in str(shown(api(OPEN, pool(appIdClientRegex="client")), "{ a }", person()))
    assert "app client of the token isn't known" in str(
        shown(api(OPEN, pool(appIdClientRegex="client")), "{ a }", person(client_id=""))
    )
    assert "can't be read here" in str(shown(api(OPEN, pool(appIdClientRegex="(")), "{ a }", person()))


def test_an_oidc_issuer_that_takes_some_clients_turns_the_tokens_of_others_away() -> None:
    assert shown(api(OPEN, KEY, oidc(clientId="other")), "{ a }", BY_OIDC) == IN
    assert shown(api(OPEN, KEY, oidc(clientId="mine")), "{ a }", BY_OIDC) == AWAY


def test_a_slash_at_an_issuers_end_counts_except_where_oidc_is_the_only_mode() -> None:
    slashed = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": f"{BY_OIDC.issuer}/"}}
    assert shown(api(OPEN, slashed), "{ a }", BY_OIDC) == IN
    assert shown(api(OPEN, slashed, KEY), "{ a }", BY_OIDC) == AWAY
    assert shown(api(OPEN, oidc()), "{ a }", person()) == AWAY


def test_without_a_live_key_a_call_with_a_key_judges_nobody() -> None:
    ended = [{"expires": int((NOW - timedelta(days=1)).timestamp())}]
    for keys in ([], ended):
        assert "No key of this API is live" in str(shown(api(OPEN, KEY, apiKeys=keys), "{ a }", WITH_KEY))


def test_the_reason_of_a_refusal_by_mode_names_the_apis_modes() -> None:
    (reason,) = declare(api(OPEN, pool(), IAM), "{ a }", WITH_KEY).reasons
    assert reason.place == "API configuration"
    assert reason.line == "default: AMAZON_COGNITO_USER_POOLS; additional: AWS_IAM"
