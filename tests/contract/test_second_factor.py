"""TOTP as a second factor: set up, asked for, checked."""

import jwt
import pytest

from tests.authenticator import unused, wrong
from tests.cloud import Cloud
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.refusals import INVALID_SESSION, USED_SESSION, refusal

OTHER_PASSWORD = "Another-horse-7"
TOTP = "SOFTWARE_TOKEN_MFA"
USED_CODE = (400, "ExpiredCodeException", "Your software token has already been used once.")


def test_a_totp_code_is_checked_and_a_mistyped_one_may_be_tried_again(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    directory.add("mara")
    secret = directory.enrol_totp("mara")
    challenge = directory.srp("mara")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    session = challenge["Session"]
    refused = refusal(directory.answer, TOTP, session, "mara", SOFTWARE_TOKEN_MFA_CODE=wrong(secret))
    assert refused[1] == "CodeMismatchException"
    code = unused(secret)
    answered = directory.answer(TOTP, session, "mara", SOFTWARE_TOKEN_MFA_CODE=code)
    assert answered["AuthenticationResult"]["IdToken"]
    replay = refusal(directory.answer, TOTP, session, "mara", SOFTWARE_TOKEN_MFA_CODE=code)
    assert replay == USED_SESSION


@pytest.mark.row("5.3 Flows and challenges")
def test_a_code_of_an_authenticator_app_counts_once(local_cloud: Cloud) -> None:
    """MiniStack takes it in every sign-in for a minute and a half."""
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    directory.add("mara")
    secret = directory.enrol_totp("mara")
    first, second = directory.srp("mara")["Session"], directory.srp("mara")["Session"]
    code = unused(secret)
    assert directory.answer(TOTP, first, "mara", SOFTWARE_TOKEN_MFA_CODE=code)["AuthenticationResult"]
    assert refusal(directory.answer, TOTP, second, "mara", SOFTWARE_TOKEN_MFA_CODE=code) == USED_CODE
    by_administrator = directory.admin.admin_initiate_auth(
        UserPoolId=directory.pool_id,
        ClientId=directory.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "mara", "PASSWORD": PASSWORD},
    )
    refused = refusal(
        directory.admin.admin_respond_to_auth_challenge,
        UserPoolId=directory.pool_id,
        ClientId=directory.client_id,
        ChallengeName=TOTP,
        Session=by_administrator["Session"],
        ChallengeResponses={"USERNAME": "mara", "SOFTWARE_TOKEN_MFA_CODE": code},
    )
    assert refused == USED_CODE
    # The challenge stays open for the app's next code.
    assert directory.answer(TOTP, second, "mara", SOFTWARE_TOKEN_MFA_CODE=unused(secret))["AuthenticationResult"]


@pytest.mark.parametrize("by", ["access token", "session"])
def test_the_code_that_set_an_app_up_completes_no_sign_in(local_cloud: Cloud, by: str) -> None:
    directory = new_directory(local_cloud, mfa="OPTIONAL" if by == "access token" else "ON")
    directory.add("mara")
    started, public = directory.srp("mara"), directory.public
    if by == "access token":
        proof = {"AccessToken": started["AuthenticationResult"]["AccessToken"]}
        secret = public.associate_software_token(**proof)["SecretCode"]
    else:
        given = public.associate_software_token(Session=started["Session"])
        proof, secret = {"Session": given["Session"]}, given["SecretCode"]
    code = unused(secret)
    public.verify_software_token(**proof, UserCode=code)
    if by == "access token":
        assert refusal(public.verify_software_token, **proof, UserCode=code) == USED_CODE
    session = directory.srp("mara")["Session"]
    assert refusal(directory.answer, TOTP, session, "mara", SOFTWARE_TOKEN_MFA_CODE=code) == USED_CODE
    assert directory.answer(TOTP, session, "mara", SOFTWARE_TOKEN_MFA_CODE=unused(secret))["AuthenticationResult"]


def test_the_second_factor_is_asked_for_after_a_new_password_too(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    directory.add("mara")
    directory.enrol_totp("mara")
    directory.admin.admin_set_user_password(
        UserPoolId=directory.pool_id, Username="mara", Password=OTHER_PASSWORD, Permanent=False
    )
    session = directory.srp("mara", OTHER_PASSWORD)["Session"]
    answered = directory.answer("NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD=PASSWORD)
    assert answered["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert "AuthenticationResult" not in answered


def test_a_pool_that_requires_a_second_factor_has_everybody_set_one_up(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud, mfa="ON")
    directory.add("mara")
    challenge = directory.srp("mara")
    assert challenge["ChallengeName"] == "MFA_SETUP"
    assert refusal(directory.answer, "MFA_SETUP", challenge["Session"], "mara") == INVALID_SESSION
    given = directory.public.associate_software_token(Session=challenge["Session"])
    proved = directory.public.verify_software_token(Session=given["Session"], UserCode=unused(given["SecretCode"]))
    assert proved["Status"] == "SUCCESS"
    assert directory.answer("MFA_SETUP", proved["Session"], "mara")["AuthenticationResult"]["IdToken"]
    assert directory.srp("mara")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_second_factor_cannot_be_set_up_with_an_invented_session(directory: Directory) -> None:
    associate, verify = directory.public.associate_software_token, directory.public.verify_software_token
    assert refusal(associate, Session="invented" * 8) == INVALID_SESSION
    assert refusal(verify, Session="invented" * 8, UserCode="123456") == INVALID_SESSION
    assert refusal(associate)[1] == "NotAuthorizedException"


@pytest.mark.parametrize("mfa", ["OPTIONAL", "ON"])
def test_whoever_calls_themselves_like_somebody_else_gets_their_own_tokens(local_cloud: Cloud, mfa: str) -> None:
    """MiniStack looks the user up by the name in the answer, and asks one without TOTP for no code."""
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    for name in ("mara", "victim"):
        directory.add(name)
    access = directory.srp("mara")["AuthenticationResult"]["AccessToken"]
    directory.public.update_user_attributes(
        AccessToken=access, UserAttributes=[{"Name": "preferred_username", "Value": "victim"}]
    )
    if mfa == "ON":
        directory.admin.set_user_pool_mfa_config(UserPoolId=directory.pool_id, MfaConfiguration="ON")
        given = directory.public.associate_software_token(Session=directory.srp("mara")["Session"])
        code = unused(given["SecretCode"])
        session = directory.public.verify_software_token(Session=given["Session"], UserCode=code)["Session"]
        answered = directory.answer("MFA_SETUP", session, "victim")
    else:
        secret = directory.enrol_totp("mara")
        session = directory.srp("mara")["Session"]
        answered = directory.answer(TOTP, session, "victim", SOFTWARE_TOKEN_MFA_CODE=unused(secret))
    token = answered["AuthenticationResult"]["AccessToken"]
    assert jwt.decode(token, options={"verify_signature": False})["username"] == "mara"
