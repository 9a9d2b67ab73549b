"""What the page Matrix says before, during and after a run; on the running local cloud."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import _app
from services import audit
from services.application import Application, open_application
from services.authorization.declared.values import SCHEMA, Declared, Unread
from services.errors import Unavailable
from services.permissions import Operator, Role
from services.record.journal import SqliteJournal
from services.secret import Secret
from services.sessions import Session
from services.settings import load
from tests.cloud import Cloud
from tests.pages.conftest import TOKENS, Stage, said, seen
from tests.stand_ins import NOON
from tests.unit.pool_calls import user

SUITE = """
name: small
api: modes
baseline: small.baseline
identities: [nobody, guest]
operations:
  - id: everyone
    document: "{ byEveryMode }"
  - id: iam-only
    document: "{ byIam }"
"""
AGREED = """gatehouse-baseline 1
everyone  guest/iam  allowed  reason="Open" owner=ada
iam-only  guest/iam  allowed  reason="Open" owner=ada
"""
Open = Callable[..., AppTest]


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """A folder for suites."""
    folder = tmp_path / "suites"
    folder.mkdir()
    return folder


@pytest.fixture
def matrix(
    stage: Stage, suites: Path, tmp_path: Path, local_cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Opens the page as ada, on a folder of suites."""
    before = audit.journal()
    environment = load(
        {"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder), "GATEHOUSE_DATA_FOLDER": str(tmp_path / "data")}
    )
    app = open_application(replace(environment, suites_folder=str(suites)))

    def opened(application: Application = app, role: Role = Role.ADMIN, **query: str) -> AppTest:
        ada = Operator("ada", "sub-ada", ("admins",), role, application.environment.place)
        monkeypatch.setattr(_app, "application", lambda: application)
        monkeypatch.setattr(_app, "current_session", lambda **_: Session(Secret("id"), ada, TOKENS, NOON))
        return stage.open("matrix.py", **query)

    yield opened
    assert isinstance(audit.journal(), SqliteJournal)
    audit.use(before)


def ran(app: AppTest) -> AppTest:
    """The page after Run all, once the run has ended."""
    app.button(key="matrix_run").click().run()
    if running := app.session_state["matrix_lab"].running:
        running.wait(120)
        app.run()
    return app


def cells(app: AppTest) -> dict[str, list[str]]:
    """The grid, column by column."""
    frame = app.dataframe[0].value
    return {name: list(frame[name]) for name in frame.columns}


def test_a_folder_without_suites_says_where_it_looked_and_how_to_make_one(matrix: Open, suites: Path) -> None:
    text = said(matrix())
    assert f"There is no suite in {suites}" in text
    assert "services.authorization generate" in text


def test_a_malformed_suite_is_told_with_its_line(matrix: Open, suites: Path) -> None:
    (suites / "bad.yaml").write_text(SUITE.replace("identities", "idenitties"))
    text = said(matrix())
    assert "idenitties" in text
    assert "line 5" in text


def test_before_a_run_the_page_tells_what_schema_and_settings_show(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = matrix()
    assert "2 operations · 0 cells agreed on · nothing was run yet" in said(app)
    assert "@aws_auth guards nothing here" in list(app.dataframe[0].value["title"])


def test_what_is_agreed_and_seen_stands_in_one_cell(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    (suites / "small.baseline").write_text(AGREED)
    app = ran(matrix())
    assert "Agreed: 4 of 4 cells proven" in said(app)
    assert cells(app)["guest/iam"] == ["✓ allowed =", "✓ allowed ="]
    assert cells(app)["nobody"] == ["⊘ refused by mode =", "⊘ refused by mode ="]


def test_what_is_not_covered_is_told_by_name(matrix: Open, suites: Path) -> None:
    echo = "  - {id: echo, document: 'mutation { echo(text: \"a\") }'}\n"
    (suites / "small.yaml").write_text(SUITE + echo)
    app = ran(matrix())
    coverage = next(frame.value for frame in app.dataframe if "evidence" in frame.value and "what" in frame.value)
    told = dict(zip(coverage["name"], coverage["evidence"], strict=True))
    assert told["Query.byIam"] == "✓ yes"
    assert told["Query.forAdmins"] == "? none: no operation of the suite asks for it"
    assert told["Mutation.echo"].startswith("? none: never sent")
    by = coverage.set_index("name")
    assert (by.loc["Query.byIam", "by"], by.loc["Query.byIam", "as"]) == ("iam-only", 2)


def test_only_disagreements_are_shown_once_there_is_a_baseline(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    (suites / "small.baseline").write_text(
        AGREED.replace("iam-only  guest/iam  allowed", "iam-only  guest/iam  refused by rule")
    )
    app = ran(matrix())
    assert "1 disagreement" in said(app)
    assert cells(app) == {"operation": ["iam-only"], "kind": ["query"], "guest/iam": ["✓ allowed ≠ ✕ refused by rule"]}


def test_without_a_baseline_everybody_who_is_let_in_is_a_finding(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = ran(matrix())
    assert "There is no baseline yet" in said(app)
    assert cells(app)["guest/iam"] == ["✓ allowed ≠ not listed", "✓ allowed ≠ not listed"]


def test_an_api_that_does_not_answer_is_no_verdict_and_never_green(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    (suites / "small.baseline").write_text(AGREED)
    app = matrix()
    lab = app.session_state["matrix_lab"]
    dead = replace(
        lab.prepared.application,
        clients=replace(lab.prepared.application.clients, apis={"modes": _Dead()}),  # type: ignore[dict-item]
    )
    lab.prepared = replace(lab.prepared, application=dead)
    app = ran(app)
    text = said(app)
    assert "No verdict: 0 of 4 cells proven" in text
    assert {word for column in ("nobody", "guest/iam") for word in cells(app)[column]} == {"? no verdict"}


class _Dead:
    """An API that is gone."""

    def call(self, *_: object, **__: object) -> object:
        raise Unavailable("Could not reach the API", "The connection was refused")


def test_the_first_baseline_is_accepted_at_once_with_a_reason(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = ran(matrix())
    app.text_input(key="matrix_reason_declared").set_value("As designed")
    app.button(key="matrix_accept_declared_go").click().run()
    assert "Agreed: 4 of 4 cells proven" in said(app)
    assert (suites / "small.baseline").read_text().count('reason="As designed" owner=ada') == 2


def test_what_is_declared_of_a_mutation_that_is_not_sent_can_be_agreed_on(matrix: Open, suites: Path) -> None:
    unsent = "  - {id: echo, document: 'mutation { echo(text: \"a\") }'}\n"
    (suites / "small.yaml").write_text(SUITE.replace("[nobody, guest]", "[nobody, guest, api-key]") + unsent)
    (suites / "small.baseline").write_text(AGREED + 'everyone  api-key  allowed  reason="Open" owner=ada\n')
    app = ran(matrix())
    app.query_params["matrix_cell"] = "echo api-key"
    app.run()
    assert "What is declared becomes a line of the baseline" in said(app)
    assert seen(app.button(key="matrix_accept_cell_echo api-key_go").label) == "Accept allowed for echo api-key"
    app.text_input(key="matrix_reason_cell_echo api-key").set_value("The demo's own")
    app.button(key="matrix_accept_cell_echo api-key_go").click().run()
    assert 'echo  api-key  allowed  reason="The demo\'s own" owner=ada' in (suites / "small.baseline").read_text()


def test_nothing_is_accepted_without_a_reason(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = ran(matrix())
    app.button(key="matrix_accept_declared_go").click().run()
    assert "reason" in said(app)
    assert not (suites / "small.baseline").exists()


def test_production_asks_for_its_name_and_a_reason_first(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = matrix()
    application = app.session_state["matrix_lab"].prepared.application
    live = replace(application, environment=replace(application.environment, production=True, name="live"))
    app = matrix(live)
    assert app.button(key="matrix_run").disabled
    app.text_input(key="matrix_typed").set_value("live")
    app.text_input(key="matrix_reason").set_value("release 7").run()
    assert not app.button(key="matrix_run").disabled


def test_a_person_is_found_chosen_and_left_out_again(matrix: Open, suites: Path, stage: Stage) -> None:
    (suites / "small.yaml").write_text(SUITE)
    stage.pool.answers = {"ListUsers": {"Users": [user("bea"), user("ben", "RESET_REQUIRED")]}}
    app = matrix()
    app.button(key="matrix_person_find").click().run()
    assert app.button(key="matrix_person_is_ben").label.startswith("ben · ")
    app.button(key="matrix_person_is_bea").click().run()
    assert app.query_params["matrix_person"] == "bea"
    assert app.button(key="matrix_person_remove").label == "As bea"
    app.button(key="matrix_person_remove").click().run()
    assert "matrix_person" not in app.query_params


def test_the_person_of_the_address_gets_columns(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    assert "✓ allowed ≠ not listed" in cells(ran(matrix(matrix_person="vera")))["person:vera/id"]


def test_a_viewer_reads_why_nobody_can_be_stood_in_for(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = matrix(role=Role.VIEWER)
    assert app.button(key="matrix_person_find").disabled
    assert "Stand-ins can't be made" in said(app)


def test_whoever_opens_the_page_anew_sees_the_last_run_and_that_it_is_an_old_one(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    (suites / "small.baseline").write_text(AGREED)
    ran(matrix())
    app = matrix()
    text = said(app)
    assert "nothing was run in this tab yet" in text
    assert "held against the baseline of that time" in text
    assert cells(app)["guest/iam"] == ["✓ allowed =", "✓ allowed ="]


def test_a_cell_of_another_run_is_told_to_be_missing(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = ran(matrix(matrix_cell="everyone group:gone/id"))
    assert "The address names the cell everyone group:gone/id, which this run doesn't have" in said(app)


def test_what_is_wrong_with_the_run_as_a_whole_is_told_above_the_grid(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE + "coverage: {operations: 50 %}\n")
    (suites / "small.baseline").write_text(AGREED)
    assert "The operations with evidence are" in said(ran(matrix()))


def test_other_columns_than_those_of_the_run_are_told_to_want_another_run(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    app = ran(matrix())
    assert "The columns have changed" not in said(app)
    app.toggle(key="matrix_mine").set_value(True).run()
    assert "The columns have changed since this run" in said(app)


def test_a_schema_that_cannot_be_read_is_no_schema_without_faults(
    matrix: Open, suites: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (suites / "small.yaml").write_text(SUITE)

    def unread(*_: object) -> Declared:
        return Declared("modes", unread=(Unread(SCHEMA, "The service itself failed"),))

    monkeypatch.setattr("services.authorization.examination.read_declared", unread)
    text = said(matrix())
    assert "could not be searched for faults" in text
    assert "There are no findings" not in text


def test_whoever_looks_at_another_suite_finds_the_run_of_the_first_again(matrix: Open, suites: Path) -> None:
    (suites / "small.yaml").write_text(SUITE)
    (suites / "zother.yaml").write_text(SUITE.replace("name: small", "name: other"))
    app = ran(matrix())
    told = said(app)
    app.selectbox(key="matrix_suite").set_value("zother.yaml").run()
    assert "nothing was run yet" in said(app)
    app.selectbox(key="matrix_suite").set_value("small.yaml").run()
    assert "nothing was run" not in said(app)
    assert next(line for line in told.splitlines() if "cells proven" in line) in said(app)
