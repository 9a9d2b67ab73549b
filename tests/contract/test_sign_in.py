"""Sign-in: what gets tokens, and what never does."""

import time

import jwt
import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.directories import PASSWORD, Directory, new_directory, totp
from tests.contract.refusals import refusal

WRONG_PASSWORD = (400, "NotAuthorizedException", "Incorrect username or password.")
INVALID_SESSION = (400, "NotAuthorizedException", "Invalid session for the user.")
USED_SESSION = (
    400,
    "NotAuthorizedException",
    "Invalid session for the user, session can only be used once.",
)
OTHER_PASSWORD = "Another-horse-7"


@pytest.fixture
def directory(local_cloud: Cloud) -> Directory:
    return new_directory(local_cloud)


def invited(directory: Directory, name: str) -> str:
    """Add somebody with a temporary password and sign them in; returns the challenge's session."""
    directory.add(name, permanent=False)
    challenge = directory.srp(name)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    return str(challenge["Session"])


def test_the_right_password_gets_tokens_over_srp(directory: Directory) -> None:
    directory.add("mara")
    assert set(directory.srp("mara")["AuthenticationResult"]) >= {"IdToken", "AccessToken", "RefreshToken"}


def test_every_demo_person_signs_in_and_their_groups_are_in_both_tokens(local_cloud: Cloud) -> None:
    backend = local_cloud.backend
    home = Directory(None, local_cloud.unsigned("cognito-idp"), backend["UserPoolId"], backend["UserPoolClientId"])
    for name, groups in {"ada": ["admins"], "vera": ["viewers"], "otto": None}.items():
        tokens = home.srp(name, local_cloud.password(name))["AuthenticationResult"]
        for kind in ("IdToken", "AccessToken"):
            claims = jwt.decode(tokens[kind], options={"verify_signature": False})
            assert claims.get("cognito:groups") == groups


def test_a_wrong_password_is_refused_over_srp(directory: Directory) -> None:
    directory.add("mara")
    assert refusal(directory.srp, "mara", "Wrong-horse-9") == WRONG_PASSWORD


def test_an_unknown_user_reads_like_a_wrong_password(directory: Directory) -> None:
    assert refusal(directory.srp, "nobody") == WRONG_PASSWORD


def test_an_unknown_user_is_named_so_where_the_client_allows_it(local_cloud: Cloud) -> None:
    legacy = new_directory(local_cloud, PreventUserExistenceErrors="LEGACY")
    assert refusal(legacy.srp, "nobody")[1:] == ("UserNotFoundException", "User does not exist.")


def test_a_disabled_user_is_refused(directory: Directory) -> None:
    directory.add("mara")
    directory.admin.admin_disable_user(UserPoolId=directory.pool_id, Username="mara")
    assert refusal(directory.srp, "mara") == (400, "NotAuthorizedException", "User is disabled.")


def test_both_tokens_verify_against_the_pools_keys(local_cloud: Cloud, directory: Directory) -> None:
    directory.add("mara")
    tokens = directory.srp("mara")["AuthenticationResult"]
    found = wire.send(local_cloud, "GET", f"/{directory.pool_id}/.well-known/jwks.json").json()
    keys = {key["kid"]: jwt.PyJWK(key) for key in found["keys"]}
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{directory.pool_id}"
    kids = set()
    for kind, audience in (("IdToken", directory.client_id), ("AccessToken", None)):
        header = jwt.get_unverified_header(tokens[kind])
        assert header["alg"] == "RS256"
        claims = jwt.decode(
            tokens[kind],
            keys[header["kid"]],
            algorithms=["RS256"],
            issuer=issuer,
            audience=audience,
            options={"require": ["exp", "iat", "sub"]},
        )
        assert claims["token_use"] == {"IdToken": "id", "AccessToken": "access"}[kind]
        kids.add(header["kid"])
    assert len(kids) == 2


def test_another_pools_keys_do_not_verify_a_token(local_cloud: Cloud, directory: Directory) -> None:
    directory.add("mara")
    token = directory.srp("mara")["AuthenticationResult"]["IdToken"]
    other = new_directory(local_cloud)
    found = wire.send(local_cloud, "GET", f"/{other.pool_id}/.well-known/jwks.json").json()
    for key in found["keys"]:
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], options={"verify_aud": False})


def test_a_forged_access_token_is_refused(directory: Directory) -> None:
    directory.add("mara")
    token = directory.srp("mara")["AuthenticationResult"]["AccessToken"]
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"username": "ada"}
    forged_claims = jwt.encode(claims, "x" * 32, algorithm="HS256").split(".")[1]
    assert refusal(directory.public.get_user, AccessToken=f"{head}.{forged_claims}.{signature}")[1] == (
        "NotAuthorizedException"
    )


def test_a_refresh_token_gets_new_tokens_until_it_is_revoked(directory: Directory) -> None:
    directory.add("mara")
    refresh = directory.srp("mara")["AuthenticationResult"]["RefreshToken"]

    def renew() -> dict[str, dict[str, str]]:
        renewed: dict[str, dict[str, str]] = directory.public.initiate_auth(
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": refresh},
            ClientId=directory.client_id,
        )
        return renewed

    assert renew()["AuthenticationResult"]["IdToken"]
    directory.public.revoke_token(Token=refresh, ClientId=directory.client_id)
    assert refusal(renew)[1] == "NotAuthorizedException"


