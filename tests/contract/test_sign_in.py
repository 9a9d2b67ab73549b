"""Who gets in with a password, and who doesn't."""

import jwt

from tests.cloud import Cloud
from tests.contract.directories import Directory, new_directory
from tests.contract.refusals import refusal

WRONG_PASSWORD = (400, "NotAuthorizedException", "Incorrect username or password.")


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
