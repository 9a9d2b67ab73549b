"""What the page Side by side says before, during and after a run."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages import _app, _side_by_side_live
from services.application import Application
from services.authorization.identities import Person
from services.authorization.outcomes import Outcome
from services.clients import Clients
from services.credentials import ApiKey, AwsCredentials, Credentials, NoCredentials, Token
from services.graphql import Answer
from services.operators import Identify
from services.permissions import Operator, Role
from services.secret import Secret
from services.sessions import Session
from services.settings import Api
from services.sign_in import SignIn
from tests.pages.conftest import TOKENS, Stage, answer, said
from tests.stand_ins import ENVIRONMENT, NOON, Pool
from tests.unit.people import OTTO, VERA

ROWS = answer({"data": {"listUsers": {"items": [{"userId": "1"}], "nextToken": None}}})
REFUSED = answer(
    {"errors": [{"errorType": "UnauthorizedException", "message": "Valid authorization header not provided."}]}, 401
)
FAILED = answer("<html>", 503)


@dataclass
class FakeApi:
    """An API that answers each kind of credential in its own way."""

    answers: dict[type[Credentials], Answer] = field(
        default_factory=lambda: {NoCredentials: REFUSED, ApiKey: REFUSED, Token: ROWS, AwsCredentials: ROWS}
    )
    calls: list[tuple[str, Credentials, Mapping[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    slow: type[Credentials] | None = None
    """The kind whose answers are held back until `go`."""
    go: threading.Event = field(default_factory=threading.Event)

    def call(
        self, document: str, credentials: Credentials, variables: Mapping[str, Any], _: str | None, leave: Any
    ) -> Answer:
        leave()
        if self.slow and isinstance(credentials, self.slow):
            self.go.wait(120)
        with self.lock:
            self.calls.append((document, credentials, variables))
        return next(found for kind, found in self.answers.items() if isinstance(credentials, kind))


@pytest.fixture
def api(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    """The one API that both names of the environment lead to."""
    stage.environment = replace(
        ENVIRONMENT,
        apis=(*ENVIRONMENT.apis, Api("modes", "All-modes API", "https://modes.example/graphql", "eu-west-1")),
    )
    fake = FakeApi()
    keys = SimpleNamespace(for_key=lambda _: Pool().keys())

    def application() -> Application:
        return Application(
            environment=stage.environment,
            clients=Clients(stage.pool.client, None, {"users": fake, "modes": fake}, None, None),
            identify=Identify(stage.environment, keys, lambda: NOON),
            sign_in=SignIn(stage.pool.client, stage.environment),
            sign_up=None,
            recovery=None,
            attempts=None,
            sessions=None,
            identity_pool=stage.identity_pool,
        )

    def session(**_: bool) -> Session | None:
        return replace(stage.session(), tokens=Pool().tokens()) if stage.operator else None

    monkeypatch.setattr(_app, "application", application)
    monkeypatch.setattr(_app, "current_session", session)
    # However busy the machine, a run whose calls aren't held back is shown as a whole.
    monkeypatch.setattr(_side_by_side_live, "AT_ONCE_SECONDS", 60)
    return fake


def ran(stage: Stage, **query: str) -> AppTest:
    """The page after a click on Run."""
    return click(stage.open("side_by_side.py", **query))


def click(app: AppTest, key: str = "side_run") -> AppTest:
    return app.button(key=key).click().run()


def grid(app: AppTest) -> Any:
    return app.dataframe[0].value


def whole_call(app: AppTest) -> dict[str, str]:
    return dict(grid(app).loc["The whole call"])


def test_nothing_is_run_before_it_is_asked_for(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    assert "Nothing was run yet. Run sends the operation as 6 identities at once." in said(app)
    assert not app.dataframe
    assert api.calls == []


def test_a_run_shows_the_outcome_of_every_identity(stage: Stage, api: FakeApi) -> None:
    app = ran(stage)
    assert whole_call(app) == {
        "nobody": "⊘ refused by mode",
        "api-key": "⊘ refused by mode",
        "guest-iam": "✓ allowed",
        "me-id": "✓ allowed",
        "me-access": "✓ allowed",
        "me-iam": "✓ allowed",
    }
    assert len(api.calls) == 6
    assert {variables["limit"] for _, _, variables in api.calls} == {5}


def test_fields_stand_below_the_whole_call(stage: Stage, api: FakeApi) -> None:
    rows = list(grid(ran(stage)).index)
    assert rows[:4] == ["The whole call", "listUsers", "listUsers.items", "listUsers.items[].userId"]


def test_the_calls_are_listed_with_status_error_time_and_reason(stage: Stage, api: FakeApi) -> None:
    calls = ran(stage).dataframe[1].value.set_index("Identity")
    assert calls.loc["No credentials", "HTTP"] == 401
    assert calls.loc["No credentials", "Error type"] == "UnauthorizedException"
    assert calls.loc["Me · ID token", "ms"] == 5
    assert "Nothing was sent" in calls.loc["No credentials", "Why"]


def test_the_caption_says_how_many_calls_and_what_they_took(stage: Stage, api: FakeApi) -> None:
    text = said(ran(stage))
    assert "6 identities · 6 calls · slowest 5 ms · wall " in text
    assert " by ada" in text


def test_the_smoke_test_passes_where_the_api_key_is_refused(stage: Stage, api: FakeApi) -> None:
    assert "Smoke test passed: API key (made up) · refused by mode (HTTP 401)" in said(ran(stage))


def test_the_smoke_test_fails_where_the_api_key_is_let_in(stage: Stage, api: FakeApi) -> None:
    api.answers[ApiKey] = ROWS
    text = said(ran(stage))
    assert "Smoke test failed: API key (made up) · allowed (HTTP 200), must be refused by mode" in text


def test_the_smoke_test_is_not_judged_where_the_service_fails(stage: Stage, api: FakeApi) -> None:
    api.answers[ApiKey] = FAILED
    text = said(ran(stage))
    assert "Smoke test not judged: API key (made up) · no verdict (HTTP 503)" in text
    assert "Smoke test passed: API key" not in text


def test_malformed_variables_are_told_with_their_place_and_nothing_is_sent_or_lost(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    area = app.text_area(key="side_variables_users_list-users")
    area.set_value('{"limit": }').run()
    click(app)
    assert "The variables are not valid JSON" in app.error[0].value
    assert "line 1, column 11" in said(app)
    assert app.text_area(key="side_variables_users_list-users").value == '{"limit": }'
    assert api.calls == []


def test_an_operation_that_is_no_graphql_is_told_with_its_place(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    app.text_area(key="side_document_users_list-users").set_value("query {").run()
    assert "line 1, column 8" in said(click(app))
    assert api.calls == []


def test_an_edit_after_a_run_marks_the_grid_as_the_one_before(stage: Stage, api: FakeApi) -> None:
    app = ran(stage)
    app.text_area(key="side_document_users_list-users").set_value("{ __typename }").run()
    text = said(app)
    assert "The grid is of what was run before." in text
    assert "Smoke test passed" not in text
    assert app.dataframe
    assert "The grid is of what was run before" not in said(click(app))


def test_a_changed_operation_is_restored_by_a_button(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    key = "side_document_users_list-users"
    saved = app.text_area(key=key).value
    app.text_area(key=key).set_value("{ __typename }").run()
    click(app, "side_restore")
    assert app.text_area(key=key).value == saved


def test_an_edit_stays_with_its_operation(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    app.text_area(key="side_document_users_list-users").set_value("{ __typename }").run()
    app.selectbox(key="side_operation_users").select("typename").run()
    app.selectbox(key="side_operation_users").select("list-users").run()
    assert app.text_area(key="side_document_users_list-users").value == "{ __typename }"


def test_one_of_several_operations_is_chosen(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    app.text_area(key="side_document_users_list-users").set_value("query A { a } query B { b }").run()
    app.selectbox(key="side_which").select("B").run()
    assert list(grid(click(app)).index) == ["The whole call", "b"]


def test_chips_show_only_what_has_the_chosen_outcome(stage: Stage, api: FakeApi) -> None:
    app = ran(stage)
    app.button_group[0].set_value([Outcome.REFUSED_BY_MODE]).run()
    assert set(whole_call(app)) == {"nobody", "api-key"}


def test_a_mutation_is_sent_only_after_it_was_agreed_to(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py", side_api="All-modes API", side_operation_modes="echo, a mutation")
    assert app.button(key="side_run").disabled
    assert app.checkbox[0].label.startswith("Send this mutation 6 times")
    app.checkbox(key="side_mutation").check().run()
    assert not app.button(key="side_run").disabled
    click(app)
    assert len(api.calls) == 6


def test_a_viewer_runs_queries_and_is_told_why_a_mutation_waits_for_somebody_else(stage: Stage, api: FakeApi) -> None:
    stage.operator = VERA
    app = stage.open("side_by_side.py", side_api="All-modes API", side_operation_modes="echo, a mutation")
    assert app.button(key="side_run").disabled
    assert "It takes the role admin" in said(app)
    assert not app.checkbox
    assert whole_call(ran(stage))


def test_a_mutation_in_production_says_so(stage: Stage, api: FakeApi) -> None:
    stage.environment = replace(stage.environment, production=True)
    app = stage.open("side_by_side.py", side_api="All-modes API", side_operation_modes="echo, a mutation")
    assert "in production" in app.checkbox[0].label


def test_without_an_identity_pool_there_are_no_iam_columns(stage: Stage, api: FakeApi) -> None:
    stage.identity_pool = None
    assert list(whole_call(ran(stage))) == ["nobody", "api-key", "me-id", "me-access"]


def test_broken_credentials_are_put_beside_the_good_ones_when_asked_for(stage: Stage, api: FakeApi) -> None:
    found = whole_call(ran(stage, side_broken="true"))
    assert list(found)[-4:] == ["broken-key", "broken-token", "broken-secret", "broken-body"]


def test_another_persons_columns_come_and_go(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    app.session_state["side_lab"].add_person(Person(OTTO, TOKENS))
    app.run()
    assert "as 9 identities at once" in said(app)
    assert f"person-{OTTO.sub}-id" in whole_call(click(app))
    click(app, f"side_remove_person-{OTTO.sub}")
    assert len(whole_call(app)) == 6
    assert "The columns have changed since this run" in said(app)
    lab = app.session_state["side_lab"]
    assert lab.people == []
    assert len(lab.grid.run.calls) == 6


def test_a_persons_name_is_no_markdown(stage: Stage, api: FakeApi) -> None:
    app = stage.open("side_by_side.py")
    app.session_state["side_lab"].add_person(Person(Operator("*x* [y](z)", "9", (), Role.NONE), TOKENS))
    app.run()
    assert app.button(key="side_remove_person-9").label == "Remove \\*x\\* \\[y\\]\\(z\\)"


def test_another_sign_in_in_the_same_tab_finds_nothing_of_the_one_before(
    stage: Stage, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ran(stage)
    app.session_state["side_lab"].add_person(Person(OTTO, TOKENS))
    other = replace(stage.session(), id=Secret("another session"))
    monkeypatch.setattr(_app, "current_session", lambda **_: other)
    app.run()
    assert not app.dataframe
    assert "as 6 identities at once" in said(app)


def test_the_drawer_of_a_cell_says_why_and_shows_the_exchange(stage: Stage, api: FakeApi) -> None:
    app = ran(stage)
    app.query_params["side_cell"] = "nobody listUsers"
    app.run()
    text = said(app)
    assert "**Field.** Turned away with the whole call." in text
    assert "**The whole call.** Nothing was sent to say who asks" in text
    assert "POST https://api.example/graphql" in text
    assert "This identity sends no credentials: there are no claims to read." in text


def test_a_cell_has_an_address_that_opens_it_once_the_operation_was_run(stage: Stage, api: FakeApi) -> None:
    anew = stage.open("side_by_side.py", side_cell="nobody listUsers.items")
    assert "The cell that the address names opens then" in said(anew)
    assert "Turned away with the whole call" in said(click(anew))


def test_the_drawer_compares_with_another_identity_and_gives_the_call_as_a_command(stage: Stage, api: FakeApi) -> None:
    api.answers[AwsCredentials] = answer({"data": {"listUsers": {"items": [], "nextToken": "another"}}})
    app = ran(stage)
    app.query_params["side_cell"] = "guest-iam"
    app.run()
    assert app.selectbox(key="compare_with").value == "me-id"
    differs = next(frame.value for frame in app.dataframe if "path" in frame.value)
    assert dict(zip(differs["path"], differs["state"], strict=True))["listUsers.nextToken"].startswith("~")
    assert any(path.startswith("listUsers.items") for path in differs["path"])
    text = said(app)
    assert "values at **.nextToken are not compared" in text.replace("\\", "")
    assert "--aws-sigv4" in text


def test_neither_tokens_nor_keys_reach_the_page_or_its_state(stage: Stage, api: FakeApi) -> None:
    app = ran(stage, side_broken="true")
    for column in whole_call(app):
        app.query_params["side_cell"] = column
        app.run()
        shown = said(app) + repr(app.session_state) + repr(dict(app.query_params))
        for _, credentials, _ in api.calls:
            for secret in credentials.headers().values():
                assert secret not in shown


def test_a_visitor_and_a_person_without_the_group_send_no_call(stage: Stage, api: FakeApi) -> None:
    for operator in (None, OTTO):
        stage.operator = operator
        app = stage.open("side_by_side.py")
        assert not app.button
        assert not app.text_area
    assert api.calls == []


def test_the_grid_of_a_slow_run_fills_cell_by_cell(stage: Stage, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_side_by_side_live, "AT_ONCE_SECONDS", 0)
    api.slow = AwsCredentials
    app = click(stage.open("side_by_side.py"))
    running = app.session_state["side_lab"].running
    deadline = time.monotonic() + 20
    while sum(call is not None for call in running.finished()) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    app.run()

    live = app.dataframe[0].value.set_index("field").loc["The whole call"]
    assert live["nobody"] == "⊘ refused by mode"
    assert live["guest-iam"] == "… waiting"
    assert "4 of 6 identities have their answer" in said(app)

    api.go.set()
    app.session_state["side_lab"].waited(60)
    app.run()
    assert "waiting" not in app.dataframe[0].value.to_string()
    assert "slowest" in said(app)
