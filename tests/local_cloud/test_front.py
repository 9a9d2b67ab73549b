"""Rules of the door that need no server."""

import asyncio
import hashlib

import pytest

from local_cloud.addresses import here
from local_cloud.front import bodies, hosts, nesting

BODY = b'{"a": 1}'
TRUE = hashlib.sha256(BODY).hexdigest().encode()
FALSE = b"0" * 64
SIGNED = b"AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=00"


def hashes(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    return [value for name, value in headers if name == bodies.HASH_HEADER]


@pytest.mark.parametrize("stated", [[FALSE], [TRUE], [FALSE, TRUE], [b"UNSIGNED-PAYLOAD"], [b""]])
def test_the_stated_hash_gives_way_to_the_true_one(stated: list[bytes]) -> None:
    headers = [(b"authorization", SIGNED % b"dynamodb"), *((bodies.HASH_HEADER, value) for value in stated)]
    assert hashes(bodies.with_true_hash(headers, b"", BODY)) == [TRUE]


def test_a_request_without_a_stated_hash_gets_none() -> None:
    assert bodies.with_true_hash([(b"host", b"x")], b"", BODY) == [(b"host", b"x")]


@pytest.mark.parametrize("stated", [b"UNSIGNED-PAYLOAD", b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", TRUE])
def test_s3_keeps_its_own_ways_to_state_a_hash(stated: bytes) -> None:
    headers = [(b"authorization", SIGNED % b"s3"), (bodies.HASH_HEADER, stated)]
    assert hashes(bodies.with_true_hash(headers, b"", BODY)) == [stated]


def test_a_plain_hash_for_s3_must_be_true() -> None:
    with pytest.raises(bodies.BodyMismatch):
        bodies.with_true_hash([(b"authorization", SIGNED % b"s3"), (bodies.HASH_HEADER, FALSE)], b"", BODY)


def test_the_service_is_read_from_a_signed_address_too() -> None:
    query = b"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    assert bodies.signed_service([], query) == b"s3"
    assert bodies.signed_service([], b"a=b") == b""


def test_a_body_is_read_whole_and_handed_on_whole() -> None:
    parts = [
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"two"},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return parts.pop(0)

    async def both() -> tuple[bytes, list[object]]:
        body = await bodies.read(receive, None)
        again = bodies.replay(body, receive)
        return body, [await again(), await again()]

    body, messages = asyncio.run(both())
    assert body == b"one two"
    assert messages == [
        {"type": "http.request", "body": b"one two", "more_body": False},
        {"type": "http.disconnect"},
    ]


def test_a_body_larger_than_it_declares_is_refused_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGEST_BODY", 10)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"x" * 6, "more_body": True}

    with pytest.raises(bodies.BodyTooLarge):
        asyncio.run(bodies.read(receive, "1"))


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:4566", True),
        ("localhost:4566", True),
        ("abc123.appsync-api.eu-west-1.amazonaws.com", True),
        ("localhost", False),
        ("localhost:4567", False),
        ("127.0.0.1:4566.evil.com", False),
        ("abc.appsync-api.eu-west-1.amazonaws.com.evil.com", False),
        ("", False),
    ],
)
def test_only_names_of_this_server_are_answered(host: str, ours: bool) -> None:
    assert hosts.is_ours(host, 4566) is ours


def test_addresses_of_aws_become_addresses_here() -> None:
    rest = "https://a1b2c3.execute-api.us-east-1.amazonaws.com/prod/"
    assert here(rest, "http://x:1") == "http://x:1/_aws/execute-api/a1b2c3/prod/"
    graphql = "https://abc.appsync-api.us-east-1.amazonaws.com/graphql"
    assert here(graphql, "http://x:1") == "http://x:1/v1/apis/abc/graphql"
    issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc"
    assert here(issuer, "http://x:1") == issuer


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * 60_000, True),
        (b'{"a":' * 600 + b"1" + b"}" * 600, True),
        (b"Action=CreatePolicy&PolicyDocument=" + b"%5b" * 60_000, True),
        (b"Action=CreatePolicy&PolicyDocument=" + b"[" * 600 + b"]" * 600, True),
        (b"[" * 400 + b"]" * 400, False),
        (b"[" + b"{}," * 5_000 + b"{}]", False),
        (b'"' + b"[" * 60_000 + b'"', False),
        (b"\x00\xff[" * 60_000, False),
        (b"", False),
    ],
)
def test_json_is_too_deep_by_its_levels_and_not_by_its_brackets(body: bytes, deep: bool) -> None:
    assert nesting.is_too_deep(body) is deep
