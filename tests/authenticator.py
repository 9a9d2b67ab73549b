"""An authenticator app: codes by RFC 6238, none of which is given to anybody twice."""

import base64
import hashlib
import hmac
import struct
import time

STEP = 30

_given: dict[str, set[int]] = {}
"""By secret: the steps whose code a test has got."""


def shown(secret: str) -> str:
    """The code that the app shows now, whether or not it was used."""
    return _code(secret, _now())


def unused(secret: str) -> str:
    """A code that counts now and was never given before: that of now, or the next one, which counts already.

    Waits for up to half a minute where both were given.
    """
    given = _given.setdefault(secret, set())
    while not (free := {_now(), _now() + 1} - given):
        time.sleep(STEP - time.time() % STEP)
    step = min(free)
    given.add(step)
    return _code(secret, step)


def wrong(secret: str) -> str:
    """A code that the app doesn't show, and neither did nor will in the steps beside this one."""
    beside = {_code(secret, _now() + step) for step in (-2, -1, 0, 1, 2)}
    return next(code for code in (f"{number:06d}" for number in range(1_000_000)) if code not in beside)


def _now() -> int:
    return int(time.time()) // STEP


def _code(secret: str, step: int) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
