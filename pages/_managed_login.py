"""The way over the user pool's own pages: two routes of the server, and the button that leads to the first of them."""

import asyncio

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pages import _app, _session
from services.errors import GatehouseError
from services.managed_login import OPEN_FOR, PATH, RETURN_PATH
from services.secret import Secret

COOKIE = "gatehouse_managed_login"
_LEAVING = "managed_login_leaving"

_ferry = st.components.v2.component(
    "managed_login_ferry",
    js="""
export default function ({ data }) {
  window.location.assign(data.path)
}
""",
)


def offer() -> None:
    """The button; the browser leaves as soon as it is pressed."""
    if not _app.environment().managed_login_domain:
        return
    if st.button("Sign in on the user pool's own page", key="managed_login", width="stretch"):
        _ferry(data={"path": PATH}, key="managed_login_ferry")


def note_failure() -> None:
    """Have the sign-in page tell why a browser that came back is not signed in."""
    login, cookie = _app.application().managed_login, st.context.cookies.get(COOKIE)
    if login and cookie and (error := login.failure(Secret(cookie))):
        st.session_state["sign_in_error"] = error


async def _depart(request: Request) -> Response:
    """Send the browser to the user pool's pages, with a cookie by which it is known when it comes back."""
    app = _app.application()
    if app.managed_login is None:
        return Response(status_code=404)
    departure = app.managed_login.depart(_origin(request))
    answer = RedirectResponse(departure.address, 303, {"cache-control": "no-store"})
    answer.set_cookie(
        COOKIE,
        departure.browser.reveal(),
        max_age=int(OPEN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",  # it has to come along when the user pool's pages send the browser back
        secure=_session.is_secure(request, app.environment.public_origin),
    )
    return answer


async def _arrive(request: Request) -> Response:
    """Open a session for the code that the browser brings back, or have the sign-in page tell why there is none."""
    app, browser = _app.application(), Secret(request.cookies.get(COOKIE, ""))
    login = app.managed_login
    if login is None:
        return Response(status_code=404)
    answer = RedirectResponse("/", 303, {"cache-control": "no-store"})
    try:
        tokens = await asyncio.to_thread(login.arrive, browser, dict(request.query_params))
        session = await asyncio.to_thread(app.sessions.open, tokens)
    except GatehouseError as error:
        login.fail(browser, error)
        return answer
    _session.set_cookie(answer, session.id, secure=_session.is_secure(request, app.environment.public_origin))
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def _origin(request: Request) -> str:
    return _app.environment().public_origin.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


ROUTES = [Route(PATH, _depart), Route(RETURN_PATH, _arrive)]