@pytest.mark.parametrize("challenge", ["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "MFA_SETUP", "SMS_MFA"])
def test_an_invented_session_is_refused(directory: Directory, challenge: str) -> None:
    directory.add("mara")
    responses = {"NEW_PASSWORD": OTHER_PASSWORD, "SOFTWARE_TOKEN_MFA_CODE": "123456", "SMS_MFA_CODE": "123456"}
    assert refusal(directory.answer, challenge, "invented" * 8, "mara", **responses) == INVALID_SESSION
    assert (
        refusal(
            directory.admin.admin_respond_to_auth_challenge,
            UserPoolId=directory.pool_id,
            ClientId=directory.client_id,
            ChallengeName=challenge,
            Session="invented" * 8,
            ChallengeResponses={"USERNAME": "mara", **responses},
        )
        == INVALID_SESSION
    )
    assert directory.srp("mara")["AuthenticationResult"]


def test_a_missing_session_is_refused(directory: Directory) -> None:
    directory.add("mara")
    assert (
        refusal(
            directory.public.respond_to_auth_challenge,
            ClientId=directory.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            ChallengeResponses={"USERNAME": "mara", "NEW_PASSWORD": OTHER_PASSWORD},
        )
        == INVALID_SESSION
    )


def test_a_temporary_password_is_replaced_once(directory: Directory) -> None:
    session = invited(directory, "mara")
    answered = directory.answer("NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD=OTHER_PASSWORD)
    assert answered["AuthenticationResult"]["IdToken"]
    again = refusal(directory.answer, "NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD=PASSWORD)
    assert again == USED_SESSION
    assert directory.srp("mara", OTHER_PASSWORD)["AuthenticationResult"]


def test_a_new_password_must_meet_the_policy_and_may_be_tried_again(directory: Directory) -> None:
    session = invited(directory, "mara")
    weak = refusal(directory.answer, "NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD="short")
    assert weak[1] == "InvalidPasswordException"
    assert directory.answer("NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD=OTHER_PASSWORD)


@pytest.mark.parametrize("attribute", ["sub", "email_verified"])
def test_nobody_says_who_they_are_with_their_new_password(directory: Directory, attribute: str) -> None:
    session = invited(directory, "mara")
    forged = {f"userAttributes.{attribute}": "forged", "NEW_PASSWORD": OTHER_PASSWORD}
    assert refusal(directory.answer, "NEW_PASSWORD_REQUIRED", session, "mara", **forged)[0] == 400
    assert directory.srp("mara")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_a_missing_attribute_may_come_with_the_new_password(directory: Directory) -> None:
    session = invited(directory, "mara")
    said = {"userAttributes.given_name": "Mara", "NEW_PASSWORD": OTHER_PASSWORD}
    directory.answer("NEW_PASSWORD_REQUIRED", session, "mara", **said)
    shown = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username="mara")["UserAttributes"]
    assert {"Name": "given_name", "Value": "Mara"} in shown


def test_nobody_becomes_somebody_else_by_changing_their_attributes(directory: Directory) -> None:
    directory.add("mara")
    access = directory.srp("mara")["AuthenticationResult"]["AccessToken"]
    update = directory.public.update_user_attributes
    for name, code in (("sub", "InvalidParameterException"), ("email_verified", "NotAuthorizedException")):
        attributes = [{"Name": name, "Value": "true"}]
        assert refusal(update, AccessToken=access, UserAttributes=attributes)[1] == code
        assert (
            refusal(
                directory.public.sign_up,
                ClientId=directory.client_id,
                Username="new",
                Password=PASSWORD,
                UserAttributes=attributes,
            )[1]
            == code
        )
    update(AccessToken=access, UserAttributes=[{"Name": "name", "Value": "Mara"}])
    assert (
        refusal(
            directory.admin.admin_update_user_attributes,
            UserPoolId=directory.pool_id,
            Username="mara",
            UserAttributes=[{"Name": "sub", "Value": "other"}],
        )[1]
        == "InvalidParameterException"
    )


def test_a_session_is_good_for_the_one_user_whom_it_was_opened_for(directory: Directory) -> None:
    session = invited(directory, "mara")
    directory.add("victim")
    taken = refusal(directory.answer, "NEW_PASSWORD_REQUIRED", session, "victim", NEW_PASSWORD=OTHER_PASSWORD)
    assert taken == INVALID_SESSION
    assert directory.srp("victim")["AuthenticationResult"]


def test_a_session_is_good_for_the_one_challenge_that_it_belongs_to(directory: Directory) -> None:
    session = invited(directory, "mara")
    for challenge in ("MFA_SETUP", "SOFTWARE_TOKEN_MFA"):
        refused = refusal(directory.answer, challenge, session, "mara", SOFTWARE_TOKEN_MFA_CODE="123456")
        assert refused == INVALID_SESSION


def test_a_session_of_another_pool_is_refused(local_cloud: Cloud, directory: Directory) -> None:
    session = invited(directory, "mara")
    other = new_directory(local_cloud)
    other.add("mara")
    refused = refusal(other.answer, "NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD=OTHER_PASSWORD)
    assert refused[1] == "NotAuthorizedException"


def test_somebody_disabled_meanwhile_cannot_answer(directory: Directory) -> None:
    session = invited(directory, "mara")
    directory.admin.admin_disable_user(UserPoolId=directory.pool_id, Username="mara")
    refused = refusal(directory.answer, "NEW_PASSWORD_REQUIRED", session, "mara", NEW_PASSWORD=OTHER_PASSWORD)
    assert refused == (400, "NotAuthorizedException", "User is disabled.")


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


def test_a_token_carries_the_time_of_its_sign_in(directory: Directory) -> None:
    directory.add("mara")
    claims = jwt.decode(directory.srp("mara")["AuthenticationResult"]["IdToken"], options={"verify_signature": False})
    assert abs(claims["auth_time"] - time.time()) < 30
    assert claims["exp"] > time.time()
