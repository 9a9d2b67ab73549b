"""Second factors whose codes are sent: by text message, by e-mail, and the choice between several.

MiniStack stores these settings and lets people in without asking.
"""

import json
import time
from typing import Any

import pytest

from tests.authenticator import unused, wrong
from tests.cloud import Cloud
from tests.contract import codes
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.refusals import INVALID_SESSION, USED_SESSION, refusal

SMS = {"SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}}}
EMAIL = {"EmailMfaConfiguration": {"Subject": "Your code", "Message": "It is {####}."}}
TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
PHONE = "+491701234567"
ON = {"Enabled": True, "PreferredMfa": False}
PREFERRED = {"Enabled": True, "PreferredMfa": True}


def pool(cloud: Cloud, *offers: dict[str, Any], mfa: str = "OPTIONAL") -> Directory:
    """Make a pool with some second factors."""
    made = new_directory(cloud)
    settings = {name: value for each in offers for name, value in each.items()}
    made.admin.set_user_pool_mfa_config(UserPoolId=made.pool_id, MfaConfiguration=mfa, **settings)
    return made


def with_phone(directory: Directory, name: str) -> None:
    """Add somebody who has a phone number besides the e-mail address."""
    directory.add(name)
    directory.admin.admin_update_user_attributes(
        UserPoolId=directory.pool_id, Username=name, UserAttributes=[{"Name": "phone_number", "Value": PHONE}]
    )


def prefer(directory: Directory, name: str, **settings: dict[str, bool]) -> None:
    directory.admin.admin_set_user_mfa_preference(UserPoolId=directory.pool_id, Username=name, **settings)


@pytest.mark.row("5.3 Flows and challenges")
@pytest.mark.parametrize(
    ("offer", "setting", "challenge", "medium", "shown", "destination"),
    [
        (SMS, "SMSMfaSettings", "SMS_MFA", "SMS", "+*******4567", PHONE),
        (EMAIL, "EmailMfaSettings", "EMAIL_OTP", "EMAIL", "m****@e****", "mara@example.com"),
    ],
)
def test_a_code_that_was_sent_completes_a_sign_in_once(  # noqa: PLR0917 - what is compared
    local_cloud: Cloud,
    offer: dict[str, Any],
    setting: str,
    challenge: str,
    medium: str,
    shown: str,
    destination: str,
) -> None:
    directory = pool(local_cloud, offer)
    with_phone(directory, "mara")
    prefer(directory, "mara", **{setting: PREFERRED})
    asked = directory.srp("mara")
    assert asked["ChallengeName"] == challenge
    assert asked["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
        "CODE_DELIVERY_DESTINATION": shown,
        "USER_ID_FOR_SRP": "mara",
    }
    sent = codes.messages(local_cloud, directory, "mara")[0]
    assert (sent["kind"], sent["destination"]) == ("sign-in code", destination)
    response = f"{challenge}_CODE"
    wrong = {response: codes.another(sent["secret"])}
    refused = refusal(directory.answer, challenge, asked["Session"], "mara", **wrong)
    assert refused == (400, "CodeMismatchException", "Invalid code received for user")
    answered = directory.answer(challenge, asked["Session"], "mara", **{response: sent["secret"]})
    assert answered["AuthenticationResult"]["IdToken"]
    again = refusal(directory.answer, challenge, asked["Session"], "mara", **{response: sent["secret"]})
    assert again == USED_SESSION


def test_a_code_is_good_for_the_sign_in_that_it_was_sent_for(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, EMAIL)
    for name in ("mara", "nele"):
        directory.add(name)
        prefer(directory, name, EmailMfaSettings=ON)
    first = directory.srp("mara")["Session"]
    old = codes.code(local_cloud, directory, "mara")
    second = directory.srp("mara")["Session"]
    other = directory.srp("nele")["Session"]
    if codes.code(local_cloud, directory, "mara") != old:
        assert refusal(directory.answer, "EMAIL_OTP", second, "mara", EMAIL_OTP_CODE=old)[1] == "CodeMismatchException"
    assert refusal(directory.answer, "EMAIL_OTP", other, "mara", EMAIL_OTP_CODE=old) == INVALID_SESSION
    assert refusal(directory.answer, "SMS_MFA", first, "mara", SMS_MFA_CODE=old) == INVALID_SESSION
    assert directory.answer("EMAIL_OTP", first, "mara", EMAIL_OTP_CODE=old)["AuthenticationResult"]


def test_the_administrator_s_flow_asks_for_the_code_too(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, EMAIL)
    directory.add("mara")
    prefer(directory, "mara", EmailMfaSettings=ON)
    client = {"UserPoolId": directory.pool_id, "ClientId": directory.client_id}
    parameters = {"USERNAME": "mara", "PASSWORD": PASSWORD}
    asked = directory.admin.admin_initiate_auth(
        **client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    answered = directory.admin.admin_respond_to_auth_challenge(
        **client,
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "mara", "EMAIL_OTP_CODE": codes.code(local_cloud, directory, "mara")},
    )
    assert answered["AuthenticationResult"]["AccessToken"]


def test_whoever_has_several_factors_chooses_one(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, SMS, EMAIL, TOTP)
    with_phone(directory, "mara")
    secret = directory.enrol_totp("mara")
    prefer(directory, "mara", SMSMfaSettings=ON, EmailMfaSettings=ON, SoftwareTokenMfaSettings=ON)
    asked = directory.srp("mara")
    assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
    choices = json.loads(asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    assert choices == ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]
    session = asked["Session"]
    assert refusal(directory.answer, "SELECT_MFA_TYPE", session, "mara", ANSWER="WEB_AUTHN")[1] == (
        "InvalidParameterException"
    )
    chosen = directory.answer("SELECT_MFA_TYPE", session, "mara", ANSWER="EMAIL_OTP")
    assert chosen["ChallengeName"] == "EMAIL_OTP"
    assert refusal(directory.answer, "SELECT_MFA_TYPE", session, "mara", ANSWER="SMS_MFA") == USED_SESSION
    by_mail = directory.answer(
        "EMAIL_OTP", chosen["Session"], "mara", EMAIL_OTP_CODE=codes.code(local_cloud, directory, "mara")
    )
    assert by_mail["AuthenticationResult"]
    chosen = directory.answer("SELECT_MFA_TYPE", directory.srp("mara")["Session"], "mara", ANSWER="SOFTWARE_TOKEN_MFA")
    by_app = directory.answer("SOFTWARE_TOKEN_MFA", chosen["Session"], "mara", SOFTWARE_TOKEN_MFA_CODE=unused(secret))
    assert by_app["AuthenticationResult"]


def test_the_preferred_factor_is_asked_for_without_a_choice(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, SMS, EMAIL)
    with_phone(directory, "mara")
    prefer(directory, "mara", SMSMfaSettings=ON, EmailMfaSettings=PREFERRED)
    assert directory.srp("mara")["ChallengeName"] == "EMAIL_OTP"
    prefer(directory, "mara", EmailMfaSettings={"Enabled": False, "PreferredMfa": False})
    assert directory.srp("mara")["ChallengeName"] == "SMS_MFA"
    shown = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username="mara")
    assert shown["UserMFASettingList"] == ["SMS_MFA"]


