"""What the Groups page says, as a list and for one group."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from streamlit.testing.v1 import AppTest

from services.acts import MANY
from services.permissions import Place
from tests.pages.conftest import Stage, said, seen
from tests.stand_ins import Record
from tests.unit.people import ADA, OTTO, VERA
from tests.unit.pool_calls import PoolCalls, failing, group, user

ROLE = "arn:aws:iam::123456789012:role/readers"


def holding(stage: Stage, *groups: Mapping[str, Any], **answers: Any) -> PoolCalls:
    """The stage's pool, with these groups and answers."""
    stage.pool.answers = {"ListGroups": {"Groups": list(groups)}, **answers}
    return stage.pool


def people(app: AppTest) -> list[str]:
    """The user names in the table of members."""
    return list(members_table(app)["username"])


def members_table(app: AppTest) -> Any:
    """The table of members."""
    return next(each.value for each in app.dataframe if "username" in each.value)


def test_every_group_is_listed_strongest_first_with_what_it_has(stage: Stage) -> None:
    holding(stage, group("none"), group("a<b>,*x*", Precedence=7, Description="**bold**", RoleArn=ROLE))
    table = stage.open("groups.py").dataframe(key="groups_table").value
    assert list(table["name"]) == ["a<b>,*x*", "none"]
    assert list(table["precedence"].astype(object).where(table["precedence"].notna(), None)) == [7, None]
    assert table["description"][0] == "**bold**"
    assert table["role"][0] == ROLE


def test_the_list_is_read_once_while_somebody_searches_in_it(stage: Stage) -> None:
    calls = holding(stage, group("admins"), group("billing"))
    app = stage.open("groups.py")
    app.text_input(key="groups_find").set_value("BILL").run()
    assert list(app.dataframe(key="groups_table").value["name"]) == ["billing"]
    assert "1 of 2 groups" in said(app)
    assert len(calls.asked) == 1
    app.button(key="groups_reload").click().run()
    assert len(calls.asked) == 2


def test_a_pool_without_groups_says_so(stage: Stage) -> None:
    holding(stage)
    app = stage.open("groups.py")
    assert "There are no groups yet" in said(app)
    assert not app.dataframe


def test_a_search_without_a_hit_is_not_called_empty(stage: Stage) -> None:
    holding(stage, group("admins"))
    app = stage.open("groups.py")
    app.text_input(key="groups_find").set_value("zzz").run()
    assert "No group matches “zzz”" in said(app)


def test_a_failed_reading_is_an_error_with_aws_code_and_request(stage: Stage) -> None:
    holding(stage, ListGroups=failing("AccessDeniedException"))
    app = stage.open("groups.py")
    shown = seen(app.error[0].value)
    assert "Could not list the groups" in shown
    assert "operator policy" in shown
    assert "AccessDeniedException" in shown
    assert "request-1" in shown


def test_groups_that_tie_with_different_roles_are_pointed_out(stage: Stage) -> None:
    holding(stage, group("a", Precedence=3, RoleArn=ROLE), group("b", Precedence=3, RoleArn=f"{ROLE}2"))
    assert "share the precedence 3" in stage.open("groups.py").warning[0].value


