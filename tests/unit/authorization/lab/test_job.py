"""A run while it is under way: what is seen of it, cancelling it, and running parts of it again."""

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.authorization.cells import CellId, Progress
from services.authorization.lab.job import LabRun
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Canary, Limits
from services.authorization.suite.saved import Safety
from services.credentials import ApiKey, Credentials
from services.errors import Invalid, NotPermitted
from services.graphql import Answer
from services.permissions import Operator, Role
from services.secret import Secret
from tests.unit.authorization.lab import stage
from tests.unit.authorization.lab.stage import Api, declared, key, mutation, outcomes, plan, query, ran, start

QUERIES = [query(f"q{number}") for number in range(6)]


class Gated(Api):
    """An API that answers only as many calls as it was allowed to."""

    def __init__(self) -> None:
        super().__init__(lambda *_: stage.ONE)
        self.turns = threading.Semaphore(0)

    def call(self, *args: object, **named: object) -> Answer:
        found = super().call(*args, **named)
        assert self.turns.acquire(timeout=20)
        return found

    def let(self, calls: int) -> None:
        self.turns.release(calls)


def until(holds: Callable[[], bool]) -> None:
    """Return once it does."""
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.002)


def one_by_one(run_with: Api, **more: object) -> LabRun:
    return start(run_with, plan(QUERIES, [key("ada")], limits=Limits(at_once=2), canaries={"ada": Canary("q0")}))


def test_a_snapshot_shows_each_cell_as_soon_as_it_has_come_to_an_end() -> None:
    api = Gated()
    run = one_by_one(api)
    until(lambda: run.snapshot().counts[Progress.RUNNING] == 2)
    before = run.snapshot()
    assert (before.running, before.cells, before.activity, before.share) == (True, {}, "Calling", 0)
    api.let(1)
    until(lambda: run.snapshot().counts[Progress.DONE] == 1)
    (cell,) = run.snapshot().cells
    assert run.snapshot().states[cell] is Progress.DONE
    with pytest.raises(TimeoutError):
        run.wait(0.01)
    api.let(5)
    assert run.wait(10).ran == 6
    after = run.snapshot()
    assert (after.running, after.share, after.activity, len(after.cells)) == (False, 1, "", 6)


def test_no_more_calls_are_under_way_than_the_limit_says() -> None:
    api = Gated()
    run = one_by_one(api)
    until(lambda: len(api.asked) == 2)
    time.sleep(0.05)
    assert len(api.asked) == 2
    api.let(6)
    run.wait(10)


def test_calls_leave_no_faster_than_the_limit_says() -> None:
    api = Api(lambda *_: stage.ONE)
    began = time.monotonic()
    ran(api, plan(QUERIES, [key("ada")], limits=Limits(per_second=50), canaries={"ada": Canary("q0")}))
    assert time.monotonic() - began >= 5 / 50


def test_cancelling_leaves_what_waits_not_run_and_lets_what_is_under_way_end() -> None:
    api = Gated()
    run = one_by_one(api)
    until(lambda: len(api.asked) == 2)
    run.cancel()
    stopped = run.snapshot()
    assert (stopped.counts[Progress.NOT_RUN], stopped.counts[Progress.RUNNING], stopped.cancelled) == (4, 2, True)
    api.let(2)
    result = run.wait(10)
    assert (result.ran, result.cancelled, len(api.asked)) == (2, True, 2)
    left = [seen for seen in result.cells.values() if seen.progress is Progress.NOT_RUN]
    assert {seen.verdict.outcome for seen in left} == {Outcome.NO_VERDICT}
    assert all("cancelled" in seen.why for seen in left)


def test_cancelling_ends_waiting_for_the_pace_at_once() -> None:
    api = Api(lambda *_: stage.ONE)
    run = start(api, plan(QUERIES, [key("ada")], limits=Limits(per_second=0.01), canaries={"ada": Canary("q0")}))
    until(lambda: len(api.asked) == 1)
    run.cancel()
    assert run.wait(10).ran == 1


def test_cancelling_ends_the_pause_of_a_throttled_call_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.authorization.lab.pace._FIRST_PAUSE", 60)
    monkeypatch.setattr("services.authorization.lab.pace._LONGEST_PAUSE", 60)
    api = Api(lambda *_: stage.THROTTLED)
    run = start(api, plan([query("one")], [key("ada")], canaries={"ada": Canary("one")}))
    until(lambda: len(api.asked) == 1)
    run.cancel()
    assert run.wait(10).cells[CellId("one", "ada")].progress is Progress.NOT_RUN


def test_cancelling_a_run_that_has_ended_changes_nothing() -> None:
    run = start(Api(lambda *_: stage.ONE), plan(QUERIES, [key("ada")]))
    before = run.wait(10)
    run.cancel()
    assert run.wait(10) == before
    assert not run.snapshot().cancelled


