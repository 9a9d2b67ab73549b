"""Page tokens of DynamoDB resolvers: sealed, so that nobody reads or makes one, and good for one resolver."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_cipher = AESGCM(AESGCM.generate_key(bit_length=256))  # a token is good for one run of the local cloud


_REFUSED = "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: Invalid pagination token given."
"""AppSync's own words."""


class BadPageToken(ValueError):
    """A token that wasn't sealed here, or was sealed for another resolver."""


def seal(place: str, key: Mapping[str, Any]) -> str:
    """Return the token of the page that begins after a key, for the resolver at `place`."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher.encrypt(nonce, json.dumps(key).encode(), place.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(place: str, token: str) -> dict[str, Any]:
    """Return the key that a token stands for. Raises BadPageToken."""
    try:
        sealed = base64.b64decode(token, altchars=b"-_", validate=True)
        key: dict[str, Any] = json.loads(_cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()))
    except (binascii.Error, InvalidTag, ValueError) as error:
        raise BadPageToken(_REFUSED) from error
    if base64.urlsafe_b64encode(sealed).decode() != token:
        raise BadPageToken(_REFUSED)  # Base64 doesn't look at the last bits: one token has one spelling here
    return key
