"""What the Users page says in each way that a call can end."""

from typing import Any

import pytest

from services.errors import Unavailable
from services.users_api import PAGE_SIZES
from tests.pages.conftest import FakeApi, Stage, answer, said
from tests.unit.people import OTTO


def rows(*names: str, token: str | None = None) -> Any:
    """The answer with a row for each name."""
    items = [{"userId": f"id-{name}", "firstname": name, "lastname": "Lee", "picture": ""} for name in names]
    return answer({"data": {"listUsers": {"items": items, "nextToken": token}}})


def refused(message: str, *path: str) -> dict[str, Any]:
    """AppSync's entry for a refused field."""
    return {"path": list(path), "errorType": "Unauthorized", "message": message}


def table(app: Any) -> list[str]:
    """The first names in the table."""
    return list(app.dataframe[0].value["firstname"])


def api(stage: Stage, *answers: Any) -> FakeApi:
    """The stage's API, with these answers."""
    stage.api.answers = list(answers)
    return stage.api


def test_a_page_of_users_is_shown_with_how_it_was_read(stage: Stage) -> None:
    api(stage, rows("Ann", "Bob", token="two"))
    app = stage.open("users.py")
    assert table(app) == ["Ann", "Bob"]
    assert "Page 1 · 2 rows · read " in said(app)
    assert "as Me · ID token · 1 call" in said(app)


def test_next_and_previous_ask_for_the_pages_by_their_tokens(stage: Stage) -> None:
    asked = api(stage, rows("Ann", token="two"), rows("Bob", token="three"), rows("Cem"), rows("Bob", token="three"))
    app = stage.open("users.py", users_size="5")
    seen = [table(app)]
    for button in ("users_next", "users_next", "users_previous"):
        app.button(key=button).click().run()
        seen.append(table(app))
    assert seen == [["Ann"], ["Bob"], ["Cem"], ["Bob"]]
    assert [call[2] for call in asked.asked] == [
        {"limit": 5, "nextToken": token} for token in (None, "two", "three", "two")
    ]


def test_the_last_page_has_no_next(stage: Stage) -> None:
    api(stage, rows("Ann"))
    app = stage.open("users.py")
    assert app.button(key="users_next").disabled
    assert app.button(key="users_previous").disabled


@pytest.mark.parametrize("size", PAGE_SIZES)
def test_every_page_size_can_stand_in_the_address(stage: Stage, size: int) -> None:
    asked = api(stage, rows("Ann"))
    stage.open("users.py", users_size=str(size))
    assert asked.asked[0][2]["limit"] == size


def test_another_page_size_starts_again_at_page_one(stage: Stage) -> None:
    asked = api(stage, rows("Ann", token="two"))
    app = stage.open("users.py")
    app.button(key="users_next").click().run()
    app.selectbox(key="users_size").select(50).run()
    assert asked.asked[-1][2] == {"limit": 50, "nextToken": None}


def test_finding_on_the_page_costs_no_call(stage: Stage) -> None:
    asked = api(stage, rows("Ann", "Bob"))
    app = stage.open("users.py")
    app.text_input(key="users_find").set_value("bO").run()
    assert table(app) == ["Bob"]
    assert "1 of 2 rows" in said(app)
    app.text_input(key="users_find").set_value("*nobody*").run()
    assert not app.dataframe
    assert "Nobody on this page matches “*nobody*”" in said(app)
    assert len(asked.asked) == 1


def test_reload_reads_the_same_page_again(stage: Stage) -> None:
    asked = api(stage, rows("Ann", token="two"), rows("Bob"), rows("Bea"))
    app = stage.open("users.py")
    app.button(key="users_next").click().run()
    app.button(key="users_reload").click().run()
    assert table(app) == ["Bea"]
    assert asked.asked[-1][2]["nextToken"] == "two"


def test_rows_that_ended_with_the_page_before_are_told_as_the_end_and_not_as_an_empty_table(stage: Stage) -> None:
    api(stage, rows("Ann", token="two"), rows(), rows("Ann"))
    app = stage.open("users.py")
    app.button(key="users_next").click().run()
    assert not app.dataframe
    assert "No more users" in said(app)
    assert "no users yet" not in said(app)
    assert app.button(key="users_next").disabled
    app.button(key="users_previous").click().run()
    assert table(app) == ["Ann"]


def test_an_empty_table_says_how_to_fill_it(stage: Stage) -> None:
    api(stage, rows())
    app = stage.open("users.py")
    assert not app.dataframe
    assert "There are no users yet" in said(app)
    assert "seed function" in said(app)


def test_a_refused_mode_is_told_with_status_and_the_apis_words(stage: Stage) -> None:
    body = {"errors": [{"errorType": "UnauthorizedException", "message": "Valid authorization header not provided."}]}
    api(stage, answer(body, 401))
    text = said(stage.open("users.py"))
    assert "⊘ Refused by mode" in text
    assert "HTTP 401 · UnauthorizedException" in text
    assert "Valid authorization header not provided." in text


