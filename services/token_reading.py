"""A token as a person reads it: its header, its claims in words, and whether it holds."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import jwt

from services.errors import Unavailable
from services.secret import Secret
from services.settings import Environment
from services.tokens import Expectation, Fault, TokenRefused, Use, verify

LONGEST = 200_000
_ENCRYPTED = re.compile(r"[\w-]+(\.[\w-]*){4}")
_AROUND = re.compile(r"[\"']?(authorization\s*:\s*)?(bearer\s+)?", re.IGNORECASE)

KeysFor = Callable[[str], Mapping[str, jwt.PyJWK]]


@dataclass(frozen=True, slots=True)
class TokenReading:
    """What a token says, and whether that can be believed.

    Attributes:
        header: the JWT's header; empty when it can't be read.
        claims: what it says; unverified unless `holds`.
        holds: whether signature, issuer, use, app client and times are right; None when that couldn't be told.
        why: why it doesn't hold, or why it couldn't be told; empty when it holds.
        fault: which line of the rule it breaks.
    """

    header: Mapping[str, Any] = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)
    holds: bool | None
    why: str = ""
    fault: Fault | None = None

    @property
    def use(self) -> Use | None:
        """Whether it says that it is an ID token or an access token; None for anything else."""
        said = self.claims.get("token_use")
        return Use(said) if isinstance(said, str) and said in set(Use) else None


def read_token(token: Secret, environment: Environment, keys_for: KeysFor, now: datetime) -> TokenReading:
    """A token read and verified as the dashboard verifies its own; never raises over what the token is.

    Args:
        token: what was pasted; `Bearer`, quotes around it and white space are dropped.
        environment: names the user pool and the app client that it should come from.
        keys_for: the pool's published keys, e.g. `PoolKeys.for_key`.
        now: the time, with a zone.
    """
    bare = _bare(token)
    header, claims = _part(bare, 0), _part(bare, 1)
    if not header or not claims:
        return TokenReading({}, {}, holds=False, why=_unreadable(bare), fault=Fault.MALFORMED)
    use = Use.ACCESS if claims.get("token_use") == Use.ACCESS else Use.ID
    try:
        keys = keys_for(str(header.get("kid", ""))) if claims.get("iss") == environment.issuer else {}
        verify(bare, keys, Expectation(environment.issuer, environment.client_id, use), now)
    except TokenRefused as refusal:
        if claims.get("iss") != environment.issuer and refusal.fault is Fault.UNKNOWN_KEY:
            return TokenReading(header, claims, holds=None, why=_foreign(claims, environment), fault=Fault.ISSUER)
        told = TokenReading(header, claims, holds=False, why=refusal.why, fault=refusal.fault)
        neither = refusal.fault is Fault.USE and told.use is None
        return replace(told, why="It is neither an ID token nor an access token") if neither else told
    except Unavailable as error:
        return TokenReading(header, claims, holds=None, why=f"{error.failed}: {error.why}")
    return TokenReading(header, claims, holds=True)


def _foreign(claims: Mapping[str, Any], environment: Environment) -> str:
    return (
        f"The token was issued by {claims.get('iss') or 'nobody'}, not by this environment's pool"
        f" ({environment.issuer}): its signature can't be judged here"
    )


def _unreadable(bare: Secret) -> str:
    """Why a text says nothing: what it is instead of a signed token, as far as that can be told."""
    text = bare.reveal()
    if len(text) > LONGEST:
        return f"The text has {len(text):,} characters, and no token has that many"
    if _ENCRYPTED.fullmatch(text):
        return (
            "The token is encrypted (five parts): only the user pool can read it."
            " The refresh tokens of Cognito are made like this"
        )
    return "The text is not a JSON web token: three parts of Base64 with dots between them"


def _bare(token: Secret) -> Secret:
    """What was pasted without what comes along: a header's words, quotes, and the line breaks of a terminal."""
    return Secret("".join(_AROUND.sub("", token.reveal().strip(), count=1).split()).strip("\"'"))


def _part(token: Secret, index: int) -> dict[str, Any]:
    parts = token.reveal().split(".")
    if len(parts) != 3 or len(token.reveal()) > LONGEST:
        return {}
    try:
        text = base64.urlsafe_b64decode(parts[index] + "=" * (-len(parts[index]) % 4))
        content = json.loads(text)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
