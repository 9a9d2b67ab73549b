"""What a group may be, and which groups tie."""

import pytest

from services.errors import Invalid
from services.group_values import Group, GroupDraft, check_draft, check_name, kept, ties
from tests.unit.pool_calls import CREATED

ROLE = "arn:aws:iam::123456789012:role/readers"
OTHER_ROLE = "arn:aws:iam::123456789012:role/teams/writers"


def named(name: str, precedence: int | None = None, role: str = "") -> Group:
    """A group."""
    return Group(name, "", precedence, role, CREATED, CREATED)


@pytest.mark.parametrize("name", ["admins", "a<b>,*x*", "größe", "日本", "x" * 128, "eu-west-1_Ab12_Google"])
def test_a_name_that_cognito_takes_is_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "two words", "tab\there", "zero\u200bwidth", "x" * 129, "no\u00a0break"])
def test_a_name_that_cognito_refuses_is_refused_before_the_call(name: str) -> None:
    with pytest.raises(Invalid):
        check_name(name)


@pytest.mark.parametrize(
    "draft", [GroupDraft(), GroupDraft("for all", 0, ROLE), GroupDraft(precedence=2**31 - 1, role_arn=OTHER_ROLE)]
)
def test_a_draft_that_cognito_takes_is_taken(draft: GroupDraft) -> None:
    check_draft("Could not", draft)


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (GroupDraft(precedence=-1), "precedence"),
        (GroupDraft(precedence=2**31), "precedence"),
        (GroupDraft(description="x" * 2049), "description"),
        (GroupDraft(role_arn="readers"), "role"),
        (GroupDraft(role_arn="arn:aws:iam::123456789012:user/ada"), "role"),
        (GroupDraft(role_arn=f"{ROLE}\n"), "role"),
    ],
)
def test_a_draft_that_cognito_refuses_is_refused_before_the_call(draft: GroupDraft, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        check_draft("Could not", draft)


def test_groups_of_one_precedence_tie_and_say_whether_their_roles_differ() -> None:
    found = ties(
        [named("d", 5, ROLE), named("a", 5, OTHER_ROLE), named("b", 1, ROLE), named("c", 1), named("e", 9), named("f")]
    )

    assert [(tie.precedence, tie.names, tie.roles_differ) for tie in found] == [
        (1, ("b", "c"), False),
        (5, ("a", "d"), True),
    ]


def test_groups_without_a_precedence_do_not_tie() -> None:
    assert ties([named("a", role=ROLE), named("b", role=OTHER_ROLE)]) == ()


def test_what_cognito_did_not_take_away_is_named() -> None:
    now = named("a", 5, ROLE)

    assert kept(GroupDraft(), now) == ("the precedence 5", f"the role {ROLE}")
    assert kept(GroupDraft(precedence=5, role_arn=ROLE), now) == ()
    assert kept(GroupDraft(), named("a")) == ()
