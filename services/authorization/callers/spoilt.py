"""Broken identities, each made on purpose from the good credential of one person: APIs have to turn them all away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from requests import PreparedRequest

from services.authorization.broken import ChangedAfterSigning, tampered, wrong_secret
from services.authorization.callers import forged
from services.authorization.callers.caller import Caller, unavailable
from services.authorization.callers.ids import API_KEY, BROKEN, GUEST, ID
from services.authorization.cells import Facts, Mode
from services.authorization.identities import made_up_key
from services.authorization.identity import Identity, Kind
from services.credentials import APPSYNC, ApiKey, AwsCredentials, Signer, Token
from services.errors import NotFound
from services.secret import Secret

SKEW = timedelta(minutes=20)  # AWS takes five


@dataclass(frozen=True, slots=True)
class _Forgery:
    """One way to spoil an ID token."""

    name: str
    label: str
    note: str
    forge: Callable[[Secret], Secret]


@dataclass(frozen=True, slots=True)
class _Missigning:
    """One way to sign wrongly."""

    name: str
    label: str
    note: str
    spoil: Callable[[AwsCredentials], AwsCredentials]


_FORGERIES = (
    _Forgery("tampered", "Tampered token", "a group was added to the token after it was signed", tampered),
    _Forgery(
        "other-pool",
        "Another pool's token",
        "the token is of a user pool that the API does not know, signed with a key of that pool's own",
        forged.of_another_pool,
    ),
    _Forgery(
        "wrong-client",
        "Wrong app client",
        "the app client of the token was changed after it was signed; whether the API takes genuine tokens of"
        " other app clients, only such a token shows",
        lambda token: forged.with_claims(token, {"aud": "anotherclient", "client_id": "anotherclient"}),
    ),
    _Forgery(
        "wrong-key",
        "Wrong signing key",
        "the token was signed with another key under the id of the user pool's key",
        forged.signed_by_another_key,
    ),
    _Forgery("wrong-signature", "Wrong signature", "one bit of the token's signature was changed",
             forged.with_spoilt_signature),
    _Forgery("alg-none", "Unsigned token", "the token says alg: none and has no signature", forged.unsigned),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedAtAnotherTime(AwsCredentials):
    """Good credentials whose signature says that it was made at another time."""

    away: timedelta = timedelta(0)

    def signer(self, region: str, service: str = APPSYNC) -> Signer:
        """Signs with the time that it is `away` from now."""
        sign = AwsCredentials.signer(self, region, service)

        def misdate(request: PreparedRequest) -> PreparedRequest:
            # requests_aws4auth keeps a date that stands there, and derives its key for that day.
            request.headers["x-amz-date"] = (datetime.now(UTC) + self.away).strftime("%Y%m%dT%H%M%SZ")
            return sign(request)

        return misdate


def _at_another_time(away: timedelta) -> Callable[[AwsCredentials], AwsCredentials]:
    return lambda good: SignedAtAnotherTime(good.access_key_id, good.secret_access_key, good.session_token, away)


_MISSIGNINGS = (
    _Missigning("wrong-secret", "Wrong secret key", "the request was signed with a wrong secret key", wrong_secret),
    _Missigning("changed-body", "Changed body", "the body was changed after the request was signed",
                ChangedAfterSigning.of),
    _Missigning("clock-skew", "Signed 20 minutes ago", "the signature is 20 minutes old", _at_another_time(-SKEW)),
    _Missigning("clock-ahead", "Signed 20 minutes ahead", "the signature is 20 minutes ahead of time",
                _at_another_time(SKEW)),
)  # fmt: skip

MADE_UP_KEY = f"{BROKEN}made-up-key"


def spoilt_tokens(subject: str, id_token: Callable[[], Secret] | None) -> tuple[Caller, ...]:
    """Broken ID tokens made from somebody's good one; listed with the reason where nobody is signed in.

    Args:
        subject: whose token it is, e.g. `me`: their good column is the control.
        id_token: gives it; None where nobody is signed in.
    """
    facts = Facts(Mode.USER_POOL, good=False)
    if id_token is None:
        return tuple(_unmade(BROKEN + each.name, each.label, Kind.JWT, facts) for each in _FORGERIES)

    def caller(each: _Forgery) -> Caller:
        identity = Identity(
            BROKEN + each.name,
            each.label,
            Kind.JWT,
            lambda: Token(each.forge(id_token())),
            broken=True,
            note=each.note,
        )
        return Caller(identity, facts, control=subject + ID)

    return tuple(map(caller, _FORGERIES))


def spoilt_signatures(control: str, credentials: Callable[[], AwsCredentials]) -> tuple[Caller, ...]:
    """Wrongly signed calls made from good AWS credentials.

    Args:
        control: the id of the good identity, e.g. `me/iam` or `guest/iam`.
        credentials: gives its credentials.
    """

    def caller(each: _Missigning) -> Caller:
        identity = Identity(
            BROKEN + each.name,
            each.label,
            Kind.IAM,
            lambda: each.spoil(credentials()),
            broken=True,
            note=each.note,
        )
        return Caller(identity, Facts(Mode.IAM, good=False, guest=control == GUEST), control=control)

    return tuple(map(caller, _MISSIGNINGS))


def made_up(has_key: bool) -> Caller:
    """A well-formed API key that no API has; `has_key` says whether a good one is its control."""
    key = made_up_key()
    identity = Identity(
        MADE_UP_KEY, "Made-up API key", Kind.API_KEY, lambda: ApiKey(key), broken=True, note="no API has this key"
    )
    return Caller(identity, Facts(Mode.API_KEY, good=False), control=API_KEY if has_key else "")


def _unmade(id: str, label: str, kind: Kind, facts: Facts) -> Caller:  # noqa: A002
    failure = NotFound(
        "Could not make a broken token",
        "Nobody is signed in whose good token it could be made from",
        "Have a stand-in made, or let somebody sign in for a column",
    )
    return unavailable(id, label, kind, facts, failure)
