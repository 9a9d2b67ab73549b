"""Codes and invitations that would have been mailed: shown to whoever runs the cloud, and to nobody else."""

import json
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import PYTHON, ROOT, Cloud
from tests.contract import wire
from tests.contract.directories import Directory, new_directory
from tests.contract.faults import authorization

PATH = "/_local_cloud/outbox"
NASTY = '<img/src="x"onerror="alert(1)">'


@pytest.fixture(scope="module")
def directory(local_cloud: Cloud) -> Directory:
    """A pool with one person who was invited and one who signed up under a nasty name."""
    made = new_directory(local_cloud)
    cognito = local_cloud.client("cognito-idp")
    cognito.admin_create_user(
        UserPoolId=made.pool_id,
        Username="invited",
        TemporaryPassword="Welcome-horse-77",
        UserAttributes=[{"Name": "email", "Value": "invited@example.com"}],
    )
    local_cloud.unsigned("cognito-idp").sign_up(
        ClientId=made.client_id,
        Username=NASTY,
        Password="Battery-horse-77",
        UserAttributes=[{"Name": "email", "Value": "nasty@example.com"}],
    )
    return made


def shown(cloud: Cloud, **headers: str) -> wire.Reply:
    return wire.send(cloud, "GET", PATH, {**authorization(cloud), **headers})


def messages(cloud: Cloud, directory: Directory) -> list[dict[str, Any]]:
    every = shown(cloud, Accept="application/json").json()["messages"]
    return [message for message in every if message["pool"] == directory.pool_id]


def command(folder: Path) -> subprocess.CompletedProcess[str]:
    line = [str(PYTHON), "-m", "local_cloud", "outbox", f"--folder={folder}"]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_an_invitation_and_a_code_are_in_it(local_cloud: Cloud, directory: Directory) -> None:
    newest, oldest = messages(local_cloud, directory)
    assert (oldest["kind"], oldest["username"], oldest["secret"]) == ("invitation", "invited", "Welcome-horse-77")
    assert (newest["kind"], newest["destination"]) == ("sign-up code", "nasty@example.com")


def test_the_code_in_it_is_the_one_that_confirms(local_cloud: Cloud, directory: Directory) -> None:
    code = messages(local_cloud, directory)[0]["secret"]
    local_cloud.unsigned("cognito-idp").confirm_sign_up(
        ClientId=directory.client_id, Username=NASTY, ConfirmationCode=code
    )
    user = local_cloud.client("cognito-idp").admin_get_user(UserPoolId=directory.pool_id, Username=NASTY)
    assert user["UserStatus"] == "CONFIRMED"


def test_the_page_shows_text_as_text_and_lets_nothing_run(local_cloud: Cloud, directory: Directory) -> None:
    page = shown(local_cloud)
    assert page.headers["content-type"].startswith("text/html")
    assert b"Welcome-horse-77" in page.body
    assert b"<img" not in page.body
    assert b"&lt;img/src=&quot;x&quot;onerror=&quot;alert(1)&quot;&gt;" in page.body
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"


def test_half_a_character_breaks_neither_page_nor_list(local_cloud: Cloud) -> None:
    made = new_directory(local_cloud)
    body = json.dumps({"UserPoolId": made.pool_id, "Username": "half-\ud800"}).encode()
    target = "AWSCognitoIdentityProviderService.AdminCreateUser"
    wire.send(local_cloud, "POST", "/", wire.sign(local_cloud, "cognito-idp", wire.call_headers(target), body), body)
    assert shown(local_cloud).status == shown(local_cloud, Accept="application/json").status == 200


def test_a_browser_may_bring_the_token_as_a_password(local_cloud: Cloud) -> None:
    token = authorization(local_cloud)["Authorization"].partition(" ")[2]
    basic = b64encode(f"anybody:{token}".encode()).decode()
    assert shown(local_cloud, Authorization=f"Basic {basic}").status == 200
    faults = wire.send(local_cloud, "GET", "/_local_cloud/faults", {"Authorization": f"Basic {basic}"})
    assert faults.status == 401


@pytest.mark.parametrize("value", ["", "Basic", "Basic !", "Basic d3Jvbmc6d3Jvbmc=", "Bearer wrong", "Basic w6k="])
def test_nobody_sees_it_without_the_token(local_cloud: Cloud, value: str) -> None:
    reply = wire.send(local_cloud, "GET", PATH, {"Authorization": value, "Origin": "https://example.com"})
    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Basic")
    assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_another_name_for_this_machine_does_not_lead_to_it(local_cloud: Cloud) -> None:
    assert shown(local_cloud, Host="rebound.example.com").status == 403


def test_it_is_only_looked_at(local_cloud: Cloud) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert wire.send(local_cloud, method, PATH, authorization(local_cloud)).status == 405


def test_the_command_shows_the_same(local_cloud: Cloud, directory: Directory) -> None:
    said = command(local_cloud.folder)
    assert (said.returncode, said.stderr) == (0, "")
    assert "invited@example.com  Welcome-horse-77" in said.stdout
    assert f"sign-up code  {NASTY}  nasty@example.com" in said.stdout


def test_the_command_says_when_no_cloud_runs(tmp_path: Path) -> None:
    said = command(tmp_path)
    assert (said.returncode, said.stdout) == (1, "")
    assert str(tmp_path) in said.stderr
    assert "Traceback" not in said.stderr
