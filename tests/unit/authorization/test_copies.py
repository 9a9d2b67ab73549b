"""A call as commands: what a shell makes of them, and that no credential is in them."""

import json
import shlex
from dataclasses import replace

import pytest

from services.authorization.copies import as_aws_cli, as_curl
from services.authorization.identity import Identity, Kind
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import SavedOperation
from services.credentials import ApiKey
from services.secret import Secret
from services.settings import Api
from tests.stand_ins import ENVIRONMENT

API = Api("modes", "All-modes API", "https://api.example.com/graphql", "eu-west-1", api_id="theotherapi")
HERE = replace(ENVIRONMENT, rest_api_url="https://rest.example.com/prod/", identity_pool_id="eu-west-1:pool")
GRAPHQL = SavedOperation(
    "find", "modes", document="query ($name: String) { find(name: $name) }", variables={"name": "it's @me"},
    variables_for={"guest": {"name": "guest"}},
)  # fmt: skip
REST = SavedOperation(
    "put", "modes", rest=RestRequest("PUT", "users/{id}", {"tag": ["a", "b&c"]}, {"name": "{name}"}),
    variables={"id": "u/1", "name": "Ada"},
)  # fmt: skip


def identity(name: str, kind: Kind, *, broken: bool = False) -> Identity:
    """A column of that name."""
    return Identity(name, name, kind, lambda: ApiKey(Secret("da2-the-key")), broken=broken)


def words(command: str) -> list[str]:
    """What a shell hands to the program; variables stay as they are."""
    return shlex.split(command.replace("\\\n", " "))


def after(command: str, option: str) -> str:
    """The value of an option."""
    found = words(command)
    return found[found.index(option) + 1]


def test_a_graphql_call_sends_the_document_and_the_variables_of_its_identity() -> None:
    body = json.loads(after(as_curl(GRAPHQL, identity("nobody", Kind.NO_CREDENTIALS), API, HERE), "--data-raw"))
    assert body == {"query": GRAPHQL.document, "variables": {"name": "it's @me"}}
    guest = as_curl(GRAPHQL, identity("guest/iam", Kind.IAM), API, HERE)
    assert json.loads(after(guest, "--data-raw"))["variables"] == {"name": "guest"}


def test_a_rest_call_sends_its_path_query_and_body_with_the_values_in_their_places() -> None:
    command = as_curl(REST, identity("group:admins/id", Kind.JWT), API, HERE)
    assert "https://rest.example.com/prod/users/u%2F1?tag=a&tag=b%26c" in words(command)
    assert after(command, "-X") == "PUT"
    assert json.loads(after(command, "--data-raw")) == {"name": "Ada"}
    assert "Authorization: $GATEHOUSE_TOKEN" in words(command)


def test_a_value_that_an_earlier_operation_gives_keeps_its_place() -> None:
    command = as_curl(replace(REST, variables={}), identity("nobody", Kind.NO_CREDENTIALS), API, HERE)
    assert "https://rest.example.com/prod/users/{id}?tag=a&tag=b%26c" in words(command)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_command_holds_a_credential(kind: Kind) -> None:
    column = identity("column", kind)
    assert "da2-the-key" not in as_curl(GRAPHQL, column, API, HERE) + as_aws_cli(column, API, HERE)


def test_the_api_whose_keys_are_listed_is_the_one_that_is_called() -> None:
    assert after(as_aws_cli(identity("api-key", Kind.API_KEY), API, HERE), "--api-id") == "theotherapi"


def test_iam_credentials_of_a_person_take_a_sign_in_first_and_a_guests_none() -> None:
    person = as_aws_cli(identity("group:admins/iam", Kind.IAM), API, HERE)
    assert person.index("initiate-auth") < person.index("get-id") < person.index("get-credentials-for-identity")
    assert "export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN" in person
    guest = as_aws_cli(identity("guest/iam", Kind.IAM), API, HERE)
    assert "initiate-auth" not in guest
    assert "--logins" not in guest


def test_each_token_is_asked_for_by_its_own_name() -> None:
    assert "AuthenticationResult.AccessToken" in as_aws_cli(identity("person:ada/access", Kind.JWT), API, HERE)
    assert "AuthenticationResult.IdToken" in as_aws_cli(identity("person:ada/id", Kind.JWT), API, HERE)


@pytest.mark.parametrize("name", ["oidc:olga", "lambda:demo", "broken:tampered"])
def test_no_command_pretends_to_make_what_it_cannot(name: str) -> None:
    column = identity(name, Kind.JWT, broken=name.startswith("broken"))
    assert not as_aws_cli(column, API, HERE)
