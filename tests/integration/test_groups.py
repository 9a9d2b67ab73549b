"""Groups and members on the real pool."""

import secrets

import jwt
import pytest

from services.errors import AlreadyExists, NotFound, Refused
from services.group_values import GroupDraft, kept
from tests.integration.stage import ADA, PASSWORD, Live


@pytest.fixture
def name() -> str:
    """A group's name that nobody has, with signs that a careless caller would trip over."""
    return f"a<b>,\"*x*'&{secrets.token_hex(4)}"


def test_a_group_lives_from_creation_to_deletion(live: Live, name: str) -> None:
    made = live.groups.create(ADA, name, GroupDraft("for **all**", 0))
    assert (made.name, made.description, made.precedence, made.role_arn) == (name, "for **all**", 0, "")
    with pytest.raises(AlreadyExists):
        live.groups.create(ADA, name, GroupDraft())

    listed = {each.name: each for each in live.groups.list(ADA).groups}
    assert (listed[name].description, listed[name].precedence) == ("for **all**", 0)

    live.groups.delete(ADA, name, name)
    assert name not in {each.name for each in live.groups.list(ADA).groups}
    with pytest.raises(NotFound, match="group does not exist"):
        live.groups.delete(ADA, name, name)


def test_a_group_without_precedence_has_none(live: Live, name: str) -> None:
    assert live.groups.create(ADA, name, GroupDraft()).precedence is None


def test_a_change_is_what_the_pool_then_holds(live: Live, name: str) -> None:
    live.groups.create(ADA, name, GroupDraft("old", 5))

    draft = GroupDraft("", 7)
    now = live.groups.update(ADA, name, draft)

    assert (now.description, now.precedence, kept(draft, now)) == ("", 7, ())
    held = live.admin.get_group(UserPoolId=live.pool_id, GroupName=name)["Group"]
    assert (held.get("Description", ""), held["Precedence"]) == ("", 7)


def test_what_the_pool_keeps_against_the_wish_is_named(live: Live, name: str) -> None:
    live.groups.create(ADA, name, GroupDraft("", 5))
    draft = GroupDraft("")
    assert kept(draft, live.groups.update(ADA, name, draft)) == ("the precedence 5",)


def test_a_group_gets_a_role_that_the_dashboard_may_pass(live: Live, name: str) -> None:
    role = next(each.role_arn for each in live.groups.list(ADA).groups if each.name == "viewers")
    assert live.groups.create(ADA, name, GroupDraft(role_arn=role)).role_arn == role


def test_a_role_that_the_dashboard_may_not_pass_on_is_refused_by_its_name(live: Live, name: str) -> None:
    with pytest.raises(Refused, match=r"give them the role .*/nobody-has-it"):
        live.groups.create(ADA, name, GroupDraft(role_arn="arn:aws:iam::000000000000:role/nobody-has-it"))


def test_members_are_added_paged_and_removed(live: Live, name: str) -> None:
    live.groups.create(ADA, name, GroupDraft())
    people = [live.new_person() for _ in range(7)]

    assert [change.error for change in live.members.add(ADA, name, people)] == [None] * 7
    assert [change.error for change in live.members.add(ADA, name, people[:1])] == [None]

    seen, token = [], None
    for size in (3, 3, 1):
        page = live.members.page(ADA, name, 3, token)
        assert len(page.people) == size
        seen += [who.username for who in page.people]
        token = page.next_token
    assert token is None
    assert sorted(seen) == sorted(who.username for who in people)

    assert [change.error for change in live.members.remove(ADA, name, people[:6])] == [None] * 6
    assert [who.username for who in live.members.page(ADA, name, 10).people] == [people[6].username]


def test_one_unknown_person_does_not_stop_the_others(live: Live, name: str) -> None:
    live.groups.create(ADA, name, GroupDraft())
    here, gone = live.new_person(), live.new_person()
    live.admin.admin_delete_user(UserPoolId=live.pool_id, Username=gone.username)

    first, second = live.members.add(ADA, name, [gone, here])

    assert isinstance(first.error, NotFound)
    assert second.error is None
    assert [who.username for who in live.members.page(ADA, name, 10).people] == [here.username]


def test_the_next_id_token_of_a_new_member_carries_the_group(live: Live, name: str) -> None:
    live.groups.create(ADA, name, GroupDraft())
    person = live.confirmed()

    live.members.add(ADA, name, [person])

    token = live.sign_in(person.username, PASSWORD)["AuthenticationResult"]["IdToken"]
    assert jwt.decode(token, options={"verify_signature": False})["cognito:groups"] == [name]


def test_members_of_no_group_are_not_found(live: Live, name: str) -> None:
    with pytest.raises(NotFound, match="group does not exist"):
        live.members.page(ADA, name, 10)
