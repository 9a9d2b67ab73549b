"""The server: Streamlit over pages/_shell.py, behind a guard. Start it with `streamlit run dashboard.py`."""

import asyncio
import gc
import importlib
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages import _app, _download, _managed_login, _ui
from pages._session import cookie_name, is_secure, set_cookie
from services.errors import GatehouseError, SettingsError
from services.guard import Guard, security_headers
from services.secret import Secret
from services.settings import common

log = logging.getLogger("gatehouse")
log.addHandler(logging.StreamHandler())
log.setLevel(logging.INFO)

PAGE = Path(st.__file__).parent / "static" / "index.html"


def public_origin() -> str:
    """Where browsers reach this server; empty when it isn't configured, or when nothing is."""
    try:
        return common("public_origin")
    except SettingsError:
        return ""  # every page says what is wrong; see pages/_shell.py


async def short_text(request: Request, limit: int = 200) -> str:
    """The first characters of a request's body, however much is sent."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > limit:
            break
    return body[:limit].decode("latin-1")


async def session(request: Request) -> Response:
    """Trade a one-time ticket for the session's cookie (POST), or clear the cookie of a dead session (DELETE)."""
    if request.headers.get("sec-fetch-site") != "same-origin":
        return Response(status_code=403)
    try:
        app = _app.application(request.query_params.get("env", ""))
    except SettingsError:
        return Response(status_code=404)
    sessions, key = app.sessions, app.environment.key
    if request.method == "DELETE":
        answer = Response(status_code=204)
        if not sessions.is_open(Secret(request.cookies.get(cookie_name(key), ""))):
            answer.delete_cookie(cookie_name(key), path="/", httponly=True, samesite="strict")
        return answer
    session_id = sessions.redeem(Secret(await short_text(request)))
    if session_id is None:
        return Response(status_code=410)
    answer = Response(status_code=204)
    set_cookie(answer, session_id, key, secure=is_secure(request, ORIGIN))
    return answer


def on_script_error(error: Exception) -> bool:
    """Log what a page did not expect under a number, and show the number instead of a traceback."""
    if isinstance(error, GatehouseError):
        _ui.show_error(error)
        return True
    reference = secrets.token_hex(4)
    log.error("Unexpected error %s", reference, exc_info=error)
    st.error(
        f"**Something went wrong that Gatehouse did not expect.** Try again; if it stays, look for "
        f"{reference} in the server's log.",
        icon=":material/error:",
    )
    return True


def warm() -> None:
    """Load what the first visitor would pay for, and take it out of the garbage collector's sight.

    Without the freeze every collection would walk boto3's service models. Streamlit's own collection after every run
    of a page is off (`postScriptGC`): it would walk all that every session holds.
    """
    with suppress(GatehouseError):  # every page says what is wrong
        _app.application("")
    for module in ("pandas", "pyarrow", "streamlit.dataframe_util"):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def warmed(_: st.App) -> AsyncGenerator[dict[str, object]]:
    """Warm up beside the first visitor, who meets the sign-in page and needs none of it yet."""
    warming = asyncio.create_task(asyncio.to_thread(warm))
    yield {}
    await warming


ORIGIN = public_origin()

app = st.App(
    "pages/_shell.py",
    lifespan=warmed,
    routes=[Route("/session", session, methods=["POST", "DELETE"]), *_managed_login.ROUTES, *_download.ROUTES],
    middleware=[Middleware(Guard, headers=security_headers(PAGE.read_text(encoding="utf-8")), public_origin=ORIGIN)],
    on_script_error=on_script_error,
)
