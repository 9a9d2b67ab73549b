"""The table of acts: complete, and its calls are the ones that the services make."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from services import acts
from services.act_calls import ActCall, call_of
from services.acts import ACTS, MANY, Step, check_count
from services.errors import Invalid
from services.group_members import GroupMembers
from services.group_values import GroupDraft
from services.groups import Groups
from services.passwords import Passwords
from services.record.words import words_of
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, Record
from tests.unit.people import ADA, someone
from tests.unit.pool_calls import POOL_ID, PoolCalls, group

ROLE = "arn:aws:iam::123456789012:role/readers"
SERVICES = Path(acts.__file__).parent
PAGES = SERVICES.parent / "pages"
RECORDED = re.compile(
    r'"((?:group|password|stand-in|baseline|finding|calls|column|lab|record|session)\.(?!invalid")[a-z_-]+)"'
)


def test_every_act_that_is_recorded_is_in_the_table_and_no_other() -> None:
    files = [path for path in SERVICES.rglob("*.py") if path.name != "acts.py"] + list(PAGES.glob("*.py"))
    assert {name for path in files for name in RECORDED.findall(path.read_text(encoding="utf-8"))} == set(ACTS)


def test_an_act_without_words_is_named_as_it_is_recorded() -> None:
    assert (words_of("group.add"), words_of("moon.land")) == ("Added to a group", "moon.land")


@pytest.mark.parametrize("name", ACTS)
def test_an_act_names_an_operation_and_parameters_that_cognito_has(name: str) -> None:
    kind = ACTS[name]
    if not kind.operation:
        assert kind.arguments == ()
        return
    model = botocore.session.Session().get_service_model("cognito-idp").operation_model(kind.operation)
    assert model.input_shape is not None
    assert {parameter for parameter, _ in kind.arguments} <= set(model.input_shape.members)
    assert set(model.input_shape.required_members) <= {parameter for parameter, _ in kind.arguments}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_that_asks_for_a_reason_in_this_pool_lists_its_effects(name: str) -> None:
    kind = ACTS[name]
    assert bool(kind.effects) or not kind.operation or kind.step not in {Step.REASON, Step.TYPED}


MADE: dict[str, Callable[[PoolCalls], object]] = {
    "group.create": lambda calls: groups(calls).create(ADA, "a", GroupDraft("for all", 0, ROLE)),
    "group.update": lambda calls: groups(calls).update(ADA, "a", GroupDraft("for some", 3, ROLE)),
    "group.update, emptied": lambda calls: groups(calls).update(ADA, "a", GroupDraft("", None, "")),
    "group.delete": lambda calls: groups(calls).delete(ADA, "a", "a"),
    "group.add": lambda calls: members(calls).add(ADA, "a", [someone("bea")]),
    "group.remove": lambda calls: members(calls).remove(ADA, "b", [someone("bea")]),
    "password.set": lambda calls: passwords(calls).set(ADA, someone("bea"), Secret("hunter2"), permanent=False),
    "password.send_code": lambda calls: passwords(calls).send_code(ADA, someone("bea"), ("email",)),
}
ANSWERS: Mapping[str, Any] = {
    **{name: {"Group": group("a")} for name in ("GetGroup", "CreateGroup", "UpdateGroup")},
    "AdminListGroupsForUser": {"Groups": [group("b")]},
    **{key: {} for key in ("DeleteGroup", "AdminAddUserToGroup", "AdminRemoveUserFromGroup")},
    **{key: {} for key in ("AdminSetUserPassword", "AdminResetUserPassword")},
}


def groups(calls: PoolCalls) -> Groups:
    return Groups(calls.client, POOL_ID, "admins")


def members(calls: PoolCalls) -> GroupMembers:
    return GroupMembers(calls.client, POOL_ID, "admins")


def passwords(calls: PoolCalls) -> Passwords:
    return Passwords(calls.client, POOL_ID)


@pytest.mark.parametrize("name", MADE)
def test_the_call_told_of_a_recorded_act_is_the_one_that_was_made(name: str, record: Record) -> None:
    calls = PoolCalls(ANSWERS)
    MADE[name](calls)
    (act,) = record()
    told = call_of(act.begun.act, ENVIRONMENT, act.begun.target, act.begun.detail)
    assert told is not None
    (sent,) = calls.requests(told.operation)
    secrets = {"Password": "<password>"} if "Password" in sent else {}
    assert told.arguments == {**sent, **secrets}
    assert "hunter2" not in told.request + told.command


def test_an_act_without_a_call_has_none_to_show() -> None:
    assert call_of("session.open", ENVIRONMENT, "ada", {}) is None
    assert call_of("moon.land", ENVIRONMENT, "moon", {}) is None


def test_the_line_of_the_cli_is_quoted_for_a_shell_and_the_request_is_json() -> None:
    call = ActCall(
        "AdminAddUserToGroup", {"GroupName": "a b'; rm -rf ~", "Permanent": True, "Precedence": 0}, "eu-west-1"
    )
    assert shlex.split(call.command) == [
        *("aws", "cognito-idp", "admin-add-user-to-group", "--region", "eu-west-1"),
        *("--group-name", "a b'; rm -rf ~", "--permanent", "--precedence", "0"),
    ]
    operation, _, body = call.request.partition("\n")
    assert (operation, json.loads(body)["GroupName"]) == ("AdminAddUserToGroup", "a b'; rm -rf ~")


def test_what_is_off_is_said_to_be_off_and_another_address_is_named() -> None:
    call = ActCall("AdminSetUserPassword", {"Permanent": False}, "eu-west-1", "http://127.0.0.1:4566")
    assert call.command.endswith("--endpoint-url http://127.0.0.1:4566 --no-permanent")


@pytest.mark.parametrize(
    "text", ["--help", "file:///etc/passwd", "fileb:///etc/passwd", "HTTP://x.example/", "a\u200bda"]
)
def test_a_value_that_the_cli_would_read_otherwise_goes_as_json(text: str) -> None:
    words = shlex.split(ActCall("CreateGroup", {"Description": text}, "eu-west-1").command)
    assert words[-2] == "--cli-input-json"
    assert json.loads(words[-1]) == {"Description": text}
    assert "\u200b" not in words[-1]


def test_a_count_is_asked_for_from_many_people_on() -> None:
    check_count("Could not", MANY - 1, "")
    check_count("Could not", MANY, str(MANY))
    with pytest.raises(Invalid):
        check_count("Could not", MANY, str(MANY - 1))