def test_a_cell_that_is_run_again_shows_the_new_answer_and_keeps_the_old_one_in_its_history() -> None:
    replies = {"q1": stage.BROKEN}
    api = Api(lambda _, what, __: replies.get(what, stage.ONE))
    run = start(api, plan(QUERIES, [key("ada")], canaries={"ada": Canary("q0")}))
    cell = CellId("q1", "ada")
    assert run.wait(10).cells[cell].verdict.outcome is Outcome.NO_VERDICT
    replies.clear()
    sent = len(api.asked)
    run.rerun([cell])
    again = run.wait(10)
    assert len(api.asked) == sent + 1
    assert again.cells[cell].verdict.outcome is Outcome.ALLOWED
    assert [seen.verdict.outcome for seen in again.history[cell]] == [Outcome.NO_VERDICT]
    assert set(again.history) == {cell}
    assert again.ran == 6


def test_running_a_cell_again_sends_again_what_it_rests_on() -> None:
    create = mutation("create", safety=Safety.FULL, harmless=True, captures={"id": "create.id"})
    read = stage.SavedOperation(
        "read", "users", document="query ($id: ID!) { read(id: $id) { id } }", after=("create",)
    )
    count = iter(range(100))
    api = Api(lambda _, what, __: stage.answer({"data": {what: {"id": f"thing-{next(count)}"}}}))
    run = start(
        api,
        plan(
            [query("one"), create, read],
            [key("ada"), key("otto")],
            declared=declared(one__ada=stage.ALLOWED, one__otto=stage.ALLOWED),
        ),
    )
    run.wait(10)
    sent = len(api.asked)
    run.rerun([CellId("read", "ada")])
    run.wait(10)
    assert api.asked[sent:] == [("ada", "create"), ("ada", "read")]
    assert api.sent[-1][1] == {"id": "thing-6"}


def test_a_column_whose_control_call_failed_is_mended_by_running_it_again() -> None:
    fetched = iter(["dead", "live"])

    def fetch() -> Credentials:
        return ApiKey(Secret(next(fetched)))

    api = Api(lambda who, *_: stage.ONE if who == "live" else stage.NO_MODE)
    run = start(api, plan(QUERIES, [key("ada", fetch)], canaries={"ada": Canary("q0")}))
    assert set(outcomes(run.wait(10)).values()) == {Outcome.NO_VERDICT}
    run.rerun([CellId("q3", "ada")])
    mended = run.wait(10)
    assert mended.canaries["ada"].passed
    assert outcomes(mended)["q3 ada"] is Outcome.ALLOWED
    assert mended.history[CellId("q3", "ada")][0].verdict.outcome is Outcome.NO_VERDICT
    # The others were refused as a dead credential, and no later call makes a proof of that.
    assert {outcomes(mended)[f"q{number} ada"] for number in (1, 2, 4, 5)} == {Outcome.NO_VERDICT}
    run.rerun(CellId(operation.id, "ada") for operation in QUERIES)
    assert set(outcomes(run.wait(10)).values()) == {Outcome.ALLOWED}


def test_nobody_is_compared_with_what_a_column_showed_before_it_was_mended() -> None:
    things = {"ada": stage.answer({"data": {"q2": [{"id": "1"}, {"id": "2"}]}})}
    things["otto"] = stage.answer({"data": {"q2": [{"id": "1"}]}})
    mended = []

    def says(who: str, what: str, _: object) -> Answer:
        if what == "q2":
            return things[who]
        return stage.NO_RULE if mended and (who, what) == ("ada", "q1") else stage.ONE

    named = {"ada": Canary("q0", "q1"), "otto": Canary("q0")}
    run = start(Api(says), plan(QUERIES, [key("ada"), key("otto")], canaries=named, reference="ada"))
    run.wait(10)
    mended.append(True)
    run.rerun([CellId("q1", "ada")])
    result = run.wait(10)
    assert (result.reference, result.canaries["ada"].passed) == ("ada", True)
    assert outcomes(result)["q2 otto"] is Outcome.ALLOWED
    assert outcomes(result)["q2 ada"] is Outcome.NO_VERDICT


def test_what_a_column_showed_before_it_was_mended_does_not_make_it_the_reference() -> None:
    mended = []

    def says(who: str, what: str, _: object) -> Answer:
        refused = {("otto", "q4"), ("otto", "q5"), *([("ada", "q1")] if mended else [])}
        return stage.NO_RULE if (who, what) in refused else stage.ONE

    named = {"ada": Canary(refused="q1"), "otto": Canary("q0")}
    run = start(Api(says), plan(QUERIES, [key("ada"), key("otto")], canaries=named))
    run.wait(10)
    mended.append(True)
    run.rerun([CellId("q1", "ada")])
    assert run.wait(10).reference == "otto"


