"""Signature Version 4, verified: the body hash is recomputed, never read from a header."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl, quote

from local_cloud.appsync.model import Credential, HttpRequest
from local_cloud.appsync.refusals import (
    SIGNATURE_MISMATCH,
    bad_request,
    expired_credentials,
    unknown_credentials,
)

SERVICE = "appsync"
_ALGORITHM = "AWS4-HMAC-SHA256"
_SKEW = timedelta(minutes=5)
_STAMP = "%Y%m%dT%H%M%SZ"
_SCOPE_PARTS = 5


@dataclass(frozen=True, slots=True)
class Signature:
    """The parts of a SigV4 `Authorization` header."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    value: str

    @property
    def scope(self) -> str:
        """The credential scope that the key was derived for."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def verify(request: HttpRequest, region: str, find: Callable[[str], Credential | None], now: datetime) -> Credential:
    """Return the credential whose secret signed this request, body and all.

    Raises:
        Refused: 400 for a signature that is malformed, stale, out of scope or wrong; 403 for
            an access key that is unknown, or whose session token is missing, foreign or expired.
    """
    signature = _parse(request.header("authorization"))
    signed_at = _signed_at(request, signature)
    _check_clock(signed_at, now)
    _check_scope(signature, region)
    credential = find(signature.access_key_id)
    if credential is None or not _owns_token(credential, request.header("x-amz-security-token")):
        raise unknown_credentials()
    if credential.expires_at is not None and now.timestamp() > credential.expires_at:
        raise expired_credentials()
    canonical = _canonical_request(request, signature)
    to_sign = "\n".join(
        (_ALGORITHM, signed_at.strftime(_STAMP), signature.scope, hashlib.sha256(canonical.encode()).hexdigest())
    )
    key = _signing_key(credential.secret_access_key, signature.date, signature.region, signature.service)
    if not hmac.compare_digest(_hex(key, to_sign).encode(), signature.value.encode()):
        raise bad_request(
            f"{SIGNATURE_MISMATCH}\n\nThe Canonical String for this request should have been\n'{canonical}'"
            f"\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
        )
    return credential


def _parse(header: str) -> Signature:
    fields = dict(part.strip().partition("=")[::2] for part in header.removeprefix(_ALGORITHM).split(","))
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if not fields.get(name)]
    if missing:
        raise bad_request(" ".join(f"Authorization header requires '{name}' parameter." for name in missing))
    scope = fields["Credential"].split("/")
    if len(scope) != _SCOPE_PARTS or scope[-1] != "aws4_request":
        raise bad_request(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"
        )
    names = tuple(fields["SignedHeaders"].lower().split(";"))
    if "host" not in names:
        raise bad_request("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    return Signature(scope[0], scope[1], scope[2], scope[3], names, fields["Signature"])


def _signed_at(request: HttpRequest, signature: Signature) -> datetime:
    stamp = request.header("x-amz-date")
    if not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
        raise bad_request("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if not stamp.startswith(signature.date):
        raise bad_request("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise bad_request("Date must be in ISO-8601 'basic format'.") from None


def _check_clock(signed_at: datetime, now: datetime) -> None:
    stamp, clock = signed_at.strftime(_STAMP), now.strftime(_STAMP)
    if signed_at < now - _SKEW:
        oldest = (now - _SKEW).strftime(_STAMP)
        raise bad_request(f"Signature expired: {stamp} is now earlier than {oldest} ({clock} - 5 min.)")
    if signed_at > now + _SKEW:
        newest = (now + _SKEW).strftime(_STAMP)
        raise bad_request(f"Signature not yet current: {stamp} is still later than {newest} ({clock} + 5 min.)")


def _check_scope(signature: Signature, region: str) -> None:
    # OPEN: status and type of both refusals.
    if signature.region != region:
        raise bad_request(f"Credential should be scoped to a valid region, not '{signature.region}'.")
    if signature.service != SERVICE:
        raise bad_request(f"Credential should be scoped to correct service: '{SERVICE}'.")


def _owns_token(credential: Credential, token: str) -> bool:
    return hmac.compare_digest((credential.session_token or "").encode(), token.encode())


def _canonical_request(request: HttpRequest, signature: Signature) -> str:
    headers = "".join(f"{name}:{_canonical_value(request, name)}\n" for name in signature.signed_headers)
    pairs = parse_qsl(request.query, keep_blank_values=True)
    query = "&".join(sorted(f"{_encode(name)}={_encode(value)}" for name, value in pairs))
    return "\n".join(
        (
            request.method,
            quote(request.path, safe="/-_.~"),
            query,
            headers,
            ";".join(signature.signed_headers),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def _canonical_value(request: HttpRequest, name: str) -> str:
    return ",".join(" ".join(value.split()) for key, value in request.headers if key == name)


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _hex(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
