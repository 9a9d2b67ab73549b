"""Many users like one that the API made."""

import copy
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from local_cloud.cognito.records import pool_anywhere
from local_cloud.names import Name

MOST_DAYS = 400
SECONDS_A_DAY = 86_400


def add(pool_id: str, pattern: Name, people: Iterable[Name]) -> None:
    """Add users whose records are that of `pattern`, with names, ids, addresses and passwords of their own.

    Each became a user on another day of the past year.
    """
    pool = pool_anywhere(pool_id)
    users: dict[str, dict[str, Any]] = pool["_users"]
    original = users[pattern.username]
    for person in people:
        users[person.username] = _like(original, person)
    pool["EstimatedNumberOfUsers"] = len(users)


def _like(original: dict[str, Any], person: Name) -> dict[str, Any]:
    own = {"sub": str(uuid.uuid4()), **person.attributes}
    made = original["UserCreateDate"] - secrets.randbelow(MOST_DAYS * SECONDS_A_DAY)
    record = {key: copy.copy(value) for key, value in original.items()}
    record.update(
        Username=person.username,
        Attributes=[
            {"Name": attribute["Name"], "Value": own.get(attribute["Name"], attribute["Value"])}
            for attribute in original["Attributes"]
        ],
        UserCreateDate=made,
        UserLastModifiedDate=made,
        # Nobody knows it: a sign-in needs a reset first.
        _password=f"{secrets.token_urlsafe(24)}aA1!",
    )
    return record
