"""Managed login isn't served: MiniStack's would let people in past what the API asks of them."""

from urllib.parse import urlencode

import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.directories import PASSWORD, Directory, new_directory

CALLBACK = "https://example.com/back"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def directory(local_cloud: Cloud) -> Directory:
    """A pool whose client allows hosted pages, and somebody with a second factor."""
    made = new_directory(
        local_cloud,
        mfa="OPTIONAL",
        CallbackURLs=[CALLBACK],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
    )
    made.add("mara")
    return made


@pytest.mark.parametrize("path", ["/login", "/oauth2/login"])
def test_nobody_gets_past_a_second_factor_by_a_page(local_cloud: Cloud, directory: Directory, path: str) -> None:
    """MiniStack gives an authorization code for the password alone."""
    directory.enrol_totp("mara")
    asked = {
        "username": "mara",
        "password": PASSWORD,
        "client_id": directory.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
    }
    reply = wire.send(local_cloud, "POST", path, FORM, urlencode(asked).encode())
    assert (reply.status, reply.headers.get("location")) == (404, None)
    assert wire.send(local_cloud, "GET", f"/oauth2/authorize?{urlencode(asked)}").status == 404


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/tokens"])
def test_no_token_is_renewed_past_the_api(local_cloud: Cloud, directory: Directory, path: str) -> None:
    """MiniStack's token address knows neither rotation nor the end of a refresh token."""
    tokens = directory.srp("mara")["AuthenticationResult"]
    asked = {
        "grant_type": "refresh_token",
        "refresh_token": tokens["RefreshToken"],
        "client_id": directory.client_id,
    }
    reply = wire.send(local_cloud, "POST", path, FORM, urlencode(asked).encode())
    assert reply.status in {403, 404}
    assert b"access_token" not in reply.body
