"""S17, S18: `GET /hello` for members of admins, behind a Cognito authorizer, over the wire."""

import secrets
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.appsync import tampered
from tests.contract.workshop import PASSWORD, Person, Pool, Workshop

UNAUTHORIZED = (401, "UnauthorizedException", b'{"message":"Unauthorized"}')
NO_SUCH_METHOD = (403, "MissingAuthenticationTokenException", b'{"message":"Missing Authentication Token"}')
NOT_A_MEMBER = {"message": "Only members of the group admins may call this."}


@pytest.fixture(scope="module")
def stage(local_cloud: Cloud) -> str:
    """The path of the deployed API's stage, which ends in a slash."""
    return urlsplit(local_cloud.backend["RestApiUrl"]).path


@pytest.fixture(scope="module")
def pool(local_cloud: Cloud) -> Pool:
    """The deployed user pool: make your own people in it."""
    backend = local_cloud.backend
    return Pool(Workshop(local_cloud), backend["UserPoolId"], backend["UserPoolClientId"])


@pytest.fixture(scope="module")
def ada(local_cloud: Cloud, pool: Pool) -> Person:
    tokens = local_cloud.unsigned("cognito-idp").initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": local_cloud.password("ada")},
    )["AuthenticationResult"]
    return Person("ada", tokens["IdToken"], tokens["AccessToken"], tokens["RefreshToken"])


def refusal(reply: wire.Reply) -> tuple[int, str, bytes]:
    return reply.status, reply.headers["x-amzn-errortype"], reply.body


@pytest.mark.row("7 Token in the configured header, raw")
@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_member_of_admins_is_greeted(local_cloud: Cloud, stage: str, ada: Person, prefix: str) -> None:
    reply = wire.send(local_cloud, "GET", f"{stage}hello", {"Authorization": prefix + ada.id_token})
    assert (reply.status, reply.json()) == (200, {"message": "Hello, ada."})


@pytest.mark.row("7 Missing or invalid token: 401")
def test_whoever_brings_no_token_or_a_wrong_one_is_unauthorized(local_cloud: Cloud, stage: str, ada: Person) -> None:
    head, payload, _ = ada.id_token.split(".")
    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "abc"},
        {"Authorization": "a.b.c"},
        {"Authorization": tampered(ada.id_token)},
        {"Authorization": f"{head}.{payload}."},
        {"Authorization": f"eyJhbGciOiJub25lIn0.{payload}."},
        {"Authorization": f"{ada.id_token},{ada.id_token}"},
        {"X-Authorization": ada.id_token},
    ):
        reply = wire.send(local_cloud, "GET", f"{stage}hello", headers)
        assert refusal(reply) == UNAUTHORIZED, headers


def test_a_token_of_another_pool_is_unauthorized(local_cloud: Cloud, stage: str) -> None:
    stranger = Workshop(local_cloud).pool().person("stranger", "admins")
    assert refusal(wire.send(local_cloud, "GET", f"{stage}hello", stranger.by_id)) == UNAUTHORIZED


@pytest.mark.row("7 No scopes on the method: an ID token")
def test_an_access_token_is_refused_by_a_method_without_scopes(local_cloud: Cloud, stage: str, ada: Person) -> None:
    assert refusal(wire.send(local_cloud, "GET", f"{stage}hello", ada.by_access)) == UNAUTHORIZED


@pytest.mark.row("7 Wrong path: 403")
def test_a_path_or_method_that_the_api_lacks_asks_for_an_authentication_token(
    local_cloud: Cloud, stage: str, ada: Person
) -> None:
    for method, path in (("GET", "nothing"), ("GET", "hello/more"), ("GET", ""), ("POST", "hello"), ("GET", "Hello")):
        for headers in ({}, ada.by_id):
            reply = wire.send(local_cloud, method, f"{stage}{path}", headers)
            assert refusal(reply) == NO_SUCH_METHOD, (method, path)


@pytest.mark.row("7 Classic bug: whole names are compared")
@pytest.mark.parametrize("groups", [(), ("not-admins",), ("admins-readonly",), ("not-admins", "admins-readonly")])
def test_a_member_of_groups_that_only_look_like_admins_is_refused(
    local_cloud: Cloud, stage: str, pool: Pool, groups: tuple[str, ...]
) -> None:
    reply = wire.send(local_cloud, "GET", f"{stage}hello", person_in(pool, *groups).by_id)
    assert (reply.status, reply.json()) == (403, NOT_A_MEMBER)


@pytest.mark.parametrize("group", ["x,admins", "admins,x", "[admins]"])
def test_a_group_whose_one_name_reads_like_several_opens_nothing(
    local_cloud: Cloud, stage: str, pool: Pool, group: str
) -> None:
    reply = wire.send(local_cloud, "GET", f"{stage}hello", person_in(pool, group).by_id)
    assert (reply.status, reply.json()) == (403, NOT_A_MEMBER)


def test_a_member_of_admins_and_of_its_namesakes_is_greeted(local_cloud: Cloud, stage: str, pool: Pool) -> None:
    person = person_in(pool, "not-admins", "admins")
    reply = wire.send(local_cloud, "GET", f"{stage}hello", person.by_id)
    assert (reply.status, reply.json()) == (200, {"message": f"Hello, {person.name}."})


def person_in(pool: Pool, *groups: str) -> Person:
    """Return somebody of the deployed pool, which asks for an e-mail address, signed in as a member of groups."""
    cognito = pool.workshop.cognito
    name = f"caller-{secrets.token_hex(4)}"
    cognito.admin_create_user(
        UserPoolId=pool.pool_id,
        Username=name,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )
    cognito.admin_set_user_password(UserPoolId=pool.pool_id, Username=name, Password=PASSWORD, Permanent=True)
    for group in groups:
        with suppress(cognito.exceptions.GroupExistsException):
            cognito.create_group(UserPoolId=pool.pool_id, GroupName=group)
        cognito.admin_add_user_to_group(UserPoolId=pool.pool_id, Username=name, GroupName=group)
    return pool.sign_in(name)
