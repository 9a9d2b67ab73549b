"""What the sign-in page shows for user name and password, and at every step: refusals, no answer, the way back."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.errors import SignInError, Unavailable
from services.secret import Secret
from services.settings_values import SignInFlow
from services.sign_in_challenges import CodeRequired, NewPasswordRequired
from services.sign_in_refusals import StillOpen
from services.sign_up import SignUpForm
from tests.pages.conftest import said
from tests.pages.door import PASSWORD, SESSION, WRONG, Door, labels, opened, signed_in, submitted, told
from tests.stand_ins import ENVIRONMENT

NEW_PASSWORD = NewPasswordRequired("ada", SESSION)
CODE = CodeRequired("ada", SESSION)


def test_a_stranger_is_asked_for_name_and_password_and_sees_no_navigation(door: Door) -> None:
    app = opened()

    assert app.title[0].value == "Sign in to Gatehouse"
    assert labels(app) == ["User name or e-mail", "Password"]
    assert not app.sidebar.button


def test_the_right_password_opens_the_dashboard(door: Door) -> None:
    door.answers = [door.pool.tokens()]

    app = signed_in(opened())

    assert door.asked == [("start", "ada", Secret(PASSWORD))]
    assert app.title[0].value == "Users"
    assert [each.label for each in app.sidebar.button] == ["Sign out", "Sign out everywhere"]
    assert "admin" in app.sidebar.caption[0].value


def test_a_wrong_password_keeps_the_name_and_empties_the_password(door: Door) -> None:
    door.answers = [WRONG]

    app = signed_in(opened())

    assert "The user name or the password is wrong" in told(app)
    assert [each.value for each in app.text_input] == ["ada", ""]


def test_no_password_stays_behind_in_the_session_state(door: Door) -> None:
    door.answers = [WRONG, door.pool.tokens()]

    refused = signed_in(opened())
    assert PASSWORD not in repr(refused.session_state)
    assert PASSWORD not in repr(signed_in(refused).session_state)


@pytest.mark.parametrize(
    ("username", "password", "missing"),
    [("", "", "user name"), (" ", PASSWORD, "user name"), ("ada", "", "password")],
)
def test_an_empty_field_is_told_without_a_call(door: Door, username: str, password: str, missing: str) -> None:
    app = submitted(opened(), username=username, password=password)

    assert f"The {missing} is empty" in told(app)
    assert door.asked == []


def test_what_was_said_before_makes_way_for_what_is_wrong_now(door: Door) -> None:
    door.answers = [WRONG]

    app = submitted(signed_in(opened()), password="")

    assert [each.value.count("empty") for each in app.error] == [1]
    assert app.text_input[0].value == "ada"


def test_a_temporary_password_has_to_be_replaced(door: Door) -> None:
    door.answers = [NEW_PASSWORD, door.pool.tokens()]
    app = signed_in(opened())
    assert labels(app) == ["User name", "New password", "New password again"]

    app = submitted(app, new="Another-1", again="Another-2")
    assert "The two passwords differ" in told(app)
    assert len(door.asked) == 1

    app = submitted(app, new="Another-1", again="Another-1")
    assert door.asked[1] == ("choose_password", NEW_PASSWORD, Secret("Another-1"), {})
    assert app.title[0].value == "Users"


def test_what_the_pool_lacks_is_asked_for_with_the_new_password(door: Door) -> None:
    door.answers = [replace(NEW_PASSWORD, missing=("given_name",)), door.pool.tokens()]
    app = signed_in(opened())
    assert "Given name" in "".join(labels(app)).replace("\\", "")

    submitted(app, new="Another-1", again="Another-1", attribute_given_name="Ada")

    assert door.asked[1][3] == {"given_name": "Ada"}


def test_a_password_against_the_policy_leaves_the_step_open(door: Door) -> None:
    door.answers = [NEW_PASSWORD, StillOpen("Could not sign in", "Password must have uppercase characters")]

    app = submitted(signed_in(opened()), new="weak", again="weak")

    assert "Password must have uppercase characters" in told(app)
    assert "New password" in labels(app)
    assert [each.value for each in app.text_input] == ["ada", "", ""]


def test_a_step_that_took_too_long_starts_over_with_its_reason(door: Door) -> None:
    door.answers = [CODE, SignInError("Could not sign in", "The sign-in took too long")]

    app = submitted(signed_in(opened()), code="000000")

    assert "The sign-in took too long" in told(app)
    assert labels(app) == ["User name or e-mail", "Password"]


def test_a_challenge_can_be_left_for_another_account(door: Door) -> None:
    door.answers = [CODE]

    app = signed_in(opened()).button(key="start_again").click().run()

    assert labels(app) == ["User name or e-mail", "Password"]
    assert "challenge" not in app.session_state


def test_no_answer_leaves_the_step_open(door: Door) -> None:
    door.answers = [CODE, Unavailable("Could not sign in", "AWS did not answer")]

    app = submitted(signed_in(opened()), code="123456")

    assert "AWS did not answer" in told(app)
    assert labels(app) == ["Code"]


def test_tokens_that_fail_verification_open_nothing(door: Door) -> None:
    door.answers = [door.pool.tokens(iss="https://elsewhere")]

    app = signed_in(opened())

    assert "another user pool" in told(app)
    assert app.title[0].value == "Sign in to Gatehouse"


def test_the_badge_says_production_in_red(door: Door) -> None:
    door.application = replace(door.application, environment=replace(ENVIRONMENT, production=True, name="live"))

    assert ":red-badge[:material/warning: production · live]" in [each.value for each in opened().markdown]


def test_on_a_local_cloud_the_page_says_where_the_passwords_are_and_not_what_they_are(
    door: Door, tmp_path: Path
) -> None:
    (tmp_path / "demo.json").write_text(f'{{"people": {{"ada": {{"password": "{PASSWORD}"}}}}}}', encoding="utf-8")
    local = replace(ENVIRONMENT, source="local cloud", credentials_file=str(tmp_path / "credentials"))
    door.application = replace(door.application, environment=local)

    words = said(opened())

    assert "demo.json" in words.replace("\\", "")
    assert PASSWORD not in words


def test_a_required_attribute_is_never_sent_empty(door: Door) -> None:
    door.answers = [replace(NEW_PASSWORD, missing=("given_name", "birthdate"))]

    app = submitted(signed_in(opened()), new="Another-1", again="Another-1", attribute_given_name="Ada")

    assert "Date of birth is empty" in told(app)
    assert len(door.asked) == 1


def test_what_was_typed_is_kept_when_it_is_refused_and_the_passwords_are_not(door: Door) -> None:
    door.answers = [replace(NEW_PASSWORD, missing=("given_name",)), StillOpen("Could not set it", "Too short")]

    app = submitted(signed_in(opened()), new="weak", again="weak", attribute_given_name="Ada")

    assert [each.value for each in app.text_input] == ["ada", "", "", "Ada"]


def test_a_pool_with_its_own_questions_is_asked_for_the_name_alone(door: Door) -> None:
    door.application = replace(door.application, environment=replace(ENVIRONMENT, sign_in_flow=SignInFlow.CUSTOM))
    door.answers = [door.pool.tokens()]

    app = opened()
    assert labels(app) == ["User name or e-mail"]
    app = submitted(app, username="ada")

    assert door.asked == [("start", "ada", Secret(""))]
    assert app.title[0].value == "Users"


@pytest.mark.parametrize("welcome", [True, False])
def test_an_account_is_offered_only_where_the_pool_admits_strangers(door: Door, welcome: bool) -> None:
    door.sign_up_form = SignUpForm(open=welcome)

    assert ("sign_in_create" in [each.key for each in opened().button]) is welcome


def test_after_several_failures_the_next_try_has_to_wait(door: Door) -> None:
    door.answers = [WRONG] * 5 + [door.pool.tokens()]
    app = opened()
    for _ in range(5):
        app = signed_in(app)
        assert "is wrong" in told(app)

    app = signed_in(app)
    assert "Wait 1 second" in told(app)
    assert len(door.asked) == 5

    door.clock.move(seconds=1)
    assert signed_in(app).title[0].value == "Users"


def test_who_got_in_starts_anew(door: Door) -> None:
    door.answers = [*[WRONG] * 4, door.pool.tokens(), *[WRONG] * 4, door.pool.tokens()]
    app = opened()
    for _ in range(5):
        app = signed_in(app)
    app = app.button(key="sign_out").click().run()

    for _ in range(5):
        app = signed_in(app)

    assert app.title[0].value == "Users"


def test_the_right_password_does_not_make_wrong_codes_forgotten(door: Door) -> None:
    door.answers = [CODE, SignInError("Could not sign in", "The code is not right")] * 5 + [CODE]
    app = opened()
    for _ in range(5):
        app = submitted(signed_in(app), code="000000")

    assert "Wait 1 second" in told(signed_in(app))