def test_hundreds_of_ties_are_told_in_a_few_lines(stage: Stage) -> None:
    harmless = [group(f"g{number:03}", Precedence=number // 2) for number in range(200)]
    differing = [
        group(f"h{number:03}", Precedence=500 + number // 10, RoleArn=f"{ROLE}{number}") for number in range(50)
    ]
    app = holding_list(stage, *harmless, *differing)
    assert len(app.warning) == 4
    assert "h000, h001, h002, h003, h004, h005 and 4 more share the precedence 500" in seen(app.warning[0].value)
    assert "precedence 503, 504" in app.warning[3].value
    shared = [each for each in map(seen, (one.value for one in app.caption)) if "shared" in each or "share " in each]
    assert len(shared) == 4
    assert "97 more precedences are shared" in shared[3]


def holding_list(stage: Stage, *groups: Mapping[str, Any]) -> AppTest:
    """The list of these groups."""
    holding(stage, *groups)
    return stage.open("groups.py")


def test_a_description_of_several_lines_keeps_them_when_it_is_edited(stage: Stage) -> None:
    holding(stage, group("a", Description="one\ntwo"), ListUsersInGroup={"Users": []})
    app = stage.open("groups.py", group="a")
    app.button(key="group_edit").click().run()
    assert app.text_area(key="group_description").value == "one\ntwo"  # a field of one line would drop the break


def test_a_group_has_an_address_with_its_facts_and_members(stage: Stage) -> None:
    holding(
        stage,
        group("a<b>,*x*", Description="for *all*", RoleArn=ROLE),
        ListUsersInGroup={"Users": [user("bea"), user("cal", "FORCE_CHANGE_PASSWORD")]},
    )
    app = stage.open("groups.py", group="a<b>,*x*")
    assert app.title[0].value == "a\\<b\\>,\\*x\\*"
    assert people(app) == ["bea", "cal"]
    assert list(members_table(app)["state"]) == ["Active", "Must change password"]
    text = said(app)
    assert "for *all*" in text
    assert ROLE in text
    assert "2 members" in text


def test_the_number_of_members_is_told_only_when_it_is_known(stage: Stage) -> None:
    def page(request: Mapping[str, Any]) -> Mapping[str, Any]:
        if "NextToken" in request:
            return {"Users": [user("cal")]}
        return {"Users": [user("bea")], "NextToken": "two"}

    calls = holding(stage, group("billing"), ListUsersInGroup=page)
    app = stage.open("groups.py", group="billing")
    assert "1 members so far, more follow; Cognito tells no total" in said(app)
    app.button(key="group_members_next").click().run()
    assert people(app) == ["cal"]
    assert "Page 2 · 2 members · read" in said(app)
    app.button(key="group_members_previous").click().run()
    assert people(app) == ["bea"]
    assert [request.get("NextToken") for request in calls.requests("ListUsersInGroup")] == [None, "two", None]


def test_a_group_without_members_invites_to_add_some(stage: Stage) -> None:
    holding(stage, group("billing"), ListUsersInGroup={"Users": []})
    assert "Nobody is in billing yet" in said(stage.open("groups.py", group="billing"))


def test_an_address_of_no_group_says_that_there_is_none(stage: Stage) -> None:
    calls = holding(stage, group("billing"))
    app = stage.open("groups.py", group="gone")
    assert "There is no group of this name" in said(app)
    assert calls.requests("ListUsersInGroup") == []


def test_members_that_cannot_be_read_leave_the_facts_in_sight(stage: Stage) -> None:
    holding(stage, group("billing", Description="who pays"), ListUsersInGroup=failing("TooManyRequestsException"))
    app = stage.open("groups.py", group="billing")
    assert "who pays" in said(app)
    assert "Too many requests" in app.error[0].value


def test_the_admin_group_offers_no_deletion(stage: Stage) -> None:
    holding(stage, group("admins"), group("billing"), ListUsersInGroup={"Users": []})
    assert stage.open("groups.py", group="admins").button(key="group_delete").disabled
    assert not stage.open("groups.py", group="billing").button(key="group_delete").disabled


def test_somebody_without_the_right_reads_no_group_also_by_its_address(stage: Stage) -> None:
    calls = holding(stage, group("billing"))
    stage.operator = OTTO
    for app in (stage.open("groups.py"), stage.open("groups.py", group="billing")):
        assert "otto may not read groups" in app.error[0].value
        assert not app.button
    assert calls.asked == []


def test_a_stranger_reads_no_group_also_by_its_address(stage: Stage) -> None:
    calls = holding(stage, group("billing"))
    stage.operator = None
    for app in (stage.open("groups.py"), stage.open("groups.py", group="billing")):
        assert said(app) == "Nobody is signed in. Reload the page to sign in."
    assert calls.asked == []


IN_PRODUCTION = replace(ADA, place=Place("live", production=True))


def with_members(stage: Stage, *names: str) -> PoolCalls:
    """A group `billing` with these members, whom Cognito lets come and go."""
    held = list(names)

    def come(request: Mapping[str, Any]) -> Mapping[str, Any]:
        held.append(request["Username"])
        return {}

    def go(request: Mapping[str, Any]) -> Mapping[str, Any]:
        held.remove(request["Username"])
        return {}

    return holding(
        stage,
        group("billing"),
        ListUsersInGroup=lambda _: {"Users": [user(name) for name in held]},
        AdminListGroupsForUser=lambda asked: {"Groups": [group("billing")] if asked["Username"] in held else []},
        AdminRemoveUserFromGroup=go,
        AdminAddUserToGroup=come,
    )


def ticked(app: AppTest, *rows: int) -> AppTest:
    """The page after these rows of the members were ticked."""
    app.session_state["group_members_page_1"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def test_a_viewer_reads_groups_and_sees_buttons_that_say_why_they_are_disabled(stage: Stage) -> None:
    calls = with_members(stage, "bea")
    stage.operator = VERA
    app = stage.open("groups.py")
    assert app.button(key="groups_create").disabled
    assert "It takes the role admin, and yours is viewer" in said(app)
    app = stage.open("groups.py", group="billing")
    assert people(app) == ["bea"]
    for key in ("group_edit", "group_delete", "group_add"):
        assert app.button(key=key).disabled
        assert "role admin" in seen(app.button(key=key).help)
    assert "group_remove" not in {button.key for button in app.button}
    assert {name for name, _ in calls.asked} == {"ListGroups", "ListUsersInGroup"}


def test_a_read_only_environment_says_so_at_its_buttons(stage: Stage) -> None:
    with_members(stage, "bea")
    stage.operator = replace(ADA, place=Place("museum", read_only=True))
    app = stage.open("groups.py", group="billing")
    assert app.button(key="group_add").disabled
    assert "The environment museum is read-only" in said(app)


def test_a_removal_is_done_at_once_and_can_be_taken_back(stage: Stage, record: Record) -> None:
    calls = with_members(stage, "bea", "cal")
    app = ticked(stage.open("groups.py", group="billing"), 1)
    app.button(key="group_remove").click().run()
    assert "cal removed from billing" in said(app)
    assert people(app) == ["bea"]
    app.button(key="news_undo").click().run()
    assert [request["Username"] for request in calls.requests("AdminAddUserToGroup")] == ["cal"]
    assert people(app) == ["bea", "cal"]
    assert [(act.begun.act, act.begun.reason) for act in record()] == [("group.remove", ""), ("group.add", "Undone")]
    assert "news_undo" not in {button.key for button in app.button}


def test_in_production_a_removal_waits_for_a_reason(stage: Stage, record: Record) -> None:
    with_members(stage, "bea")
    stage.operator = IN_PRODUCTION
    app = ticked(stage.open("groups.py", group="billing"), 0)
    assert app.button(key="group_remove").disabled
    app.text_input(key="group_remove_reason").set_value("left").run()
    app.button(key="group_remove").click().run()
    assert [(act.begun.act, act.begun.reason, act.outcome) for act in record()] == [("group.remove", "left", "done")]
    app.button(key="news_undo").click().run()
    assert record()[-1].begun.reason == "Undone: left"


def test_many_people_are_removed_when_their_number_is_typed(stage: Stage) -> None:
    calls = with_members(stage, *(f"person-{number:02}" for number in range(MANY)))
    app = ticked(stage.open("groups.py", group="billing"), *range(MANY))
    assert app.button(key="group_remove").disabled
    app.text_input(key="group_remove_typed").set_value(str(MANY - 1)).run()
    assert app.button(key="group_remove").disabled
    app.text_input(key="group_remove_typed").set_value(str(MANY)).run()
    app.button(key="group_remove").click().run()
    assert len(calls.requests("AdminRemoveUserFromGroup")) == MANY


def test_a_group_shows_its_own_history(stage: Stage, record: Record) -> None:
    with_members(stage, "bea")
    app = ticked(stage.open("groups.py", group="billing"), 0)
    app.button(key="group_remove").click().run()
    history = app.dataframe[-1].value
    assert list(zip(history["act"], history["target"], strict=True)) == [("Removed from a group", "bea in billing")]


def test_the_call_behind_a_button_is_shown_for_the_cli_and_the_api(stage: Stage) -> None:
    with_members(stage, "bea")
    app = ticked(stage.open("groups.py", group="billing"), 0)
    shown = [block.value for block in app.code]
    assert any("aws cognito-idp admin-remove-user-from-group" in text and "--username bea" in text for text in shown)
    assert any(text.startswith("AdminRemoveUserFromGroup") for text in shown)
