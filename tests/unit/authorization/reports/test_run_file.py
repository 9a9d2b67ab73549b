"""The run file and the history: what was kept is read back, and nothing secret is in it."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from services.authorization.cells import CellId, Observation
from services.authorization.reports import run_file
from services.authorization.reports.history import History
from services.authorization.reports.record import RunRecord
from services.errors import Invalid
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE
from tests.unit.authorization.reports.samples import (
    GUEST,
    LIST,
    STARTED,
    agreeing,
    cell,
    mixed,
    nasty,
    run_of,
    seen,
)


@pytest.mark.parametrize("record", [mixed(), agreeing(), run_of({})])
def test_a_run_is_read_back_as_it_was(record: RunRecord) -> None:
    text = run_file.as_json(record)
    assert run_file.parse(text) == record
    assert run_file.as_json(run_file.parse(text)) == text


def test_the_ids_that_came_are_not_kept() -> None:
    shown = Observation(ALLOWED, "So.", ids={"listUsers.items": frozenset({"user-4711"})})
    assert "user-4711" not in run_file.as_json(run_of({cell(LIST, GUEST): shown}))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": "gatehouse-run", "version": 2}', '{"format": "gatehouse-run", "version": 1}'],
)
def test_what_is_no_run_file_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="no run file"):
        run_file.parse(text)


def test_a_run_file_of_another_version_is_refused_however_it_looks() -> None:
    content = json.loads(run_file.as_json(agreeing()))
    with pytest.raises(Invalid) as caught:
        run_file.parse(json.dumps({**content, "version": 2}))
    assert "version is 2" in caught.value.why


def test_a_run_file_with_a_broken_value_is_refused() -> None:
    content = json.loads(run_file.as_json(agreeing()))
    for key, value in (("cells", [{}]), ("started_at", "soon"), ("findings", [{"id": "x"}]), ("times", {"a": 1})):
        with pytest.raises(Invalid, match="no run file"):
            run_file.parse(json.dumps({**content, key: value}))


def test_history_keeps_the_newest_runs_for_their_owner_alone(tmp_path: Path) -> None:
    history = History(tmp_path / "lab", kept=3)
    for minutes in range(5):
        path = history.keep(run_of({}, started=STARTED + timedelta(minutes=minutes)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    runs = history.runs("users", "staging")
    assert [run.started_at for run in runs] == [STARTED + timedelta(minutes=minutes) for minutes in (4, 3, 2)]
    assert len(list(path.parent.iterdir())) == 3


def test_suites_and_environments_do_not_mix_and_names_lead_nowhere_else(tmp_path: Path) -> None:
    history = History(tmp_path / "lab")
    for suite in ("a b", "a-b", "../../a-b", ""):
        history.keep(run_of({}, suite=suite))
    assert [len(history.runs(suite, "staging")) for suite in ("a b", "a-b", "../../a-b", "")] == [1, 1, 1, 1]
    assert history.runs("a b", "production") == ()
    assert [path.name for path in tmp_path.iterdir()] == ["lab"]


def test_the_timeline_of_a_cell_is_the_newest_first_and_skips_what_can_not_be_read(tmp_path: Path) -> None:
    history, place = History(tmp_path), cell(LIST, GUEST)
    history.keep(run_of({place: seen(BY_MODE)}))
    broken = history.keep(run_of({place: seen(BY_MODE)}, started=STARTED + timedelta(minutes=1)))
    broken.write_text("{")
    history.keep(run_of({place: seen(ALLOWED)}, started=STARTED + timedelta(minutes=2)))
    moments = history.timeline("users", "staging", place)
    assert [moment.seen.verdict for moment in moments] == [ALLOWED, BY_MODE]
    assert history.timeline("users", "staging", CellId("gone", "nobody")) == ()


def test_a_run_with_any_text_in_it_can_be_kept(tmp_path: Path) -> None:
    record = nasty()
    History(tmp_path).keep(record)
    (kept,) = History(tmp_path).runs(record.suite, record.environment)
    assert kept.assessment == record.assessment
