"""Where nobody may be made: production, read-only environments, operators without the role."""

from dataclasses import replace

import pytest

from services.authorization.callers.cast import callers
from services.permissions import Operator, Place, Role
from services.settings import Environment
from tests.integration.casting import VIEWER, groups_in, stand_ins
from tests.integration.stage import ADA, Live
from tests.stand_ins import Record


def placed(live: Live, **flags: bool) -> tuple[Environment, Operator]:
    """The environment with other flags, and the operator in it."""
    environment = replace(live.app.environment, name="shop", **flags)
    return environment, replace(ADA, place=Place("shop", **flags))


@pytest.mark.parametrize(
    ("typed", "reason", "why"),
    [
        ("", "", "its name was not typed"),
        ("Shop", "a test", "its name was not typed"),
        ("shop", "", "production environment"),
    ],
)
def test_production_has_no_stand_in_without_its_name_typed_and_a_reason(
    live: Live, typed: str, reason: str, why: str, record: Record
) -> None:
    environment, operator = placed(live, production=True)
    app = replace(live.app, environment=environment)
    api = environment.api("modes")
    with callers(app, api, [VIEWER], operator=operator, typed_name=typed, reason=reason) as cast:
        assert stand_ins(live) == set()
        assert {str(caller.unavailable.why) for caller in cast.callers if caller.unavailable}.pop().find(why) >= 0
        assert all(caller.unavailable for caller in cast.callers)
    assert [act for act in record() if act.begun.act.startswith("stand-in")] == []


def test_production_has_stand_ins_when_its_name_is_typed_and_the_reason_is_recorded(live: Live, record: Record) -> None:
    environment, operator = placed(live, production=True)
    app = replace(live.app, environment=environment)
    with callers(
        app, environment.api("modes"), [VIEWER], operator=operator, typed_name="shop", reason="Release 7"
    ) as cast:
        assert groups_in(cast, "group:viewers/id") == ["viewers"]
    assert all(removal.proven for removal in cast.removals)
    acts = [act for act in record() if act.begun.act.startswith("stand-in")]
    assert [(act.begun.act, act.begun.reason, act.outcome) for act in acts] == [
        ("stand-in.make", "Release 7", "done"),
        ("stand-in.remove", "Release 7", "done"),
    ]


def test_a_read_only_environment_has_no_stand_in(live: Live) -> None:
    environment, operator = placed(live, read_only=True)
    app = replace(live.app, environment=environment)
    with callers(app, environment.api("modes"), [VIEWER], operator=operator, typed_name="shop") as cast:
        assert stand_ins(live) == set()
        assert all(caller.unavailable and "read-only" in caller.unavailable.why for caller in cast.callers)


def test_an_operator_without_the_role_runs_nothing(live: Live) -> None:
    nobody = Operator("otto", "o", (), Role.NONE)
    with (
        pytest.raises(Exception, match="may not run calls"),
        callers(live.app, live.app.environment.api("modes"), operator=nobody),
    ):
        pass
