"""What one signed-in person can send: an ID token, an access token, AWS credentials of the identity pool."""

from collections.abc import Callable, Mapping

from services.authorization.callers.caller import Caller, unavailable
from services.authorization.callers.ids import ACCESS, IAM, ID
from services.authorization.callers.signed_in import SignedIn
from services.authorization.cells import Facts, Mode
from services.authorization.identities import HandsOutCredentials
from services.authorization.identity import Identity, Kind
from services.credentials import AwsCredentials, Credentials, Token
from services.errors import GatehouseError
from services.settings import Environment
from services.tokens import Use

_WORDS = {ID: "ID token", ACCESS: "access token", IAM: "IAM"}
_KINDS = {ID: Kind.JWT, ACCESS: Kind.JWT, IAM: Kind.IAM}


def columns_of(
    subject: str,
    name: str,
    who: SignedIn,
    environment: Environment,
    pool: HandsOutCredentials | None,
    *,
    group: str = "",
    person: str = "",
    stand_in: bool = False,
) -> tuple[Caller, ...]:
    """The columns of one person, without fetching anything.

    Args:
        subject: what their ids begin with, e.g. `me` or `group:admins`.
        name: what their labels begin with.
        who: the person.
        environment: names the user pool and the app client.
        pool: hands out AWS credentials; None where the environment has no identity pool.
        group: the group that they stand for.
        person: the user name of whom they are or stand in for.
        stand_in: they were made for this run.
    """
    groups = frozenset(who.operator.groups)

    def aws() -> AwsCredentials:
        if pool is None:
            raise LookupError("there is no identity pool")
        return pool.signed_in(who.tokens().id_token, who.operator.sub)

    senders: Mapping[str, Callable[[], Credentials]] = {
        ID: lambda: Token(who.tokens().id_token),
        ACCESS: lambda: Token(who.tokens().access_token),
        IAM: aws,
    }
    return tuple(
        Caller(
            Identity(
                subject + ending, f"{name} · {_WORDS[ending]}", _KINDS[ending], sender, note=_note(stand_in, person)
            ),
            facts_of(ending, groups, environment),
            group=group,
            person=person,
            stand_in=stand_in,
        )
        for ending, sender in senders.items()
        if pool or ending != IAM
    )


def missing_columns(
    subject: str, name: str, groups: frozenset[str], environment: Environment, failure: GatehouseError
) -> tuple[Caller, ...]:
    """The columns of somebody who can't be had, each with the reason."""
    return tuple(
        unavailable(
            subject + ending, f"{name} · {words}", _KINDS[ending], facts_of(ending, groups, environment), failure
        )
        for ending, words in _WORDS.items()
        if environment.identity_pool_id or ending != IAM
    )


def facts_of(ending: str, groups: frozenset[str], environment: Environment) -> Facts:
    """What is known of a member of these groups before they call."""
    issuer, client = environment.issuer, environment.client_id
    if ending == IAM:
        # Which role that is, the identity pool decides by issuer, app client and groups.
        return Facts(Mode.IAM, groups=groups, issuer=issuer, client_id=client)
    use = Use.ID if ending == ID else Use.ACCESS
    return Facts(Mode.USER_POOL, groups=groups, issuer=issuer, client_id=client, token_use=use)


def _note(stand_in: bool, person: str) -> str:
    if not stand_in:
        return ""
    return f"a stand-in with the groups of {person}" if person else "a stand-in, made for this run"
