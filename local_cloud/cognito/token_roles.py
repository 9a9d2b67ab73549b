"""What the ID token says of roles: `cognito:roles` and `cognito:preferred_role`, which MiniStack leaves out."""

from collections.abc import Callable, Iterable
from typing import Any

from local_cloud.cognito.answers import Data
from local_cloud.cognito.records import Record, pool_anywhere

Claims = Callable[..., Data]


def with_roles(ministack: Claims) -> Claims:
    """Add the roles of somebody's groups before a pre-token function sees the claims.

    Besides, an address that nobody verified is not called verified.
    """

    def claims(**given: Any) -> Data:
        if given["token_type"] == "id":  # noqa: S105 - a kind of token
            added = roles(pool_anywhere(given["pool_id"]), given["groups"])
            if "email" in given["user_attrs"] and "email_verified" not in given["user_attrs"]:
                added["email_verified"] = False
            given["claims"] = {**given["claims"], **added}
        return ministack(**given)

    return claims


def roles(pool: Record, groups: Iterable[str]) -> Data:
    """Return the role claims of somebody in these groups.

    The preferred role is that of the group with the lowest precedence among those that have a role; a
    group without precedence comes last. Where the best groups have different roles there is none.
    """
    found = [pool["_groups"][name] for name in groups if name in pool["_groups"]]
    with_role = [group for group in found if group.get("RoleArn")]
    if not with_role:
        return {}
    best = min(_rank(group) for group in with_role)
    preferred = {group["RoleArn"] for group in with_role if _rank(group) == best}
    claims: Data = {"cognito:roles": list(dict.fromkeys(group["RoleArn"] for group in with_role))}
    return claims | ({"cognito:preferred_role": preferred.pop()} if len(preferred) == 1 else {})


def _rank(group: Record) -> float:
    precedence = group.get("Precedence")
    return float("inf") if precedence is None else precedence
