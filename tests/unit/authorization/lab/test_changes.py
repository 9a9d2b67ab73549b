"""Calls that change data: when they are sent, in which order, and how what they did is taken back."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.authorization.cells import CellId, Declaration, Progress, Verdict
from services.authorization.lab.result import Cleaning, Result
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Canary
from services.authorization.suite.saved import Safety, SavedOperation
from services.errors import NotPermitted, Unavailable
from services.graphql import Answer
from services.permissions import Place
from tests.stand_ins import ENVIRONMENT, Record
from tests.unit.authorization.lab import stage
from tests.unit.authorization.lab.stage import Api, declared, key, mutation, nobody, outcomes, plan, query, ran

DELETE = mutation("remove", "$id: ID!->id: $id")
CREATE = mutation("create", safety=Safety.FULL, captures={"id": "create.id"}, undo=DELETE)
READ = SavedOperation("read", "users", document="query ($id: ID!) { read(id: $id) { id } }", after=("create",))
REMOVE = replace(DELETE, safety=Safety.FULL, after=("create", "read"), harmless=True)
GRANTED = query("one")


class Table:
    """An API over a table: `refused` says who may not do what, `broken` what is done and never answered."""

    def __init__(self, refused: Mapping[str, str] | None = None, broken: str = "") -> None:
        self.things: dict[str, str] = {}
        self.refused, self.broken = refused or {}, broken
        self.count = 0
        self.lock = threading.Lock()
        self.api = Api(self.says)

    def says(self, who: str, what: str, variables: Mapping[str, Any]) -> Answer | Exception:
        if what in ("one", "__typename"):
            return stage.ONE
        if what in self.refused.get(who, "").split():
            return stage.answer({"data": {what: None}, "errors": [stage.refusal(what)]})
        with self.lock:
            if what == "create":
                self.count += 1
                made = f"thing-{self.count}"
                self.things[made] = who
            else:
                made = variables["id"]
                if made not in self.things:
                    return stage.answer({"data": {what: None}, "errors": [stage.fault(what)]})
                if what == "remove":
                    del self.things[made]
        if what == self.broken:
            return Unavailable("Could not reach the API", "No answer within 30 s", code="Timeout")
        return stage.answer({"data": {what: {"id": made}}})


def cleaned(result: Result) -> dict[str, Cleaning]:
    return {str(each.cell): each.state for each in result.cleanups}


def test_a_chain_runs_in_its_order_for_each_identity_and_leaves_nothing_behind() -> None:
    table = Table()
    result = ran(table.api, plan([GRANTED, CREATE, READ, REMOVE], [key("ada"), key("otto")]))
    assert set(outcomes(result).values()) == {Outcome.ALLOWED}
    for who in ("ada", "otto"):
        assert [what for asker, what in table.api.asked if asker == who][-3:] == ["create", "read", "remove"]
    assert table.things == {}
    # The chain's own delete did what the undo would have done.
    assert cleaned(result) == {f"{what} {who}": Cleaning.NOT_NEEDED for what in ("create", "remove")
                               for who in ("ada", "otto")}  # fmt: skip


def test_what_a_chain_does_not_delete_itself_is_undone_after_the_run() -> None:
    table = Table()
    result = ran(table.api, plan([GRANTED, CREATE, READ], [key("ada"), key("otto")]))
    assert table.things == {}
    assert cleaned(result) == {"create ada": Cleaning.DONE, "create otto": Cleaning.DONE}


def test_an_undo_that_its_maker_may_not_send_is_sent_as_the_reference_identity() -> None:
    table = Table(refused={"otto": "remove"})
    result = ran(table.api, plan([GRANTED, CREATE, READ], [key("ada"), key("otto")]))
    assert table.things == {}
    assert "was sent as ada" in next(each.why for each in result.cleanups if each.cell.identity == "otto")


def test_an_undo_that_nobody_may_send_has_failed_and_says_so() -> None:
    table = Table(refused={"ada": "remove"})
    result = ran(table.api, plan([GRANTED, CREATE], [key("ada")]))
    (cleanup,) = result.cleanups
    assert cleanup.state is Cleaning.FAILED
    assert "refused by rule" in cleanup.why
    assert "look at the data" in cleanup.why


def test_a_change_without_an_answer_is_reported_as_open() -> None:
    table = Table(broken="create")
    result = ran(table.api, plan([GRANTED, CREATE], [key("ada")]))
    (cleanup,) = result.cleanups
    assert (cleanup.state, outcomes(result)["create ada"]) == (Cleaning.FAILED, Outcome.NO_VERDICT)
    assert "open whether it changed data" in cleanup.why


def test_a_change_that_breaks_down_inside_is_reported_as_open() -> None:
    api = Api(lambda _, what, __: ValueError("?") if what == "create" else stage.ONE)
    result = ran(api, plan([GRANTED, CREATE], [key("ada")]))
    assert cleaned(result) == {"create ada": Cleaning.FAILED}


def test_an_undo_that_breaks_down_keeps_no_other_change_from_being_taken_back() -> None:
    table = Table()
    bad = replace(CREATE, id="bad", undo=replace(DELETE, document="no GraphQL at all {"))
    result = ran(table.api, plan([GRANTED, CREATE, bad], [key("ada")]))
    assert cleaned(result) == {"bad ada": Cleaning.FAILED, "create ada": Cleaning.DONE}
    assert len(table.things) == 1


def test_a_change_without_an_undo_is_reported_as_not_taken_back() -> None:
    result = ran(Table().api, plan([GRANTED, replace(CREATE, undo=None)], [key("ada")]))
    assert cleaned(result) == {"create ada": Cleaning.FAILED}


def test_a_refused_create_leaves_nothing_to_undo_and_nothing_to_read() -> None:
    table = Table(refused={"otto": "create"})
    result = ran(table.api, plan([GRANTED, CREATE, READ], [key("otto")]))
    assert result.cleanups == ()
    assert outcomes(result)["create otto"] is Outcome.REFUSED_BY_RULE
    seen = result.cells[CellId("read", "otto")]
    assert (seen.verdict.outcome, seen.progress) == (Outcome.NO_VERDICT, Progress.NOT_RUN)
    assert "create gave no id" in seen.why


def test_a_change_whose_answer_was_refused_below_its_root_may_have_happened_and_is_reported() -> None:
    emptied = stage.answer({"data": {"create": None}, "errors": [stage.refusal("create", "id")]})
    api = Api(lambda _, what, __: emptied if what == "create" else stage.ONE)
    (cleanup,) = ran(api, plan([GRANTED, CREATE], [key("ada")])).cleanups
    assert cleanup.state is Cleaning.FAILED
    assert "the undo needs id" in cleanup.why


def test_changes_are_undone_after_a_cancelled_run_too() -> None:
    table, reached, go_on = Table(), threading.Event(), threading.Event()
    says = table.says

    def slow(who: str, what: str, variables: Mapping[str, Any]) -> Answer | Exception:
        if what == "read":
            reached.set()
            go_on.wait(10)
        return says(who, what, variables)

    table.api.says = slow
    run = stage.start(table.api, plan([GRANTED, CREATE, READ, REMOVE], [key("ada")]))
    assert reached.wait(10)
    run.cancel()
    go_on.set()
    result = run.wait(10)
    assert table.things == {}
    assert cleaned(result) == {"create ada": Cleaning.DONE}
    assert result.cells[CellId("remove", "ada")].progress is Progress.NOT_RUN


def test_changes_are_undone_where_another_cell_breaks_down() -> None:
    table = Table()
    says = table.says
    table.api.says = lambda who, what, given: ValueError("?") if what == "read" else says(who, what, given)
    result = ran(table.api, plan([GRANTED, CREATE, READ], [key("ada")]))
    assert (table.things, cleaned(result)) == ({}, {"create ada": Cleaning.DONE})


def test_a_change_that_is_to_be_skipped_is_never_sent() -> None:
    table = Table()
    result = ran(table.api, plan([GRANTED, replace(CREATE, safety=Safety.SKIP)], [key("ada"), nobody()]))
    assert result.cells[CellId("create", "ada")].progress is Progress.NOT_RUN
    assert "create" not in {what for _, what in table.api.asked}


def test_by_default_a_change_is_skipped() -> None:
    table = Table()
    ran(table.api, plan([GRANTED, mutation("create")], [key("ada")], declared=declared(create__ada=stage.BY_MODE)))
    assert "create" not in {what for _, what in table.api.asked}


def predicted(*fields: str, outcome: Outcome = Outcome.REFUSED_BY_RULE) -> dict[CellId, Declaration]:
    granted = declared(one__ada=Outcome.ALLOWED)
    return {**granted, CellId("create", "ada"): Declaration(Verdict(outcome, frozenset(fields)), ())}


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        (predicted("create"), True),
        (predicted(outcome=Outcome.REFUSED_BY_MODE), True),
        (predicted(), True),
        (predicted("create.id"), False),
        (predicted(outcome=Outcome.ALLOWED), False),
        (predicted("create.id", outcome=Outcome.PARTIAL), False),
        (predicted(outcome=Outcome.FILTERED), False),
        ({CellId("create", "ada"): Declaration(None, ())}, False),
        ({}, False),
    ],
    ids=["root by rule", "by mode", "by policy", "child by rule", "allowed", "partial", "filtered", "none", "nothing"],
)
def test_refuse_only_is_sent_only_where_the_refusal_keeps_the_resolver_from_running(
    told: dict[CellId, Declaration], sent: bool
) -> None:
    table = Table(refused={"ada": "create"})
    ran(table.api, plan([GRANTED, replace(CREATE, safety=Safety.REFUSE_ONLY)], [key("ada")], declared=told))
    assert ("create" in {what for _, what in table.api.asked}) is sent


def test_a_refuse_only_change_that_is_let_in_all_the_same_is_undone() -> None:
    table = Table()
    operations = [GRANTED, query("two"), replace(CREATE, safety=Safety.REFUSE_ONLY)]
    result = ran(table.api, plan(operations[::2], [key("ada")], declared=predicted("create")))
    assert outcomes(result)["create ada"] is Outcome.ALLOWED
    assert (table.things, cleaned(result)) == ({}, {"create ada": Cleaning.DONE})


def test_a_change_is_not_sent_as_an_identity_whose_control_call_failed() -> None:
    table = Table(refused={"ada": "read"})
    named = {"ada": Canary(granted="look")}
    look = SavedOperation("look", "users", document="{ read }")
    result = ran(table.api, plan([look, CREATE], [key("ada")], canaries=named))
    assert "control call look had to be granted" in result.cells[CellId("create", "ada")].why
    assert "create" not in {what for _, what in table.api.asked}


def test_full_is_sent_to_production_only_with_its_name_typed() -> None:
    live = replace(ENVIRONMENT, name="live", production=True)
    table = Table()
    planned = plan([GRANTED, CREATE], [key("ada")], environment=live)
    for typed in ("", "Live", "test"):
        with pytest.raises(NotPermitted, match="live"):
            stage.start(table.api, planned, typed_name=typed)
    assert table.api.asked == []
    assert outcomes(ran(table.api, planned, typed_name="live"))["create ada"] is Outcome.ALLOWED
    ran(table.api, replace(planned, operations=(GRANTED, replace(CREATE, safety=Safety.REFUSE_ONLY))))


def test_production_asks_for_a_reason_and_the_record_keeps_it(record: Record) -> None:
    live = replace(ENVIRONMENT, name="live", production=True)
    operator = replace(stage.ADA, place=Place("live", production=True))
    table, planned = Table(), plan([GRANTED, CREATE], [key("ada")], environment=live)
    with pytest.raises(NotPermitted, match="reason"):
        stage.start(table.api, planned, typed_name="live", operator=operator)
    assert table.api.asked == []
    run = stage.start(table.api, planned, typed_name="live", operator=operator, reason="ticket 7")
    run.wait(10)
    run.rerun([CellId("create", "ada")])
    run.wait(10)
    assert [(act.begun.act, act.begun.reason) for act in record()] == [
        ("lab.run", "ticket 7"),
        ("lab.rerun", "ticket 7"),
    ]


def test_a_read_only_environment_lets_no_change_be_sent() -> None:
    reader = replace(stage.ADA, place=Place("live", read_only=True))
    table = Table()
    with pytest.raises(NotPermitted):
        stage.start(table.api, plan([GRANTED, CREATE], [key("ada")]), operator=reader)
    assert table.api.asked == []
    assert outcomes(ran(table.api, plan([GRANTED], [key("ada")]), operator=reader)) == {"one ada": Outcome.ALLOWED}


def test_a_run_is_recorded_once_with_what_it_may_change_and_what_it_took_back(record: Record) -> None:
    ran(Table().api, plan([GRANTED, CREATE], [key("ada")]))
    (act,) = record()
    assert (act.begun.act, act.begun.target, act.begun.who) == ("lab.run", "suite", "ada")
    assert act.begun.detail["changing"] == ["create"]
    assert act.ended
    assert act.ended.detail["cleanups"] == ["create ada: done"]
