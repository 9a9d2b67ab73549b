"""The HTTP request of a call, as it can be shown: every secret masked, the rest as it is sent."""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

import requests

from services.authorization.operations import Operation
from services.credentials import Credentials
from services.graphql import parsed
from services.settings import Api

MASK = "•••"
# Shorter texts are no secrets, and replacing them would tear the answer apart.
_SHORTEST_SECRET = 16
_SIGNATURE = re.compile(r"Signature=[0-9a-f]+")
# What comes back of a secret is often its beginning alone: pieces of this length are known again, in half steps.
_PIECE = 24
_GOES_ON = r"[\w.+/=~%-]*"


def shown(api: Api, operation: Operation, credentials: Credentials) -> str:
    """Method, address, headers and body of the call; the signature's time is that of the showing."""
    body = parsed(operation.document, operation.variables, operation.name).payload
    prepared = requests.Request(
        "POST",
        api.url,
        json=body,
        headers=dict(credentials.headers()),
        auth=credentials.signer(api.region),
    ).prepare()
    return masked(prepared, json.dumps(body, indent=2, ensure_ascii=False))


def masked(request: requests.PreparedRequest, body: str) -> str:
    """A request that is ready to be sent, as it can be shown, with the body in the given form."""
    headers = "\n".join(f"{name.lower()}: {_masked(name, value)}" for name, value in sorted(request.headers.items()))
    return f"{request.method} {request.url}\n{headers}\n\n{body}"


def scrubbed(text: str, credentials: Credentials) -> str:
    """A text from outside without what was sent to say who asks: AWS quotes the session token in signature errors.

    Of a secret that comes back in part, that part is masked, and so is whatever signature stands in it.
    """
    for secret in _secrets(credentials.headers(), credentials):
        if len(secret) >= _SHORTEST_SECRET:
            for spelling in dict.fromkeys((secret, quote(secret, safe=""), json.dumps(secret)[1:-1])):
                text = text.replace(spelling, MASK)
            text = _without_pieces(text, secret)
    return _SIGNATURE.sub(f"Signature={MASK}", text) if "Signature=" in text else text


def _without_pieces(text: str, secret: str) -> str:
    for start in range(0, len(secret) - _PIECE + 1, _PIECE // 2):
        if (piece := secret[start : start + _PIECE]) in text:
            text = re.sub(re.escape(piece) + _GOES_ON, MASK, text)
    return text


def _secrets(headers: Mapping[str, str], credentials: Credentials) -> list[str]:
    kept = [getattr(credentials, name, None) for name in ("secret_access_key", "session_token")]
    return [*(value for value in headers.values() if value), *(secret.reveal() for secret in kept if secret)]


def _masked(name: str, value: str | bytes) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    match name.lower():
        case "authorization" if text.startswith("AWS4-HMAC-SHA256"):
            return _SIGNATURE.sub(f"Signature={MASK}", text)
        case "authorization" | "x-amz-security-token" | "x-api-key":
            return MASK
        case _:
            return text
