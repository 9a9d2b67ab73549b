"""The second factor on the sign-in page: codes, the choice between them, and the enrolment of an app."""

import base64
import io
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from services.secret import Secret
from services.sign_in_challenges import CodeRequired, Enrolment, Factor, FactorChoice
from services.sign_in_refusals import StillOpen
from tests.pages.conftest import said
from tests.pages.door import SESSION, Door, labels, opened, signed_in, submitted, told

CODE = CodeRequired("ada", SESSION)
KEY = "JBSWY3DPEHPK3PXP"
ENROLMENT = Enrolment("ada", SESSION, Secret(KEY))


def test_an_authenticator_app_is_asked_for_its_code(door: Door) -> None:
    door.answers = [CODE, door.pool.tokens()]
    app = signed_in(opened())
    assert labels(app) == ["Code"]

    app = submitted(app, code="123456")

    assert door.asked[1] == ("give_code", CODE, "123456")
    assert app.title[0].value == "Users"


@pytest.mark.parametrize("code", ["", "12345", "12345a"])
def test_what_is_no_code_is_told_without_a_call(door: Door, code: str) -> None:
    door.answers = [CODE]

    app = submitted(signed_in(opened()), code=code)

    assert "six digits" in told(app)
    assert len(door.asked) == 1


def test_a_wrong_code_stays_at_the_code(door: Door) -> None:
    door.answers = [CODE, StillOpen("Could not sign in", "The code is not right")]

    app = submitted(signed_in(opened()), code="000000")

    assert "The code is not right" in told(app)
    assert labels(app) == ["Code"]


@pytest.mark.parametrize(
    ("factor", "words"), [(Factor.SMS, "+*******42 by text message"), (Factor.EMAIL, "a***@e*** by e-mail")]
)
def test_a_code_that_was_sent_says_where_it_went(door: Door, factor: Factor, words: str) -> None:
    challenge = replace(CODE, factor=factor, destination=words.split(maxsplit=1)[0])
    door.answers = [challenge, door.pool.tokens()]

    app = signed_in(opened())
    assert words in said(app)
    app = submitted(app, code="1234 5678")

    assert door.asked[1] == ("give_code", challenge, "12345678")
    assert app.title[0].value == "Users"


def test_a_code_of_an_app_has_six_digits_and_one_that_was_sent_may_have_eight(door: Door) -> None:
    door.answers = [replace(CODE, factor=Factor.EMAIL)]

    app = submitted(signed_in(opened()), code="123456789")

    assert "six to eight digits" in told(app)
    assert len(door.asked) == 1


def test_the_factor_is_chosen_and_its_code_asked_for(door: Door) -> None:
    choice = FactorChoice("ada", SESSION, (Factor.SMS, Factor.TOTP))
    door.answers = [choice, CODE]

    app = signed_in(opened())
    assert app.radio[0].options == ["Code by text message", "Code of the authenticator app"]
    app.radio[0].set_value(Factor.TOTP)
    app = submitted(app)

    assert door.asked[1] == ("choose_factor", choice, Factor.TOTP)
    assert labels(app) == ["Code"]


def test_an_app_is_enrolled_by_its_first_code(door: Door) -> None:
    door.answers = [ENROLMENT, door.pool.tokens()]

    app = signed_in(opened())
    assert app.code[0].value == KEY
    app = submitted(app, code="123456")

    assert door.asked[1] == ("enrol", ENROLMENT, "123456")
    assert app.title[0].value == "Users"


def test_the_key_is_shown_as_a_picture_too(door: Door) -> None:
    door.answers = [ENROLMENT]

    app = signed_in(opened())

    kind, _, data = app.get("image")[0].proto.imgs[0].url.partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).width > 100


def test_the_key_stays_on_the_screen_after_a_wrong_code_and_nowhere_else(door: Door) -> None:
    door.answers = [ENROLMENT, StillOpen("Could not set up the authenticator app", "The code is not right")]

    app = submitted(signed_in(opened()), code="000000")

    assert "The code is not right" in told(app)
    assert app.code[0].value == KEY
    assert KEY not in repr(app.session_state)


def test_what_the_picture_says_names_issuer_and_account(monkeypatch: pytest.MonkeyPatch, door: Door) -> None:
    told_to: list[str] = []
    door.answers = [replace(ENROLMENT, username="ada lovelace")]
    drawn = __import__("qrcode").make
    monkeypatch.setattr("qrcode.make", lambda text, **more: told_to.append(text) or drawn(text, **more))

    signed_in(opened())

    address = urlsplit(told_to[0])
    assert (address.scheme, address.netloc, address.path) == (
        "otpauth",
        "totp",
        "/Gatehouse%20%28test%29%3Aada%20lovelace",
    )
    assert parse_qs(address.query) == {"secret": [KEY], "issuer": ["Gatehouse (test)"]}
