"""Renewing and revoking tokens."""

from dataclasses import replace
from typing import Any

import pytest

from services.errors import ServiceError, SignInError, TooManyRequests
from services.renewal import Renewal
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, Pool, stubbed

TOKENS = Pool().tokens()


def renewal(secret: str = "") -> tuple[Renewal, Any]:
    """A renewal and the stub of Cognito under it."""
    client, stub = stubbed("cognito-idp")
    stub.activate()
    return Renewal(client, replace(ENVIRONMENT, client_secret=Secret(secret) if secret else None)), stub


def test_a_pool_without_rotation_keeps_the_refresh_token() -> None:
    kept, stub = renewal()
    result = {key: value for key, value in Pool().result().items() if key != "RefreshToken"}
    stub.add_response(
        "get_tokens_from_refresh_token",
        {"AuthenticationResult": result},
        {"RefreshToken": "refresh", "ClientId": "client1"},
    )

    assert kept.renew(TOKENS).refresh_token == Secret("refresh")


def test_a_pool_with_rotation_replaces_the_refresh_token() -> None:
    kept, stub = renewal()
    stub.add_response(
        "get_tokens_from_refresh_token", {"AuthenticationResult": Pool().result() | {"RefreshToken": "next"}}
    )

    assert kept.renew(TOKENS).refresh_token == Secret("next")


def test_the_client_secret_goes_along_when_there_is_one() -> None:
    kept, stub = renewal("s3cret" * 5)
    sent = {"RefreshToken": "refresh", "ClientId": "client1", "ClientSecret": "s3cret" * 5}
    stub.add_response("get_tokens_from_refresh_token", {"AuthenticationResult": Pool().result()}, sent)

    kept.renew(TOKENS)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "message", "why"),
    [
        ("NotAuthorizedException", "Refresh Token has been revoked", "The sign-in was revoked or has run out"),
        ("NotAuthorizedException", "Refresh Token has expired", "The sign-in was revoked or has run out"),
        ("NotAuthorizedException", "Invalid Refresh Token", "The sign-in was revoked or has run out"),
        ("RefreshTokenReuseException", "", "The sign-in was renewed from elsewhere"),
        ("NotAuthorizedException", "User is disabled.", "The account is disabled"),
    ],
)
def test_a_refused_renewal_says_why(code: str, message: str, why: str) -> None:
    kept, stub = renewal()
    stub.add_client_error("get_tokens_from_refresh_token", code, message)

    with pytest.raises(SignInError) as told:
        kept.renew(TOKENS)

    assert told.value.why == why


def test_throttling_is_no_refusal() -> None:
    kept, stub = renewal()
    stub.add_client_error("get_tokens_from_refresh_token", "TooManyRequestsException", "Rate exceeded")

    with pytest.raises(TooManyRequests):
        kept.renew(TOKENS)


def test_tokens_without_a_refresh_token_are_not_renewed() -> None:
    kept, _ = renewal()

    with pytest.raises(SignInError, match="without a refresh token"):
        kept.renew(replace(TOKENS, refresh_token=None))


def test_revoking_sends_the_refresh_token() -> None:
    kept, stub = renewal()
    stub.add_response("revoke_token", {}, {"Token": "refresh", "ClientId": "client1"})

    kept.revoke(TOKENS)
    stub.assert_no_pending_responses()


def test_an_app_client_that_does_not_allow_revocation_is_told() -> None:
    kept, stub = renewal()
    stub.add_client_error("revoke_token", "UnsupportedOperationException", "Token revocation is not enabled")

    with pytest.raises(ServiceError, match="Token revocation is not enabled"):
        kept.revoke(TOKENS)
