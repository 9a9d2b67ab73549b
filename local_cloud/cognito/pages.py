"""Pages of a list, with tokens that only this process can make."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Sequence

from local_cloud.cognito.answers import Data, Refused

LARGEST_PAGE = 60
TOKEN_SECONDS = 3600
"""How long a token is good for, as Cognito documents for ListUsers."""

_KEY = secrets.token_bytes(32)
_MAC_BYTES = 32


def page(
    keys: Sequence[str],
    call: Data,
    *,
    of: str,
    named: str = "NextToken",
    now: Callable[[], float] = time.time,
) -> tuple[Sequence[str], str | None]:
    """Return the page of `keys` that a call asks for, and the token of the next one.

    `named` is the parameter that carries the token. `of` says which list it is: a token of another
    list, another filter or another process is refused, and so is one older than an hour. Raises Refused.
    """
    limit = _limit(call.get("Limit"))
    given = call.get(named)
    start = _place(given, keys, of, now()) if given is not None else 0
    end = start + limit
    more = end < len(keys)
    return keys[start:end], _token(end, keys[end - 1], of, now()) if more else None


def _limit(asked: object) -> int:
    if asked is None:
        return LARGEST_PAGE
    if not isinstance(asked, int) or isinstance(asked, bool):
        raise Refused("SerializationException", "Limit must be a number.")
    if asked > LARGEST_PAGE:
        bound = f"less than or equal to {LARGEST_PAGE}"
    elif asked < 0:
        bound = "greater than or equal to 0"
    else:
        return asked or LARGEST_PAGE
    raise Refused(
        "InvalidParameterException",
        f"1 validation error detected: Value '{asked}' at 'limit' failed to satisfy constraint: "
        f"Member must have value {bound}",
    )


def _token(end: int, last: str, of: str, now: float) -> str:
    said = json.dumps([end, last, int(now) + TOKEN_SECONDS]).encode()
    return base64.b64encode(_mac(said, of) + said).decode()


def _place(token: object, keys: Sequence[str], of: str, now: float) -> int:
    """Return where the page begins that a token leads to, even if people came or went before it."""
    try:
        raw = base64.b64decode(str(token), validate=True)
    except ValueError:
        raw = b""
    mac, said = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(said, of)):
        raise Refused("InvalidParameterException", "Invalid pagination token.")
    end, last, expires = json.loads(said)
    if now > expires:
        raise Refused("InvalidParameterException", "The pagination token has expired.")
    if end <= len(keys) and keys[end - 1] == last:
        return int(end)
    return keys.index(last) + 1 if last in keys else int(end) - 1


def _mac(said: bytes, of: str) -> bytes:
    return hmac.new(_KEY, of.encode() + b"\0" + said, hashlib.sha256).digest()
