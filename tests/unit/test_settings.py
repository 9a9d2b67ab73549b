"""Where the environment's values come from, and what is said about a wrong one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.errors import SettingsError
from services.secret import Secret
from services.settings import Environment, load
from services.settings_values import VALUES, Authority

OUTPUTS: dict[str, dict[str, str]] = {
    "GuestUserBackendStack": {
        "Region": "eu-west-1",
        "UserPoolId": "eu-west-1_FromOutputs",
        "UserPoolClientId": "clientfromoutputs",
        "IdentityPoolId": "eu-west-1:00000000-0000-0000-0000-000000000000",
        "GraphQLApiId": "usersapi",
        "GraphQLApiUrl": "https://users.example/graphql",
        "AdminGroupName": "operators",
    },
    "AuthModesStack": {
        "GraphQLApiId": "modesapi",
        "GraphQLApiUrl": "https://modes.example/graphql",
        "ApiKey": "da2-secretsecret",
    },
}


class Folder:
    """A working folder, and what `load` makes of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def outputs(self, content: object, name: str = "cdk-outputs.json") -> None:
        (self.path / name).write_text(json.dumps(content), encoding="utf-8")

    def secrets(self, text: str) -> None:
        (self.path / ".streamlit").mkdir(exist_ok=True)
        (self.path / ".streamlit" / "secrets.toml").write_text(text, encoding="utf-8")

    def local_cloud(self, folder: str = ".local_cloud", endpoint: str = "http://127.0.0.1:4566") -> None:
        (self.path / folder).mkdir()
        self.outputs(OUTPUTS, f"{folder}/outputs.json")
        self.outputs({"ready": True, "endpoint": endpoint}, f"{folder}/ready.json")

    def load(self, variables: Mapping[str, str] | None = None, *, answers: bool = False) -> Environment:
        return load(variables or {}, self.path, lambda _: answers)

    def refused(self, variables: Mapping[str, str] | None = None, *, answers: bool = False) -> SettingsError:
        with pytest.raises(SettingsError) as refused:
            self.load(variables, answers=answers)
        return refused.value


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty working folder."""
    return Folder(tmp_path)


def test_an_outputs_file_alone_makes_an_environment(folder: Folder) -> None:
    folder.outputs(OUTPUTS)

    environment = folder.load()

    assert (environment.user_pool_id, environment.client_id) == ("eu-west-1_FromOutputs", "clientfromoutputs")
    assert (environment.region, environment.admin_group, environment.source) == ("eu-west-1", "operators", "configured")
    assert [(api.name, api.url, api.api_id) for api in environment.apis] == [
        ("users", "https://users.example/graphql", "usersapi"),
        ("modes", "https://modes.example/graphql", "modesapi"),
    ]
    assert environment.api("modes").api_key == Secret("da2-secretsecret")
    assert environment.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_FromOutputs"
    assert environment.jwks_url == f"{environment.issuer}/.well-known/jwks.json"


def test_a_variable_comes_before_secrets_and_secrets_before_the_outputs_file(folder: Folder) -> None:
    folder.outputs(OUTPUTS)
    assert folder.load().client_id == "clientfromoutputs"

    folder.secrets('[gatehouse]\nclient_id = "clientfromsecrets"\n')
    assert folder.load().client_id == "clientfromsecrets"

    assert folder.load({"GATEHOUSE_CLIENT_ID": "clientfromvariable"}).client_id == "clientfromvariable"


def test_an_empty_value_is_no_value(folder: Folder) -> None:
    folder.outputs(OUTPUTS)
    folder.secrets('[gatehouse]\nclient_id = ""\n')

    assert folder.load({"GATEHOUSE_CLIENT_ID": " "}).client_id == "clientfromoutputs"


def test_the_outputs_file_can_be_named_by_a_variable_or_in_secrets(folder: Folder) -> None:
    folder.outputs(OUTPUTS, "elsewhere.json")
    folder.secrets('[gatehouse]\noutputs_file = "elsewhere.json"\n')

    assert folder.load().client_id == "clientfromoutputs"
    folder.secrets("")
    assert folder.load({"GATEHOUSE_OUTPUTS_FILE": "elsewhere.json"}).client_id == "clientfromoutputs"


def test_an_outputs_file_that_is_named_and_missing_is_told(folder: Folder) -> None:
    refused = folder.refused({"GATEHOUSE_OUTPUTS_FILE": "gone.json"})

    assert "gone.json" in refused.failed
    assert "cdk deploy" in refused.next_step


@pytest.mark.parametrize("content", [[], {}, {"OtherStack": {}}, "text"])
def test_an_outputs_file_of_something_else_is_told(folder: Folder, content: object) -> None:
    folder.outputs(content)

    assert "GuestUserBackendStack" in folder.refused().failed


def test_an_outputs_file_that_is_not_json_is_told(folder: Folder) -> None:
    (folder.path / "cdk-outputs.json").write_text("{", encoding="utf-8")

    assert "not valid JSON" in folder.refused().why


@pytest.mark.parametrize("value", [value for value in VALUES if value.required], ids=lambda value: value.key)
def test_a_missing_value_is_named_with_the_places_it_was_looked_for_and_how_to_set_it(
    folder: Folder, value: Any
) -> None:
    (stack, output) = value.outputs[0]
    folder.outputs({**OUTPUTS, stack: {name: text for name, text in OUTPUTS[stack].items() if name != output}})

    refused = folder.refused()

    assert value.key in refused.failed
    for place in (value.variable, ".streamlit/secrets.toml", "cdk-outputs.json"):
        assert place in refused.why
    for place in (value.variable, ".streamlit/secrets.toml", stack, output):
        assert place in refused.next_step


MALFORMED = {
    "user_pool_id": "eu-west-1",
    "client_id": "two words",
    "client_secret": "two words",
    "region": "Ireland",
    "identity_pool_id": "eu-west-1_Ab12",
    "users_api_url": "users.example/graphql",
    "users_api_id": "a/b",
    "users_api_key": "two words",
    "modes_api_url": "ftp://modes.example",
    "modes_api_id": "a b",
    "modes_api_key": "two words",
    "rest_api_url": "no address",
    "admin_group": "ad\x07mins",
    "viewer_group": "a\x00b",
    "admin_calls": "mine",
    "name": "a\x00b",
    "sign_in_flow": "magic",
    "self_sign_up": "sometimes",
    "managed_login_domain": "auth.example.com",
    "colour": "pink",
    "profile": "a\x00b",
    "production": "perhaps",
    "read_only": "perhaps",
    "data_folder": "a\x00b",
    "suites_folder": "a\x00b",
    "public_origin": "https://gatehouse.example.com/path",
    "endpoint_url": "localhost:4566",
    "idle_minutes": "0",
    "sessions_table": "a/b",
    "sessions_key": "too-short",
    "record_table": "no",
}


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.key)
def test_a_malformed_value_is_named_with_its_place_and_what_it_is_not(folder: Folder, value: Any) -> None:
    folder.outputs(OUTPUTS)

    refused = folder.refused({value.variable: MALFORMED[value.key]})

    assert value.key in refused.failed
    assert value.shape.words in refused.why
    assert f"the environment variable {value.variable}" in refused.why
    assert value.variable in refused.next_step
    assert (repr(MALFORMED[value.key]) in refused.why) is not value.secret


def test_a_malformed_value_in_secrets_is_placed_there(folder: Folder) -> None:
    folder.outputs(OUTPUTS)
    folder.secrets('[gatehouse]\nregion = "Ireland"\n')

    assert "region in [gatehouse] of .streamlit/secrets.toml" in folder.refused().why


@pytest.mark.parametrize("text", ['[gatehouse]\nclient_secret = "hunter2', "gatehouse = 1\n", "\ufeff["])
def test_a_secrets_file_that_cannot_be_read_is_told_without_what_is_in_it(folder: Folder, text: str) -> None:
    folder.secrets(text)

    refused = folder.refused()

    assert ".streamlit/secrets.toml" in refused.failed
    assert "hunter2" not in f"{refused}{refused!r}{refused.__cause__}"


def test_an_environment_does_not_show_its_secrets(folder: Folder) -> None:
    folder.outputs(OUTPUTS)

    shown = repr(folder.load({"GATEHOUSE_CLIENT_SECRET": "hunter2hunter2"}))

    assert "hunter2" not in shown
    assert "da2-" not in shown


@pytest.mark.parametrize("key", ["users_api_url", "modes_api_url", "endpoint_url", "public_origin"])
def test_plain_http_is_refused_except_to_this_machine(folder: Folder, key: str) -> None:
    folder.outputs(OUTPUTS)
    variable = next(value.variable for value in VALUES if value.key == key)

    refused = folder.refused({variable: "http://cloud.example:4566"})

    assert key in refused.failed
    assert "unencrypted" in refused.why
    for name in ("127.0.0.1", "localhost", "[::1]"):
        folder.load({variable: f"http://{name}:4566"})


def test_the_region_is_read_off_the_pool_when_nothing_names_it(folder: Folder) -> None:
    guest = {name: text for name, text in OUTPUTS["GuestUserBackendStack"].items() if name != "Region"}
    folder.outputs({"GuestUserBackendStack": guest})

    assert folder.load().region == "eu-west-1"


@pytest.mark.parametrize(("text", "production"), [("true", True), ("YES", True), ("1", True), ("false", False)])
def test_production_is_a_flag(folder: Folder, text: str, production: bool) -> None:
    folder.outputs(OUTPUTS)

    assert folder.load({"GATEHOUSE_PRODUCTION": text}).production is production


def test_a_flag_in_secrets_may_be_a_real_one(folder: Folder) -> None:
    folder.outputs(OUTPUTS)
    folder.secrets("[gatehouse]\nproduction = true\n")

    assert folder.load().production


def test_with_nothing_configured_the_running_local_cloud_is_used(folder: Folder) -> None:
    folder.local_cloud()

    environment = folder.load(answers=True)

    assert (environment.source, environment.name) == ("local cloud", "local cloud")
    assert environment.endpoint_url == "http://127.0.0.1:4566"
    assert environment.jwks_url == "http://127.0.0.1:4566/eu-west-1_FromOutputs/.well-known/jwks.json"
    assert environment.issuer.startswith("https://cognito-idp.eu-west-1.amazonaws.com/")
    assert environment.profile == "gatehouse"
    assert environment.credentials_file == str(folder.path.resolve() / ".local_cloud" / "credentials")


def test_the_local_cloud_of_another_folder_can_be_named(folder: Folder) -> None:
    folder.local_cloud("elsewhere")

    assert folder.load({"GATEHOUSE_LOCAL_CLOUD": "elsewhere"}, answers=True).source == "local cloud"


def test_a_local_cloud_that_is_named_comes_before_everything_else(folder: Folder) -> None:
    folder.local_cloud("elsewhere")
    folder.outputs(OUTPUTS)
    variables = {"GATEHOUSE_LOCAL_CLOUD": "elsewhere"}

    assert folder.load(variables, answers=True).source == "local cloud"
    assert "names the folder elsewhere" in folder.refused(variables).why


def test_a_configured_environment_comes_before_a_local_cloud_that_runs(folder: Folder) -> None:
    folder.local_cloud()
    folder.outputs(OUTPUTS)

    environment = folder.load(answers=True)

    assert (environment.source, environment.endpoint_url) == ("configured", "")


def test_half_a_configuration_is_told_and_not_covered_up_by_a_local_cloud(folder: Folder) -> None:
    folder.local_cloud()

    assert "client_id" in folder.refused({"GATEHOUSE_USER_POOL_ID": "eu-west-1_Ab12"}, answers=True).failed


@pytest.mark.parametrize("state", ["never started", "stopped", "died"])
def test_with_nothing_configured_and_no_local_cloud_both_ways_out_are_told(folder: Folder, state: str) -> None:
    if state != "never started":
        folder.local_cloud()
    if state == "stopped":
        (folder.path / ".local_cloud" / "ready.json").unlink()

    refused = folder.refused()

    assert refused.failed == "Gatehouse is not configured"
    assert "GATEHOUSE_OUTPUTS_FILE" in refused.next_step
    assert "make local-cloud" in refused.next_step


def test_an_api_that_is_not_configured_is_told_by_name(folder: Folder) -> None:
    folder.outputs({"GuestUserBackendStack": OUTPUTS["GuestUserBackendStack"]})

    with pytest.raises(SettingsError, match="no API named modes"):
        folder.load().api("modes")


def test_the_example_of_the_secrets_file_names_every_setting_and_its_variable() -> None:
    example = Path(".streamlit/secrets.example.toml").read_text(encoding="utf-8")

    assert [value.key for value in VALUES if f"{value.key} = " not in example] == []
    assert [value.variable for value in VALUES if value.variable not in example] == []


def test_admin_calls_run_under_the_operators_own_credentials_where_there_is_an_identity_pool(folder: Folder) -> None:
    folder.outputs(OUTPUTS)
    assert folder.load().admin_calls is Authority.OPERATOR
    assert folder.load({"GATEHOUSE_ADMIN_CALLS": "server"}).admin_calls is Authority.SERVER


def test_without_an_identity_pool_they_run_under_the_dashboards_and_the_operators_cannot_be_asked_for(
    folder: Folder,
) -> None:
    backend = {name: value for name, value in OUTPUTS["GuestUserBackendStack"].items() if name != "IdentityPoolId"}
    folder.outputs({"GuestUserBackendStack": backend})
    assert folder.load().admin_calls is Authority.SERVER
    refused = folder.refused({"GATEHOUSE_ADMIN_CALLS": "operator"})
    assert "identity pool" in refused.why
    assert "GATEHOUSE_ADMIN_CALLS" in refused.next_step
