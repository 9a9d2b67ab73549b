"""What the sign-in page shows at each step, and who gets past it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages import _app
from services.application import Application
from services.errors import GatehouseError, SettingsError, SignInError, Unavailable
from services.keys import PoolKeys
from services.operators import Identify
from services.secret import Secret
from services.sessions import Sessions
from services.sign_in import CodeRequired, NewPasswordRequired
from services.sign_in_refusals import StillOpen
from tests.pages.conftest import PAGES, Stage, answer, said
from tests.stand_ins import ENVIRONMENT, Clock, Pool

PASSWORD = "Correct-horse-9"
NEW_PASSWORD = NewPasswordRequired("ada", Secret("the session"))
CODE = CodeRequired("ada", Secret("the session"))
WRONG = SignInError("Could not sign in", "The user name or the password is wrong", "Check both and try again")


@dataclass
class Door:
    """A dashboard in front of a user pool that answers each step as a test says."""

    pool: Pool = field(default_factory=Pool)
    clock: Clock = field(default_factory=Clock)
    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    revoked: int = 0

    def __post_init__(self) -> None:
        identify = Identify(ENVIRONMENT, PoolKeys("", self.clock, lambda _: self.pool.document()), self.clock)
        self.application = Application(
            environment=ENVIRONMENT,
            clients=None,  # type: ignore[arg-type]
            identify=identify,
            sign_in=self,  # type: ignore[arg-type]
            sessions=Sessions(identify, self, self.clock),
            identity_pool=None,
        )

    def step(self, *asked: Any) -> Any:
        self.asked.append(asked)
        answered = self.answers.pop(0)
        if isinstance(answered, GatehouseError):
            raise answered
        return answered

    start = choose_password = give_code = step

    def renew(self, _: Any) -> Any:
        raise SignInError("Could not renew the sign-in", "The account is disabled")

    def revoke(self, _: Any) -> None:
        self.revoked += 1


@pytest.fixture
def door(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A door; behind it, the users page has an API with nobody in it."""
    made = Door()
    stage.api.answers = [answer({"data": {"listUsers": {"items": [], "nextToken": None}}})]
    monkeypatch.setattr(_app, "application", lambda: made.application)
    monkeypatch.setattr(_app, "environment", lambda: made.application.environment)
    monkeypatch.setattr(_app, "current_session", CURRENT_SESSION)
    return made


CURRENT_SESSION: Callable[[], Any] = _app.current_session


def opened() -> AppTest:
    """The dashboard as a stranger opens it."""
    return AppTest.from_file(str(PAGES / "_shell.py"), default_timeout=20).run()


def typed(app: AppTest, key: str, text: str) -> None:
    """Fill the field whose key begins so."""
    next(each for each in app.text_input if (each.key or "").startswith(key)).set_value(text)


def submitted(app: AppTest, **fields: str) -> AppTest:
    """The page after these fields were filled and the form was sent."""
    for key, text in fields.items():
        typed(app, f"sign_in_{key}", text)
    return app.button(key="sign_in").click().run()


def told(app: AppTest) -> str:
    """The error that the page shows, without the escapes."""
    return app.error[0].value.replace("\\", "")


def labels(app: AppTest) -> list[str]:
    """The labels of the fields that are shown."""
    return [each.label for each in app.text_input]


def signed_in(app: AppTest) -> AppTest:
    """The page after ada typed the right password."""
    return submitted(app, username="ada", password=PASSWORD)


def test_a_stranger_is_asked_for_name_and_password_and_sees_no_navigation(door: Door) -> None:
    app = opened()

    assert app.title[0].value == "Sign in to Gatehouse"
    assert labels(app) == ["User name or e-mail", "Password"]
    assert not app.sidebar.button


def test_the_right_password_opens_the_dashboard(door: Door) -> None:
    door.answers = [door.pool.tokens()]

    app = signed_in(opened())

    assert door.asked == [("ada", Secret(PASSWORD))]
    assert app.title[0].value == "Users"
    assert [each.label for each in app.sidebar.button] == ["Sign out"]
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


def test_a_temporary_password_has_to_be_replaced(door: Door) -> None:
    door.answers = [NEW_PASSWORD, door.pool.tokens()]
    app = signed_in(opened())
    assert labels(app) == ["User name", "New password", "New password again"]

    app = submitted(app, new="Another-1", again="Another-2")
    assert "The two passwords differ" in told(app)
    assert len(door.asked) == 1

    app = submitted(app, new="Another-1", again="Another-1")
    assert door.asked[1] == (NEW_PASSWORD, Secret("Another-1"), {})
    assert app.title[0].value == "Users"


