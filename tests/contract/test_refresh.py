"""Refresh tokens that are exchanged for a new one at every use."""

from typing import Any

import jwt
import pytest

from tests.cloud import Cloud
from tests.contract.directories import FLOWS, Directory, new_directory
from tests.contract.refusals import refusal

WITHOUT_REFRESH = [flow for flow in FLOWS if flow != "ALLOW_REFRESH_TOKEN_AUTH"]


def rotating(cloud: Cloud, grace: int = 0) -> Directory:
    """Make a pool whose client rotates refresh tokens, and somebody in it."""
    setting = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}
    directory = new_directory(cloud, ExplicitAuthFlows=WITHOUT_REFRESH, RefreshTokenRotation=setting)
    directory.add("mara")
    return directory


def renew(directory: Directory, token: str) -> dict[str, Any]:
    answer = directory.public.get_tokens_from_refresh_token(RefreshToken=token, ClientId=directory.client_id)
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens


def claims(token: str) -> dict[str, Any]:
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def test_without_rotation_a_refresh_token_serves_again_and_no_new_one_comes(directory: Directory) -> None:
    directory.add("mara")
    token = directory.srp("mara")["AuthenticationResult"]["RefreshToken"]
    for _ in range(2):
        assert "RefreshToken" not in renew(directory, token)


@pytest.mark.row("5.2 Rotation of refresh tokens")
def test_a_rotated_refresh_token_comes_anew_for_the_rest_of_its_time_and_serves_once(local_cloud: Cloud) -> None:
    """MiniStack knows no rotation."""
    directory = rotating(local_cloud)
    first = directory.srp("mara")["AuthenticationResult"]["RefreshToken"]
    renewed = renew(directory, first)
    assert claims(renewed["IdToken"])["cognito:username"] == "mara"
    assert claims(renewed["RefreshToken"])["exp"] == claims(first)["exp"]
    assert refusal(renew, directory, first)[1] == "RefreshTokenReuseException"
    assert renew(directory, renewed["RefreshToken"])["AccessToken"]


def test_a_retry_within_the_grace_period_is_answered(local_cloud: Cloud) -> None:
    """MiniStack knows no rotation."""
    directory = rotating(local_cloud, grace=60)
    first = directory.srp("mara")["AuthenticationResult"]["RefreshToken"]
    assert renew(directory, first)["RefreshToken"] != renew(directory, first)["RefreshToken"]


@pytest.mark.row("5.2 Revocation and sign-out at Cognito")
def test_a_global_sign_out_ends_the_tokens_that_rotation_gave_as_well(local_cloud: Cloud) -> None:
    directory = rotating(local_cloud)
    token = renew(directory, directory.srp("mara")["AuthenticationResult"]["RefreshToken"])["RefreshToken"]
    directory.admin.admin_user_global_sign_out(UserPoolId=directory.pool_id, Username="mara")
    assert refusal(renew, directory, token)[1] == "NotAuthorizedException"


@pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_where_tokens_rotate_the_refresh_flow_is_refused(local_cloud: Cloud, flow: str) -> None:
    """MiniStack knows no rotation."""
    directory = rotating(local_cloud)
    token = directory.srp("mara")["AuthenticationResult"]["RefreshToken"]
    call = {"AuthFlow": flow, "AuthParameters": {"REFRESH_TOKEN": token}, "ClientId": directory.client_id}
    assert refusal(directory.public.initiate_auth, **call)[1] == "InvalidParameterException"
    assert (
        refusal(directory.admin.admin_initiate_auth, UserPoolId=directory.pool_id, **call)[1]
        == "InvalidParameterException"
    )
    assert renew(directory, token)["RefreshToken"]


def test_the_client_shows_its_rotation_which_the_refresh_flow_excludes(local_cloud: Cloud) -> None:
    """MiniStack forgets the setting."""
    directory = rotating(local_cloud, grace=10)
    client = {"UserPoolId": directory.pool_id, "ClientId": directory.client_id}
    shown = directory.admin.describe_user_pool_client(**client)["UserPoolClient"]
    assert shown["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    for wrong in (
        {"RefreshTokenRotation": {"Feature": "ENABLED"}, "ExplicitAuthFlows": FLOWS},
        {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61}},
    ):
        assert refusal(directory.admin.update_user_pool_client, **client, **wrong)[1] == "InvalidParameterException"
