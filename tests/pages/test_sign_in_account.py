"""Signing up, confirming and having the code sent again, on the sign-in page; and the pool's own questions."""

import pytest

from services.errors import SignInError
from services.secret import Secret
from services.sign_in_challenges import ConfirmationRequired, Question
from services.sign_in_refusals import StillOpen
from services.sign_up import SignUpForm
from tests.pages.conftest import said
from tests.pages.door import PASSWORD, SESSION, Door, labels, opened, pressed, signed_in, submitted, told

CONFIRM = ConfirmationRequired("ada", "a***@e***")
NEW = {"own_name": "ada", "new": PASSWORD, "again": PASSWORD}


def signing_up(door: Door, *required: str, named_by: tuple[str, ...] = ()) -> None:
    door.sign_up_form = SignUpForm(open=True, named_by=named_by, required=required)


def test_an_account_is_made_with_what_the_schema_requires_and_confirmed_by_its_code(door: Door) -> None:
    signing_up(door, "email", "given_name")
    door.answers = [CONFIRM, None]

    app = pressed(opened(), "create")
    assert labels(app) == ["User name", "Password", "Password again", "E-mail", "Given name"]
    app = submitted(app, **NEW, attribute_email="ada@example.com", attribute_given_name="Ada")
    assert "sent to a***@e***" in said(app)
    app = submitted(app, code="123456")

    told_to_pool = {"email": "ada@example.com", "given_name": "Ada"}
    assert door.asked == [("create", "ada", Secret(PASSWORD), told_to_pool), ("confirm", CONFIRM, "123456")]
    assert "ada is confirmed" in app.success[0].value
    assert [each.value for each in app.text_input] == ["ada", ""]


def test_a_pool_that_confirms_by_itself_signs_in_at_once(door: Door) -> None:
    signing_up(door)
    door.answers = [None, door.pool.tokens()]

    app = submitted(pressed(opened(), "create"), **NEW)

    assert app.title[0].value == "Users"


def test_a_pool_whose_names_are_addresses_asks_for_one(door: Door) -> None:
    signing_up(door, named_by=("email", "phone_number"))

    app = pressed(opened(), "create")

    assert labels(app)[0] == "E-mail or phone number"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"own_name": ""}, "User name is empty"),
        ({"again": "Other"}, "passwords differ"),
        ({"attribute_email": ""}, "E-mail is empty"),
    ],
)
def test_an_incomplete_account_is_told_without_a_call(door: Door, typed: dict[str, str], words: str) -> None:
    signing_up(door, "email")

    app = submitted(pressed(opened(), "create"), **{**NEW, "attribute_email": "ada@example.com", **typed})

    assert words in told(app)
    assert door.asked == []


def test_a_taken_name_keeps_what_was_typed_but_the_passwords(door: Door) -> None:
    signing_up(door, "email")
    door.answers = [StillOpen("Could not create the account", "The user name is taken")]

    app = submitted(pressed(opened(), "create"), **NEW, attribute_email="ada@example.com")

    assert "The user name is taken" in told(app)
    assert [each.value for each in app.text_input] == ["ada", "", "", "ada@example.com"]


def test_somebody_unconfirmed_is_asked_for_the_code_and_may_have_another_one(door: Door) -> None:
    door.answers = [CONFIRM, CONFIRM]

    app = pressed(signed_in(opened()), "resend")

    assert door.asked[1] == ("send_code", CONFIRM)
    assert "If ada waits for a code, another one is on its way" in app.success[0].value
    assert labels(app) == ["Code"]


def test_a_wrong_confirmation_code_stays_at_the_code(door: Door) -> None:
    door.answers = [CONFIRM, StillOpen("Could not confirm the account", "The code is not right")]

    app = submitted(signed_in(opened()), code="000000")

    assert "The code is not right" in told(app)
    assert labels(app) == ["Code"]


def test_an_empty_code_is_told_without_a_call(door: Door) -> None:
    door.answers = [CONFIRM]

    app = submitted(signed_in(opened()))

    assert "The code is empty" in told(app)
    assert len(door.asked) == 1


def test_the_question_of_the_pool_is_plain_text_and_its_answer_goes_back(door: Door) -> None:
    question = Question("ada", SESSION, (("question", "**What** is [2](x) + 3?"),))
    door.answers = [question, door.pool.tokens()]

    app = signed_in(opened())
    assert [each.value for each in app.text] == ["**What** is [2](x) + 3?"]
    app = submitted(app, answer="5")

    assert door.asked[1] == ("answer", question, "5")
    assert app.title[0].value == "Users"


def test_several_things_that_the_pool_tells_come_with_their_names(door: Door) -> None:
    door.answers = [Question("ada", SESSION, (("hint", "blue"), ("length", "4")))]

    assert [each.value for each in signed_in(opened()).text] == ["hint: blue", "length: 4"]


def test_an_empty_answer_is_told_without_a_call(door: Door) -> None:
    door.answers = [Question("ada", SESSION, ())]

    app = submitted(signed_in(opened()))

    assert "It is empty" in told(app)
    assert len(door.asked) == 1


def test_a_question_that_was_answered_wrong_once_too_often_starts_over(door: Door) -> None:
    door.answers = [Question("ada", SESSION, ()), SignInError("Could not sign in", "The user pool did not accept it")]

    app = submitted(signed_in(opened()), answer="6")

    assert "did not accept it" in told(app)
    assert labels(app) == ["User name or e-mail", "Password"]
