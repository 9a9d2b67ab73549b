"""Codes of an authenticator app: each counts once, whatever it proved.

MiniStack takes a code as often as it is given while an app shows it, and its neighbours.
"""

import base64
import hashlib
import hmac
import secrets
import struct
import threading
import time
from typing import Any

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.records import Record

STEP = 30
"""Seconds for which an app shows one code."""
DRIFT = 1
"""Steps by which an app's clock may differ."""
KEY = "_totp_used"
USED = "Your software token has already been used once."

_taking = threading.Lock()


def take(user: Record, secret: str, code: Any) -> None:
    """Use up a right code; a wrong one is left to MiniStack to refuse.

    Raises Refused for one that this secret has served with: of two at once only one counts.
    """
    now = int(time.time()) // STEP
    steps = range(now - DRIFT, now + DRIFT + 1)
    step = next((each for each in steps if secrets.compare_digest(code_at(secret, each), str(code).encode())), None)
    if step is None:
        return
    with _taking:
        known = user.get(KEY, {})
        used = [each for each in known.get("steps", []) if each in steps] if known.get("secret") == secret else []
        if step in used:
            raise Refused("ExpiredCodeException", USED)
        user[KEY] = {"secret": secret, "steps": [*used, step]}


def code_at(secret: str, step: int) -> bytes:
    """Return the six digits that an app with this secret shows in a step since 1970 (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
    place = digest[-1] & 15
    number: int = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return b"%06d" % (number % 1_000_000)
