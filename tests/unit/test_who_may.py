"""Who may do what when the services are called directly, past every page: each act by each role.

The acts are found by looking: a function that takes an operator and has no row here fails the test.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any
from unittest.mock import MagicMock

import pytest

import services
from services import users_api
from services.authorization import accepting, people, run
from services.authorization.callers import cast, leave
from services.authorization.examination import prepare
from services.authorization.examining import Examining
from services.authorization.lab.job import LabRun
from services.directory import Directory
from services.errors import NotPermitted
from services.group_members import GroupMembers
from services.group_values import GroupDraft
from services.groups import Groups
from services.passwords import Passwords
from services.permissions import Operator, Place
from services.record import reading
from services.secret import Secret
from services.users_api import Caller, Mode
from tests import who_may
from tests.stand_ins import ENVIRONMENT
from tests.unit.people import ADA, OTTO, VERA, someone

PLACE = Place("test")
VISITOR: Any = None  # an operator is made of verified tokens alone
ROLES: dict[str, Operator] = {
    "visitor": VISITOR,
    "no group": replace(OTTO, place=PLACE),
    "viewer": replace(VERA, place=PLACE),
    "admin": replace(ADA, place=PLACE),
    "admin, read-only environment": replace(ADA, place=Place("test", read_only=True)),
    "admin, production, no reason": replace(ADA, place=Place("test", production=True)),
}
VIEWERS = {"viewer", *(each for each in ROLES if each.startswith("admin"))}
ADMINS = VIEWERS - {"viewer"}
ADMINS_WHO_MAY_CHANGE = {"admin"}


class ReachedError(Exception):
    """The act has got past the question who asks, as far as AWS."""


class Aws:
    """AWS, as far as it matters here: whoever gets to call it was let in."""

    def __getattr__(self, name: str) -> Any:
        raise ReachedError(name)


AWS: Any = Aws()
GROUPS, MEMBERS = Groups(AWS, "pool", "admins"), GroupMembers(AWS, "pool", "admins")
DIRECTORY, PASSWORDS = Directory(AWS, "pool"), Passwords(AWS, "pool")
DRAFT = GroupDraft("", None, "")
API = ENVIRONMENT.apis[0]
BEA = someone()


def operation(*, changes_data: bool) -> Any:
    made = MagicMock(changes_data=changes_data)
    made.name = "Echo"
    return made


def plan(*, changes: bool) -> Any:
    made = MagicMock(changes=changes)
    made.check.side_effect = ReachedError
    return made


def application() -> Any:
    """Services of which only the user pool is asked for."""
    made = MagicMock(clients=AWS)
    made.environment.read_only = made.environment.production = False
    made.environment.admin_group = "admins"
    return made


def prepared() -> Any:
    """A suite of which nothing but the reading of it can succeed."""
    made = MagicMock(application=application())
    made.suite = AWS
    return made


def examined(who: Operator) -> object:
    return Examining.start(prepared(), MagicMock(), operator=who).wait()


# What each act is called with, and who gets past the question.
ACTS: dict[str, tuple[Callable[[Operator], object], set[str]]] = {
    "users_api.list_users": (
        lambda who: users_api.list_users(AWS, Caller(who, MagicMock(), None, None), Mode.ID_TOKEN, 5),
        VIEWERS,
    ),
    "directory.Directory.find": (lambda who: DIRECTORY.find(who, "b"), VIEWERS),
    "directory.Directory.get": (lambda who: DIRECTORY.get(who, "bea"), VIEWERS),
    "groups.Groups.list": (GROUPS.list, VIEWERS),
    "groups.Groups.get": (lambda who: GROUPS.get(who, "testers"), VIEWERS),
    "groups.Groups.create": (lambda who: GROUPS.create(who, "testers", DRAFT), ADMINS_WHO_MAY_CHANGE),
    "groups.Groups.update": (lambda who: GROUPS.update(who, "testers", DRAFT), ADMINS_WHO_MAY_CHANGE),
    "groups.Groups.delete": (lambda who: GROUPS.delete(who, "testers", "testers"), ADMINS_WHO_MAY_CHANGE),
    "group_members.GroupMembers.page": (lambda who: MEMBERS.page(who, "testers", 10), VIEWERS),
    "group_members.GroupMembers.add": (lambda who: MEMBERS.add(who, "testers", [BEA]), ADMINS_WHO_MAY_CHANGE),
    "group_members.GroupMembers.remove": (lambda who: MEMBERS.remove(who, "testers", [BEA]), ADMINS_WHO_MAY_CHANGE),
    "passwords.Passwords.rules": (PASSWORDS.rules, VIEWERS),
    "passwords.Passwords.set": (
        lambda who: PASSWORDS.set(who, BEA, Secret("Correct-horse-9"), permanent=True),
        ADMINS_WHO_MAY_CHANGE,
    ),
    "passwords.Passwords.send_code": (
        lambda who: PASSWORDS.send_code(
            who, someone(email="bea@example.com", email_verified="true"), ("verified_email",)
        ),
        ADMINS_WHO_MAY_CHANGE,
    ),
    "authorization.people.sign_in_person": (
        lambda who: people.sign_in_person(AWS, AWS, "bea", Secret("x"), operator=who),
        VIEWERS,
    ),
    "authorization.run.start_run": (
        lambda who: run.start_run(AWS, API, operation(changes_data=False), (), operator=who),
        VIEWERS,
    ),
    "authorization.run.start_run, a mutation": (
        lambda who: run.start_run(AWS, API, operation(changes_data=True), (), operator=who).wait(),
        ADMINS_WHO_MAY_CHANGE,
    ),
    "authorization.run.run": (
        lambda who: run.run(AWS, API, operation(changes_data=True), (), operator=who),
        ADMINS_WHO_MAY_CHANGE,
    ),
    "authorization.lab.job.LabRun.start": (
        lambda who: LabRun.start(plan(changes=False), AWS, AWS, operator=who),
        VIEWERS,
    ),
    "authorization.lab.job.LabRun.start, a mutation": (
        lambda who: LabRun.start(plan(changes=True), AWS, AWS, operator=who),
        ADMINS,  # whether the place allows it is asked of the plan, and by the record of acts
    ),
    "authorization.callers.cast.callers": (
        lambda who: cast.callers(application(), MagicMock(), operator=who).__enter__(),
        VIEWERS,
    ),
    "authorization.callers.leave.check_leave": (
        lambda who: leave.check_leave(application().environment, who, ""),
        ADMINS,  # the environment itself says whether it is read-only or production
    ),
    "authorization.examination.prepare": (lambda who: prepare(application(), MagicMock(), operator=who), VIEWERS),
    "authorization.examining.Examining.start": (examined, VIEWERS),
    "authorization.accepting.accept": (
        lambda who: accepting.accept(prepared(), {}, "because", "ada", operator=who),
        ADMINS,
    ),
    "authorization.accepting.put_aside": (
        lambda who: accepting.put_aside(prepared(), MagicMock(), "because", "ada", operator=who),
        ADMINS,
    ),
    "record.reading.read": (lambda who: reading.read(AWS, who), VIEWERS),
    "record.reading.acts_on": (lambda who: reading.acts_on(AWS, who, "bea"), VIEWERS),
    "record.reading.check": (lambda who: reading.check(AWS, who), VIEWERS),
}
NO_ACTS = {
    "permissions.may": "the question itself",
    "permissions.check": "the question itself",
    "lockout.Lockout.check_before": "asks, for an act that has a row, who would be left",
    "audit.recorded": "records what is done inside of it, and asks the place alone",
    "authorization.callers.offered.offered": "reads groups by Groups.list, and lists what was refused",
    "authorization.examination.conclude": "computes from a run that its caller has already",
}


def taking_an_operator() -> Iterator[str]:
    """Every public function and method of the services that takes an operator, or a caller who is one."""
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if module.name.endswith("__main__"):
            continue
        found = importlib.import_module(module.name)
        for name, each in vars(found).items():
            if name.startswith("_") or getattr(each, "__module__", None) != module.name:
                continue
            own = [(name, each)] if inspect.isfunction(each) else []
            methods = vars(each).items() if inspect.isclass(each) else ()
            own += [(f"{name}.{key}", getattr(value, "__func__", value)) for key, value in methods if key[0] != "_"]
            for qualified, function in own:
                if inspect.isfunction(function) and _takes_operator(function):
                    yield f"{module.name.removeprefix('services.')}.{qualified}"


def _takes_operator(function: Callable[..., object]) -> bool:
    annotations = [str(each.annotation) for each in inspect.signature(function).parameters.values()]
    return any(
        "permissions.Operator" in each or "users_api.Caller" in each or each == "Operator" for each in annotations
    )


def outcome(act: Callable[[Operator], object], who: Operator) -> str:
    """What somebody gets: refused by the service itself, or let in, whatever comes of it then."""
    try:
        done = act(who)
    except NotPermitted:
        return "refused"
    except AttributeError:
        return "let in" if who else "refused"  # nobody has no role, and no place
    except Exception:  # noqa: BLE001
        return "let in"
    changes = done if isinstance(done, tuple) else ()
    return "refused" if any(isinstance(each.error, NotPermitted) for each in changes) else "let in"


def test_every_act_of_the_services_has_a_row() -> None:
    assert set(taking_an_operator()) == {name.partition(",")[0] for name in chain(ACTS, NO_ACTS)}


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, str]]:
    """What everybody gets of every act; kept for the report."""
    found = {name: {role: outcome(act, who) for role, who in ROLES.items()} for name, (act, _) in ACTS.items()}
    who_may.write("act of the services", found)
    return found


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_done_for_those_alone_who_may(name: str, table: dict[str, dict[str, str]]) -> None:
    let_in = {role for role, got in table[name].items() if got == "let in"}
    assert let_in == ACTS[name][1]