def test_nobody_is_asked_for_a_code_that_the_pool_does_not_send(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, EMAIL)
    with_phone(directory, "mara")
    prefer(directory, "mara", SMSMfaSettings=PREFERRED)
    assert directory.srp("mara")["AuthenticationResult"]


def test_where_a_factor_is_required_an_address_is_one(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, SMS, EMAIL, mfa="ON")
    directory.add("mara")
    with_phone(directory, "nele")
    assert directory.srp("mara")["ChallengeName"] == "EMAIL_OTP"
    assert directory.srp("nele")["ChallengeName"] == "SELECT_MFA_TYPE"


def test_where_a_factor_is_required_and_none_can_be_asked_for_one_is_set_up(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, SMS, TOTP, mfa="ON")
    directory.add("mara")
    asked = directory.srp("mara")
    assert asked["ChallengeName"] == "MFA_SETUP"
    assert json.loads(asked["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
    by_text_alone = pool(local_cloud, SMS, mfa="ON")
    by_text_alone.add("mara")
    assert refusal(by_text_alone.srp, "mara")[1] == "MFAMethodNotFoundException"


def test_a_factor_that_cannot_work_is_not_turned_on(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, SMS, EMAIL, TOTP)
    directory.add("mara")
    access = directory.srp("mara")["AuthenticationResult"]["AccessToken"]
    for setting in ("SMSMfaSettings", "SoftwareTokenMfaSettings"):
        by_administrator = refusal(prefer, directory, "mara", **{setting: ON})
        by_owner = refusal(directory.public.set_user_mfa_preference, AccessToken=access, **{setting: ON})
        assert by_administrator[1] == by_owner[1] == "InvalidParameterException"
    directory.public.set_user_mfa_preference(AccessToken=access, EmailMfaSettings=ON)
    assert directory.srp("mara")["ChallengeName"] == "EMAIL_OTP"


@pytest.mark.parametrize("factor", ["EMAIL_OTP", "SOFTWARE_TOKEN_MFA"])
def test_after_many_wrong_codes_the_right_one_has_to_wait(local_cloud: Cloud, factor: str) -> None:
    """Whoever knows the password can't begin anew and guess on."""
    directory = pool(local_cloud, EMAIL, TOTP)
    directory.add("mara")
    if factor == "EMAIL_OTP":
        prefer(directory, "mara", EmailMfaSettings=ON)
    secret = directory.enrol_totp("mara") if factor == "SOFTWARE_TOKEN_MFA" else ""

    def answer(*, rightly: bool) -> None:
        session = directory.srp("mara")["Session"]
        if secret:
            code = unused(secret) if rightly else wrong(secret)
        else:
            right = codes.code(local_cloud, directory, "mara")
            code = right if rightly else codes.another(right)
        directory.answer(factor, session, "mara", **{f"{factor}_CODE": code})

    for seconds in (0, 0, 0, 0, 1.1, 2.1, 4.1):
        assert refusal(answer, rightly=False)[1] == "CodeMismatchException"
        time.sleep(seconds)
    assert refusal(answer, rightly=False)[1] == "CodeMismatchException"
    assert refusal(answer, rightly=True)[1:] == ("NotAuthorizedException", "Password attempts exceeded")
