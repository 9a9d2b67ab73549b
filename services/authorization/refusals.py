"""What AppSync's answers other than a plain 200 mean, as one table.

The texts are AWS's own, as its documentation and captured answers show them; AppSync keeps some of them the same for
very different faults (`Valid authorization header not provided.` covers both "nothing was sent" and "forged"), so a
cause is only half of an explanation: `explanations.py` adds what is known of the credential that was sent.
"""

from dataclasses import dataclass
from enum import Enum, auto

from services.authorization.evidence import errors_of
from services.graphql import Answer


class Cause(Enum):
    """Why an API answered with something else than an evaluated operation."""

    MODE = auto()
    CREDENTIAL_UNKNOWN = auto()
    CLIENT = auto()
    POLICY = auto()
    TOKEN_UNREADABLE = auto()
    TOKEN_EXPIRED = auto()
    SIGNATURE = auto()
    SIGNATURE_TIME = auto()
    SIGNATURE_SCOPE = auto()
    ACCESS_KEY_UNKNOWN = auto()
    SESSION_EXPIRED = auto()
    FIREWALL = auto()
    MALFORMED = auto()
    BAD_REQUEST = auto()
    THROTTLED = auto()
    REDIRECTED = auto()
    NO_SUCH_API = auto()
    FAILED = auto()
    STRANGE = auto()


REFUSED = frozenset({Cause.MODE, Cause.CREDENTIAL_UNKNOWN, Cause.CLIENT, Cause.POLICY, Cause.TOKEN_UNREADABLE})
"""The API looked at the caller and said no; whether that is evidence depends on the credential."""

DEAD = frozenset(
    {
        Cause.TOKEN_EXPIRED,
        Cause.SIGNATURE,
        Cause.SIGNATURE_TIME,
        Cause.SIGNATURE_SCOPE,
        Cause.ACCESS_KEY_UNKNOWN,
        Cause.SESSION_EXPIRED,
    }
)
"""The credential proved nothing, so that nobody was judged."""


@dataclass(frozen=True, slots=True)
class Known:
    """One answer that is known: its error type, how its text begins (any text when empty), and its cause."""

    status: int
    error_type: str
    text: str
    cause: Cause


KNOWN: tuple[Known, ...] = (
    Known(401, "UnauthorizedException", "valid authorization header not provided", Cause.MODE),
    Known(401, "UnauthorizedException", "you are not authorized to make this call", Cause.CREDENTIAL_UNKNOWN),
    Known(401, "UnauthorizedException", "permission denied", Cause.POLICY),
    Known(401, "UnauthorizedException", "token has expired", Cause.TOKEN_EXPIRED),
    Known(401, "UnauthorizedException", "unable to parse jwt token", Cause.TOKEN_UNREADABLE),
    Known(401, "UnauthorizedException", "unauthorized", Cause.CLIENT),
    Known(401, "UnauthorizedException", "", Cause.MODE),
    Known(403, "UnauthorizedException", "", Cause.MODE),
    Known(403, "AccessDeniedException", "", Cause.POLICY),
    Known(403, "UnrecognizedClientException", "the security token included in the request is expired",
          Cause.SESSION_EXPIRED),
    Known(403, "UnrecognizedClientException", "", Cause.ACCESS_KEY_UNKNOWN),
    Known(403, "ExpiredTokenException", "", Cause.SESSION_EXPIRED),
    Known(403, "InvalidSignatureException", "signature expired", Cause.SIGNATURE_TIME),
    Known(403, "InvalidSignatureException", "signature not yet current", Cause.SIGNATURE_TIME),
    Known(403, "InvalidSignatureException", "credential should be scoped", Cause.SIGNATURE_SCOPE),
    Known(403, "InvalidSignatureException", "", Cause.SIGNATURE),
    Known(403, "WAFForbiddenException", "", Cause.FIREWALL),
    Known(400, "BadRequestException", "the request signature we calculated", Cause.SIGNATURE),
    Known(400, "BadRequestException", "signature expired", Cause.SIGNATURE_TIME),
    Known(400, "BadRequestException", "signature not yet current", Cause.SIGNATURE_TIME),
    Known(400, "BadRequestException", "credential should be scoped", Cause.SIGNATURE_SCOPE),
    Known(400, "BadRequestException", "", Cause.BAD_REQUEST),
    Known(400, "MalformedHttpRequestException", "", Cause.MALFORMED),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The first words of an answer: its error type and text, from the body, else from the header; empty if none."""

    error_type: str
    message: str


def head_of(answer: Answer) -> Head:
    """The error type and text that the answer as a whole carries."""
    first = next(iter(errors_of(answer)), None)
    # AWS may append the service's address after a colon.
    header = answer.headers.get("x-amzn-errortype", "").split(":")[0]
    if first is None:
        return Head(header, "")
    return Head(first.error_type or header, first.message)


def cause_of(answer: Answer) -> Cause | None:
    """Why the answer is no evaluated operation; None when it is one (HTTP 200 with GraphQL in it)."""
    head = head_of(answer)
    if answer.status == 200:
        return None if "data" in answer.body or errors_of(answer) else Cause.STRANGE
    text = head.message.casefold()
    for known in KNOWN:
        if (known.status, known.error_type) == (answer.status, head.error_type) and text.startswith(known.text):
            return known.cause
    return _by_status(answer.status)


def _by_status(status: int) -> Cause:
    """A status alone refuses nobody: a 401 or 403 in a foreign shape may come from a proxy on the way."""
    if status == 429:
        return Cause.THROTTLED
    if status >= 500:
        return Cause.FAILED
    if status == 404:
        return Cause.NO_SUCH_API
    return Cause.REDIRECTED if 300 <= status < 400 else Cause.STRANGE
