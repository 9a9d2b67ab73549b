"""Who takes which token: what each part of an environment says to an ID token and to an access token.

AppSync's user pool mode takes both and compares the issuer; an identity pool takes the ID token alone; API Gateway's
Cognito authorizer takes the ID token, and an access token only on a method that asks for scopes; Cognito's own calls
about oneself take the access token. From the developer guides of AppSync, Cognito and API Gateway.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.settings import Environment
from services.token_reading import TokenReading
from services.tokens import Fault, Use

_SELF_SERVICE = "aws.cognito.signin.user.admin"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What one part says to a token.

    Attributes:
        part: an API, the identity pool, Cognito itself.
        accepts: None where that isn't known.
        why: the rule, in a sentence.
    """

    part: str
    accepts: bool | None
    why: str


def acceptances(reading: TokenReading, environment: Environment) -> tuple[Acceptance, ...]:
    """What each part of the environment says to a token, in the order of the environment."""
    parts = [Acceptance(api.label, *_by_appsync(reading)) for api in environment.apis]
    if environment.rest_api_url:
        parts.append(Acceptance("REST API", *_by_gateway(reading)))
    if environment.identity_pool_id:
        parts.append(Acceptance("Identity pool", *_by_identity_pool(reading)))
    parts.append(Acceptance("Cognito, about oneself", *_by_cognito(reading.claims, reading)))
    return tuple(parts)


def _by_appsync(reading: TokenReading) -> tuple[bool | None, str]:
    if reading.fault is Fault.ISSUER:
        return None, "Taken only if the API trusts that issuer as an OIDC provider or a further user pool"
    if reading.fault is Fault.CLIENT:
        return None, "AppSync takes every app client of the pool unless the API names some"
    if not reading.holds:
        return _not_holding(reading)
    return True, "The user pool mode takes ID and access tokens; the schema's directives decide about each field"


def _by_gateway(reading: TokenReading) -> tuple[bool | None, str]:
    if not reading.holds and reading.fault is not Fault.CLIENT:
        return _not_holding(reading)
    if reading.use is Use.ID:
        return True, "The Cognito authorizer takes the ID token"
    return False, "A method that asks for no scopes takes the ID token only"


def _by_identity_pool(reading: TokenReading) -> tuple[bool | None, str]:
    if not reading.holds:
        return _not_holding(reading)
    if reading.use is Use.ID:
        return True, "The ID token is what credentials are given for"
    return False, "Credentials are given for the ID token, not for the access token"


def _by_cognito(claims: Mapping[str, Any], reading: TokenReading) -> tuple[bool | None, str]:
    if not reading.holds and reading.fault is not Fault.CLIENT:
        return _not_holding(reading)
    if reading.use is not Use.ACCESS:
        return False, "Calls such as GetUser take the access token"
    if _SELF_SERVICE in str(claims.get("scope", "")).split():
        return True, f"It carries the scope {_SELF_SERVICE}"
    return False, f"It lacks the scope {_SELF_SERVICE}"


def _not_holding(reading: TokenReading) -> tuple[bool | None, str]:
    return (None if reading.holds is None else False), reading.why
