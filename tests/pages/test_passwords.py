"""What the Passwords page says about a person, and what it does with a password."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Stage, said, seen
from tests.stand_ins import Record
from tests.unit.people import OTTO, VERA
from tests.unit.pool_calls import PoolCalls, failing, user

STRICT = {"MinimumLength": 12, "RequireUppercase": True, "RequireNumbers": True, "TemporaryPasswordValidityDays": 3}
EMAIL = {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}
RULES = {"UserPool": {"Policies": {"PasswordPolicy": STRICT}, "AccountRecoverySetting": EMAIL}}
GOOD = "Correct-horse-9"

Links = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> Links:
    """The links to other pages: a page that is tested alone has no navigation that they could lead to."""
    led: Links = []
    monkeypatch.setattr(streamlit, "page_link", lambda to, **more: led.append({"to": to, **more}))
    return led


def holding(stage: Stage, *people: Mapping[str, Any], **answers: Any) -> PoolCalls:
    """The stage's pool, with these people, the rules above, and answers."""
    stage.pool.answers = {"ListUsers": {"Users": list(people)}, "DescribeUserPool": RULES, **answers}
    return stage.pool


def field(app: AppTest) -> Any:
    """The field of the new password."""
    return field_of(app, "passwords_new_sub-bea_")


def reason(app: AppTest) -> Any:
    """The field of the reason."""
    return field_of(app, "passwords_set_sub-bea_")


def field_of(app: AppTest, beginning: str) -> Any:
    """The field whose key begins so."""
    return next(each for each in app.text_input if str(each.key).startswith(beginning))


def unmet(app: AppTest) -> list[str]:
    """The lines of the checklist that are not met."""
    return [line.value for line in app.markdown if "radio_button_unchecked" in line.value]


def test_without_a_person_the_page_lists_the_first_ones_and_says_what_to_do(stage: Stage) -> None:
    holding(stage, user("bea"), user("cal", "RESET_REQUIRED"))
    app = stage.open("passwords.py")
    assert list(app.dataframe(key="passwords_table").value["state"]) == ["Active", "Must reset password"]
    assert "click one to open it" in said(app)


def test_a_search_without_a_hit_and_an_empty_pool_are_told_apart(stage: Stage) -> None:
    holding(stage)
    assert "The user pool has no users yet" in said(stage.open("passwords.py"))
    assert "Cognito searches the beginning only" in said(stage.open("passwords.py", passwords_q="zz"))


def test_a_search_with_one_hit_opens_the_person(stage: Stage) -> None:
    holding(stage, user("bea"))
    app = stage.open("passwords.py")
    app.text_input(key="passwords_q").set_value("be").run()
    assert app.query_params["user"] == "bea"
    assert app.title[0].value == "bea"


def test_a_link_leads_to_what_the_person_gets_in_the_matrix(stage: Stage, links: Links) -> None:
    holding(stage, user("bea"))
    stage.open("passwords.py", user="bea")
    assert [(link["to"], link["query_params"]) for link in links] == [("matrix.py", {"matrix_person": "bea"})]


def test_going_back_does_not_open_the_only_hit_again(stage: Stage) -> None:
    holding(stage, user("bea"))
    app = stage.open("passwords.py")
    app.text_input(key="passwords_q").set_value("be").run()
    app.button(key="passwords_back").click().run()
    assert "user" not in app.query_params
    assert list(app.dataframe(key="passwords_table").value["username"]) == ["bea"]


def test_an_address_of_nobody_says_that_there_is_nobody(stage: Stage) -> None:
    holding(stage)
    assert "There is no user of this name" in said(stage.open("passwords.py", user="bea"))


def test_a_failed_search_is_an_error_that_says_what_to_do(stage: Stage) -> None:
    holding(stage, ListUsers=failing("TooManyRequestsException"))
    assert "Wait a few seconds" in stage.open("passwords.py").error[0].value


