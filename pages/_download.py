"""Hands a file to the browser: made in the run that the click begins, fetched once from a route of the server.

Streamlit's own download button would make it outside of any run, where nobody asks whether the session is still open,
and would forget it again after two runs of anybody's page, fetched or not.
"""

import asyncio
from collections.abc import Callable
from urllib.parse import quote, urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages import _app
from pages._environment import PARAMETER
from pages._ui import show_error
from services.errors import GatehouseError, SettingsError
from services.handouts import Handout
from services.secret import Secret

PATH = "/download"

_porter = st.components.v2.component(
    "porter",
    js="""
const fetched = new Set()

export default function ({ data }) {
  if (fetched.has(data.path)) return
  fetched.add(data.path)
  const link = document.createElement("a")
  link.href = data.path
  link.download = "" // under the name that the server gives it, and without leaving the page
  link.click()
}
""",
)


def hand_out(make: Callable[[], str], name: str, media_type: str) -> None:
    """Have the browser download a file, or tell why it could not be made; for the run that a click has begun.

    Args:
        make: makes the content, or raises `GatehouseError`.
        name: what the file is called.
        media_type: what it is.
    """
    app = _app.application()
    session = _app.require(None)
    try:
        ticket = app.handouts.keep(Handout(session.id, name, media_type, make()))
    except GatehouseError as error:
        show_error(error)
        return
    query = {"ticket": ticket.reveal(), **({PARAMETER: app.environment.key} if app.environment.key else {})}
    _porter(data={"path": f"{PATH}?{urlencode(query)}"}, key="porter")


async def _fetch(request: Request) -> Response:
    """The file behind a ticket, for a page of this server whose session is still open."""
    if request.headers.get("sec-fetch-site") != "same-origin":
        return Response(status_code=403)
    try:
        app = _app.application(request.query_params.get(PARAMETER, ""))
    except SettingsError:
        return Response(status_code=404)
    handout = app.handouts.take(Secret(request.query_params.get("ticket", "")))
    if handout is None:
        return Response(status_code=410)
    try:
        session = await asyncio.to_thread(app.sessions.current, handout.session_id)
    except GatehouseError:
        session = None
    if session is None:
        return Response(status_code=403)
    return Response(
        handout.content,
        media_type=handout.media_type,
        headers={
            "cache-control": "no-store",
            "content-disposition": f"attachment; filename*=utf-8''{quote(handout.name, safe='')}",
        },
    )


ROUTES = [Route(PATH, _fetch)]
