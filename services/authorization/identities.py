"""The identities that an environment offers for one API: the columns of the side-by-side page."""

import secrets
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from services.authorization.identity import Identity, Kind
from services.credentials import ApiKey, AwsCredentials, Credentials, NoCredentials, Token
from services.permissions import Operator
from services.secret import Secret
from services.settings import Api
from services.tokens import Tokens


class HandsOutCredentials(Protocol):
    """An identity pool."""

    def guest(self) -> AwsCredentials:
        """Credentials of the guest role."""

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:
        """Credentials of the signed-in role."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in here: the operator, or another person for a column of their own."""

    operator: Operator
    tokens: Tokens = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A credential that the operator brought along; kept in memory for their browser session alone.

    Attributes:
        id: a stable name for the column.
        label: what the operator calls it.
        kind: an API key, a JWT or a Lambda token.
        secret: the credential itself.
    """

    id: str
    label: str
    kind: Kind
    secret: Secret


def made_up_key() -> Secret:
    """A well-formed API key that no API has."""
    letters = string.ascii_lowercase + string.digits
    return Secret("da2-" + "".join(secrets.choice(letters) for _ in range(26)))


def identities(
    api: Api,
    me: Person,
    pool: HandsOutCredentials | None,
    *,
    others: Iterable[Person] = (),
    pasted: Iterable[Pasted] = (),
    make_key: Callable[[], Secret] = made_up_key,
) -> tuple[Identity, ...]:
    """Every identity that can be put beside the others on this API, without fetching any credential yet.

    Args:
        api: the API; the key sent to it is its own, or made up where it has none, and never another API's.
        me: the operator.
        pool: hands out AWS credentials; None where the environment has no identity pool.
        others: people who signed in for a column.
        pasted: credentials that the operator brought along.
        make_key: makes a key up.
    """
    columns = [Identity("nobody", "No credentials", Kind.NO_CREDENTIALS, NoCredentials), _key(api, make_key)]
    if pool:
        columns.append(Identity("guest-iam", "Guest · IAM", Kind.IAM, pool.guest))
    columns += _of_person(me, "me", "Me", pool)
    for person in others:
        columns += _of_person(person, f"person-{person.operator.sub}", person.operator.username, pool)
    columns += [Identity(each.id, each.label, each.kind, _as_sent(each)) for each in pasted]
    return tuple(columns)


def _key(api: Api, make_key: Callable[[], Secret]) -> Identity:
    if own := api.api_key:
        return Identity("api-key", "API key", Kind.API_KEY, lambda: ApiKey(own))
    made_up = make_key()
    return Identity(
        "api-key",
        "API key (made up)",
        Kind.API_KEY,
        lambda: ApiKey(made_up),
        broken=True,
        note="the key is made up, since this API has none",
    )


def _of_person(person: Person, prefix: str, name: str, pool: HandsOutCredentials | None) -> list[Identity]:
    tokens = person.tokens
    found = [
        Identity(f"{prefix}-id", f"{name} · ID token", Kind.JWT, lambda: Token(tokens.id_token)),
        Identity(f"{prefix}-access", f"{name} · access token", Kind.JWT, lambda: Token(tokens.access_token)),
    ]
    if pool:
        found.append(
            Identity(
                f"{prefix}-iam",
                f"{name} · IAM",
                Kind.IAM,
                lambda: pool.signed_in(tokens.id_token, person.operator.sub),
            )
        )
    return found


def _as_sent(pasted: Pasted) -> Callable[[], Credentials]:
    if pasted.kind is Kind.API_KEY:
        return lambda: ApiKey(pasted.secret)
    return lambda: Token(pasted.secret)
