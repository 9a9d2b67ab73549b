"""Request bodies: read whole, at most so large, and hashed here rather than believed."""

import hashlib
import re
from collections.abc import Iterable

from starlette.types import Message, Receive

LARGEST_BODY = 50 * 1024 * 1024
"""In bytes: the largest deployment package that Lambda takes in a request."""

HASH_HEADER = b"x-amz-content-sha256"
HEX_HASH = re.compile(rb"[0-9a-f]{64}")
SCOPE_IN_HEADER = re.compile(rb"Credential=[^/,\s]*/[^/,\s]*/[^/,\s]*/([^/,\s]*)/")
SCOPE_IN_QUERY = re.compile(rb"X-Amz-Credential=[^&]*?(?:/|%2F)[^&/%]*(?:/|%2F)[^&/%]*(?:/|%2F)([^&/%]*)", re.I)

Headers = Iterable[tuple[bytes, bytes]]


class BodyTooLarge(Exception):
    """The request body is larger than `LARGEST_BODY`."""


class ClientGone(Exception):
    """The client hung up before its request was complete."""


class BodyMismatch(Exception):
    """An S3 request's body is not the one that its hash header names."""


async def read(receive: Receive, declared: str | None) -> bytes:
    """Return the whole request body; raises ClientGone, or BodyTooLarge without reading what is declared too large."""
    if declared and declared.isdigit() and int(declared) > LARGEST_BODY:
        raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that hands the body out once more, then listens for the client again."""
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return unread.pop() if unread else await receive()

    return receive_again


def signed_service(headers: Headers, query: bytes) -> bytes:
    """Return the service that a request is signed for, or nothing when it isn't signed."""
    for name, value in headers:
        if name == b"authorization" and (found := SCOPE_IN_HEADER.search(value)):
            return found[1]
    found = SCOPE_IN_QUERY.search(query)
    return found[1] if found else b""


def with_true_hash(headers: Headers, query: bytes, body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers with the body's own hash in place of the one the client states.

    A signature covers the stated hash, so a body that was changed after signing no longer fits it.
    S3 alone lets a client leave the body unsigned, or sign it in pieces; there a plain hash
    that doesn't fit raises BodyMismatch.
    """
    headers = list(headers)
    stated = [value for name, value in headers if name == HASH_HEADER]
    if not stated:
        return headers
    true = hashlib.sha256(body).hexdigest().encode()
    if signed_service(headers, query) == b"s3":
        if any(HEX_HASH.fullmatch(value) and value != true for value in stated):
            raise BodyMismatch
        return headers
    return [*((name, value) for name, value in headers if name != HASH_HEADER), (HASH_HEADER, true)]
