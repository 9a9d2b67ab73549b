"""Members of a group: page by page in, some at a time out, nobody forgotten."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.errors import NotFound, NotPermitted
from services.group_members import GroupMembers
from tests.stand_ins import Record
from tests.unit.people import ADA, OTTO, someone
from tests.unit.pool_calls import POOL_ID, AwsError, PoolCalls, failing, user


def members(calls: PoolCalls) -> GroupMembers:
    """The memberships that the calls answer for."""
    return GroupMembers(calls.client, POOL_ID, "admins")


def test_a_page_is_asked_for_with_its_token_and_gives_the_next() -> None:
    calls = PoolCalls({"ListUsersInGroup": {"Users": [user("bea")], "NextToken": "three"}})

    page = members(calls).page(ADA, "billing", 100, "two")

    assert [who.username for who in page.people] == ["bea"]
    assert page.next_token == "three"
    assert calls.requests("ListUsersInGroup") == [
        {"UserPoolId": POOL_ID, "GroupName": "billing", "Limit": 60, "NextToken": "two"}
    ]


def test_a_group_that_is_gone_is_told_as_that() -> None:
    with pytest.raises(NotFound, match="group does not exist"):
        members(PoolCalls({"ListUsersInGroup": failing("ResourceNotFoundException")})).page(ADA, "a", 10)


def test_one_persons_failure_does_not_stop_the_others() -> None:
    def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
        if request["Username"] == "cal":
            raise AwsError("UserNotFoundException")
        return {}

    calls = PoolCalls({"AdminAddUserToGroup": answer})
    people = [someone(name) for name in ("bea", "cal", "dan")]

    changes = members(calls).add(ADA, "billing", people)

    assert [change.username for change in changes] == ["bea", "cal", "dan"]
    assert [type(change.error) for change in changes] == [type(None), NotFound, type(None)]
    assert {request["Username"] for request in calls.requests("AdminAddUserToGroup")} == {"bea", "cal", "dan"}


def test_removing_takes_each_person_out_of_that_group() -> None:
    calls = PoolCalls({"AdminRemoveUserFromGroup": {}})

    changes = members(calls).remove(ADA, "billing", [someone("bea")])

    assert [change.error for change in changes] == [None]
    assert calls.requests("AdminRemoveUserFromGroup") == [
        {"UserPoolId": POOL_ID, "GroupName": "billing", "Username": "bea"}
    ]


@pytest.mark.parametrize("myself", [someone("ada"), someone("ADA", sub="another"), someone("renamed", sub="sub-ada")])
def test_operators_are_not_taken_out_of_the_admin_group_by_themselves(myself: Any) -> None:
    calls = PoolCalls({"AdminRemoveUserFromGroup": {}})

    mine, other = members(calls).remove(ADA, "admins", [myself, someone("bea")])

    assert isinstance(mine.error, NotPermitted)
    assert "lock yourself out" in mine.error.why
    assert other.error is None
    assert [request["Username"] for request in calls.requests("AdminRemoveUserFromGroup")] == ["bea"]


def test_operators_may_leave_any_other_group() -> None:
    calls = PoolCalls({"AdminRemoveUserFromGroup": {}})
    assert members(calls).remove(ADA, "billing", [someone("ada")])[0].error is None


def test_somebody_without_the_right_reaches_no_call() -> None:
    calls = PoolCalls()
    with pytest.raises(NotPermitted):
        members(calls).page(OTTO, "billing", 10)
    for changes in (
        members(calls).add(OTTO, "billing", [someone()]),
        members(calls).remove(OTTO, "billing", [someone()]),
    ):
        assert isinstance(changes[0].error, NotPermitted)
    assert calls.asked == []


def test_every_change_is_recorded_by_person(record: Record) -> None:
    members(PoolCalls({"AdminAddUserToGroup": {}})).add(ADA, "billing", [someone("bea"), someone("cal")])
    assert sorted((act.begun.act, act.begun.detail["user"]) for act in record()) == [
        ("group.add", "bea"),
        ("group.add", "cal"),
    ]
