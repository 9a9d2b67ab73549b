"""Which authorization mode a request is evaluated under, from its credentials alone.

AppSync has no header that names the mode. What is sent decides, and a credential that is
refused never falls through to another mode.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field

from local_cloud.appsync.model import JWT_MODES, Api, HttpRequest, Mode
from local_cloud.appsync.refusals import Refused, unauthorized, unproven_token

_JWT = re.compile(r"([\w-]+)\.[\w-]+\.[\w-]*", re.ASCII)
_BEARER = re.compile(r"bearer\s+", re.IGNORECASE)
SIGV4_PREFIX = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request claims to be, unproven: API_KEY, AWS_IAM, AWS_LAMBDA, or a JWT (`mode` None)."""

    mode: Mode | None
    value: str = field(repr=False)


def classify(request: HttpRequest, api: Api) -> Claim:
    """Return the one claim that a request is judged by.

    OPEN: which credential counts when `x-api-key` and `Authorization` are both sent. Here a
    signature counts first, then the key, and neither is ignored because the other would pass.

    Raises:
        Refused: nothing was sent, or nothing that a mode of this API takes.
    """
    authorization = request.header("authorization").strip()
    if authorization.startswith(SIGV4_PREFIX):
        return _signed(authorization, api)
    key = request.header("x-api-key")
    if key:
        if Mode.API_KEY not in api.modes:
            raise unauthorized()
        return Claim(Mode.API_KEY, key)
    if not authorization:
        raise unauthorized()
    return _token(authorization, api)


def _signed(authorization: str, api: Api) -> Claim:
    if Mode.IAM in api.modes:
        return Claim(Mode.IAM, authorization)
    if Mode.LAMBDA in api.modes:
        return Claim(Mode.LAMBDA, authorization)
    raise _not_taken(api)


def _token(authorization: str, api: Api) -> Claim:
    bearer = _BEARER.match(authorization)
    bare = authorization[bearer.end() :] if bearer else authorization
    if api.modes & JWT_MODES and (bearer or _is_jwt(bare)):
        return Claim(None, bare)
    # `Bearer` is reserved for JWTs: such a value never reaches a Lambda authorizer.
    if Mode.LAMBDA in api.modes and not bearer:
        return Claim(Mode.LAMBDA, authorization)
    raise _not_taken(api)


def _is_jwt(value: str) -> bool:
    """Return whether a value has a JWT's three parts, the first of them a JSON header.

    A prefix of the caller's own spoils the header: that is how a JWT is meant for a Lambda authorizer.
    """
    match = _JWT.fullmatch(value)
    if match is None:
        return False
    try:
        header = json.loads(base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict)


def _not_taken(api: Api) -> Refused:
    if api.modes & JWT_MODES:
        return unproven_token(single_mode=api.single_mode)
    return unauthorized()