@pytest.mark.parametrize(
    ("status", "words", "meaning"),
    [
        ("CONFIRMED", "Active", "Signs in with the password"),
        ("FORCE_CHANGE_PASSWORD", "Must change password", "must choose a new one"),
        ("RESET_REQUIRED", "Must reset password", "code that was sent"),
        ("UNCONFIRMED", "Not confirmed", "never confirmed"),
        ("EXTERNAL_PROVIDER", "External", "external provider"),
        ("ARCHIVED", "Unknown", "does not know"),
    ],
)
def test_the_state_is_told_in_words_with_what_a_sign_in_does(
    stage: Stage, status: str, words: str, meaning: str
) -> None:
    holding(stage, user("bea", status))
    app = stage.open("passwords.py", user="bea")
    text = said(app)
    assert words in text
    assert meaning in text


def test_the_checklist_follows_what_is_typed_and_holds_the_button_back(stage: Stage) -> None:
    holding(stage, user("bea"))
    app = stage.open("passwords.py", user="bea")
    assert len(unmet(app)) == 4
    assert app.button(key="passwords_set").disabled
    field(app).set_value("short1").run()
    assert [line.split("] ")[1] for line in unmet(app)] == ["At least 12 characters", "An uppercase letter, A to Z"]
    field(app).set_value(GOOD).run()
    assert unmet(app) == []
    assert app.button(key="passwords_set").disabled
    reason(app).set_value("forgotten").run()
    assert not app.button(key="passwords_set").disabled


@pytest.mark.parametrize(
    ("kind", "permanent", "state"), [("Permanent", True, "Active"), ("Temporary", False, "Must change password")]
)
def test_a_password_is_set_and_then_gone_from_the_page_and_its_state(
    stage: Stage, kind: str, permanent: bool, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "gatehouse")
    calls = holding(stage, user("bea"), AdminSetUserPassword={})
    app = stage.open("passwords.py", user="bea")
    app.button_group(key="passwords_kind").set_value(kind).run()
    field(app).set_value(GOOD).run()
    reason(app).set_value("forgotten").run()
    app.button(key="passwords_set").click().run()

    assert [(r["Password"], r["Permanent"]) for r in calls.requests("AdminSetUserPassword")] == [(GOOD, permanent)]
    assert f"{kind} password set for bea; state is now {state}" in said(app)
    assert (field(app).value, reason(app).value) == ("", "")
    assert GOOD not in said(app) + repr(app.session_state) + repr(dict(app.query_params)) + caplog.text
    assert '"act": "password.set"' in caplog.text


def test_a_generated_password_is_shown_until_it_is_set(stage: Stage) -> None:
    calls = holding(stage, user("bea"), AdminSetUserPassword={})
    app = stage.open("passwords.py", user="bea")
    app.button(key="passwords_generate").click().run()
    made = app.code[0].value
    assert unmet(app) == []
    reason(app).set_value("forgotten").run()
    app.button(key="passwords_set").click().run()
    assert calls.requests("AdminSetUserPassword")[0]["Password"] == made
    assert made not in said(app) + repr(app.session_state)


def test_a_typed_password_is_never_shown(stage: Stage) -> None:
    holding(stage, user("bea"))
    app = stage.open("passwords.py", user="bea")
    app.button(key="passwords_generate").click().run()
    field(app).set_value(GOOD).run()
    assert GOOD not in said(app)


def test_a_refused_password_is_told_and_can_be_corrected(stage: Stage) -> None:
    holding(stage, user("bea"), AdminSetUserPassword=failing("PasswordHistoryPolicyViolationException"))
    app = stage.open("passwords.py", user="bea")
    field(app).set_value(GOOD).run()
    reason(app).set_value("forgotten").run()
    app.button(key="passwords_set").click().run()
    assert "was used before" in app.error[0].value
    assert GOOD not in app.error[0].value
    assert field(app).value == GOOD


def test_an_external_user_is_offered_neither_password_nor_code(stage: Stage) -> None:
    holding(stage, user("bea", "EXTERNAL_PROVIDER"))
    app = stage.open("passwords.py", user="bea")
    keys = {button.key for button in app.button}
    assert not keys & {"passwords_set", "passwords_send_code", "passwords_generate"}
    assert "lies with the provider" in said(app)


