"""Logins whose time is over: nobody waits for them over the wire, so MiniStack's own check is asked."""

import json
import time

import pytest
from ministack.services import cognito

POOL_ID = "us-east-1_logins"
PROVIDER = f"cognito-idp.us-east-1.amazonaws.com/{POOL_ID}"
TRUSTING = {"_identities": {}, "CognitoIdentityProviders": [{"ProviderName": PROVIDER, "ClientId": "client"}]}
ALLOWANCE = 300
"""Seconds that a token may be late, for clocks that differ."""


def refusal(late: int) -> str | None:
    """Return why an identity pool refuses a token that ran out so many seconds ago, or None."""
    now = int(time.time())
    claims = {"iss": f"https://{PROVIDER}", "aud": "client", "sub": "s", "token_use": "id", "exp": now - late}
    token = cognito._signed_jwt(claims)  # by the key that serves where a pool has none
    answer = cognito._identity_logins_error(TRUSTING, None, {PROVIDER: token})
    return str(json.loads(answer[2])["message"]) if answer else None


@pytest.mark.row("4.3 An expired or foreign login token")
def test_a_token_whose_time_is_over_is_no_login() -> None:
    assert str(refusal(ALLOWANCE + 5)).startswith("Invalid login token. Token expired: ")
    assert refusal(ALLOWANCE - 60) is None
    assert refusal(-60) is None
