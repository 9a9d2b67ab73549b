"""Making and removing stand-ins: what is asked of Cognito, and what comes of its refusals."""

import atexit
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.authorization.callers.lease import PREFIX, Lease, lease_in
from services.authorization.callers.pool_shape import PoolShape
from services.authorization.callers.processes import Process
from services.authorization.callers.signed_in import SignedIn
from services.authorization.callers.stand_ins import Part, SignsIn, StandIns
from services.errors import GatehouseError, NotPermitted
from services.password_policy import PasswordPolicy
from services.permissions import Operator, Place, Role
from services.secret import Secret
from services.sign_in_challenges import Challenge, SetUpRequired
from services.tokens import Tokens
from tests.stand_ins import ENVIRONMENT, NOON, Clock, Pool, Record
from tests.unit.pool_calls import PoolCalls, failing, user

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)
OPEN = PoolShape(names_are_emails=False, no_stand_in="", required=(), passwords=PasswordPolicy())
BY_ADDRESS = replace(OPEN, names_are_emails=True)
GONE = failing("UserNotFoundException")
MAKES = {"AdminCreateUser": {"User": user("x")}, "AdminSetUserPassword": {}, "AdminAddUserToGroup": {}}
REMOVES = {"AdminDeleteUser": {}, "AdminGetUser": GONE, "ListUsersInGroup": {"Users": []}}
VIEWER = Part("group:viewers", ("viewers",))


class Door:
    """A user pool's sign-in: everybody comes in with the groups that are laid down."""

    def __init__(self, *groups: str, challenge: Challenge | None = None) -> None:
        self.groups, self.challenge = groups, challenge
        self.passwords: list[Secret] = []

    def start(self, username: str, password: Secret) -> Challenge | Tokens:
        assert username.startswith(PREFIX)
        self.passwords.append(password)
        return self.challenge or Pool().tokens(**{"cognito:groups": list(self.groups)})

    def identify(self, _: Tokens) -> Operator:
        return Operator("stand-in", "9999", self.groups, Role.NONE)


def renew(tokens: Tokens) -> Tokens:
    return tokens


def house(calls: PoolCalls, door: Door, **flags: Any) -> StandIns:
    """Stand-ins of an environment with these flags."""
    typed, reason = flags.pop("typed_name", ""), flags.pop("reason", "")
    environment = replace(ENVIRONMENT, **flags)
    operator = replace(ADA, place=Place(environment.name, **flags))
    entrance = SignsIn(door, door.identify, renew)
    return StandIns(
        calls.client, environment, entrance, operator=operator, now=Clock(), typed_name=typed, reason=reason
    )


def made(calls: PoolCalls, door: Door, part: Part = VIEWER, shape: PoolShape = OPEN) -> SignedIn | GatehouseError:
    """The one stand-in, and it is removed again."""
    stand_ins = house(calls, door)
    (found,) = stand_ins.make([part], shape)
    stand_ins.remove()
    return found


def test_a_stand_in_is_made_without_a_message_given_a_password_for_good_and_put_into_its_groups(
    record: Record,
) -> None:
    calls, door = PoolCalls(MAKES | REMOVES), Door("a", "b")
    found = made(calls, door, Part("person:vera", ("a", "b")))
    assert isinstance(found, SignedIn)
    assert found.operator.groups == ("a", "b")
    (create,), (password,) = calls.requests("AdminCreateUser"), calls.requests("AdminSetUserPassword")
    assert create["MessageAction"] == "SUPPRESS"
    assert "TemporaryPassword" not in create
    assert password["Permanent"] is True
    assert password["Password"] == door.passwords[0].reveal()
    assert {each["GroupName"] for each in calls.requests("AdminAddUserToGroup")} == {"a", "b"}
    assert {each["Username"] for _, each in calls.asked if "Username" in each} == {create["Username"]}
    acts = record()
    assert [act.begun.act for act in acts] == ["stand-in.make", "column.add", "stand-in.remove"]
    assert acts[0].begun.detail == {"for": "person:vera", "groups": ["a", "b"]}
    assert password["Password"] not in repr(acts)


def test_several_have_names_of_their_own() -> None:
    calls = PoolCalls(MAKES | REMOVES)
    stand_ins = house(calls, Door())
    stand_ins.make([Part("no-group", ())] * 5, OPEN)
    assert len({each["Username"] for each in calls.requests("AdminCreateUser")}) == 5
    assert len(stand_ins.remove()) == 5


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("UserLambdaValidationException", "function of the user pool"),
        ("AccessDeniedException", "does not let the credential of this call"),
        ("InvalidParameterException", "no such attribute"),
    ],
)
def test_a_pool_that_refuses_the_user_is_told_and_nothing_is_left_to_remove(code: str, why: str) -> None:
    calls = PoolCalls({"AdminCreateUser": failing(code, "no such attribute")})
    stand_ins = house(calls, Door("viewers"))
    (found,) = stand_ins.make([VIEWER], OPEN)
    assert isinstance(found, GatehouseError)
    assert why in found.why
    assert stand_ins.remove() == ()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"AdminCreateUser": failing("InternalErrorException", status=500)}, "service itself failed"),
        ({"AdminSetUserPassword": failing("InvalidPasswordException")}, "pool's policy"),
        ({"AdminAddUserToGroup": failing("ResourceNotFoundException")}, "group does not exist"),
    ],
)
def test_one_that_was_made_in_part_or_perhaps_is_removed_all_the_same(broken: dict[str, Any], why: str) -> None:
    calls = PoolCalls(MAKES | REMOVES | broken)
    found = made(calls, Door("viewers"))
    assert isinstance(found, GatehouseError)
    assert why in found.why
    assert [each["Username"] for each in calls.requests("AdminDeleteUser")] == [
        each["Username"] for each in calls.requests("AdminCreateUser")
    ]


