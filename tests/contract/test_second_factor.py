"""TOTP as a second factor: set up, asked for, checked."""

import jwt
import pytest

from tests.cloud import Cloud
from tests.contract.directories import PASSWORD, Directory, new_directory, totp
from tests.contract.refusals import INVALID_SESSION, USED_SESSION, refusal

OTHER_PASSWORD = "Another-horse-7"


def test_a_totp_code_is_checked_and_a_mistyped_one_may_be_tried_again(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud, mfa="OPTIONAL")
    directory.add("mara")
    secret = directory.enrol_totp("mara")
    challenge = directory.srp("mara")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    session = challenge["Session"]
    code = totp(secret)
    wrong = str((int(code) + 500_000) % 1_000_000).zfill(6)
    refused = refusal(directory.answer, "SOFTWARE_TOKEN_MFA", session, "mara", SOFTWARE_TOKEN_MFA_CODE=wrong)
    assert refused[1] == "CodeMismatchException"
    answered = directory.answer("SOFTWARE_TOKEN_MFA", session, "mara", SOFTWARE_TOKEN_MFA_CODE=totp(secret))
    assert answered["AuthenticationResult"]["IdToken"]
    replay = refusal(directory.answer, "SOFTWARE_TOKEN_MFA", session, "mara", SOFTWARE_TOKEN_MFA_CODE=totp(secret))
    assert replay == USED_SESSION


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
    proved = directory.public.verify_software_token(Session=given["Session"], UserCode=totp(given["SecretCode"]))
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
        code = totp(given["SecretCode"])
        session = directory.public.verify_software_token(Session=given["Session"], UserCode=code)["Session"]
        answered = directory.answer("MFA_SETUP", session, "victim")
    else:
        secret = directory.enrol_totp("mara")
        session = directory.srp("mara")["Session"]
        answered = directory.answer("SOFTWARE_TOKEN_MFA", session, "victim", SOFTWARE_TOKEN_MFA_CODE=totp(secret))
    token = answered["AuthenticationResult"]["AccessToken"]
    assert jwt.decode(token, options={"verify_signature": False})["username"] == "mara"
