"""The lines that Gatehouse shows for the AWS command line, given to it by way of a shell: they do what the act does."""

import os
import secrets
import subprocess
from dataclasses import replace

import pytest

from services.act_calls import call_of
from services.legible import legible
from tests.clients.conftest import AWS, SECONDS
from tests.cloud import Cloud
from tests.stand_ins import ENVIRONMENT


def run(cloud: Cloud, act: str, target: str, **detail: object) -> str:
    """Paste what the page shows of an act into a shell; returns what came of it."""
    here = replace(
        ENVIRONMENT,
        user_pool_id=cloud.backend["UserPoolId"],
        region=cloud.backend["Region"],
        endpoint_url=cloud.endpoint,
    )
    call = call_of(act, here, target, detail)
    assert call is not None
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    own |= {"AWS_SHARED_CREDENTIALS_FILE": str(cloud.credentials), "AWS_PROFILE": "local-admin"}
    own["PATH"] = f"{AWS.parent}{os.pathsep}{own['PATH']}"
    line = legible(call.command)  # as it is shown
    done = subprocess.run(["sh", "-c", line], check=False, env=own, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(
    "text",
    [
        """it's "quoted" $HOME `id` \\ and ; more""",
        "=HYPERLINK(1) <b>&amp;</b> %s {x} [y]",
        "-leading",
        "http://127.0.0.1:9/nobody-answers",
        "file:///etc/hostname",
        "evil\u202egnp.exe\u200b שלום",
        "two\nlines",
    ],
)
def test_a_group_is_made_whatever_it_is_called(local_cloud: Cloud, text: str) -> None:
    name = "".join(text.split()).replace("\u200b", "").replace("\u202e", "") + secrets.token_hex(2)
    run(local_cloud, "group.create", name, description=text, precedence=0, role="")
    made = local_cloud.client("cognito-idp").get_group(UserPoolId=local_cloud.backend["UserPoolId"], GroupName=name)
    assert (made["Group"]["Description"], made["Group"]["Precedence"]) == (text, 0)


def test_a_group_is_changed_and_deleted(local_cloud: Cloud) -> None:
    pool, client = local_cloud.backend["UserPoolId"], local_cloud.client("cognito-idp")
    name = f"-o'brien's-{secrets.token_hex(2)}"
    client.create_group(UserPoolId=pool, GroupName=name, Description="for now")
    run(local_cloud, "group.update", name, description="", precedence=7, role="")
    changed = client.get_group(UserPoolId=pool, GroupName=name)["Group"]
    assert (changed.get("Description", ""), changed["Precedence"]) == ("", 7)

    run(local_cloud, "group.delete", name)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_group(UserPoolId=pool, GroupName=name)


def test_a_person_is_put_into_a_group_taken_out_and_gets_a_code(local_cloud: Cloud) -> None:
    pool, client = local_cloud.backend["UserPoolId"], local_cloud.client("cognito-idp")
    group, person = f"o'brien's-{secrets.token_hex(2)}", f"""o'brien"$x"{secrets.token_hex(2)}"""
    client.create_group(UserPoolId=pool, GroupName=group)
    told = [
        {"Name": "email", "Value": f"{secrets.token_hex(4)}@example.com"},
        {"Name": "email_verified", "Value": "true"},
    ]
    client.admin_create_user(UserPoolId=pool, Username=person, UserAttributes=told, MessageAction="SUPPRESS")

    def members() -> list[str]:
        return [each["Username"] for each in client.list_users_in_group(UserPoolId=pool, GroupName=group)["Users"]]

    run(local_cloud, "group.add", group, user=person)
    assert members() == [person]
    run(local_cloud, "group.remove", group, user=person)
    assert members() == []
    client.admin_set_user_password(UserPoolId=pool, Username=person, Password="Original-horse-7", Permanent=True)
    run(local_cloud, "password.send_code", person)
    assert client.admin_get_user(UserPoolId=pool, Username=person)["UserStatus"] == "RESET_REQUIRED"