def test_a_disabled_user_is_said_to_be_refused_whatever_the_password(stage: Stage) -> None:
    holding(stage, user("bea", "CONFIRMED", enabled=False), AdminSetUserPassword={})
    app = stage.open("passwords.py", user="bea")
    assert "Every sign-in is refused" in said(app)
    field(app).set_value(GOOD).run()
    reason(app).set_value("forgotten").run()
    app.button(key="passwords_set").click().run()
    assert "state is now Disabled" in said(app)


def test_the_code_button_says_where_the_code_goes(stage: Stage) -> None:
    holding(stage, user("bea"))
    button = stage.open("passwords.py", user="bea").button(key="passwords_send_code")
    assert seen(button.label) == "Send a reset code to b•••@example.com"


def test_without_a_verified_address_there_is_a_reason_in_place_of_the_button(stage: Stage) -> None:
    holding(stage, user("bea", email_verified="false"))
    app = stage.open("passwords.py", user="bea")
    assert "passwords_send_code" not in {button.key for button in app.button}
    assert "No verified e-mail address is on record" in said(app)


def test_ones_own_account_is_pointed_out(stage: Stage) -> None:
    holding(stage, user("ada"))
    assert "your own account" in stage.open("passwords.py", user="ada").warning[0].value


def test_a_name_full_of_markdown_stays_text(stage: Stage) -> None:
    holding(stage, user("**b**<i>", email="![x](https://evil.example/x.png)@x"))
    app = stage.open("passwords.py", user="**b**<i>")
    assert app.title[0].value == "\\*\\*b\\*\\*\\<i\\>"
    assert not [m for m in app.markdown if "![x](" in m.value]


def test_somebody_without_the_right_reaches_nobody_also_by_the_address(stage: Stage) -> None:
    calls = holding(stage, user("bea"))
    stage.operator = OTTO
    app = stage.open("passwords.py", user="bea")
    assert "otto may not find people" in app.error[0].value
    assert not app.button
    assert calls.asked == []


def test_a_stranger_reaches_nobody_also_by_the_address(stage: Stage) -> None:
    calls = holding(stage, user("bea"))
    stage.operator = None
    assert said(stage.open("passwords.py", user="bea")) == "Nobody is signed in. Reload the page to sign in."
    assert calls.asked == []


def test_the_reason_is_in_the_record_and_the_persons_history_on_the_page(stage: Stage, record: Record) -> None:
    holding(stage, user("bea"), AdminSetUserPassword={})
    app = stage.open("passwords.py", user="bea")
    assert "Nothing is recorded yet" in said(app)
    field(app).set_value(GOOD).run()
    reason(app).set_value(" forgotten ").run()
    app.button(key="passwords_set").click().run()

    (act,) = record()
    assert act.begun.reason == "forgotten"
    history = app.dataframe[-1].value
    assert list(zip(history["act"], history["reason"], strict=True)) == [("Set a password", "forgotten")]


def test_a_viewer_sees_the_state_and_buttons_that_say_why_they_are_disabled(stage: Stage) -> None:
    calls = holding(stage, user("bea"))
    stage.operator = VERA
    app = stage.open("passwords.py", user="bea")
    assert "Signs in with the password" in said(app)
    for key in ("passwords_generate", "passwords_set", "passwords_send_code"):
        assert app.button(key=key).disabled
    assert "It takes the role admin, and yours is viewer" in said(app)
    assert field(app).disabled
    assert {name for name, _ in calls.asked} == {"ListUsers", "DescribeUserPool"}


def test_the_call_is_shown_with_a_placeholder_in_the_passwords_place(stage: Stage) -> None:
    holding(stage, user("bea"))
    app = stage.open("passwords.py", user="bea")
    field(app).set_value(GOOD).run()
    shown = " ".join(block.value for block in app.code)
    assert "admin-set-user-password" in shown
    assert "--permanent" in shown
    assert "<password>" in shown
    assert GOOD not in shown