def test_a_sign_in_that_asks_for_more_is_told() -> None:
    found = made(PoolCalls(MAKES | REMOVES), Door("viewers", challenge=SetUpRequired("x", Secret("s"), ())))
    assert isinstance(found, GatehouseError)
    assert "Cognito asks for" in found.why


def test_a_token_that_names_other_groups_makes_no_stand_in() -> None:
    found = made(PoolCalls(MAKES | REMOVES), Door("viewers", "everybody"))
    assert isinstance(found, GatehouseError)
    assert "other groups" in found.why


def test_one_failure_stops_no_other() -> None:
    def created(request: Any) -> Any:
        if len(calls.requests("AdminCreateUser")) == 1:
            return failing("AccessDeniedException")(request)
        return {"User": user("x")}

    calls = PoolCalls(MAKES | REMOVES | {"AdminCreateUser": created})
    stand_ins = house(calls, Door("viewers"))
    found = stand_ins.make([VIEWER, VIEWER, VIEWER], OPEN)
    assert sum(isinstance(each, SignedIn) for each in found) == 2
    assert len(stand_ins.remove()) == 2


@pytest.mark.parametrize(
    "flags",
    [
        {"production": True},
        {"production": True, "typed_name": "Test"},
        {"production": True, "typed_name": "tes", "reason": "a release"},
        {"read_only": True, "typed_name": "test", "reason": "a release"},
    ],
)
def test_where_nobody_may_be_made_nothing_is_asked_of_the_pool(flags: dict[str, Any]) -> None:
    calls = PoolCalls()
    stand_ins = house(calls, Door(), **flags)
    for act in (lambda: stand_ins.make([VIEWER], OPEN), lambda: stand_ins.sweep(OPEN)):
        with pytest.raises(NotPermitted):
            act()
    assert (stand_ins.remove(), calls.asked) == ((), [])


def test_an_operator_without_the_permission_makes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.permissions.GRANTS", {Role.ADMIN: frozenset()})
    calls = PoolCalls()
    with pytest.raises(NotPermitted, match="stand in"):
        house(calls, Door()).make([VIEWER], OPEN)
    assert calls.asked == []


def test_production_with_its_name_typed_records_the_reason_of_making_and_removing(record: Record) -> None:
    stand_ins = house(PoolCalls(MAKES | REMOVES), Door("viewers"), production=True, typed_name="test", reason="R 7")
    stand_ins.make([VIEWER], OPEN)
    stand_ins.remove()
    told = {act.begun.act: act.begun.reason for act in record()}
    assert (told["stand-in.make"], told["stand-in.remove"]) == ("R 7", "R 7")


def test_a_process_that_ends_in_the_middle_removes_its_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[Callable[[], object]] = []
    monkeypatch.setattr(atexit, "register", at_exit.append)
    calls = PoolCalls(MAKES | REMOVES)
    house(calls, Door("viewers")).make([VIEWER], OPEN)
    at_exit[0]()
    assert len(calls.requests("AdminDeleteUser")) == 1


# --- what killed runs left behind -------------------------------------------------------------------------------------

DEAD = Lease.begin(Process("0" * 8, 1, "0" * 8), NOON.replace(hour=1)).new_name()
LIVE = Lease.begin(Process("0" * 8, 1, "0" * 8), NOON).new_name()


def test_only_what_nobody_can_be_using_is_swept() -> None:
    found = [user(DEAD), user(LIVE), user("gatehouse-stand-in-of-somebody"), user(PREFIX)]
    calls = PoolCalls({"ListUsers": {"Users": found}} | REMOVES)
    (removal,) = house(calls, Door()).sweep(OPEN)
    assert (removal.stay.username, removal.proven) == (DEAD, True)
    assert calls.requests("ListUsers")[0]["Filter"] == 'username ^= "gatehouse-stand-in-"'
    assert [each["Username"] for each in calls.requests("AdminDeleteUser")] == [DEAD]


def test_every_page_of_leftovers_is_read() -> None:
    def listed(request: Any) -> Any:
        if "PaginationToken" in request:
            return {"Users": [user(DEAD)]}
        return {"Users": [user("somebody")], "PaginationToken": "more"}

    calls = PoolCalls({"ListUsers": listed} | REMOVES)
    assert len(house(calls, Door()).sweep(OPEN)) == 1


def test_in_a_pool_of_addresses_leftovers_are_found_by_their_address() -> None:
    dead, live = (user(name, email=f"{lease}@stand-in.invalid") for name, lease in (("sub-1", DEAD), ("sub-2", LIVE)))
    foreign = user("sub-3", email=f"{DEAD}@example.com")
    calls = PoolCalls({"ListUsers": {"Users": [dead, live, foreign]}} | REMOVES)
    (removal,) = house(calls, Door()).sweep(BY_ADDRESS)
    assert removal.stay.username == "sub-1"
    assert calls.requests("ListUsers")[0]["Filter"].startswith("email ^= ")


def test_a_stand_in_is_no_leftover_of_its_own_run() -> None:
    calls = PoolCalls(MAKES | REMOVES)
    stand_ins = house(calls, Door("viewers"))
    stand_ins.make([VIEWER], OPEN)
    name = calls.requests("AdminCreateUser")[0]["Username"]
    assert lease_in(name)
    calls.answers = {**calls.answers, "ListUsers": {"Users": [user(name)]}}
    assert stand_ins.sweep(OPEN) == ()
    stand_ins.remove()
