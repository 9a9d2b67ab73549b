"""TOTP as a second factor: set up, asked for, checked."""

from typing import Any

import jwt
import pytest

from tests.authenticator import unused, wrong
from tests.cloud import Cloud
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.refusals import INVALID_SESSION, USED_SESSION, refusal

OTHER_PASSWORD = "Another-horse-7"
TOTP = "SOFTWARE_TOKEN_MFA"
APP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
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
        directory.admin.set_user_pool_mfa_config(UserPoolId=directory.pool_id, MfaConfiguration="ON", **APP)
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


BY_MAIL = {"EmailMfaConfiguration": {"Subject": "Your code", "Message": "It is {####}."}}
BY_TEXT = {"SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}}}


@pytest.mark.row("5.3 Flows and challenges")
@pytest.mark.parametrize("wanted", ["ON", "OPTIONAL"])
def test_a_pool_asks_for_no_second_factor_that_it_does_not_offer(local_cloud: Cloud, wanted: str) -> None:
    """MiniStack stores what comes."""
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    setting = {"UserPoolId": directory.pool_id, "MfaConfiguration": wanted}
    passkey = {"WebAuthnConfiguration": {"RelyingPartyId": "example.com", "UserVerification": "preferred"}}
    for more in ({}, passkey):
        assert refusal(directory.admin.set_user_pool_mfa_config, **setting, **more) == (
            400,
            "InvalidParameterException",
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
        )
    assert directory.admin.get_user_pool_mfa_config(UserPoolId=directory.pool_id)["MfaConfiguration"] == "OPTIONAL"
    assert refusal(directory.admin.create_user_pool, PoolName="test", MfaConfiguration=wanted) == (
        400,
        "InvalidParameterException",
        "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
    )
    sms = BY_TEXT["SmsMfaConfiguration"]["SmsConfiguration"]
    made = directory.admin.create_user_pool(PoolName="test", MfaConfiguration=wanted, SmsConfiguration=sms)
    assert made["UserPool"]["MfaConfiguration"] == wanted


@pytest.mark.parametrize("off", [{"MfaConfiguration": "OFF"}, {}])
@pytest.mark.parametrize("factor", [APP, {"SoftwareTokenMfaConfiguration": {"Enabled": False}}, BY_MAIL, BY_TEXT])
def test_a_pool_offers_no_second_factor_where_none_is_asked_for(
    local_cloud: Cloud, off: dict[str, str], factor: dict[str, Any]
) -> None:
    """MiniStack stores what comes; where the call doesn't say, it keeps what was asked for before."""
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    configure = directory.admin.set_user_pool_mfa_config
    assert refusal(configure, UserPoolId=directory.pool_id, **off, **factor) == (
        400,
        "InvalidParameterException",
        "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    )


def test_what_a_call_does_not_name_of_the_second_factors_is_off_afterwards(local_cloud: Cloud) -> None:
    """MiniStack keeps it."""
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    admin, pool = directory.admin, {"UserPoolId": directory.pool_id}
    admin.set_user_pool_mfa_config(**pool, MfaConfiguration="OPTIONAL", **BY_MAIL)
    kept = admin.get_user_pool_mfa_config(**pool)
    assert "EmailMfaConfiguration" in kept
    assert "SoftwareTokenMfaConfiguration" not in kept
    admin.set_user_pool_mfa_config(**pool)
    kept = admin.get_user_pool_mfa_config(**pool)
    assert (kept["MfaConfiguration"], "EmailMfaConfiguration" in kept) == ("OFF", False)


def test_a_template_s_pool_offers_what_the_template_says(local_cloud: Cloud) -> None:
    """CreateUserPool alone would refuse what the stack asks for."""
    shown = local_cloud.client("cognito-idp").get_user_pool_mfa_config(UserPoolId=local_cloud.backend["UserPoolId"])
    assert (shown["MfaConfiguration"], shown["SoftwareTokenMfaConfiguration"]) == ("OPTIONAL", {"Enabled": True})
