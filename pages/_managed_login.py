"""The way over the user pool's own pages: two routes of the server, and the button that leads to the first of them."""

import asyncio
from urllib.parse import urlencode, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pages import _app, _session
from pages._environment import PARAMETER
from pages._ferry import leave_for
from services.application import Application
from services.errors import GatehouseError, SettingsError
from services.managed_login import HOME, OPEN_FOR, PATH, RETURN_PATH
from services.secret import Secret

COOKIE = "gatehouse_managed_login"
_TO = "to"


def offer() -> None:
    """The button; the browser leaves as soon as it is pressed."""
    if not _app.environment().managed_login_domain:
        return
    if st.button("Sign in on the user pool's own page", key="managed_login", width="stretch"):
        leave_for(_at(PATH, _app.environment().key, _here()), "managed_login_ferry")


def note_failure() -> None:
    """Have the sign-in page tell why a browser that came back is not signed in."""
    login, cookie = _app.application().managed_login, st.context.cookies.get(COOKIE)
    if login and cookie and (error := login.failure(_parted(cookie)[1])):
        st.session_state["sign_in_error"] = error


async def _depart(request: Request) -> Response:
    """Send the browser to the user pool's pages, with a cookie by which it is known when it comes back."""
    app = _application(request.query_params.get(PARAMETER, ""))
    if app is None or app.managed_login is None:
        return Response(status_code=404)
    departure = app.managed_login.depart(_origin(request, app), request.query_params.get(_TO, HOME))
    answer = RedirectResponse(departure.address, 303, {"cache-control": "no-store"})
    answer.set_cookie(
        COOKIE,
        f"{app.environment.key}.{departure.browser.reveal()}",  # the answer comes to one address for all environments
        max_age=int(OPEN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",  # it has to come along when the user pool's pages send the browser back
        secure=_session.is_secure(request, app.environment.public_origin),
    )
    return answer


async def _arrive(request: Request) -> Response:
    """Open a session for the code that the browser brings back, or have the sign-in page tell why there is none."""
    key, browser = _parted(request.cookies.get(COOKIE, ""))
    app = _application(key)
    if app is None or (login := app.managed_login) is None:
        return Response(status_code=404)
    key, to = app.environment.key, login.asked_for(browser)
    answer = RedirectResponse(_at(HOME, key) if to == HOME else to, 303, {"cache-control": "no-store"})
    try:
        tokens = await asyncio.to_thread(login.arrive, browser, dict(request.query_params))
        session = await asyncio.to_thread(app.sessions.open, tokens)
    except GatehouseError as error:
        login.fail(browser, error)
        return answer
    _session.set_cookie(answer, session.id, key, secure=_session.is_secure(request, app.environment.public_origin))
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def _origin(request: Request, app: Application) -> str:
    return app.environment.public_origin.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


def _application(key: str) -> Application | None:
    try:
        return _app.application(key)
    except SettingsError:
        return None


def _parted(cookie: str) -> tuple[str, Secret]:
    """The environment that a browser left from, and the id that it got then."""
    key, _, browser = cookie.rpartition(".")
    return key, Secret(browser)


def _here() -> str:
    """Path and query of the page that was asked for; its query names the environment where there are several."""
    parts = urlsplit(st.context.url or HOME)
    query = urlencode(st.query_params.to_dict())
    return (parts.path or HOME) + (f"?{query}" if query else "")


def _at(path: str, key: str, to: str = HOME) -> str:
    """A path of this server in an environment, with the page to open afterwards."""
    query = ({PARAMETER: key} if key else {}) | ({_TO: to} if to != HOME else {})
    return f"{path}?{urlencode(query)}" if query else path


ROUTES = [Route(PATH, _depart), Route(RETURN_PATH, _arrive)]
