"""Who may do what."""

import pytest

from services.errors import NotPermitted
from services.permissions import GRANTS, Operator, Permission, Role, check, may, role_of

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)
OTTO = Operator("otto", "2222", (), Role.NONE)
VERA = Operator("vera", "3333", ("viewers",), Role.VIEWER)


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (("admins",), Role.ADMIN),
        (("viewers", "admins"), Role.ADMIN),
        ((), Role.NONE),
        (("viewers",), Role.VIEWER),
        (("not-viewers",), Role.NONE),
        (("Viewers",), Role.NONE),
        (("not-admins",), Role.NONE),
        (("admins-of-nothing",), Role.NONE),
        (("Admins",), Role.NONE),
        (("admins ",), Role.NONE),
        (("a", "d", "m"), Role.NONE),
    ],
)
def test_only_the_whole_name_of_a_group_gives_its_role_and_the_stronger_one_counts(
    groups: tuple[str, ...], role: Role
) -> None:
    assert role_of(groups, "admins", "viewers") is role


def test_the_groups_are_the_configured_ones() -> None:
    assert role_of(("operators",), "operators", "auditors") is Role.ADMIN
    assert role_of(("auditors",), "operators", "auditors") is Role.VIEWER
    assert role_of(("admins", "viewers"), "operators", "auditors") is Role.NONE


@pytest.mark.parametrize("permission", Permission)
def test_an_admin_may_and_somebody_without_a_role_may_not(permission: Permission) -> None:
    assert may(ADA, permission)
    assert not may(OTTO, permission)


CHANGES = {
    Permission.CHANGE_GROUPS,
    Permission.SET_PASSWORDS,
    Permission.SEND_MUTATIONS,
    Permission.MAKE_STAND_INS,
    Permission.ACCEPT_RESULTS,
}


@pytest.mark.parametrize("permission", Permission)
def test_a_viewer_may_read_everything_and_change_nothing(permission: Permission) -> None:
    assert may(VERA, permission) is (permission not in CHANGES)


def test_every_role_is_granted_something_or_nothing_and_never_forgotten() -> None:
    assert set(GRANTS) == set(Role)


def test_a_check_that_holds_says_nothing() -> None:
    check(ADA, Permission.CHANGE_GROUPS)


def test_a_refusal_names_the_person_the_act_and_the_group() -> None:
    with pytest.raises(NotPermitted) as refused:
        check(OTTO, Permission.SET_PASSWORDS, "operators")

    assert refused.value.failed == "otto may not set and reset passwords"
    assert "the group operators" in refused.value.why
    assert "operators" in refused.value.next_step