def test_a_refused_field_is_refused_by_rule(stage: Stage) -> None:
    message = "Not Authorized to access listUsers on type Query"
    api(stage, answer({"data": {"listUsers": None}, "errors": [refused(message, "listUsers")]}))
    text = said(stage.open("users.py"))
    assert "✕ Refused by rule" in text
    assert message in text
    assert "directives" in text


def test_refused_rows_beside_a_token_are_told_as_partial_and_can_be_passed_over(stage: Stage) -> None:
    message = "Not Authorized to access items on type UserConnection"
    body = {"data": {"listUsers": {"items": None, "nextToken": "two"}}}
    api(stage, answer(body | {"errors": [refused(message, "listUsers", "items")]}), rows("Bob"))
    app = stage.open("users.py")
    assert "◑ Partial" in said(app)
    assert "there is more behind it" in said(app)
    app.button(key="users_next").click().run()
    assert table(app) == ["Bob"]


def test_no_answer_is_an_error_that_says_what_to_do(stage: Stage) -> None:
    api(stage, Unavailable("Could not reach the API", "No answer within 30 s", "Try again", "Timeout"))
    app = stage.open("users.py")
    assert "Could not reach the API" in app.error[0].value
    assert "Try again" in app.error[0].value
    assert not app.dataframe


def test_after_a_failure_the_next_run_asks_again(stage: Stage) -> None:
    api(stage, Unavailable("Could not reach the API"), rows("Ann"))
    app = stage.open("users.py")
    assert table(app.run()) == ["Ann"]


@pytest.mark.parametrize("status", [500, 502, 429])
def test_a_failed_call_is_not_called_a_refusal(stage: Stage, status: int) -> None:
    api(stage, answer("<html>", status))
    text = said(stage.open("users.py"))
    assert "The users could not be read" in text
    assert f"HTTP {status}" in text
    assert "Refused" not in text


def test_a_token_that_is_not_accepted_leads_back_to_page_one(stage: Stage) -> None:
    error = {"path": ["listUsers"], "errorType": "InvalidNextToken", "message": "nextToken was altered."}
    asked = api(
        stage,
        rows("Ann", token="two"),
        answer({"data": {"listUsers": None}, "errors": [error]}),
        rows("Ann", token="two"),
    )
    app = stage.open("users.py")
    app.button(key="users_next").click().run()
    assert "The page token was not accepted" in said(app)
    app.button(key="users_start_again").click().run()
    assert table(app) == ["Ann"]
    assert asked.asked[-1][2]["nextToken"] is None


def test_a_made_up_api_key_is_announced_and_never_the_key_of_another_api(stage: Stage) -> None:
    asked = api(stage, rows("Ann"))
    app = stage.open("users.py", users_as="API key")
    assert "made-up key is sent" in said(app)
    assert asked.asked[0][1].key.reveal().startswith("da2-")


def test_without_an_identity_pool_the_iam_modes_are_not_offered(stage: Stage) -> None:
    stage.identity_pool = None
    api(stage, rows("Ann"))
    app = stage.open("users.py")
    assert app.button_group[0].options == ["Me · ID token", "Me · access token", "API key"]
    assert "no identity pool" in said(app)


def test_a_remote_picture_stays_an_address_until_it_is_asked_for(stage: Stage) -> None:
    items = [{"userId": "1", "firstname": "Ann", "lastname": "Lee", "picture": "https://pictures.example/a.png"}]
    api(stage, answer({"data": {"listUsers": {"items": items, "nextToken": None}}}))
    app = stage.open("users.py")
    assert app.toggle(key="users_remote").value is False
    assert app.dataframe[0].value["portrait"][0].startswith("data:image/svg+xml;base64,")
    assert app.dataframe[0].value["picture"][0] == "https://pictures.example/a.png"


def test_markdown_and_html_of_an_answer_stay_text(stage: Stage) -> None:
    hostile = "**bold** ![x](https://evil.example/x.png) <b>"
    body = {
        "data": {"listUsers": {"items": None, "nextToken": "t"}},
        "errors": [refused(hostile, "listUsers", "items")],
    }
    api(stage, answer(body))
    app = stage.open("users.py")
    shown = next(element.value for element in app.markdown if "Partial" in element.value)
    assert "\\*\\*bold\\*\\* \\!\\[x\\]" in shown


def test_neither_token_nor_key_reaches_the_page_or_its_state(stage: Stage) -> None:
    api(stage, rows("Ann"))
    app = stage.open("users.py")
    everything = said(app) + repr(app.session_state) + repr(dict(app.query_params))
    assert "the id token" not in everything
    assert "the access token" not in everything


def test_somebody_else_in_the_same_tab_sees_nothing_of_what_was_read_before(stage: Stage) -> None:
    asked = api(stage, rows("Ann"))
    app = stage.open("users.py")
    stage.operator = OTTO
    app.run()
    assert not app.dataframe
    assert not app.button
    assert "otto may not read the users" in app.error[0].value
    assert len(asked.asked) == 1


def test_a_stranger_sees_nothing_but_that_nobody_is_signed_in(stage: Stage) -> None:
    stage.operator = None
    asked = api(stage, rows("Ann"))
    app = stage.open("users.py")
    assert said(app) == "Nobody is signed in. Reload the page to sign in."
    assert not app.button
    assert asked.asked == []
