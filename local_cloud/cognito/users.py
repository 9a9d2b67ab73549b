"""ListUsers as Cognito documents it."""

from typing import Any

from local_cloud.cognito import filters
from local_cloud.cognito.answers import Data, Refused, answering
from local_cloud.cognito.pages import page
from local_cloud.cognito.records import Record, pool_of, shown_user


@answering
def list_users(call: Data) -> Data:
    """Cognito ListUsers: one filter, at most 60 at once, only the attributes asked for."""
    pool = pool_of(call)
    wanted = _wanted(pool, call.get("AttributesToGet"))
    text = str(call.get("Filter") or "")
    users: dict[str, Record] = pool["_users"]
    keys, token = page(_matching(users, filters.parse(text)), call, of=f"{pool['Id']} {text}", named="PaginationToken")
    answer: Data = {"Users": [_only(shown_user(users[key]), wanted) for key in keys]}
    return answer | ({"PaginationToken": token} if token else {})


def _matching(users: dict[str, Record], condition: filters.Filter | None) -> list[str]:
    """Return the names of the users that meet a condition, ordered by the attribute it is about."""
    if condition is None:
        return list(users)
    found = [(condition.value_of(user) or "", name) for name, user in users.items() if condition.admits(user)]
    return [name for _, name in sorted(found)]


def _wanted(pool: Record, asked: Any) -> frozenset[str] | None:
    if not asked:
        return None
    known = {attribute["Name"] for attribute in pool["SchemaAttributes"]}
    if not known.issuperset(asked):
        raise Refused("InvalidParameterException", "One or more requested attributes do not exist.")
    return frozenset(asked)


def _only(user: Data, wanted: frozenset[str] | None) -> Data:
    if wanted is None:
        return user
    return {**user, "Attributes": [held for held in user["Attributes"] if held["Name"] in wanted]}
