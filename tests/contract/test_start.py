"""What the local cloud promises about its start, its folder and its stop."""

import json
import signal
import socket
import stat
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import boto3
import psutil
import pytest

from tests.cloud import ROOT, STOP_SECONDS, USERS, Cloud, command, running_cloud
from tests.contract import wire
from tests.contract.processes import children, listening, tree
from tests.ports import free_port


def refused_start(folder: Path, *more: str, port: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a start that must fail; returns what it said and its exit code."""
    line = [*command(folder, port=port), *more]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def run_a_function(cloud: Cloud) -> None:
    """Have the seeding function store a person again who is there already; its process stays."""
    row = cloud.client("dynamodb").scan(TableName=cloud.backend["UserTableName"], Limit=1)["Items"][0]
    again = json.dumps({"people": [{name: value["S"] for name, value in row.items()}]})
    cloud.client("lambda").invoke(FunctionName=cloud.backend["SeedFunctionName"], Payload=again)


def test_the_ready_line_names_endpoint_outputs_and_seconds(local_cloud: Cloud) -> None:
    assert set(local_cloud.ready) == {"ready", "endpoint", "outputs", "seconds"}
    assert local_cloud.ready["ready"] is True
    assert local_cloud.endpoint.startswith("http://127.0.0.1:")
    assert Path(local_cloud.ready["outputs"]) == local_cloud.folder / "outputs.json"
    assert json.loads((local_cloud.folder / "ready.json").read_text()) == local_cloud.ready


def test_it_and_its_functions_listen_on_one_socket_of_this_machine_alone(local_cloud: Cloud) -> None:
    run_a_function(local_cloud)
    processes = tree(local_cloud.process.pid)
    assert len(processes) > 1, "the function runs in a process of its own"
    assert [each for pid in processes for each in listening(pid)] == [("127.0.0.1", local_cloud.port)]


def test_everything_it_writes_is_for_its_owner_alone(local_cloud: Cloud) -> None:
    assert stat.S_IMODE(local_cloud.folder.stat().st_mode) == 0o700
    for name in ("outputs.json", "credentials", "demo.json", "ready.json"):
        assert stat.S_IMODE((local_cloud.folder / name).stat().st_mode) == 0o600, name
    for path in local_cloud.folder.rglob("*"):
        with suppress(FileNotFoundError):  # of a function that was done just now
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_the_outputs_are_those_that_the_dashboard_reads(local_cloud: Cloud) -> None:
    assert set(local_cloud.backend) >= {
        "Region",
        "UserPoolId",
        "UserPoolClientId",
        "IdentityPoolId",
        "GraphQLApiId",
        "GraphQLApiUrl",
        "RestApiUrl",
        "UserTableName",
        "SeedFunctionName",
        "AdminGroupName",
        "OperatorPolicyArn",
        "SessionsTableName",
        "RecordTableName",
        "SharedTablesPolicyArn",
    }
    assert set(local_cloud.auth_modes) >= {
        "GraphQLApiId",
        "GraphQLApiUrl",
        "ApiKey",
        "OidcIssuer",
        "OidcUserPoolId",
        "OidcClientId",
        "LabPolicyArn",
    }
    for stack in (local_cloud.backend, local_cloud.auth_modes):
        assert stack["GraphQLApiUrl"] == f"{local_cloud.endpoint}/v1/apis/{stack['GraphQLApiId']}/graphql"
    assert local_cloud.backend["RestApiUrl"].startswith(f"{local_cloud.endpoint}/_aws/execute-api/")


def test_the_demo_file_holds_the_people_and_the_token(local_cloud: Cloud) -> None:
    people = local_cloud.demo["people"]
    assert {name: facts["groups"] for name, facts in people.items()} == {
        "ada": ["admins"],
        "vera": ["viewers"],
        "otto": [],
    }
    assert set(local_cloud.demo["oidcPeople"]) == {"olga"}
    assert len(local_cloud.demo["lambdaAuthorizerToken"]) > 20
    assert len({facts["password"] for facts in people.values()}) == 3


@pytest.mark.parametrize("profile", ["local-admin", "gatehouse"])
def test_the_credentials_file_and_a_profile_are_all_that_boto3_needs(
    local_cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, profile: str
) -> None:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(local_cloud.credentials))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_PROFILE", profile)
    identity = boto3.Session().client("sts").get_caller_identity()
    assert identity["Arn"].endswith(f":user/{profile}")
    pool = local_cloud.backend["UserPoolId"]
    assert boto3.Session().client("cognito-idp").list_users(UserPoolId=pool, Limit=1)["Users"]


def test_the_table_holds_as_many_people_as_asked_for_each_with_a_portrait(local_cloud: Cloud) -> None:
    table = local_cloud.backend["UserTableName"]
    walk = local_cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    rows = [row for page in walk for row in page["Items"]]
    assert len({row["userId"]["S"] for row in rows}) == USERS
    for row in rows[:5]:
        picture = row["picture"]["S"]
        assert picture.startswith(f"{local_cloud.endpoint}/_local_cloud/portraits/")
        assert wire.send(local_cloud, "GET", picture.removeprefix(local_cloud.endpoint)).status == 200


def test_the_rest_api_asks_for_a_token(local_cloud: Cloud) -> None:
    path = local_cloud.backend["RestApiUrl"].removeprefix(local_cloud.endpoint)
    assert wire.send(local_cloud, "GET", f"{path}hello").status == 401


def test_a_port_that_is_taken_is_named(local_cloud: Cloud, tmp_path: Path) -> None:
    second = refused_start(tmp_path / "folder", port=local_cloud.port)
    assert second.returncode == 1
    assert f"Port {local_cloud.port}" in second.stderr
    assert second.stdout == ""


def test_a_folder_in_use_is_named_and_left_alone(local_cloud: Cloud) -> None:
    before = (local_cloud.folder / "credentials").read_text()
    second = refused_start(local_cloud.folder)
    assert second.returncode == 1
    assert str(local_cloud.folder) in second.stderr
    assert (local_cloud.folder / "credentials").read_text() == before
    assert (local_cloud.folder / "ready.json").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    refused = refused_start(file)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert str(file) in refused.stderr


@pytest.mark.parametrize(
    "argument", ["--port=70000", "--port=-1", "--port=http", "--users=-3", "--users=many", "--unknown"]
)
def test_a_bad_argument_is_named(tmp_path: Path, argument: str) -> None:
    refused = refused_start(tmp_path / "folder", argument)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert argument.partition("=")[0] in refused.stderr
    assert "Traceback" not in refused.stderr


def test_missing_templates_are_named(tmp_path: Path) -> None:
    refused = refused_start(tmp_path / "folder", f"--templates={tmp_path}")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "GuestUserBackendStack.template.json" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "folder" / "ready.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_nothing_stays_behind(tmp_path: Path, number: signal.Signals) -> None:
    with running_cloud(tmp_path / "folder", users=5) as cloud:
        run_a_function(cloud)
        started = children(cloud.process.pid)
        assert started
        cloud.process.send_signal(number)
        assert cloud.process.wait(STOP_SECONDS) == 0
        assert not any(map(psutil.pid_exists, started))
        assert not (cloud.folder / "ready.json").exists()
        assert not (cloud.folder / "state").exists()


def test_a_signal_in_the_middle_of_the_start_ends_it_as_well(tmp_path: Path) -> None:
    port = free_port()
    line = command(tmp_path / "folder", port=port, users=100_000)
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for(port)
        process.terminate()
        said, _ = process.communicate(timeout=STOP_SECONDS)
        assert (process.returncode, said) == (0, "")
        assert not (tmp_path / "folder" / "ready.json").exists()


def wait_for(port: int) -> None:
    """Wait until something listens on a port of this machine."""
    give_up = time.monotonic() + STOP_SECONDS
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on {port}")


def test_it_starts_without_ordinary_people_too(tmp_path: Path) -> None:
    with running_cloud(tmp_path / "folder", users=0) as cloud:
        users = cloud.client("cognito-idp").list_users(UserPoolId=cloud.backend["UserPoolId"])["Users"]
        assert {user["Username"] for user in users} == {"ada", "vera", "otto"}


def test_passwords_and_keys_differ_from_start_to_start(local_cloud: Cloud, tmp_path: Path) -> None:
    with running_cloud(tmp_path / "folder", users=0) as other:
        assert other.password("ada") != local_cloud.password("ada")
        assert other.access_key("local-admin") != local_cloud.access_key("local-admin")
        assert other.demo["lambdaAuthorizerToken"] != local_cloud.demo["lambdaAuthorizerToken"]


def test_the_seeding_schedule_rests_so_that_nothing_is_fetched_from_outside(local_cloud: Cloud) -> None:
    rules = local_cloud.client("events").list_rules()["Rules"]
    assert [rule["State"] for rule in rules] == ["DISABLED"]
