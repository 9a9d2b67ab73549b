"""Runs of operations by identities against a running local cloud, also while it throttles, fails, stalls or resets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.authorization.callers.caller import Caller
from services.authorization.callers.cast import callers
from services.authorization.cells import CellId, Declaration, Observation, Progress
from services.authorization.declared.predict import predict
from services.authorization.declared.reading import read_declared
from services.authorization.lab.doors import Doors
from services.authorization.lab.job import LabRun
from services.authorization.lab.plan import Plan
from services.authorization.lab.result import REFUSED, Result
from services.authorization.operations import examples_for
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import IdentityChoice, IdentityKind, Limits
from services.authorization.suite.rest import RestApi
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import Safety, SavedOperation
from services.credentials import Token
from tests.contract.faults import faults
from tests.integration.stage import ADA, Live

QUERIES = tuple(
    SavedOperation(example.id, "modes", document=example.document)
    for example in examples_for("modes")
    if example.document.startswith("query")
)
ECHO = SavedOperation("echo", "modes", document="mutation ($text: String!) { echo(text: $text) }",
                      variables={"text": "hello"}, harmless=True)  # fmt: skip
CHOICES = (
    IdentityChoice(IdentityKind.NOBODY),
    IdentityChoice(IdentityKind.API_KEY),
    IdentityChoice(IdentityKind.GUEST),
    IdentityChoice(IdentityKind.STAND_IN, groups=("admins",)),
    IdentityChoice(IdentityKind.STAND_IN),
    IdentityChoice(IdentityKind.BROKEN),
)
Declared = Mapping[CellId, Declaration]


@pytest.fixture(scope="module")
def cast(live: Live) -> Iterator[tuple[Caller, ...]]:
    """Everybody who calls."""
    with callers(live.app, live.app.environment.api("modes"), CHOICES, operator=ADA) as found:
        yield found.callers


@pytest.fixture(scope="module")
def declared(live: Live, cast: tuple[Caller, ...]) -> Declared:
    """What each cell has to show."""
    read = read_declared(live.app.clients, live.app.environment.api("modes"), live.app.environment)
    return {
        CellId(operation.id, caller.id): predict(read, operation, caller.facts, caller.id)
        for operation in (*QUERIES, ECHO)
        for caller in cast
    }


def planned(live: Live, cast: tuple[Caller, ...], declared: Declared, *operations: SavedOperation, **more: Any) -> Plan:
    environment = live.app.environment
    made = Plan("modes", environment.api("modes"), environment, operations or QUERIES, cast, declared)
    return replace(made, **more)


def start(live: Live, plan: Plan) -> LabRun:
    environment = live.app.environment
    doors = Doors(plan.api, live.app.clients.apis["modes"], RestApi(environment.rest_api_url, environment.region))
    return LabRun.start(plan, doors, live.app.identify.keys.for_key, operator=ADA)


def ran(live: Live, plan: Plan) -> Result:
    return start(live, plan).wait(120)


def by_outcome(result: Result, outcome: Outcome) -> set[CellId]:
    return {cell for cell, seen in result.cells.items() if seen.verdict.outcome is outcome}


def of(result: Result, identity: str) -> list[Observation]:
    return [seen for cell, seen in result.cells.items() if cell.identity == identity]


def test_every_cell_shows_what_is_declared(live: Live, cast: tuple[Caller, ...], declared: Declared) -> None:
    result = ran(live, planned(live, cast, declared))
    # An expired token can't be made, so its column says that it wasn't had; all others are proven.
    unproven = {cell.identity for cell in by_outcome(result, Outcome.NO_VERDICT)}
    assert unproven <= {"broken:expired"}
    assert {identity for identity, canary in result.canaries.items() if not canary.passed} <= {"broken:expired"}
    told = {
        cell: (seen.verdict.outcome, seen.verdict.refused)
        for cell, seen in result.cells.items()
        if seen.verdict.outcome.is_evidence
    }
    foretold = {
        cell: (each.verdict.outcome, each.verdict.refused)
        for cell in told
        if (each := declared[cell]) and each.verdict is not None
    }
    assert {cell: told[cell] for cell in foretold} == foretold
    assert len(foretold) > 100


def test_spoilt_credentials_are_refused_everywhere_and_their_controls_let_in(
    live: Live, cast: tuple[Caller, ...], declared: Declared
) -> None:
    result = ran(live, planned(live, cast, declared))
    for caller in cast:
        if caller.facts.good or caller.unavailable:
            continue
        assert {seen.verdict.outcome for seen in of(result, caller.id)} == {Outcome.REFUSED_BY_MODE}
        assert result.canaries[caller.id].control == caller.control
        assert result.canaries[caller.control].granted


def test_a_dead_token_makes_its_column_no_verdict_and_nobody_elses(
    live: Live, cast: tuple[Caller, ...], declared: Declared
) -> None:
    mine = next(caller for caller in cast if caller.id == "group:admins/id")
    sent = mine.identity.credentials()
    assert isinstance(sent, Token)
    dead = replace(mine, identity=replace(mine.identity, credentials=lambda: Token(type(sent.token)("da2-dead"))))
    others = tuple(caller for caller in cast if caller.id in ("group:admins/access", "nobody"))
    result = ran(live, planned(live, (dead, *others), declared))
    assert {seen.verdict.outcome for seen in of(result, "group:admins/id")} == {Outcome.NO_VERDICT}
    assert all("control call" in seen.why for seen in of(result, "group:admins/id"))
    assert Outcome.ALLOWED in {seen.verdict.outcome for seen in of(result, "group:admins/access")}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "throttling"}, "too many requests"),
        ({"kind": "error"}, "service itself failed"),
        ({"kind": "error", "status": 503}, "service itself failed"),
        ({"kind": "reset"}, "broke off"),
        ({"kind": "latency", "seconds": 3}, "No answer within 1 s"),
    ],
    ids=["throttled", "500", "503", "reset", "timeout"],
)
def test_an_api_that_breaks_down_refuses_nobody_and_lets_nobody_in(  # noqa: PLR0917
    live: Live, cast: tuple[Caller, ...], declared: Declared, fault: dict[str, Any], told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("services.authorization.lab.pace._FIRST_PAUSE", 0.001)
    few = tuple(caller for caller in cast if caller.id in ("nobody", "api-key", "group:admins/id"))
    limits = Limits(timeout=1) if fault["kind"] == "latency" else Limits()
    plan = planned(live, few, declared, *QUERIES[:4], limits=limits)
    service = {} if fault["kind"] == "reset" else {"service": "graphql"}
    for caller in few:
        caller.identity.credentials()  # had before the API breaks down
    with faults(live.cloud, {**fault, **service}):
        result = ran(live, plan)
    assert by_outcome(result, Outcome.NO_VERDICT) == set(result.cells)
    nobody = [seen.why for seen in of(result, "nobody")]
    assert all(told in why for why in nobody), nobody


def test_a_call_that_is_throttled_for_a_moment_is_made_all_the_same(
    live: Live, cast: tuple[Caller, ...], declared: Declared
) -> None:
    few = tuple(caller for caller in cast if caller.id == "api-key")
    with faults(live.cloud, {"kind": "throttling", "service": "graphql", "count": 2}):
        result = ran(live, planned(live, few, declared, *QUERIES[:2]))
    assert by_outcome(result, Outcome.NO_VERDICT) == set()


def test_a_cancelled_run_ends_at_once_and_what_was_not_sent_can_be_sent_later(
    live: Live, cast: tuple[Caller, ...], declared: Declared
) -> None:
    few = tuple(caller for caller in cast if caller.id == "api-key")
    with faults(live.cloud, {"kind": "latency", "seconds": 3, "service": "graphql"}):
        run = start(live, planned(live, few, declared, limits=Limits(at_once=1)))
        run.cancel()
        stopped = run.wait(60)
    left = [cell for cell, seen in stopped.cells.items() if seen.progress is Progress.NOT_RUN]
    assert len(left) >= len(QUERIES) - 1
    run.rerun(left)
    assert run.wait(60).ran == len(QUERIES)


def test_a_change_is_sent_only_as_those_who_are_declared_to_be_turned_away(
    live: Live, cast: tuple[Caller, ...], declared: Declared
) -> None:
    few = tuple(caller for caller in cast if caller.id in ("nobody", "api-key", "guest/iam", "group:admins/id"))
    result = ran(live, planned(live, few, declared, *QUERIES, replace(ECHO, safety=Safety.REFUSE_ONLY)))
    seen = {cell.identity: each for cell, each in result.cells.items() if cell.operation == "echo"}
    assert {identity for identity, each in seen.items() if each.progress is Progress.DONE} == {"nobody", "guest/iam"}
    assert {seen[identity].verdict.outcome for identity in ("nobody", "guest/iam")} <= REFUSED
    assert result.cleanups == ()


def test_a_rest_request_stands_beside_the_operations(live: Live, cast: tuple[Caller, ...], declared: Declared) -> None:
    hello = SavedOperation("hello", "modes", rest=RestRequest("GET", "hello"))
    few = tuple(caller for caller in cast if caller.id in ("nobody", "group:admins/id", "no-group/id"))
    result = ran(live, planned(live, few, declared, *QUERIES, hello))
    found = {cell.identity: seen.verdict.outcome for cell, seen in result.cells.items() if cell.operation == "hello"}
    assert found["nobody"] is Outcome.REFUSED_BY_MODE
    assert found["group:admins/id"] is Outcome.ALLOWED
    assert found["no-group/id"] in REFUSED
