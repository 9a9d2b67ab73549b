"""Groups: read whole, made, changed and deleted, each act recorded."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from services.errors import AlreadyExists, GatehouseError, Invalid, NotFound, NotPermitted
from services.group_values import GroupDraft
from services.groups import Groups
from tests.stand_ins import Record
from tests.unit.people import ADA, OTTO, VERA
from tests.unit.pool_calls import POOL_ID, PoolCalls, failing, group

ROLE = "arn:aws:iam::123456789012:role/readers"


def groups(calls: PoolCalls) -> Groups:
    """The groups that the calls answer for."""
    return Groups(calls.client, POOL_ID, "admins")


def test_all_pages_are_read_and_the_strongest_stand_first() -> None:
    def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
        if "NextToken" not in request:
            return {"Groups": [group("zoo"), group("late", Precedence=7)], "NextToken": "more"}
        return {"Groups": [group("admins", Precedence=0), group("Ape")]}

    read = groups(PoolCalls({"ListGroups": answer})).list(ADA)

    assert [each.name for each in read.groups] == ["admins", "late", "Ape", "zoo"]
    assert read.groups[0].precedence == 0
    assert read.groups[3].precedence is None
    assert read.reading.calls == 2


def test_a_new_group_is_sent_with_what_it_has_and_nothing_else() -> None:
    calls = PoolCalls({"CreateGroup": {"Group": group("a<b>,c")}})

    made = groups(calls).create(ADA, "a<b>,c", GroupDraft())

    assert made.name == "a<b>,c"
    assert calls.requests("CreateGroup") == [{"UserPoolId": POOL_ID, "GroupName": "a<b>,c"}]


def test_precedence_zero_is_a_precedence() -> None:
    calls = PoolCalls({"CreateGroup": {"Group": group("a")}})
    groups(calls).create(ADA, "a", GroupDraft(precedence=0))
    assert calls.requests("CreateGroup")[0]["Precedence"] == 0


def test_a_change_sends_the_unchanged_values_too_and_an_emptied_description() -> None:
    calls = PoolCalls({"GetGroup": {"Group": group("a")}, "UpdateGroup": {"Group": group("a", Precedence=3)}})

    groups(calls).update(ADA, "a", GroupDraft("", 3, ROLE))

    assert calls.requests("UpdateGroup") == [
        {"UserPoolId": POOL_ID, "GroupName": "a", "Description": "", "Precedence": 3, "RoleArn": ROLE}
    ]


def test_deleting_takes_the_exact_name_typed() -> None:
    calls = PoolCalls({"GetGroup": {"Group": group("billing")}, "DeleteGroup": {}})
    with pytest.raises(Invalid, match="not the group's name"):
        groups(calls).delete(ADA, "billing", "Billing")
    assert calls.asked == []

    groups(calls).delete(ADA, "billing", "billing")
    assert calls.requests("DeleteGroup") == [{"UserPoolId": POOL_ID, "GroupName": "billing"}]


def test_the_admin_group_is_not_deleted_whatever_is_typed() -> None:
    calls = PoolCalls()
    with pytest.raises(NotPermitted, match="you among them"):
        groups(calls).delete(ADA, "admins", "admins")
    assert calls.asked == []


ACTS: dict[str, Callable[[Groups], object]] = {
    "list": lambda it: it.list(OTTO),
    "get": lambda it: it.get(OTTO, "a"),
    "create": lambda it: it.create(OTTO, "a", GroupDraft()),
    "update": lambda it: it.update(OTTO, "a", GroupDraft()),
    "delete": lambda it: it.delete(OTTO, "a", "a"),
}


@pytest.mark.parametrize("act", ACTS)
def test_somebody_without_the_right_reaches_no_call(act: str) -> None:
    calls = PoolCalls()
    with pytest.raises(NotPermitted):
        ACTS[act](groups(calls))
    assert calls.asked == []


def test_a_name_that_is_taken_and_a_group_that_is_gone_have_their_own_words() -> None:
    calls = PoolCalls(
        {
            "CreateGroup": failing("GroupExistsException"),
            "GetGroup": {"Group": group("a")},
            "UpdateGroup": failing("ResourceNotFoundException"),
            "DeleteGroup": failing("ResourceNotFoundException"),
        }
    )
    with pytest.raises(AlreadyExists, match="exists already"):
        groups(calls).create(ADA, "a", GroupDraft())
    with pytest.raises(NotFound, match="group does not exist"):
        groups(calls).update(ADA, "a", GroupDraft())
    with pytest.raises(NotFound, match="group does not exist"):
        groups(calls).delete(ADA, "a", "a")


def test_every_act_is_recorded_with_its_outcome_refused_ones_too(record: Record) -> None:
    calls = PoolCalls({"CreateGroup": {"Group": group("a")}, "GetGroup": failing("ResourceNotFoundException")})
    for act in (
        lambda: groups(calls).create(ADA, "a", GroupDraft("for all", 3)),
        lambda: groups(calls).update(ADA, "a", GroupDraft()),
        lambda: groups(calls).delete(ADA, "admins", "admins"),
    ):
        try:
            act()
        except GatehouseError:
            continue

    acts = record()
    assert [(act.begun.act, act.begun.target, act.outcome) for act in acts] == [
        ("group.create", "a", "done"),
        ("group.update", "a", "failed: ResourceNotFoundException"),
        ("group.delete", "admins", "failed: NotPermitted"),
    ]
    assert acts[0].begun.detail == {"description": "for all", "precedence": 3, "role": ""}


LOOKS: dict[str, Callable[[Groups], object]] = {"list": lambda it: it.list(VERA), "get": lambda it: it.get(VERA, "a")}
CHANGES: dict[str, Callable[[Groups], object]] = {
    "create": lambda it: it.create(VERA, "a", GroupDraft()),
    "update": lambda it: it.update(VERA, "a", GroupDraft()),
    "delete": lambda it: it.delete(VERA, "a", "a"),
}


@pytest.mark.parametrize("act", LOOKS | CHANGES)
def test_a_viewer_reads_groups_and_is_refused_every_change_before_any_call(act: str) -> None:
    calls = PoolCalls({"ListGroups": {"Groups": []}, "GetGroup": {"Group": group("a")}})
    if act in LOOKS:
        LOOKS[act](groups(calls))
    else:
        with pytest.raises(NotPermitted, match="vera may not change groups"):
            CHANGES[act](groups(calls))
    assert [name for name, _ in calls.asked] == {"list": ["ListGroups"], "get": ["GetGroup"]}.get(act, [])


def test_a_change_is_recorded_with_what_was_before_and_what_is_after(record: Record) -> None:
    calls = PoolCalls(
        {
            "GetGroup": {"Group": group("a", Description="old", Precedence=5)},
            "UpdateGroup": {"Group": group("a", Description="new", Precedence=5, RoleArn=ROLE)},
            "DeleteGroup": {},
        }
    )
    groups(calls).update(ADA, "a", GroupDraft("new", None, ROLE))
    groups(calls).delete(ADA, "a", "a")

    changed, deleted = record()
    assert changed.ended is not None
    assert changed.ended.detail["before"] == {"description": "old", "precedence": 5, "role": ""}
    assert changed.ended.detail["after"] == {"description": "new", "precedence": 5, "role": ROLE}
    assert deleted.ended is not None
    assert deleted.ended.detail == {"before": {"description": "old", "precedence": 5, "role": ""}}


@pytest.mark.parametrize("role", ["", ROLE])
def test_the_admin_group_keeps_its_role(role: str) -> None:
    calls = PoolCalls({"GetGroup": {"Group": group("admins", RoleArn=f"{ROLE}-of-admins")}})
    with pytest.raises(NotPermitted, match="you among them"):
        groups(calls).update(ADA, "admins", GroupDraft("", 0, role))
    assert calls.requests("UpdateGroup") == []


def test_the_rest_of_the_admin_group_can_be_changed() -> None:
    calls = PoolCalls({"GetGroup": {"Group": group("admins", RoleArn=ROLE)}, "UpdateGroup": {"Group": group("admins")}})
    groups(calls).update(ADA, "admins", GroupDraft("who may do everything", 0, ROLE))
    assert calls.requests("UpdateGroup")[0]["Description"] == "who may do everything"
