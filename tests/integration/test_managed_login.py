"""Signing in over the user pool's own pages: what leaves, what is taken back, and what isn't."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from services.application import Application, open_application
from services.errors import SignInError, Unavailable
from services.managed_login import MOST, Departure, ManagedLogin
from services.secret import Secret
from services.tokens import TokenRefused
from tests.managed_login import CLIENT_SECRET, ManagedLoginServer, managed_login
from tests.stand_ins import Clock

ORIGIN = "http://127.0.0.1:8501"


@pytest.fixture
def pages() -> Iterator[ManagedLoginServer]:
    with managed_login() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def login(pages: ManagedLoginServer, clock: Clock) -> ManagedLogin:
    return ManagedLogin(replace(pages.environment, client_secret=Secret(CLIENT_SECRET)), clock)


def sent_back(departure: Departure) -> dict[str, str]:
    """What the pool's pages send back with the browser."""
    answer = requests.get(departure.address, allow_redirects=False, timeout=60)
    url = urlsplit(answer.headers["Location"])
    assert url._replace(query="").geturl() == f"{ORIGIN}/managed-login/return"
    return {name: values[0] for name, values in parse_qs(url.query).items()}


def test_a_code_becomes_tokens_that_pass_the_rule(
    pages: ManagedLoginServer, login: ManagedLogin, tmp_path: object
) -> None:
    app: Application = open_application(replace(pages.environment, data_folder=str(tmp_path)))
    departure = login.depart(ORIGIN)

    tokens = login.arrive(departure.browser, sent_back(departure))

    assert app.sessions.open(tokens).operator.username == "ada"
    assert tokens.refresh_token == Secret("refresh")
    asked = pages.asked[0]
    assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == ("code", "S256", "client1")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"], departure.browser.reveal()}) == 4


def test_another_browser_brings_nothing_back(login: ManagedLogin) -> None:
    mine, another = login.depart(ORIGIN), login.depart(ORIGIN)
    query = sent_back(mine)

    for browser in (Secret("invented"), Secret("")):
        with pytest.raises(SignInError, match="another browser"):
            login.arrive(browser, query)
    with pytest.raises(SignInError, match="does not belong"):
        login.arrive(another.browser, query)


def test_a_browser_comes_back_once(login: ManagedLogin) -> None:
    departure = login.depart(ORIGIN)
    query = sent_back(departure)
    login.arrive(departure.browser, query)

    with pytest.raises(SignInError, match="another browser"):
        login.arrive(departure.browser, query)


def test_a_browser_that_comes_back_too_late_starts_again(login: ManagedLogin, clock: Clock) -> None:
    departure = login.depart(ORIGIN)
    clock.move(minutes=10)

    with pytest.raises(SignInError, match="took too long"):
        login.arrive(departure.browser, sent_back(departure))


@pytest.mark.parametrize("change", [{"state": "forged"}, {"state": ""}])
def test_a_forged_state_is_refused(login: ManagedLogin, change: dict[str, str]) -> None:
    departure = login.depart(ORIGIN)

    with pytest.raises(SignInError, match="does not belong"):
        login.arrive(departure.browser, sent_back(departure) | change)


def test_a_code_of_another_sign_in_is_not_taken(login: ManagedLogin) -> None:
    """Its verifier is another: PKCE."""
    mine, theirs = login.depart(ORIGIN), login.depart(ORIGIN)

    with pytest.raises(SignInError, match="invalid_grant"):
        login.arrive(mine.browser, sent_back(mine) | {"code": sent_back(theirs)["code"]})


def test_a_token_with_another_nonce_is_refused(pages: ManagedLoginServer, login: ManagedLogin) -> None:
    pages.claims = {"nonce": "another"}
    departure = login.depart(ORIGIN)

    with pytest.raises(SignInError, match="token does not belong"):
        login.arrive(departure.browser, sent_back(departure))


@pytest.mark.parametrize(
    "claims", [{"iss": "https://elsewhere"}, {"exp": int((datetime.now(UTC) - timedelta(hours=1)).timestamp())}]
)
def test_tokens_that_break_the_rule_open_no_session(
    pages: ManagedLoginServer, login: ManagedLogin, tmp_path: object, claims: dict[str, object]
) -> None:
    pages.claims = claims
    app = open_application(replace(pages.environment, data_folder=str(tmp_path)))
    departure = login.depart(ORIGIN)
    tokens = login.arrive(departure.browser, sent_back(departure))

    with pytest.raises(TokenRefused):
        app.sessions.open(tokens)


def test_what_the_pages_refuse_is_told(pages: ManagedLoginServer, login: ManagedLogin) -> None:
    pages.refusal = {"error": "access_denied", "error_description": "User is disabled."}
    departure = login.depart(ORIGIN)

    with pytest.raises(SignInError) as told:
        login.arrive(departure.browser, sent_back(departure))

    assert (told.value.why, told.value.code) == ("User is disabled.", "access_denied")


def test_a_wrong_client_secret_is_told_and_not_shown(pages: ManagedLoginServer, clock: Clock) -> None:
    login = ManagedLogin(replace(pages.environment, client_secret=Secret("another-secret")), clock)
    departure = login.depart(ORIGIN)

    with pytest.raises(SignInError) as told:
        login.arrive(departure.browser, sent_back(departure))

    assert told.value.code == "invalid_client"
    assert "another-secret" not in f"{told.value!r} {departure!r}"


def test_a_domain_that_does_not_answer_is_told_as_such(login: ManagedLogin, clock: Clock) -> None:
    environment = replace(login._environment, managed_login_domain="http://127.0.0.1:9")
    away = ManagedLogin(environment, clock)
    departure = away.depart(ORIGIN)
    state = parse_qs(urlsplit(departure.address).query)["state"][0]

    with pytest.raises(Unavailable, match="did not answer"):
        away.arrive(departure.browser, {"state": state, "code": "1234"})


def test_a_failure_is_told_once_and_to_its_browser_alone(login: ManagedLogin, clock: Clock) -> None:
    told: Callable[[str], object] = lambda name: login.failure(Secret(name))  # noqa: E731
    error = SignInError("Could not sign in", "User is disabled.")
    login.fail(Secret("mine"), error)

    assert (told("theirs"), told("mine"), told("mine")) == (None, error, None)
    login.fail(Secret("mine"), error)
    clock.move(minutes=10)
    assert told("mine") is None


def test_browsers_that_never_come_back_are_forgotten(login: ManagedLogin) -> None:
    first = login.depart(ORIGIN)
    for _ in range(MOST):
        login.depart(ORIGIN)

    assert len(login._away) == MOST
    with pytest.raises(SignInError, match="another browser"):
        login.arrive(first.browser, sent_back(first))
