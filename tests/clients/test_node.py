"""Clients from npm, unmodified: amazon-cognito-identity-js, aws-jwt-verify, Amplify."""

import jwt
import pytest

from tests.clients.conftest import Script
from tests.cloud import Cloud
from tests.contract.appsync import tampered
from tests.contract.directories import Directory, new_directory

WRONG_PASSWORD = {"name": "NotAuthorizedException", "message": "Incorrect username or password."}


@pytest.fixture(scope="session")
def home(local_cloud: Cloud) -> Directory:
    """The user pool of the stack."""
    backend = local_cloud.backend
    public = local_cloud.unsigned("cognito-idp")
    return Directory(local_cloud.client("cognito-idp"), public, backend["UserPoolId"], backend["UserPoolClientId"])


def test_amazon_cognito_identity_js_signs_in_over_srp_and_reads_attributes(local_cloud: Cloud, script: Script) -> None:
    assert script("cognito_identity_js", username="ada", password=local_cloud.password("ada")) == {
        "result": {"valid": True, "groups": ["admins"], "email": "ada@example.com"}
    }


def test_amazon_cognito_identity_js_is_refused_with_a_wrong_password(script: Script) -> None:
    assert script("cognito_identity_js", username="ada", password="Wrong-horse-9") == {"refused": WRONG_PASSWORD}


@pytest.mark.parametrize(("kind", "use"), [("IdToken", "id"), ("AccessToken", "access")])
def test_aws_jwt_verify_accepts_both_tokens_and_the_group_in_them(
    local_cloud: Cloud, script: Script, home: Directory, kind: str, use: str
) -> None:
    token = home.srp("ada", local_cloud.password("ada"))["AuthenticationResult"][kind]
    said = script("jwt_verify", tokens=[token], tokenUse=use, groups="admins")
    assert said == {"result": [{"tokenUse": use, "groups": ["admins"]}]}


def test_aws_jwt_verify_refuses_whom_and_what_it_should(local_cloud: Cloud, script: Script, home: Directory) -> None:
    """Outside the group, altered, of another pool, with a forged group, `alg: none`, the other kind of token."""
    other = new_directory(local_cloud)
    other.add("mara")
    foreign = other.srp("mara")["AuthenticationResult"]["IdToken"]
    otto = home.srp("otto", local_cloud.password("otto"))["AuthenticationResult"]
    ada = home.srp("ada", local_cloud.password("ada"))["AuthenticationResult"]
    token = ada["IdToken"]
    claims = jwt.decode(otto["IdToken"], options={"verify_signature": False}) | {"cognito:groups": ["admins"]}
    header = {"kid": jwt.get_unverified_header(token)["kid"]}
    head, _, signature = otto["IdToken"].split(".")
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256", headers=header)
    verdicts = {
        otto["IdToken"]: "CognitoJwtInvalidGroupError",
        tampered(token): "JwtInvalidSignatureError",
        foreign: "ParameterValidationError",
        forged: "JwtInvalidSignatureAlgorithmError",
        f"{head}.{forged.split('.')[1]}.{signature}": "JwtInvalidSignatureError",
        jwt.encode(claims, None, algorithm="none", headers=header): "JwtParseError",
        ada["AccessToken"]: "CognitoJwtInvalidTokenUseError",
    }
    said = script("jwt_verify", tokens=list(verdicts), tokenUse="id", groups="admins")
    assert said["result"] == list(verdicts.values())


def test_amplify_lists_users_as_a_guest(script: Script) -> None:
    assert script("amplify", authMode="identityPool") == {"result": {"users": 5, "more": True}}


@pytest.mark.parametrize("mode", ["userPool", "iam"])
def test_amplify_signs_in_renews_its_session_and_lists_users(local_cloud: Cloud, script: Script, mode: str) -> None:
    """By user pool with the access token, by IAM with the credentials of the identity pool."""
    assert script("amplify", username="ada", password=local_cloud.password("ada"), authMode=mode) == {
        "result": {"step": "DONE", "name": "ada", "renewedGroups": ["admins"], "users": 5, "more": True}
    }


def test_amplify_is_refused_with_a_wrong_password(script: Script) -> None:
    said = script("amplify", username="ada", password="Wrong-horse-9", authMode="userPool")
    assert said == {"refused": WRONG_PASSWORD}
