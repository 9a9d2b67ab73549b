"""Refresh tokens: dead after their time, and exchanged for a new one at every use where the client rotates them.

MiniStack takes a refresh token beyond its time and knows no rotation.
"""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json

from local_cloud.cognito.answers import Answer, Data, Operation, Refused, RefusedByMiniStack, answering, content
from local_cloud.cognito.records import Record, claims_of, client_of, is_signed, pool_of, signed
from local_cloud.cognito.token_claims import signed_in_at

SETTING = "RefreshTokenRotation"
FLOWS = frozenset({"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"})
LONGEST_GRACE = 60
REUSED = "RefreshTokenReuseException"

FlowCheck = Callable[[str, Data], Answer | None]
TokenCheck = Callable[[Record, str, str, Any], tuple[Record | None, Answer | None]]

_lock = threading.Lock()


def client_kept(ministack: Operation) -> Operation:
    """CreateUserPoolClient and UpdateUserPoolClient: keep whether refresh tokens rotate."""

    @answering
    def keep(call: Data) -> Data:
        setting = call.get(SETTING)
        if setting is not None:
            _check(setting, call)
        answer = content(ministack(call))
        if setting is not None:
            client_of(pool_of(call), answer["UserPoolClient"]["ClientId"])[SETTING] = setting
            answer["UserPoolClient"][SETTING] = setting
        return answer

    return keep


def flow_refused(ministack: FlowCheck) -> FlowCheck:
    """InitiateAuth and AdminInitiateAuth: where tokens rotate, only GetTokensFromRefreshToken renews."""

    def refusal(action: str, call: Data) -> Answer | None:
        if call.get("AuthFlow") in FLOWS and _rotates(_client(call)):
            answer: Answer = error_response_json("InvalidParameterException", "Auth flow not enabled for this client")
            return answer
        return ministack(action, call)

    return refusal


def user_of_token(ministack: TokenCheck) -> TokenCheck:
    """Refuse a refresh token whose time is over or that was exchanged before."""

    def user(pool: Record, pool_id: str, client_id: str, token: Any) -> tuple[Record | None, Answer | None]:
        found, refusal = ministack(pool, pool_id, client_id, token)
        if refusal is None:
            claims = claims_of(token)
            if time.time() >= claims["exp"]:
                return None, error_response_json("NotAuthorizedException", "Refresh Token has expired")
            if _is_spent(pool, client_id, claims["jti"]):
                return None, error_response_json(REUSED, "The refresh token was used before.")
        return found, refusal

    return user


def renewed(ministack: Operation) -> Operation:
    """GetTokensFromRefreshToken: where tokens rotate, a new one for the rest of the old one's time."""

    @answering
    def renew(call: Data) -> Data:
        answer = content(ministack(call))
        pool = pool_of(call)
        if _rotates(client_of(pool, call["ClientId"])):
            claims = claims_of(call["RefreshToken"])
            with _lock:
                if _is_spent(pool, call["ClientId"], claims["jti"]):
                    raise Refused(REUSED, "The refresh token was used before.")
                pool.setdefault("_spent_refresh_tokens", {}).setdefault(claims["jti"], time.time())
            fresh = {**claims, "auth_time": signed_in_at(claims), "jti": str(uuid.uuid4()), "iat": int(time.time())}
            answer["AuthenticationResult"]["RefreshToken"] = signed(fresh, pool)
        return answer

    return renew


def revoked(ministack: Operation) -> Operation:
    """RevokeToken: only a refresh token, and only for the client that it was issued to.

    MiniStack revokes whatever anybody brings, unsigned tokens included. What is no token of ours changes nothing,
    as RFC 7009 has it.
    """

    @answering
    def revoke(call: Data) -> Data:
        client = client_of(pool_of(call), call["ClientId"])
        if client.get("ClientSecret") and call.get("ClientSecret") != client["ClientSecret"]:
            raise Refused("UnauthorizedException", "The client couldn't be authenticated.")
        if not client.get("EnableTokenRevocation", True):
            raise Refused("UnsupportedOperationException", "Token revocation is not enabled for this client.")
        claims = claims_of(call["Token"])
        if not claims or not is_signed(call["Token"]):
            return {}
        if claims.get("token_use") != "refresh":
            raise Refused("UnsupportedTokenTypeException", "Only refresh tokens can be revoked.")
        if claims.get("client_id") != call["ClientId"]:
            raise Refused("UnauthorizedException", "The token was issued to another client.")
        return content(ministack(call))

    return revoke


def _check(setting: Data, call: Data) -> None:
    grace = setting.get("RetryGracePeriodSeconds", 0)
    if not 0 <= grace <= LONGEST_GRACE:
        raise Refused("InvalidParameterException", f"RetryGracePeriodSeconds is 0 to {LONGEST_GRACE}.")
    if setting.get("Feature") == "ENABLED" and "ALLOW_REFRESH_TOKEN_AUTH" in (call.get("ExplicitAuthFlows") or []):
        raise Refused("InvalidParameterException", "ALLOW_REFRESH_TOKEN_AUTH is not possible with rotation.")


def _client(call: Data) -> Record:
    """Return the client of a call; nothing for an unknown one, which MiniStack refuses."""
    try:
        return client_of(pool_of(call), call.get("ClientId"))
    except (Refused, RefusedByMiniStack):
        return {}


def _rotates(client: Record) -> bool:
    return bool((client.get(SETTING) or {}).get("Feature") == "ENABLED")


def _is_spent(pool: Record, client_id: str, token_id: str) -> bool:
    at = pool.get("_spent_refresh_tokens", {}).get(token_id)
    grace = (client_of(pool, client_id).get(SETTING) or {}).get("RetryGracePeriodSeconds", 0)
    return at is not None and time.time() > at + grace