def test_a_second_run_that_may_not_be_made_leaves_what_the_first_one_showed(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(lambda *_: stage.ONE)
    run = start(api, plan(QUERIES, [key("ada")]))
    before, sent = run.wait(10), len(api.asked)

    def refuse(*_: object, **__: object) -> None:
        raise NotPermitted("Nothing can be changed in live")

    monkeypatch.setattr("services.authorization.lab.job.recorded", refuse)
    with pytest.raises(NotPermitted):
        run.rerun([CellId("q1", "ada")])
    after = run.snapshot()
    assert (after.cells, after.running, after.cancelled) == (before.cells, False, False)
    assert after.counts[Progress.DONE] == len(QUERIES)
    assert len(api.asked) == sent


def test_a_cancelled_second_run_leaves_what_the_first_one_showed() -> None:
    api = Gated()
    api.let(6)
    run = one_by_one(api)
    run.wait(10)
    run.rerun(CellId(f"q{number}", "ada") for number in range(6))
    until(lambda: len(api.asked) == 8)
    run.cancel()
    api.let(2)
    again = run.wait(10)
    assert set(outcomes(again).values()) == {Outcome.ALLOWED}
    assert (again.ran, len(again.history), again.cancelled) == (6, 2, True)


def test_nothing_is_run_again_while_the_run_is_under_way_or_where_it_is_not_part_of_it() -> None:
    api = Gated()
    run = one_by_one(api)
    with pytest.raises(Invalid, match="still under way"):
        run.rerun([CellId("q0", "ada")])
    api.let(6)
    run.wait(10)
    with pytest.raises(Invalid, match="not part of this run"):
        run.rerun([CellId("q0", "otto")])


def test_nobody_without_the_permission_starts_a_run() -> None:
    api = Api(lambda *_: stage.ONE)
    with pytest.raises(NotPermitted):
        start(api, plan(QUERIES, [key("ada")]), operator=Operator("otto", "2222", (), Role.NONE))
    assert api.asked == []


def test_a_viewer_runs_queries_and_starts_no_run_that_changes_data() -> None:
    api = Api(lambda *_: stage.ONE)
    viewer = Operator("vera", "3333", ("viewers",), Role.VIEWER)
    with pytest.raises(NotPermitted, match="may not send operations that change data"):
        start(api, plan([*QUERIES, mutation("create", safety=Safety.FULL)], [key("ada")]), operator=viewer)
    assert api.asked == []
    skipped = plan([*QUERIES, mutation("create", safety=Safety.SKIP)], [key("ada")])
    assert set(outcomes(start(api, skipped, operator=viewer).wait(20)).values()) == {
        Outcome.ALLOWED,
        Outcome.NO_VERDICT,
    }
    assert "create" not in {what for _, what in api.asked}


def test_operations_that_wait_for_each_other_are_not_run_and_hold_nothing_up() -> None:
    circle = [query("one", after=("two",)), query("two", after=("one",)), query("three")]
    result = ran(Api(lambda *_: stage.ONE), plan(circle, [key("ada")], canaries={"ada": Canary("three")}))
    assert outcomes(result) == {
        "one ada": Outcome.NO_VERDICT, "two ada": Outcome.NO_VERDICT, "three ada": Outcome.ALLOWED,
    }  # fmt: skip
    assert "waits for" in result.cells[CellId("one", "ada")].why


CELLS = [CellId(operation.id, who) for operation in QUERIES for who in ("ada", "otto")]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("let"), st.integers(1, 5)),
        st.tuples(st.just("cancel"), st.none()),
        st.tuples(st.just("rerun"), st.sets(st.sampled_from(CELLS), max_size=6)),
        st.tuples(st.just("wait"), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ACTS, st.integers(1, 4))
def test_whatever_is_cancelled_and_run_again_every_cell_is_counted_once_and_nothing_is_lost(
    acts: list[tuple[str, object]], at_once: int
) -> None:
    api = Gated()
    named = {who: Canary("q0") for who in ("ada", "otto")}
    run = start(api, plan(QUERIES, [key("ada"), key("otto")], limits=Limits(at_once=at_once), canaries=named))
    try:
        for act, what in acts:
            shown = {cell for cell, seen in run.snapshot().cells.items() if seen.progress is Progress.DONE}
            match act:
                case "let":
                    api.let(int(str(what)))
                case "cancel":
                    run.cancel()
                case "rerun" if not run.snapshot().running:
                    run.rerun(what)  # type: ignore[arg-type]
                case "wait":
                    api.let(200)
                    run.wait(20)
                    api.turns = threading.Semaphore(0)
            now = run.snapshot()
            assert sum(now.counts.values()) == len(now.states) == len(CELLS)
            assert set(now.states) == set(CELLS)
            assert shown <= {cell for cell, seen in now.cells.items() if seen.progress is Progress.DONE}
            assert now.running or not now.counts[Progress.RUNNING] + now.counts[Progress.WAITING]
    finally:
        api.let(10_000)
        result = run.wait(20)
    assert set(result.cells) == set(CELLS)
    done = [seen for seen in result.cells.values() if seen.progress is Progress.DONE]
    assert result.ran == len(done) == len(result.evidence)
    # Every call that was made shows in a cell or in a cell's history.
    assert len(api.asked) == len(done) + sum(
        seen.progress is Progress.DONE for cell in result.history.values() for seen in cell
    )
