"""Signatures, made by botocore and checked by us."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_cloud.appsync.model import Credential, HttpRequest
from local_cloud.appsync.refusals import SIGNATURE_MISMATCH, Refused
from local_cloud.appsync.sigv4 import verify
from tests.local_cloud.appsync.fakes import ACCOUNT

MOMENT = datetime(2027, 1, 15, 8, 0, 0, tzinfo=UTC)
USER = Credential(
    access_key_id="AKIAUSER",
    secret_access_key="secret-of-the-user",
    session_token=None,
    account=ACCOUNT,
    principal_arn=f"arn:aws:iam::{ACCOUNT}:user/user",
    principal_id="AIDA",
    principal_name="user",
)
SESSION = replace(
    USER, access_key_id="ASIASESSION", session_token="token", expires_at=(MOMENT + timedelta(hours=1)).timestamp()
)
KNOWN = {credential.access_key_id: credential for credential in (USER, SESSION)}
BODY = json.dumps({"query": "{ a }"}).encode()


def signed(
    credential: Credential = USER,
    *,
    url: str = "https://api1.example/graphql",
    body: bytes = BODY,
    at: datetime = MOMENT,
    region: str = "us-east-1",
    service: str = "appsync",
    **headers: str,
) -> HttpRequest:
    """Return a request that botocore signed at a moment of our choice."""
    made = AWSRequest("POST", url, data=body, headers={"Host": "api1.example", **headers})
    keys = Credentials(credential.access_key_id, credential.secret_access_key, credential.session_token)
    with patch.object(auth, "get_current_datetime", lambda: at.replace(tzinfo=None)):
        auth.SigV4Auth(keys, service, region).add_auth(made)
    path, _, query = url.removeprefix("https://api1.example").partition("?")
    return HttpRequest("POST", path, query, tuple((k.lower(), str(v)) for k, v in made.headers.items()), body)


def check(request: HttpRequest, now: datetime = MOMENT) -> Credential:
    return verify(request, "us-east-1", KNOWN.get, now)


def refusal(request: HttpRequest, now: datetime = MOMENT) -> tuple[int, str, str]:
    with pytest.raises(Refused) as raised:
        check(request, now)
    return int(raised.value.status), raised.value.error_type, str(raised.value.message)


def with_header(request: HttpRequest, name: str, value: str | None) -> HttpRequest:
    kept = [(key, old) for key, old in request.headers if key != name]
    return replace(request, headers=(*kept, *([(name, value)] if value is not None else [])))


@pytest.mark.parametrize("credential", [USER, SESSION])
def test_a_true_signature_names_its_credential(credential: Credential) -> None:
    assert check(signed(credential)) is credential


def test_query_parameters_and_signed_headers_are_part_of_the_signature() -> None:
    request = signed(url="https://api1.example/graphql?query=%7Ba%7D&b=%20x%2By", X_Extra="two   spaces")
    assert check(request) is USER
    assert refusal(replace(request, query="query=%7Bb%7D"))[:2] == (400, "BadRequestException")
    assert refusal(with_header(request, "x_extra", "changed"))[:2] == (400, "BadRequestException")


@pytest.mark.parametrize("letter", ["\xe9", "G"])
def test_a_signature_of_other_letters_is_a_wrong_one(letter: str) -> None:
    request = signed()
    garbled = with_header(request, "authorization", request.header("authorization")[:-1] + letter)
    assert refusal(garbled)[2].startswith(SIGNATURE_MISMATCH)


def test_a_wrong_secret_is_told_with_the_strings_that_were_expected() -> None:
    status, kind, text = refusal(signed(replace(USER, secret_access_key="another")))
    assert (status, kind) == (400, "BadRequestException")
    assert text.startswith(SIGNATURE_MISMATCH + "\n\nThe Canonical String for this request should have been\n'POST\n")
    assert "\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20270115T080000Z\n" in text
    assert USER.secret_access_key not in text


def test_a_body_changed_after_signing_is_a_wrong_signature() -> None:
    changed = json.dumps({"query": "{ b }"}).encode()
    assert refusal(replace(signed(), body=changed))[2].startswith(SIGNATURE_MISMATCH)


def test_the_hash_of_the_body_is_never_read_from_a_header() -> None:
    request = signed(**{"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert refusal(replace(request, body=b"changed"))[2].startswith(SIGNATURE_MISMATCH)


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_may_be_a_few_minutes_off(minutes: int) -> None:
    assert check(signed(), MOMENT + timedelta(minutes=minutes)) is USER


def test_a_stale_signature_is_told_both_times() -> None:
    assert refusal(signed(), MOMENT + timedelta(minutes=6)) == (
        400,
        "BadRequestException",
        "Signature expired: 20270115T080000Z is now earlier than 20270115T080100Z (20270115T080600Z - 5 min.)",
    )


def test_a_signature_of_the_future_is_told_both_times() -> None:
    assert refusal(signed(), MOMENT - timedelta(minutes=6))[2].startswith("Signature not yet current: 20270115T080000Z")


UNRECOGNIZED = (403, "UnrecognizedClientException", "The security token included in the request is invalid.")


def test_an_unknown_access_key_is_unrecognized() -> None:
    assert refusal(signed(replace(USER, access_key_id="AKIANOBODY"))) == UNRECOGNIZED


@pytest.mark.parametrize("token", [None, "", "another"])
def test_a_session_key_without_its_own_token_is_unrecognized(token: str | None) -> None:
    assert refusal(with_header(signed(SESSION), "x-amz-security-token", token)) == UNRECOGNIZED


def test_a_token_beside_a_long_term_key_is_unrecognized() -> None:
    assert refusal(with_header(signed(), "x-amz-security-token", "made-up")) == UNRECOGNIZED


@pytest.mark.row("3.2 Expired session token")
def test_an_expired_session_is_told_so() -> None:
    late = MOMENT + timedelta(hours=1, seconds=1)
    assert refusal(signed(SESSION, at=late), late) == (
        403,
        "ExpiredTokenException",
        "The security token included in the request is expired",
    )


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        ({"region": "eu-west-1"}, "Credential should be scoped to a valid region, not 'eu-west-1'."),
        ({"service": "execute-api"}, "Credential should be scoped to correct service: 'appsync'."),
    ],
)
def test_a_signature_for_elsewhere_is_refused(scope: dict[str, Any], text: str) -> None:
    assert refusal(signed(**scope)) == (400, "BadRequestException", text)


@pytest.mark.parametrize(
    "header",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=AKIAUSER/20270115/us-east-1/appsync/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIAUSER, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKIAUSER/20270115/us-east-1/appsync/aws4_request, SignedHeaders=x, Signature=0",
    ],
)
def test_a_malformed_authorization_header_is_a_bad_request(header: str) -> None:
    assert refusal(with_header(signed(), "authorization", header))[:2] == (400, "BadRequestException")


@pytest.mark.parametrize("stamp", [None, "yesterday", "20270115T996000Z", "20270114T080000Z"])
def test_a_date_that_is_missing_malformed_or_another_day_is_a_bad_request(stamp: str | None) -> None:
    assert refusal(with_header(signed(), "x-amz-date", stamp))[:2] == (400, "BadRequestException")


def test_a_credential_keeps_its_secrets_out_of_its_repr() -> None:
    assert "secret-of-the-user" not in repr(SESSION)
    assert "token='" not in repr(SESSION)
