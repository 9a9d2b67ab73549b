"""State that is kept from one run to the next: nothing of it is made twice, and nothing of it is lost on a stop."""

import json
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cloud import ROOT, STOP_SECONDS, Cloud, command, running_cloud
from tests.contract.refusals import refusal

LIST_USERS = {"query": "{ listUsers(limit: 100) { items { userId picture } } }"}
ROW = {
    name: {"S": text}
    for name, text in {
        "userId": "u-1",
        "firstname": "A",
        "lastname": "B",
        "picture": "https://example.com/a.svg",
    }.items()
}
PASSWORD = "Kept-horse-battery-1"


def sign_in(cloud: Cloud, name: str, password: str) -> dict[str, Any]:
    """Return the tokens of somebody who signs in with a password."""
    answer: dict[str, Any] = cloud.client("cognito-idp").admin_initiate_auth(
        UserPoolId=cloud.backend["UserPoolId"],
        ClientId=cloud.backend["UserPoolClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens


def list_users(cloud: Cloud, token: str) -> requests.Response:
    return requests.post(cloud.backend["GraphQLApiUrl"], json=LIST_USERS, headers={"Authorization": token}, timeout=60)


def made_by_stacks(cloud: Cloud) -> set[tuple[str, str]]:
    cloudformation = cloud.client("cloudformation")
    return {
        (resource["StackName"], str(resource["PhysicalResourceId"]))
        for stack in cloud.outputs
        for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    }


@dataclass(frozen=True)
class Before:
    """What the first run had, when it was stopped."""

    files: dict[str, str]
    resources: set[tuple[str, str]]
    tokens: dict[str, Any]
    api_key: str
    endpoint: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def before(place: Path) -> Before:
    """A run in which somebody changed things, stopped."""
    with running_cloud(place / "folder", users=20, state=place / "state") as cloud:
        cognito, pool = cloud.client("cognito-idp"), {"UserPoolId": cloud.backend["UserPoolId"]}
        cognito.admin_create_user(**pool, Username="nora", MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**pool, Username="nora", Password=PASSWORD, Permanent=True)
        cognito.create_group(**pool, GroupName="readers", Precedence=7)
        cognito.admin_add_user_to_group(**pool, Username="nora", GroupName="readers")
        cloud.client("dynamodb").put_item(TableName=cloud.backend["UserTableName"], Item=ROW)
        key = cloud.client("appsync").create_api_key(apiId=cloud.auth_modes["GraphQLApiId"])["apiKey"]["id"]
        files = {name: (cloud.folder / name).read_text() for name in ("outputs.json", "credentials", "demo.json")}
        tokens = sign_in(cloud, "ada", cloud.password("ada"))
        return Before(files, made_by_stacks(cloud), tokens, key, cloud.endpoint)


@pytest.fixture(scope="module")
def after(place: Path, before: Before) -> Any:
    """The next run on the same state."""
    with running_cloud(place / "folder", users=20, state=place / "state") as cloud:
        yield cloud


def test_the_files_are_what_they_were_and_nothing_is_deployed_again(before: Before, after: Cloud) -> None:
    assert {name: (after.folder / name).read_text() for name in before.files} == before.files
    assert made_by_stacks(after) == before.resources
    assert after.endpoint == before.endpoint
    assert [rule["State"] for rule in after.client("events").list_rules()["Rules"]] == ["DISABLED"]


def test_people_passwords_and_groups_are_still_there(after: Cloud) -> None:
    assert sign_in(after, "ada", after.password("ada"))["IdToken"]
    assert sign_in(after, "nora", PASSWORD)["IdToken"]
    cognito, pool = after.client("cognito-idp"), {"UserPoolId": after.backend["UserPoolId"]}
    groups = cognito.admin_list_groups_for_user(**pool, Username="nora")["Groups"]
    assert [(group["GroupName"], group["Precedence"]) for group in groups] == [("readers", 7)]
    assert cognito.describe_user_pool(**pool)["UserPool"]["EstimatedNumberOfUsers"] == 24


def test_tokens_and_rows_of_the_earlier_run_are_good(before: Before, after: Cloud) -> None:
    items = list_users(after, before.tokens["IdToken"]).json()["data"]["listUsers"]["items"]
    assert len(items) == 21
    assert {"userId": "u-1", "picture": "https://example.com/a.svg"} in items
    renewed = after.unsigned("cognito-idp").initiate_auth(
        ClientId=after.backend["UserPoolClientId"],
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": before.tokens["RefreshToken"]},
    )
    assert renewed["AuthenticationResult"]["IdToken"]


def test_portraits_of_the_earlier_run_are_served(before: Before, after: Cloud) -> None:
    items = list_users(after, before.tokens["IdToken"]).json()["data"]["listUsers"]["items"]
    portrait = next(item["picture"] for item in items if item["userId"] != "u-1")
    assert requests.get(portrait, timeout=60).headers["content-type"] == "image/svg+xml"


def test_api_keys_the_authorizers_token_guests_and_the_rest_api_are_still_good(before: Before, after: Cloud) -> None:
    url = after.auth_modes["GraphQLApiUrl"]
    for headers in (
        {"x-api-key": before.api_key},
        {"x-api-key": after.auth_modes["ApiKey"]},
        {"Authorization": after.demo["lambdaAuthorizerToken"]},
    ):
        answer = requests.post(url, json={"query": "{ __typename }"}, headers=headers, timeout=60)
        assert answer.json() == {"data": {"__typename": "Query"}}
    identity = after.unsigned("cognito-identity")
    guest = identity.get_id(IdentityPoolId=after.backend["IdentityPoolId"])["IdentityId"]
    assert identity.get_credentials_for_identity(IdentityId=guest)["Credentials"]["AccessKeyId"]
    token = sign_in(after, "ada", after.password("ada"))["IdToken"]
    hello = requests.get(after.backend["RestApiUrl"] + "hello", headers={"Authorization": token}, timeout=60)
    assert hello.status_code == 200


def test_the_state_is_for_its_owner_alone(before: Before, after: Cloud, place: Path) -> None:
    assert stat.S_IMODE((place / "state").stat().st_mode) == 0o700
    for path in (place / "state").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_state_in_use_is_named_and_left_alone(before: Before, after: Cloud, place: Path, tmp_path: Path) -> None:
    second = refused(tmp_path / "folder", place / "state")
    assert str(place / "state") in second.stderr
    assert sign_in(after, "nora", PASSWORD)


def refused(folder: Path, state: Path, port: int = 0) -> subprocess.CompletedProcess[str]:
    line = command(folder, port=port, users=1, state=state)
    ended = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    return ended


def test_a_kill_loses_what_was_changed_since_the_start_and_no_more(tmp_path: Path) -> None:
    folder, state = tmp_path / "folder", tmp_path / "state"
    with running_cloud(folder, users=3, state=state) as cloud:
        pool = cloud.backend["UserPoolId"]
        cloud.client("cognito-idp").create_group(UserPoolId=pool, GroupName="lost")
        cloud.process.kill()
        cloud.process.wait(STOP_SECONDS)
    with running_cloud(folder, users=3, state=state) as again:
        assert again.backend["UserPoolId"] == pool
        assert sign_in(again, "ada", again.password("ada"))
        groups = again.client("cognito-idp").list_groups(UserPoolId=pool)["Groups"]
        assert "admins" in {group["GroupName"] for group in groups}
        assert "lost" not in {group["GroupName"] for group in groups}
        other = refused(tmp_path / "elsewhere", state, port=1)
        assert str(state) in other.stderr


def test_a_state_of_another_port_is_refused_and_says_which(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "started.json").write_text(json.dumps({"port": 41234, "outputs": {}, "demo": {}, "keys": {}}))
    assert "41234" in refused(tmp_path / "folder", state, port=41235).stderr


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"port": 1, "outputs": {}, "demo": {}, "keys": {"a": {"b": 1}}}'])
def test_a_state_that_cannot_be_read_is_named_and_not_touched(tmp_path: Path, content: str) -> None:
    state = tmp_path / "state"
    (state / "emulator").mkdir(parents=True)
    (state / "started.json").write_text(content)
    assert "started.json" in refused(tmp_path / "folder", state).stderr
    assert (state / "emulator").is_dir()


@pytest.mark.parametrize("name", ["cognito.json", "iam.json"])
@pytest.mark.parametrize("broken", ["half a file", "no file"])
def test_a_service_s_part_that_cannot_be_read_is_named_and_not_replaced(tmp_path: Path, name: str, broken: str) -> None:
    """MiniStack begins without it and, at its end, puts an empty one in its place."""
    state = tmp_path / "state"
    with running_cloud(tmp_path / "folder", users=3, state=state):
        pass
    part = state / "emulator" / name
    whole = part.read_bytes()
    part.unlink()
    if broken == "half a file":
        part.write_bytes(whole[: len(whole) // 2])
    said = refused(tmp_path / "folder", state).stderr
    assert str(part) in said
    assert "nothing was changed" in said
    assert not part.exists() or part.read_bytes() == whole[: len(whole) // 2]
    part.write_bytes(whole)
    with running_cloud(tmp_path / "folder", users=3, state=state) as again:
        assert sign_in(again, "ada", again.password("ada"))


def test_a_start_that_was_never_over_leaves_nothing_to_go_on_with(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "emulator").mkdir(parents=True)
    (state / "emulator" / "cognito.json").write_text("half a file")
    with running_cloud(tmp_path / "folder", users=1, state=state) as cloud:
        assert sign_in(cloud, "ada", cloud.password("ada"))


def test_without_a_folder_for_state_a_key_of_an_earlier_run_is_nobodys(tmp_path: Path) -> None:
    with running_cloud(tmp_path / "folder", users=0) as cloud:
        key = cloud.access_key("local-admin")
    with running_cloud(tmp_path / "folder", users=0) as again:
        again._profiles["old"] = key
        assert refusal(again.client("sts", profile="old").get_caller_identity)[1] == "InvalidClientTokenId"
