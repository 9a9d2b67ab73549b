"""A dashboard in front of a user pool that answers each step of a sign-in as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from pages import _app
from services.application import Application
from services.attempts import Attempts
from services.errors import GatehouseError, SignInError
from services.keys import PoolKeys
from services.operators import Identify
from services.secret import Secret
from services.sessions import Sessions
from services.sign_up import CLOSED, SignUpForm
from tests.stand_ins import ENVIRONMENT, Clock, Pool

PAGES = Path(_app.__file__).parent
PASSWORD = "Correct-horse-9"
SESSION = Secret("the session")
WRONG = SignInError("Could not sign in", "The user name or the password is wrong", "Check both and try again")
CURRENT_SESSION: Callable[[], Any] = _app.current_session


@dataclass
class Door:
    """The dashboard.

    Attributes:
        answers: what Cognito answers, one step after the other.
        asked: what it was asked; the name of the step first.
        sign_up_form: what the pool asks of strangers.
    """

    pool: Pool = field(default_factory=Pool)
    clock: Clock = field(default_factory=Clock)
    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    sign_up_form: SignUpForm = CLOSED
    revoked: int = 0
    revoked_all: int = 0

    def __post_init__(self) -> None:
        identify = Identify(ENVIRONMENT, PoolKeys("", self.clock, lambda _: self.pool.document()), self.clock)
        self.application = Application(
            environment=ENVIRONMENT,
            clients=None,  # type: ignore[arg-type]
            identify=identify,
            sign_in=self,  # type: ignore[arg-type]
            sign_up=self,  # type: ignore[arg-type]
            recovery=self,  # type: ignore[arg-type]
            attempts=Attempts(self.clock),
            sessions=Sessions(identify, self, self.clock),
            identity_pool=None,
        )

    def form(self) -> SignUpForm:
        """What the pool asks of somebody who signs up."""
        return self.sign_up_form

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def step(*asked: Any) -> Any:
            self.asked.append((name, *asked))
            answered = self.answers.pop(0)
            if isinstance(answered, GatehouseError):
                raise answered
            return answered

        return step

    def renew(self, _: Any) -> Any:
        """What a session asks when its tokens end."""
        raise SignInError("Could not renew the sign-in", "The account is disabled")

    def revoke(self, _: Any) -> None:
        """What a sign-out does."""
        self.revoked += 1

    def revoke_all(self, _: Any) -> None:
        """What signing out everywhere does."""
        self.revoked_all += 1


def opened() -> AppTest:
    """The dashboard as a stranger opens it."""
    return AppTest.from_file(str(PAGES / "_shell.py"), default_timeout=60).run()


def typed(app: AppTest, key: str, text: str) -> None:
    """Fill the field whose key begins so."""
    next(each for each in app.text_input if (each.key or "").startswith(key)).set_value(text)


def submitted(app: AppTest, **fields: str) -> AppTest:
    """The page after these fields were filled and the form was sent."""
    return pressed(app, "send", **fields)


def pressed(app: AppTest, button: str, **fields: str) -> AppTest:
    """The page after these fields were filled and another button was pressed."""
    for key, text in fields.items():
        typed(app, f"sign_in_{key}", text)
    return next(each for each in app.button if (each.key or "").startswith(f"sign_in_{button}")).click().run()


def told(app: AppTest) -> str:
    """The error that the page shows, without the escapes."""
    return app.error[0].value.replace("\\", "")


def labels(app: AppTest) -> list[str]:
    """The labels of the fields that are shown."""
    return [each.label for each in app.text_input]


def signed_in(app: AppTest) -> AppTest:
    """The page after ada typed the right password."""
    return submitted(app, username="ada", password=PASSWORD)
