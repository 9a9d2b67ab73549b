"""What a pool or an app client doesn't allow is refused, where MiniStack allows it."""

import base64
import hmac
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.codes import invitations
from tests.contract.directories import FLOWS, PASSWORD, Directory, new_directory
from tests.contract.refusals import Refusal, refusal

SRP_REFUSED = "USER_SRP_AUTH is not enabled for the client."
PASSWORD_REFUSED = "USER_PASSWORD_AUTH flow not enabled for this client"
REFUSED = "Auth flow not enabled for this client"


def by_alias(cloud: Cloud) -> Directory:
    """Make a pool whose people may sign in by their e-mail addresses."""
    admin = cloud.client("cognito-idp")
    pool_id = admin.create_user_pool(PoolName="by-alias", AliasAttributes=["email"])["UserPool"]["Id"]
    client = admin.create_user_pool_client(UserPoolId=pool_id, ClientName="test", ExplicitAuthFlows=FLOWS)
    return Directory(admin, cloud.unsigned("cognito-idp"), pool_id, client["UserPoolClient"]["ClientId"])


def secret_hash(client: dict[str, Any], name: str) -> str:
    """Return what shows that somebody's app knows its secret."""
    said = (name + client["ClientId"]).encode()
    return base64.b64encode(hmac.digest(client["ClientSecret"].encode(), said, "sha256")).decode()


def tokens(directory: Directory, name: str) -> dict[str, str]:
    answer: dict[str, str] = directory.srp(name)["AuthenticationResult"]
    return answer


def refreshes(directory: Directory, token: str) -> bool:
    started = directory.public.initiate_auth(
        AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token}, ClientId=directory.client_id
    )
    return "AuthenticationResult" in started


@pytest.mark.parametrize(
    ("allowed", "flow", "told"),
    [
        ([], "USER_PASSWORD_AUTH", PASSWORD_REFUSED),
        ([], "ADMIN_USER_PASSWORD_AUTH", REFUSED),
        (["ALLOW_USER_PASSWORD_AUTH"], "USER_SRP_AUTH", SRP_REFUSED),
        (["ALLOW_USER_SRP_AUTH"], "CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
        (["CUSTOM_AUTH_FLOW_ONLY"], "USER_SRP_AUTH", SRP_REFUSED),
    ],
)
def test_a_flow_that_the_app_client_leaves_out_is_refused(
    local_cloud: Cloud, allowed: list[str], flow: str, told: str
) -> None:
    """MiniStack holds only flows with a password to it, and allows all where nothing was said."""
    directory = new_directory(local_cloud, ExplicitAuthFlows=allowed)
    directory.add("mara")
    call: dict[str, Any] = {"ClientId": directory.client_id, "AuthFlow": flow}
    call["AuthParameters"] = {"USERNAME": "mara", "PASSWORD": PASSWORD}
    if flow.startswith("ADMIN"):
        refused = refusal(directory.admin.admin_initiate_auth, UserPoolId=directory.pool_id, **call)
    else:
        refused = refusal(directory.public.initiate_auth, **call)
    assert refused == (400, "InvalidParameterException", told)


def test_a_token_is_not_refreshed_where_the_app_client_leaves_that_out(local_cloud: Cloud) -> None:
    """MiniStack refreshes it."""
    directory = new_directory(local_cloud, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    directory.add("mara")
    refused = refusal(refreshes, directory, tokens(directory, "mara")["RefreshToken"])
    assert refused == (400, "InvalidParameterException", REFUSED)


@pytest.mark.parametrize("allowed", [[], ["USER_PASSWORD_AUTH"], ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]])
def test_srp_and_refreshing_are_there_unless_left_out(local_cloud: Cloud, allowed: list[str]) -> None:
    directory = new_directory(local_cloud, ExplicitAuthFlows=allowed)
    directory.add("mara")
    assert refreshes(directory, tokens(directory, "mara")["RefreshToken"])


def test_only_its_own_client_revokes_a_refresh_token(local_cloud: Cloud, directory: Directory) -> None:
    """MiniStack revokes whatever anybody brings."""
    directory.add("mara")
    mine = tokens(directory, "mara")
    other = new_directory(local_cloud)
    secretive = directory.admin.create_user_pool_client(
        UserPoolId=directory.pool_id, ClientName="secretive", GenerateSecret=True
    )["UserPoolClient"]

    def revoke(token: str, client_id: str, **more: str) -> Refusal:
        return refusal(directory.public.revoke_token, Token=token, ClientId=client_id, **more)

    assert revoke(mine["RefreshToken"], other.client_id)[1] == "UnauthorizedException"
    assert revoke(mine["RefreshToken"], secretive["ClientId"])[1] == "UnauthorizedException"
    assert revoke(mine["RefreshToken"], "nobodysclient")[1] == "ResourceNotFoundException"
    for kind in ("AccessToken", "IdToken"):
        assert revoke(mine[kind], directory.client_id)[1] == "UnsupportedTokenTypeException"
    header, payload, _ = mine["RefreshToken"].split(".")
    directory.public.revoke_token(Token=f"{header}.{payload}.AAAA", ClientId=directory.client_id)
    assert refreshes(directory, mine["RefreshToken"])
    assert directory.public.get_user(AccessToken=mine["AccessToken"])["Username"] == "mara"
    directory.public.revoke_token(Token=mine["RefreshToken"], ClientId=directory.client_id)
    assert refusal(refreshes, directory, mine["RefreshToken"])[1] == "NotAuthorizedException"


def test_a_secret_of_an_app_client_is_one_that_calls_take(local_cloud: Cloud) -> None:
    """MiniStack's has characters that a secret can't have."""
    directory = new_directory(local_cloud)
    secretive = directory.admin.create_user_pool_client(
        UserPoolId=directory.pool_id, ClientName="secretive", GenerateSecret=True, ExplicitAuthFlows=FLOWS
    )["UserPoolClient"]
    directory.add("mara")
    known = {"USERNAME": "mara", "PASSWORD": PASSWORD}
    known["SECRET_HASH"] = secret_hash(secretive, "mara")
    started = directory.public.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH", AuthParameters=known, ClientId=secretive["ClientId"]
    )
    token = started["AuthenticationResult"]["RefreshToken"]
    own = {"ClientId": secretive["ClientId"], "ClientSecret": secretive["ClientSecret"]}
    assert directory.public.get_tokens_from_refresh_token(RefreshToken=token, **own)["AuthenticationResult"]
    directory.public.revoke_token(Token=token, **own)
    again = refusal(directory.public.get_tokens_from_refresh_token, RefreshToken=token, **own)
    assert again[1] == "NotAuthorizedException"


