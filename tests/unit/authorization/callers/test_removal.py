"""A removal is proven, or says what is not."""

from collections.abc import Callable
from typing import Any

import pytest

from services.authorization.callers.removal import PAGES, Removal, Remover, Stay
from services.permissions import Operator, Role
from tests.unit.pool_calls import POOL_ID, PoolCalls, failing, user

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)
STAY = Stay("x", "group:viewers", ("viewers",))
GONE = failing("UserNotFoundException")


def removed(stay: Stay = STAY, **answers: Any) -> tuple[Removal, PoolCalls]:
    """What becomes of a stand-in of viewers."""
    calls = PoolCalls({"AdminDeleteUser": {}, "AdminGetUser": GONE, "ListUsersInGroup": {"Users": []}} | answers)
    (removal,) = Remover(calls.client, POOL_ID, ADA).remove([stay])
    return removal, calls


def test_a_user_whom_cognito_does_not_know_and_no_group_names_is_proven_gone() -> None:
    removal, _ = removed(ListUsersInGroup={"Users": [user("vera")]})
    assert removal == Removal(STAY, proven=True, why="Cognito knows no such user any more, viewers names it no more.")


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"AdminGetUser": {"Username": "x", "UserStatus": "CONFIRMED"}}, "Cognito still knows the user x."),
        ({"ListUsersInGroup": {"Users": [user("x")]}}, "The user is gone, but viewers still names it."),
        ({"ListUsersInGroup": {"Users": [user("sub", email="x")]}}, "The user is gone, but viewers still names it."),
        ({"ListUsersInGroup": failing("AccessDeniedException")}, "who is in viewers could not be read"),
        ({"AdminDeleteUser": failing("AccessDeniedException")}, "does not let the credential of this call"),
        ({"AdminGetUser": failing("AccessDeniedException")}, "does not let the credential of this call"),
        ({"AdminGetUser": failing("InternalErrorException", status=500)}, "service itself failed"),
    ],
)
def test_what_is_not_proven_says_why(answers: dict[str, Any], why: str) -> None:
    removal, _ = removed(**answers)
    assert not removal.proven
    assert why in removal.why


def test_one_that_was_never_made_is_gone() -> None:
    assert removed(AdminDeleteUser=GONE)[0].proven


def test_a_group_that_is_not_there_names_nobody() -> None:
    assert removed(ListUsersInGroup=failing("ResourceNotFoundException"))[0].proven


@pytest.mark.parametrize(
    ("pages", "read", "said"),
    [(PAGES, PAGES, "viewers names it no more."), (PAGES + 1, PAGES, "viewers names it no more as far as was read.")],
)
def test_a_huge_group_is_read_in_part_and_said_so(pages: int, read: int, said: str) -> None:
    def page(request: Any) -> Any:
        number = int(request.get("NextToken", "1"))
        return {"Users": [user(f"u{number}")], **({"NextToken": str(number + 1)} if number < pages else {})}

    removal, calls = removed(ListUsersInGroup=page)
    assert len(calls.requests("ListUsersInGroup")) == read
    assert removal.proven
    assert removal.why.endswith(said)


def test_what_goes_wrong_with_one_stops_no_other() -> None:
    def deleted(request: Any) -> Any:
        act: Callable[[Any], Any] = failing("AccessDeniedException") if request["Username"] == "x" else lambda _: {}
        return act(request)

    calls = PoolCalls({"AdminDeleteUser": deleted, "AdminGetUser": GONE})
    first, second = Remover(calls.client, POOL_ID, ADA).remove([Stay("x", "no-group"), Stay("y", "no-group")])
    assert (first.proven, second.proven) == (False, True)
