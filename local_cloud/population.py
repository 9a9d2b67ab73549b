"""Ordinary people, enough to page through: in the user pool and in the users table."""

from collections.abc import Callable
from typing import Any

from local_cloud import rows
from local_cloud.cognito import copies
from local_cloud.names import Name, people
from local_cloud.passwords import strong_password
from local_cloud.portraits import portrait_path


def fill_table(table: str, count: int, endpoint: str) -> None:
    """Store that many people in the users table, as the seeding function would; raises RowsRefused.

    The function itself isn't asked: its first call starts a Python of its own, which is the longest
    step of a start, and a hundred thousand people are fifty calls of it.
    """
    rows.put(
        table,
        (
            {
                "userId": person.user_id,
                "firstname": person.first,
                "lastname": person.last,
                "picture": endpoint + portrait_path(person.slug),
            }
            for person in people(count)
        ),
    )


def fill_pool(cognito: Any, pool_id: str, client_id: str, count: int) -> None:
    """Put that many people into a user pool, most of them confirmed.

    One person of each state is made by the calls that lead to that state; the others are
    copies of their records, since ten thousand people take minutes over the API.
    """
    by_state: dict[Callable[..., None], list[Name]] = {}
    for position, person in enumerate(people(count)):
        by_state.setdefault(_state(position), []).append(person)
    for make, alike in by_state.items():
        first, *others = alike
        make(cognito, pool_id, client_id, first)
        copies.add(pool_id, first, others)


def _state(position: int) -> Callable[..., None]:
    if position % 40 == 7:
        return _sign_up
    if position % 25 == 3:
        return _invite
    if position % 30 == 11:
        return _disable
    return _confirm


def _attributes(person: Name) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in person.attributes.items()]


def _sign_up(cognito: Any, _pool_id: str, client_id: str, person: Name) -> None:
    cognito.sign_up(
        ClientId=client_id,
        Username=person.username,
        Password=strong_password(),
        UserAttributes=_attributes(person),
    )


def _invite(cognito: Any, pool_id: str, _client_id: str, person: Name) -> None:
    verified = [*_attributes(person), {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(
        UserPoolId=pool_id, Username=person.username, MessageAction="SUPPRESS", UserAttributes=verified
    )


def _confirm(cognito: Any, pool_id: str, client_id: str, person: Name) -> None:
    _invite(cognito, pool_id, client_id, person)
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=person.username, Password=strong_password(), Permanent=True
    )


def _disable(cognito: Any, pool_id: str, client_id: str, person: Name) -> None:
    _confirm(cognito, pool_id, client_id, person)
    cognito.admin_disable_user(UserPoolId=pool_id, Username=person.username)
