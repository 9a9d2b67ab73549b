"""A stage for one page: a signed-in operator, an API and a user pool that answer as a test says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages import _app
from services.clients import Clients
from services.credentials import AwsCredentials
from services.errors import GatehouseError
from services.graphql import Answer
from services.permissions import Operator
from services.secret import Secret
from services.sessions import Session
from services.settings import Environment
from services.tokens import Tokens
from tests.pages.door import CURRENT_SESSION, PAGES, Door
from tests.stand_ins import ENVIRONMENT, NOON
from tests.unit.people import ADA
from tests.unit.pool_calls import PoolCalls

TOKENS = Tokens(Secret("the id token"), Secret("the access token"), None, NOON)


@dataclass
class FakeApi:
    """A users API: `answers` are given one after the other, the last one for ever."""

    answers: list[Answer | GatehouseError] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def call(self, *asked: Any) -> Answer:
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, GatehouseError):
            raise answer
        return answer


@dataclass
class FakeIdentityPool:
    """An identity pool that gives the same credentials to everybody."""

    def guest(self) -> AwsCredentials:
        return AwsCredentials("ASIA", Secret("s"), Secret("t"))

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:  # noqa: ARG002
        return self.guest()


@dataclass
class Stage:
    """What a page stands on in a test.

    Attributes:
        operator: who is signed in; None for a stranger.
        api: the users API.
        pool: the user pool.
        environment: the environment.
        identity_pool: None for an environment without one.
    """

    operator: Operator | None = ADA
    api: FakeApi = field(default_factory=FakeApi)
    pool: PoolCalls = field(default_factory=PoolCalls)
    environment: Environment = ENVIRONMENT
    identity_pool: FakeIdentityPool | None = field(default_factory=FakeIdentityPool)

    def session(self, *, used: bool = True) -> Session | None:  # noqa: ARG002 (as it is asked for)
        """The operator's session."""
        return Session(Secret("id"), self.operator, TOKENS, NOON) if self.operator else None

    def open(self, page: str, **query: str) -> AppTest:
        """The page after its first run, at an address with that query."""
        app = AppTest.from_file(str(PAGES / page), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage whose parts a test may exchange before it opens a page."""
    made = Stage()
    monkeypatch.setattr(_app, "current_session", made.session)
    monkeypatch.setattr(_app, "environment", lambda: made.environment)
    monkeypatch.setattr(_app, "environment_keys", lambda: ())
    monkeypatch.setattr(_app, "identity_pool", lambda: made.identity_pool)
    clients = Clients(made.pool.client, None, {"users": made.api}, None, None)  # type: ignore[arg-type]
    monkeypatch.setattr(_app, "clients", lambda: clients)
    monkeypatch.setattr(_app, "clients_of", lambda _: clients)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield made
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def door(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A door that nobody has passed; behind it, the users page has an API with nobody in it."""
    made = Door()
    stage.api.answers = [answer({"data": {"listUsers": {"items": [], "nextToken": None}}})]
    monkeypatch.setattr(_app, "application", lambda: made.application)
    monkeypatch.setattr(_app, "environment", lambda: made.application.environment)
    monkeypatch.setattr(_app, "current_session", CURRENT_SESSION)
    return made


def answer(body: Any, status: int = 200) -> Answer:
    """An answer of the users API."""
    return Answer(status, {"x-amzn-requestid": "r1"}, body if isinstance(body, str) else json.dumps(body), 5.0)


def said(app: AppTest) -> str:
    """Everything that the page says, tables aside, as a reader sees it: without the escapes of Markdown."""
    assert not app.exception, app.exception
    kinds = (
        app.title,
        app.subheader,
        app.text,
        app.caption,
        app.markdown,
        app.code,
        app.error,
        app.warning,
        app.success,
    )
    return seen("\n".join(str(element.value) for kind in kinds for element in kind))


def seen(text: str) -> str:
    """Escaped text as a reader sees it."""
    return text.replace(":gray[]", "").replace("\\", "")
