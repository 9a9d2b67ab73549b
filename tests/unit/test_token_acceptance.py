"""Who takes which token, by the rules of the services."""

from dataclasses import replace
from typing import Any

from services.token_acceptance import acceptances
from services.token_reading import read_token
from tests.stand_ins import ENVIRONMENT, NOON, Pool

EVERYTHING = replace(ENVIRONMENT, rest_api_url="https://rest.example/prod/")


def accepted(use: str, **claims: Any) -> dict[str, bool | None]:
    """What each part says to one of the two tokens."""
    pool = Pool()
    tokens = pool.tokens(**claims)
    reading = read_token(tokens.id_token if use == "id" else tokens.access_token, EVERYTHING, pool.for_key, NOON)
    return {each.part: each.accepts for each in acceptances(reading, EVERYTHING)}


def test_the_id_token_is_taken_everywhere_but_by_cognitos_own_calls() -> None:
    assert accepted("id") == {
        "Users API": True,
        "REST API": True,
        "Identity pool": True,
        "Cognito, about oneself": False,
    }


def test_the_access_token_is_taken_by_appsync_and_by_cognito_with_its_scope() -> None:
    assert accepted("access", scope="aws.cognito.signin.user.admin") == {
        "Users API": True,
        "REST API": False,
        "Identity pool": False,
        "Cognito, about oneself": True,
    }
    assert accepted("access", scope="openid")["Cognito, about oneself"] is False


def test_an_expired_token_is_taken_by_nobody() -> None:
    assert set(accepted("id", exp=1).values()) == {False}


def test_a_foreign_token_may_be_taken_by_an_api_that_trusts_its_issuer() -> None:
    assert accepted("id", iss="https://elsewhere.example")["Users API"] is None