def test_what_the_pool_lacks_is_asked_for_with_the_new_password(door: Door) -> None:
    door.answers = [replace(NEW_PASSWORD, missing=("given_name",)), door.pool.tokens()]
    app = signed_in(opened())
    assert "Given name" in "".join(labels(app)).replace("\\", "")

    submitted(app, new="Another-1", again="Another-1", attribute_given_name="Ada")

    assert door.asked[1][2] == {"given_name": "Ada"}


def test_a_password_against_the_policy_leaves_the_step_open(door: Door) -> None:
    door.answers = [NEW_PASSWORD, StillOpen("Could not sign in", "Password must have uppercase characters")]

    app = submitted(signed_in(opened()), new="weak", again="weak")

    assert "Password must have uppercase characters" in told(app)
    assert "New password" in labels(app)
    assert [each.value for each in app.text_input] == ["ada", "", ""]


def test_an_authenticator_app_is_asked_for_its_code(door: Door) -> None:
    door.answers = [CODE, door.pool.tokens()]
    app = signed_in(opened())
    assert labels(app) == ["Code"]

    app = submitted(app, code="123456")

    assert door.asked[1] == (CODE, "123456")
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


@pytest.mark.parametrize("groups", [[], ["viewers"], ["not-admins"]])
def test_somebody_without_the_group_is_told_its_name_and_can_sign_out(
    door: Door, stage: Stage, groups: list[str]
) -> None:
    door.answers = [door.pool.tokens(**{"cognito:groups": groups})]

    app = signed_in(opened())
    assert "is not a member of the group admins" in said(app)
    assert not app.sidebar.button
    assert stage.api.asked == []

    app.button(key="sign_out").click().run()
    assert app.title[0].value == "Sign in to Gatehouse"


def test_signing_out_revokes_the_tokens_and_leads_back_to_the_sign_in(door: Door) -> None:
    door.answers = [door.pool.tokens()]

    app = signed_in(opened()).button(key="sign_out").click().run()

    assert app.title[0].value == "Sign in to Gatehouse"
    assert door.revoked == 1
    assert not app.error


def test_signing_out_empties_the_memory_of_the_tab(door: Door) -> None:
    door.answers = [door.pool.tokens()]
    app = signed_in(opened())
    app.session_state["side_lab"] = "the tokens of another person"

    app.button(key="sign_out").click().run()

    assert "side_lab" not in app.session_state


def test_a_session_that_ends_says_why_and_asks_again(door: Door) -> None:
    door.answers = [door.pool.tokens()]
    app = signed_in(opened())

    door.clock.move(minutes=59)
    app.run()
    assert "The account is disabled" in told(app)
    assert app.title[0].value == "Sign in to Gatehouse"

    door.pool = Pool(clock=door.clock)
    door.answers = [WRONG, door.pool.tokens()]
    app = signed_in(app)
    assert "is wrong" in told(app)
    app = submitted(app, password=PASSWORD)
    assert app.title[0].value == "Users"


def test_a_session_signed_out_in_another_tab_ends_here_too(door: Door) -> None:
    session = door.application.sessions.open(door.pool.tokens())
    app = opened()
    app.session_state["session_id"] = session.id.reveal()
    assert app.run().title[0].value == "Users"

    door.application.sessions.close(session)

    assert "It was signed out" in told(app.run())


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


def test_wrong_settings_are_told_instead_of_a_sign_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise SettingsError("The setting client_id is missing", "It was looked for everywhere", "Set it")

    monkeypatch.setattr(_app, "environment", broken)

    app = opened()
    assert "The setting client_id is missing" in told(app)
    assert not app.text_input

    monkeypatch.setattr(_app, "environment", lambda: ENVIRONMENT)
    assert app.button(key="try_again").click().run().title[0].value == "Sign in to Gatehouse"


def test_tokens_that_ran_out_without_an_answer_are_told_and_the_session_kept(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.answers = [door.pool.tokens()]
    app = signed_in(opened())

    def down(_: Any) -> Any:
        raise Unavailable("Could not renew the sign-in", "AWS did not answer")

    monkeypatch.setattr(door, "renew", down)
    door.clock.move(minutes=59)
    assert app.run().title[0].value == "Users"
    monkeypatch.setattr("services.sessions.IDLE", timedelta(days=1))
    door.clock.move(minutes=2)
    assert "AWS did not answer" in told(app.run())

    monkeypatch.setattr(door, "renew", lambda _: Pool(clock=door.clock).tokens())
    assert app.button(key="try_again").click().run().title[0].value == "Users"


GUARDED = sorted(
    path.name for path in PAGES.glob("*.py") if not path.name.startswith("_") and path.name != "sign_in.py"
)


@pytest.mark.parametrize("page", GUARDED)
def test_a_page_run_without_the_shell_shows_a_stranger_nothing_and_asks_nothing(stage: Stage, page: str) -> None:
    stage.operator = None

    app = stage.open(page)

    assert said(app) == "Nobody is signed in. Reload the page to sign in."
    assert (stage.api.asked, stage.pool.asked) == ([], [])
