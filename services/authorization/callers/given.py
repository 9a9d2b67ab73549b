"""Tokens that the operator brings: of an OIDC issuer, or for a Lambda authorizer."""

from collections.abc import Mapping
from typing import Any

from services.authorization.callers.caller import Caller, unavailable
from services.authorization.callers.ids import LAMBDA, OIDC
from services.authorization.cells import Facts, Mode
from services.authorization.identity import Identity, Kind
from services.authorization.people import pasted
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.authorization.token_facts import claims_of
from services.credentials import Token
from services.errors import GatehouseError, Invalid, NotFound
from services.secret import Secret
from services.settings import Environment


def given_caller(choice: IdentityChoice, environment: Environment) -> Caller:
    """The column of a token; one that can't be sent, or isn't what it is said to be, is listed with the reason.

    Nothing of the token is verified here: the API does that.

    Args:
        choice: an OIDC or a Lambda token, with its secret.
        environment: names the user pool, whose own tokens may be brought as well.
    """
    if choice.kind is IdentityKind.LAMBDA:
        name, label, kind = LAMBDA + choice.name, f"{choice.name} · Lambda token", Kind.LAMBDA_TOKEN
    else:
        name, label, kind = OIDC + choice.name, f"{choice.name} · OIDC token", Kind.JWT
    try:
        token = _sendable(choice, kind)
    except GatehouseError as failure:
        return unavailable(name, label, kind, _facts(choice, {}, environment), failure)
    claims = claims_of(token) if kind is Kind.JWT else {}
    facts = _facts(choice, claims, environment)
    if kind is Kind.JWT and not claims:
        failed = f"Could not use the token of {choice.name}"
        unread = Invalid(failed, "It is not a JSON web token", "Bring another, without “Bearer” before it")
        return unavailable(name, label, kind, facts, unread)
    return Caller(Identity(name, label, kind, lambda: Token(token)), facts)


def _sendable(choice: IdentityChoice, kind: Kind) -> Secret:
    if not choice.secret:
        where = f"Set {choice.secret_variable}" if choice.secret_variable else "Bring it along"
        raise NotFound(f"Could not use the token of {choice.name}", "None was given", where)
    return pasted(kind, choice.name, choice.secret.reveal(), 0).secret


def _facts(choice: IdentityChoice, claims: Mapping[str, Any], environment: Environment) -> Facts:
    if choice.kind is IdentityKind.LAMBDA:
        return Facts(Mode.LAMBDA, denied_fields=choice.denied)
    issuer = str(claims.get("iss", ""))
    client = _client(claims)
    if issuer != environment.issuer:
        return Facts(Mode.OIDC, issuer=issuer, client_id=client)
    groups = claims.get("cognito:groups")
    return Facts(
        Mode.USER_POOL,
        groups=frozenset(map(str, groups)) if isinstance(groups, list) else frozenset(),
        issuer=issuer,
        client_id=client,
        token_use=str(claims.get("token_use", "")),
    )


def _client(claims: Mapping[str, Any]) -> str:
    """Whom the token is for: `aud` of an ID token, `client_id` of Cognito's access tokens, `azp` of others."""
    audience = claims.get("aud")
    first = next(iter(audience), "") if isinstance(audience, list) else audience
    return str(first or claims.get("client_id") or claims.get("azp") or "")
