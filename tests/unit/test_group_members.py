"""Members of a group: page by page in, some at a time out, nobody forgotten."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.acts import MANY
from services.audit import because
from services.authorization.callers.lease import Lease
from services.authorization.callers.processes import Process
from services.errors import Invalid, NotFound, NotPermitted
from services.group_members import GroupMembers
from services.permissions import Place
from tests.stand_ins import NOON, Record
from tests.unit.people import ADA, OTTO, VERA, someone
from tests.unit.pool_calls import POOL_ID, Answer, AwsError, PoolCalls, failing, group, user

HERE = Process("0" * 8, 1, "0" * 8)


def members(calls: PoolCalls) -> GroupMembers:
    """The memberships that the calls answer for."""
    return GroupMembers(calls.client, POOL_ID, "admins")


def pool(*groups: str, **answers: Answer) -> PoolCalls:
    """A pool in which everybody is in these groups, and every change of it succeeds."""
    return PoolCalls(
        {
            "AdminListGroupsForUser": {"Groups": [group(name) for name in groups]},
            "AdminAddUserToGroup": {},
            "AdminRemoveUserFromGroup": {},
            **answers,
        }
    )


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

    calls = pool(AdminAddUserToGroup=answer)
    people = [someone(name) for name in ("bea", "cal", "dan")]

    changes = members(calls).add(ADA, "billing", people)

    assert [change.username for change in changes] == ["bea", "cal", "dan"]
    assert [type(change.error) for change in changes] == [type(None), NotFound, type(None)]
    assert {request["Username"] for request in calls.requests("AdminAddUserToGroup")} == {"bea", "cal", "dan"}


def test_removing_takes_each_person_out_of_that_group() -> None:
    calls = pool("billing")

    changes = members(calls).remove(ADA, "billing", [someone("bea")])

    assert [change.error for change in changes] == [None]
    assert calls.requests("AdminRemoveUserFromGroup") == [
        {"UserPoolId": POOL_ID, "GroupName": "billing", "Username": "bea"}
    ]


@pytest.mark.parametrize("myself", [someone("ada"), someone("ADA", sub="another"), someone("renamed", sub="sub-ada")])
def test_operators_are_not_taken_out_of_the_admin_group_by_themselves(myself: Any) -> None:
    calls = pool("admins", ListUsersInGroup={"Users": [user("ada"), user("bea")]})

    mine, other = members(calls).remove(ADA, "admins", [myself, someone("bea")])

    assert isinstance(mine.error, NotPermitted)
    assert "lock yourself out" in mine.error.why
    assert other.error is None
    assert [request["Username"] for request in calls.requests("AdminRemoveUserFromGroup")] == ["bea"]


def test_operators_may_leave_any_other_group() -> None:
    calls = pool("billing")
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
    members(pool()).add(ADA, "billing", [someone("bea"), someone("cal")])
    assert sorted((act.begun.act, act.begun.detail["user"]) for act in record()) == [
        ("group.add", "bea"),
        ("group.add", "cal"),
    ]


def test_a_viewer_reads_members_and_is_refused_every_change_before_any_call() -> None:
    calls = pool(ListUsersInGroup={"Users": [user("bea")]})
    assert [who.username for who in members(calls).page(VERA, "billing", 10).people] == ["bea"]
    for changes in (
        members(calls).add(VERA, "billing", [someone()]),
        members(calls).remove(VERA, "billing", [someone()]),
    ):
        assert isinstance(changes[0].error, NotPermitted)
    assert [name for name, _ in calls.asked] == ["ListUsersInGroup"]


def test_the_last_enabled_administrator_stays() -> None:
    calls = pool("admins", ListUsersInGroup={"Users": [user("bea"), user("cal", enabled=False)]})
    (change,) = members(calls).remove(ADA, "admins", [someone("bea")])
    assert isinstance(change.error, NotPermitted)
    assert "no administrator left" in change.error.why
    assert calls.requests("AdminRemoveUserFromGroup") == []


def test_a_stand_in_of_a_run_is_no_administrator_who_remains() -> None:
    calls = pool("admins", ListUsersInGroup={"Users": [user("bea"), user(Lease.begin(HERE, NOON).new_name())]})
    (change,) = members(calls).remove(ADA, "admins", [someone("bea")])
    assert isinstance(change.error, NotPermitted)
    assert calls.requests("AdminRemoveUserFromGroup") == []


def test_another_administrator_may_be_on_a_later_page() -> None:
    def page(request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"Users": [user("dan")]} if "NextToken" in request else {"Users": [user("bea")], "NextToken": "two"}

    calls = pool("admins", ListUsersInGroup=page)
    assert members(calls).remove(ADA, "admins", [someone("bea")])[0].changed


def test_two_administrators_at_once_are_not_both_removed_when_they_are_the_last() -> None:
    held = ["bea", "cal"]

    def remove(request: Mapping[str, Any]) -> Mapping[str, Any]:
        held.remove(request["Username"])
        return {}

    def slowly(_: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = {"Users": [user(name) for name in held]}
        time.sleep(0.05)  # long enough for the other one to be asked for, too
        return answer

    calls = pool(
        "admins",
        ListUsersInGroup=slowly,
        AdminRemoveUserFromGroup=remove,
    )
    changes = members(calls).remove(ADA, "admins", [someone("bea"), someone("cal")])
    assert {type(change.error) for change in changes} == {type(None), NotPermitted}
    assert len(held) == 1


def test_an_administrator_is_put_back_when_another_dashboard_took_out_the_last_other_one_meanwhile(
    record: Record,
) -> None:
    held = ["bea", "cal"]

    def remove(request: Mapping[str, Any]) -> Mapping[str, Any]:
        held.remove(request["Username"])
        held.remove("cal")  # what the other dashboard does in the same moment
        return {}

    def add(request: Mapping[str, Any]) -> Mapping[str, Any]:
        held.append(request["Username"])
        return {}

    calls = pool(
        "admins",
        ListUsersInGroup=lambda _: {"Users": [user(name) for name in held]},
        AdminRemoveUserFromGroup=remove,
        AdminAddUserToGroup=add,
    )
    (change,) = members(calls).remove(ADA, "admins", [someone("bea")])
    assert held == ["bea"]
    assert isinstance(change.error, NotPermitted)
    assert "it was undone" in change.error.why
    (act,) = record()
    assert act.ended is not None
    assert (act.outcome, "after" in act.ended.detail) == ("failed: NotPermitted", False)


def test_what_was_so_before_is_done_and_leaves_nothing_to_take_back() -> None:
    calls = pool("billing")
    assert members(calls).add(ADA, "billing", [someone("bea")])[0].changed is False
    assert members(calls).remove(ADA, "other", [someone("bea")])[0].changed is False
    assert members(calls).remove(ADA, "billing", [someone("bea")])[0].changed is True
    assert [name for name, _ in calls.asked].count("AdminAddUserToGroup") == 0


def test_a_change_is_recorded_with_the_groups_before_and_after(record: Record) -> None:
    members(pool("billing", "staff")).remove(ADA, "billing", [someone("bea")])
    members(pool("staff")).add(ADA, "billing", [someone("bea")])
    removed, added = record()
    assert removed.ended is not None
    assert removed.ended.detail["before"] == {"groups": ["billing", "staff"]}
    assert removed.ended.detail["after"] == {"groups": ["staff"]}
    assert added.ended is not None
    assert (added.ended.detail["before"], added.ended.detail["after"]) == (
        {"groups": ["staff"]},
        {"groups": ["billing", "staff"]},
    )


@pytest.mark.parametrize("typed", ["", "9", "ten", str(MANY + 1)])
def test_a_change_of_many_wants_their_number_typed(typed: str) -> None:
    calls = pool("billing")
    people = [someone(f"person-{number}") for number in range(MANY)]
    for change in (members(calls).add, members(calls).remove):
        with pytest.raises(Invalid, match=f"Type {MANY}"):
            change(ADA, "billing", people, typed)
    assert calls.asked == []
    assert len(members(calls).remove(ADA, "billing", people, f" {MANY} ")) == MANY


def test_the_reason_reaches_every_persons_record_also_in_production(record: Record) -> None:
    operator = replace(ADA, place=Place("live", production=True))
    with because("left the company"):
        changes = members(pool("billing")).remove(operator, "billing", [someone("bea"), someone("cal")])
    assert [change.error for change in changes] == [None, None]
    assert [act.begun.reason for act in record()] == ["left the company"] * 2
