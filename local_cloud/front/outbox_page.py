"""What Cognito would have mailed, as a page for people and as JSON for programs."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local_cloud.cognito.outbox import Message, sent

STYLE = "body{font:16px sans-serif;margin:2rem}table{border-collapse:collapse}td,th{text-align:left;padding:.3rem 1rem}"
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
COLUMNS = ("When", "Pool", "User", "What", "To", "Code or password")


def answer(request: Request) -> Response:
    """Return the messages, the newest first: JSON for who accepts nothing else, a page for everybody else."""
    if request.method not in {"GET", "HEAD"}:
        return JSONResponse({"message": "The outbox is shown by GET."}, 405, {"Allow": "GET, HEAD"})
    messages = sent()[::-1]
    if request.headers.get("accept") == "application/json":
        text = json.dumps({"messages": [asdict(message) for message in messages]})
        return Response(text, media_type="application/json", headers=HEADERS)
    # What people call themselves can hold half a character, which UTF-8 has no bytes for.
    return Response(page(messages).encode(errors="replace"), media_type="text/html", headers=HEADERS)


def page(messages: Sequence[Message]) -> str:
    """Return the messages as HTML; everything in them is text, whatever it looks like."""
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    rows = "".join(
        f"<tr>{''.join(f'<td><bdi>{escape(cell)}</bdi></td>' for cell in _cells(each))}</tr>" for each in messages
    )
    table = f"<table><tr>{head}</tr>{rows}</table>" if messages else "<p>Nothing would have been mailed yet.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Outbox</title>'
        f"<style>{STYLE}</style><h1>Outbox</h1><p>Cognito would have mailed this; here nothing is.</p>{table}</html>"
    )


def _cells(message: Message) -> tuple[str, ...]:
    when = datetime.fromtimestamp(message.at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return when, message.pool, message.username, message.kind, message.destination, message.secret
