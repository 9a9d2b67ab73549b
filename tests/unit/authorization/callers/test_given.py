"""Tokens that are brought along: what they say of themselves, and what can't be sent."""

from typing import Any

import pytest

from services.authorization.callers.given import given_caller
from services.authorization.cells import Facts, Mode
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.credentials import Token
from services.errors import GatehouseError
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, Pool

ISSUER = "https://issuer.example/"


def oidc(secret: Secret | None, **more: Any) -> IdentityChoice:
    return IdentityChoice(IdentityKind.OIDC, "olga", secret=secret, **more)


@pytest.mark.parametrize(
    ("claims", "client"),
    [
        ({"aud": "web"}, "web"),
        ({"aud": ["web", "api"]}, "web"),
        ({"aud": None, "azp": "web"}, "web"),
        ({"aud": [], "azp": "web"}, "web"),
        ({"aud": None}, ""),
    ],
)
def test_the_facts_of_an_oidc_token_are_its_claims(claims: dict[str, Any], client: str) -> None:
    token = Pool().token("id", iss=ISSUER, **claims)
    caller = given_caller(oidc(token), ENVIRONMENT)
    assert caller.facts == Facts(Mode.OIDC, issuer=ISSUER, client_id=client)
    assert (caller.id, caller.label, caller.identity.credentials()) == ("oidc:olga", "olga · OIDC token", Token(token))


@pytest.mark.parametrize("use", ["id", "access"])
def test_a_token_of_the_user_pool_itself_calls_by_its_mode_with_its_groups(use: str) -> None:
    facts = given_caller(oidc(Pool().token(use)), ENVIRONMENT).facts
    assert facts == Facts(
        Mode.USER_POOL, groups=frozenset({"admins"}), issuer=ENVIRONMENT.issuer, client_id="client1", token_use=use
    )


def test_a_lambda_token_knows_what_is_denied_to_it() -> None:
    denied = frozenset({"Query.listUsers"})
    choice = IdentityChoice(IdentityKind.LAMBDA, "partner", secret=Secret("opaque"), denied=denied)
    caller = given_caller(choice, ENVIRONMENT)
    assert caller.facts == Facts(Mode.LAMBDA, denied_fields=denied)
    assert caller.id == "lambda:partner"


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        (None, "None was given"),
        (Secret("two words"), "HTTP header"),
        (Secret("a-text"), "not a JSON web token"),
    ],
)
def test_what_cannot_be_sent_is_listed_with_the_reason(secret: Secret | None, why: str) -> None:
    caller = given_caller(oidc(secret, secret_variable="OLGA_TOKEN"), ENVIRONMENT)
    assert caller.unavailable
    assert why in caller.unavailable.why
    assert caller.facts.mode is Mode.OIDC
    with pytest.raises(GatehouseError, match=why):
        caller.identity.credentials()


def test_the_name_of_a_missing_variable_is_told() -> None:
    caller = given_caller(oidc(None, secret_variable="OLGA_TOKEN"), ENVIRONMENT)
    assert caller.unavailable
    assert caller.unavailable.next_step == "Set OLGA_TOKEN"
