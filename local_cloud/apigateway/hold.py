"""Where our authorizer takes the place of MiniStack's.

MiniStack lets access tokens pass on a method without scopes, never reads an authorizer's validation
expression, says nothing of expiry, and writes groups as `[a b]`. Where an API has no such path or method
it takes a JWT for a broken signature.
"""

import time
from collections.abc import Mapping
from typing import Any

from ministack.services import apigateway_v1

from local_cloud import emulator
from local_cloud.apigateway.claims import as_texts
from local_cloud.apigateway.tokens import ClientPatternInvalid, Door, TokenRefused, admit
from local_cloud.appsync.signing_keys import SigningKeys
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Admission = tuple[dict[str, Any] | None, Any]
"""Claims, or the refusal in MiniStack's own form."""

_keys = SigningKeys(emulator.pool_keys)


def take_hold() -> None:
    """Replace MiniStack's authorizer; raises NameGone when it has changed."""
    require(apigateway_v1, "_validate_cognito_authorizer", "_stringify_claims", "method_authorization_type")
    require(apigateway_v1, "_cognito_pool_issuers", "_cognito_token_from_request", "_gw_error", "find_api_scope")
    apigateway_v1._validate_cognito_authorizer = _admission
    apigateway_v1._stringify_claims = as_texts
    apigateway_v1.method_authorization_type = _authorization_type


_ministack_authorization_type = apigateway_v1.method_authorization_type


def _authorization_type(api_id: str, stage: str, method: str, path: str) -> str | None:
    """Return what a method asks of its caller; a path that the REST API lacks asks for no signature."""
    asked: str | None = _ministack_authorization_type(api_id, stage, method, path)
    return asked or ("NONE" if apigateway_v1.find_api_scope(api_id) else None)


async def _admission(
    authorizer: Mapping[str, Any], method: Mapping[str, Any], headers: Any, query: Any, stage: Any
) -> Admission:
    issuers = apigateway_v1._cognito_pool_issuers(authorizer)
    if not issuers:
        return _misconfigured()
    token = apigateway_v1._cognito_token_from_request(authorizer, headers, query, stage)
    door = Door(
        issuers=issuers,
        scopes=method.get("authorizationScopes") or (),
        client_pattern=authorizer.get("identityValidationExpression") or "",
    )
    try:
        return await admit(token or "", door, _keys, time.time()), None
    except TokenRefused as refusal:
        return None, apigateway_v1._gw_error("UNAUTHORIZED", str(refusal))
    except ClientPatternInvalid:
        return _misconfigured()


def _misconfigured() -> Admission:
    return None, apigateway_v1._gw_error("AUTHORIZER_CONFIGURATION_ERROR", "Internal server error")
