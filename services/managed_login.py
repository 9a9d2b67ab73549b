"""Managed login: the user pool's own pages ask for everything, and send back a code (OAuth, with PKCE).

A browser that leaves for these pages gets a random id. Only with that id, and with the state that left with it, is a
code taken back; the ID token must carry the nonce of that departure.
"""

import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from services.errors import GatehouseError, SignInError, Unavailable
from services.secret import Secret
from services.settings import Environment
from services.sign_in import tokens_of
from services.tokens import Tokens, claim

PATH = "/managed-login"
RETURN_PATH = f"{PATH}/return"
OPEN_FOR = timedelta(minutes=10)
MOST = 1_000
HOME = "/"
_FAILED = "Could not sign in"
_OWN_ADDRESS = re.compile(r"/[a-z-]*(\?[!-~]*)?")
_LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser on its way to the pool's pages.

    Attributes:
        browser: what the browser's cookie holds.
        address: where it goes.
    """

    browser: Secret
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Away:
    to: str
    state: Secret
    nonce: Secret
    verifier: Secret
    origin: str
    until: datetime


def own_address(text: str) -> str:
    """The text where it is the path of a page of this dashboard, with its query; else `HOME`."""
    is_page = _OWN_ADDRESS.fullmatch(text) and not text.startswith(PATH) and "#" not in text
    return text if is_page and len(text) <= _LONGEST_ADDRESS else HOME


class ManagedLogin:
    """The managed login of one environment's app client; safe for threads.

    Args:
        environment: names the domain and the app client.
        now: the clock.
        random_text: makes ids, states and verifiers; 43 characters or more.
    """

    def __init__(
        self,
        environment: Environment,
        now: Callable[[], datetime],
        random_text: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._environment = environment
        self._now = now
        self._random = random_text
        self._lock = threading.Lock()
        self._away: dict[Secret, _Away] = {}
        self._failures: dict[Secret, tuple[GatehouseError, datetime]] = {}

    def depart(self, origin: str, to: str = HOME) -> Departure:
        """Send a browser to the pool's pages.

        Args:
            origin: where browsers reach this dashboard; `RETURN_PATH` there is a callback address of the app client.
            to: the page to open afterwards; anything but an address of this dashboard's own counts as `HOME`.
        """
        browser, state, nonce, verifier = (Secret(self._random()) for _ in range(4))
        with self._session(origin) as session:
            address, _ = session.create_authorization_url(
                f"{self._domain}/oauth2/authorize",
                state=state.reveal(),
                nonce=nonce.reveal(),
                code_verifier=verifier.reveal(),
                prompt="login",  # who signed out here is not signed in again by a cookie of these pages
            )
        with self._lock:
            self._forget_old()
            self._away[browser] = _Away(own_address(to), state, nonce, verifier, origin, self._now() + OPEN_FOR)
        return Departure(browser, address)

    def asked_for(self, browser: Secret) -> str:
        """The page to open when a browser is back; to be asked before `arrive`, which forgets it."""
        with self._lock:
            away = self._away.get(browser)
        return away.to if away else HOME

    def arrive(self, browser: Secret, query: Mapping[str, str]) -> Tokens:
        """Trade the code that a browser brings back for tokens, which are not verified yet but for their nonce.

        Args:
            browser: what its cookie holds; good for one return.
            query: what the pool's pages sent with it.

        Raises:
            SignInError: it isn't the browser that left, it took too long, or Cognito refuses.
            Unavailable: the domain doesn't answer.
        """
        with self._lock:
            away = self._away.pop(browser, None)
        if away is None or self._now() >= away.until:
            raise SignInError(_FAILED, "The sign-in took too long, or was begun in another browser", "Start again")
        if Secret(query.get("state", "")) != away.state:
            raise SignInError(_FAILED, "The answer does not belong to the sign-in that was begun here", "Start again")
        if not query.get("code"):
            why = query.get("error_description") or query.get("error") or "The user pool's pages sent no code"
            raise SignInError(_FAILED, why, "Start again", code=query.get("error", ""))
        tokens = self._trade(query["code"], away)
        if Secret(str(claim(tokens.id_token, "nonce"))) != away.nonce:
            raise SignInError(_FAILED, "The token does not belong to the sign-in that was begun here", "Start again")
        return tokens

    def fail(self, browser: Secret, error: GatehouseError) -> None:
        """Keep what a browser is to be told on the next page that it opens."""
        with self._lock:
            self._forget_old()
            self._failures[browser] = error, self._now() + OPEN_FOR

    def failure(self, browser: Secret) -> GatehouseError | None:
        """What that browser is to be told; once."""
        with self._lock:
            error, until = self._failures.pop(browser, (None, self._now()))
            return error if self._now() < until else None

    def _trade(self, code: str, away: _Away) -> Tokens:
        try:
            with self._session(away.origin) as session:
                result = session.fetch_token(
                    f"{self._domain}/oauth2/token",
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=away.verifier.reveal(),
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            raise SignInError(
                _FAILED,
                f"The user pool did not take the code back ({error.error})",
                "Start again",
                code=error.error or "",
            ) from None
        except (requests.RequestException, ValueError) as error:
            raise Unavailable(
                _FAILED, f"{self._domain} did not answer", "Check the domain and the network", type(error).__name__
            ) from None
        if not result.get("id_token") or not result.get("access_token"):
            raise SignInError(_FAILED, "The user pool gave no ID token", "Allow the scope openid on the app client")
        names = {"IdToken": "id_token", "AccessToken": "access_token", "RefreshToken": "refresh_token"}
        return tokens_of({name: result[key] for name, key in names.items() if result.get(key)})

    def _session(self, origin: str) -> OAuth2Session:
        secret = self._environment.client_secret
        return OAuth2Session(
            self._environment.client_id,
            secret.reveal() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=None,  # Cognito then gives every scope that the app client allows, and refuses none
            redirect_uri=origin + RETURN_PATH,
            code_challenge_method="S256",
            default_timeout=(3, 10),
        )

    @property
    def _domain(self) -> str:
        return self._environment.managed_login_domain.rstrip("/")

    def _forget_old(self) -> None:
        now = self._now()
        self._away = {key: each for key, each in self._away.items() if each.until > now}
        self._failures = {key: each for key, each in self._failures.items() if each[1] > now}
        for kept in (self._away, self._failures):
            while len(kept) >= MOST:
                del kept[next(iter(kept))]
