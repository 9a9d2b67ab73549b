"""The token of control.json, as a program and as a browser bring it."""

import binascii
import hmac
from base64 import b64decode


class Token:
    """The one token of this run."""

    def __init__(self, text: str) -> None:
        """Believe `text` and nothing else."""
        self._expected = text.encode()

    def is_borne(self, authorization: str) -> bool:
        """Tell whether an Authorization header carries it as a bearer token."""
        scheme, _, value = authorization.partition(" ")
        return scheme.lower() == "bearer" and self._is(value.strip().encode())

    def is_password(self, authorization: str) -> bool:
        """Tell whether an Authorization header carries it as the password of anybody: browsers can ask for that."""
        scheme, _, value = authorization.partition(" ")
        try:
            _, _, password = b64decode(value, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and self._is(password)

    def _is(self, given: bytes) -> bool:
        return hmac.compare_digest(given, self._expected)
