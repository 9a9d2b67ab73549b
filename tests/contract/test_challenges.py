"""Challenges: answered only by whom they were put to, once, in time."""

import pytest

from tests.cloud import Cloud
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.refusals import INVALID_SESSION, USED_SESSION, refusal

OTHER_PASSWORD = "Another-horse-7"


def invited(directory: Directory, name: str) -> str:
    """Add somebody with a temporary password and sign them in; returns the challenge's session."""
    directory.add(name, permanent=False)
    challenge = directory.srp(name)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    return str(challenge["Session"])


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


@pytest.mark.row("5.6 Password policy")
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
