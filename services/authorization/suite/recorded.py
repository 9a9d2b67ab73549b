"""Requests as other tools record them: a curl command, a HAR file of a browser, a Postman collection.

Headers are not kept: what was recorded with them is somebody's credential, and a suite's identities bring their own.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.errors import Invalid

_WITH_VALUE = frozenset(
    {"-H", "--header", "-u", "--user", "-b", "--cookie", "-A", "--user-agent", "-e", "--referer", "-o", "--output",
     "-m", "--max-time", "--connect-timeout", "-x", "--proxy", "--cert", "--key", "--cacert", "--aws-sigv4"}
)  # fmt: skip
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})
# Browsers write a text with ! or ' in it as $'…', which shlex doesn't know.
_DOLLAR_QUOTED = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request that was recorded.

    Attributes:
        name: what the record calls it; may be empty.
        method: in capitals.
        url: with its query string.
        body: the text; empty for none.
    """

    name: str
    method: str
    url: str
    body: str


def recorded_in(text: str) -> tuple[Recorded, ...]:
    """The requests of a curl command, a HAR file or a Postman collection.

    Raises:
        Invalid: the text is none of them.
    """
    if re.match(r"\s*curl\s", text):
        return (_curl(text),)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if isinstance(entries := _at(content, "log", "entries"), list):
        return tuple(_har(entry) for entry in entries)
    if isinstance(items := _at(content, "item"), list):
        return tuple(_postman(items))
    raise Invalid(
        "The requests can't be imported",
        "It is neither a curl command, nor a HAR file, nor a Postman collection",
        "Export one of these",
    )


def _curl(text: str) -> Recorded:
    joined = _DOLLAR_QUOTED.sub(lambda quoted: shlex.quote(_ESCAPE.sub(_unescaped, quoted[1])), text)
    try:
        words = iter(shlex.split(joined.replace("\\\r\n", " ").replace("\\\n", " "))[1:])
    except ValueError as error:
        raise Invalid("The curl command can't be read", str(error), "Copy it again, whole") from None
    method, url, bodies = "", "", []
    for word in words:
        name, _, glued = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in {"-X", "--request"}:
            method = glued or next(words, "")
        elif name in _DATA:
            bodies.append(glued or next(words, ""))
        elif name == "--url":
            url = glued or next(words, "")
        elif name in _WITH_VALUE:
            _ = glued or next(words, "")
        elif not word.startswith("-"):
            url = url or word
    return Recorded("", (method or ("POST" if bodies else "GET")).upper(), url, "&".join(bodies))


def _unescaped(escape: re.Match[str]) -> str:
    sign = escape[1]
    return chr(int(sign[1:], 16)) if len(sign) > 1 else _LETTERS.get(sign, sign)


def _har(entry: Any) -> Recorded:
    request = _at(entry, "request")
    return Recorded(
        "", _text(_at(request, "method")).upper(), _text(_at(request, "url")), _text(_at(request, "postData", "text"))
    )


def _postman(items: list[Any]) -> Iterator[Recorded]:
    for item in items:
        if isinstance(below := _at(item, "item"), list):
            yield from _postman(below)
            continue
        request = _at(item, "request")
        url = _at(request, "url", "raw") or _at(request, "url")
        body = _text(_at(request, "body", "raw"))
        if query := _at(request, "body", "graphql", "query"):
            variables = _text(_at(request, "body", "graphql", "variables"))
            body = json.dumps({"query": query, "variables": _object(variables)})
        yield Recorded(_text(_at(item, "name")), (_text(_at(request, "method")) or "GET").upper(), _text(url), body)


def _object(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return {}


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