def test_a_client_without_revocation_revokes_nothing(local_cloud: Cloud) -> None:
    """MiniStack stores the setting and revokes."""
    directory = new_directory(local_cloud, EnableTokenRevocation=False)
    directory.add("mara")
    token = tokens(directory, "mara")["RefreshToken"]
    refused = refusal(directory.public.revoke_token, Token=token, ClientId=directory.client_id)
    assert refused[1] == "UnsupportedOperationException"


def test_nobody_signs_up_where_only_administrators_create(local_cloud: Cloud) -> None:
    """MiniStack stores the setting and signs people up."""
    directory = new_directory(local_cloud)
    directory.admin.update_user_pool(
        UserPoolId=directory.pool_id, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True}
    )
    refused = refusal(directory.public.sign_up, ClientId=directory.client_id, Username="new", Password=PASSWORD)
    assert refused == (400, "NotAuthorizedException", "SignUp is not permitted for this user pool")


def test_an_address_by_which_people_sign_in_is_no_user_name(local_cloud: Cloud) -> None:
    """MiniStack takes it, and finds either by it."""
    directory = by_alias(local_cloud)
    own = {"UserPoolId": directory.pool_id}
    told = "Username cannot be of email format, since user pool is configured for email alias."
    for refused in (
        refusal(directory.admin.admin_create_user, **own, Username="mara@example.com"),
        refusal(directory.public.sign_up, ClientId=directory.client_id, Username="mara@example.com", Password=PASSWORD),
    ):
        assert refused == (400, "InvalidParameterException", told)


def test_a_new_user_does_not_get_an_alias_that_is_somebody_else_s(local_cloud: Cloud) -> None:
    """MiniStack creates them, and whoever came first is then found by the address."""
    directory = by_alias(local_cloud)
    directory.add("mara")
    twin = {
        "UserPoolId": directory.pool_id,
        "Username": "twin",
        "MessageAction": "SUPPRESS",
        "UserAttributes": [
            {"Name": "email", "Value": "mara@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ],
    }
    refused = refusal(directory.admin.admin_create_user, **twin)
    assert refused == (400, "AliasExistsException", "An account with the email already exists.")
    assert refusal(directory.admin.admin_create_user, **{**twin, "Username": "mara"})[1] == "UsernameExistsException"
    directory.admin.admin_create_user(**twin, ForceAliasCreation=True)
    owner = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username="mara@example.com")
    assert owner["Username"] == "twin"


def test_an_invitation_is_sent_again_with_another_password_and_only_to_who_waits_for_it(
    local_cloud: Cloud, directory: Directory
) -> None:
    """MiniStack sends the password of whoever it is."""
    own = {"UserPoolId": directory.pool_id, "Username": "mara"}
    attributes = [{"Name": "email", "Value": "mara@example.com"}]
    directory.admin.admin_create_user(**own, UserAttributes=attributes)
    directory.admin.admin_create_user(**own, MessageAction="RESEND")
    first, second = invitations(local_cloud, directory, "mara")
    assert first != second
    assert refusal(directory.srp, "mara", first)[1] == "NotAuthorizedException"
    assert directory.srp("mara", second)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    directory.admin.admin_set_user_password(**own, Password=PASSWORD, Permanent=True)
    refused = refusal(directory.admin.admin_create_user, **own, MessageAction="RESEND")
    told = "Resend not possible. mara status is not FORCE_CHANGE_PASSWORD"
    assert refused == (400, "UnsupportedUserStateException", told)


def test_a_protected_pool_is_not_deleted(local_cloud: Cloud) -> None:
    """MiniStack stores the setting and deletes it."""
    admin = local_cloud.client("cognito-idp")
    pool_id = admin.create_user_pool(PoolName="kept", DeletionProtection="ACTIVE")["UserPool"]["Id"]
    refused = refusal(admin.delete_user_pool, UserPoolId=pool_id)
    assert refused[1] == "InvalidParameterException"
    assert refused[2].startswith("The user pool cannot be deleted because deletion protection is activated.")
    admin.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
    admin.delete_user_pool(UserPoolId=pool_id)


def test_a_pool_is_signed_in_to_by_aliases_or_by_addresses_alone(local_cloud: Cloud) -> None:
    """MiniStack takes both."""
    ways = {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}
    refused = refusal(local_cloud.client("cognito-idp").create_user_pool, PoolName="both", **ways)
    assert refused[1] == "InvalidParameterException"
