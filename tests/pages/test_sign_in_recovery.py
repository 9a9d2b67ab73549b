"""A forgotten password, and one that was reset: what the sign-in page asks, and that it tells nobody who exists."""

import pytest

from services.errors import Unavailable
from services.secret import Secret
from services.sign_in_challenges import CodeRequired, ResetRequired
from services.sign_in_refusals import StillOpen
from tests.pages.conftest import said
from tests.pages.door import SESSION, WRONG, Door, labels, opened, pressed, signed_in, submitted, told

ASKED = ResetRequired("ada")
RESET = ResetRequired("ada", by_administrator=True)
FIELDS = ["User name", "Code", "New password", "New password again"]


def test_a_forgotten_password_is_replaced_by_a_code_and_signs_in(door: Door) -> None:
    door.answers = [ASKED, None, door.pool.tokens()]

    app = pressed(opened(), "forgot", username="ada")
    assert [each.value for each in app.text_input] == ["ada"]
    app = submitted(app)
    assert "If ada has a verified address, a code is on its way to it" in app.success[0].value.replace("\\", "")
    assert labels(app) == FIELDS
    app = submitted(app, reset_code=" 123 456 ", new="Another-1", again="Another-1")

    password = Secret("Another-1")
    assert door.asked == [
        ("send_code", "ada"),
        ("set_password", ASKED, "123456", password),
        ("start", "ada", password),
    ]
    assert app.title[0].value == "Users"


def test_nothing_is_sent_without_a_name(door: Door) -> None:
    app = submitted(pressed(opened(), "forgot"))

    assert "The user name is empty" in told(app)
    assert door.asked == []


def test_a_password_that_an_administrator_reset_asks_for_the_code_that_was_sent_then(door: Door) -> None:
    door.answers = [RESET]

    app = signed_in(opened())

    assert "An administrator has reset the password of ada" in said(app)
    assert labels(app) == FIELDS


def test_another_code_can_be_asked_for(door: Door) -> None:
    door.answers = [RESET, ASKED]

    app = pressed(signed_in(opened()), "resend", reset_code="123456")

    assert door.asked[1] == ("send_code", "ada")
    assert "a code is on its way" in app.success[0].value
    assert labels(app) == FIELDS
    assert [each.value for each in app.text_input] == ["ada", "", "", ""]


def test_a_refused_password_keeps_the_code_that_was_typed(door: Door) -> None:
    door.answers = [RESET, StillOpen("Could not set the new password", "Password not long enough")]

    app = submitted(signed_in(opened()), reset_code="123456", new="weak", again="weak")

    assert "Password not long enough" in told(app)
    assert [each.value for each in app.text_input] == ["ada", "123456", "", ""]


@pytest.mark.parametrize(
    ("code", "again", "words"), [("", "Another-1", "The code is empty"), ("123456", "Other", "passwords differ")]
)
def test_an_incomplete_form_is_told_without_a_call(door: Door, code: str, again: str, words: str) -> None:
    door.answers = [RESET]

    app = submitted(signed_in(opened()), reset_code=code, new="Another-1", again=again)

    assert words in told(app)
    assert len(door.asked) == 1


def test_a_second_factor_is_still_asked_for_after_the_reset(door: Door) -> None:
    door.answers = [RESET, None, CodeRequired("ada", SESSION)]

    app = submitted(signed_in(opened()), reset_code="123456", new="Another-1", again="Another-1")

    assert labels(app) == ["Code"]


def test_a_sign_in_that_fails_after_the_reset_starts_over(door: Door) -> None:
    door.answers = [RESET, None, WRONG]

    app = submitted(signed_in(opened()), reset_code="123456", new="Another-1", again="Another-1")

    assert "is wrong" in told(app)
    assert labels(app) == ["User name or e-mail", "Password"]


def test_asking_for_codes_again_and_again_has_to_wait(door: Door) -> None:
    door.answers = [ASKED] * 6
    app = submitted(pressed(opened(), "forgot", username="ada"))
    for _ in range(4):
        app = pressed(app, "resend")

    app = pressed(app, "resend")

    assert "Wait 1 second" in told(app)
    assert len(door.asked) == 5


def test_no_answer_leaves_the_form_open(door: Door) -> None:
    door.answers = [Unavailable("Could not have a code sent", "AWS did not answer")]

    app = submitted(pressed(opened(), "forgot", username="ada"))

    assert "AWS did not answer" in told(app)
    assert [each.value for each in app.text_input] == ["ada"]
