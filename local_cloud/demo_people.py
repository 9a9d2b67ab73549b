"""The few people whose passwords are known: they show what each role may do."""

from collections.abc import Mapping
from typing import Any

from local_cloud.passwords import strong_password

ROLES: Mapping[str, tuple[str, ...]] = {"ada": ("admins",), "vera": ("viewers",), "otto": ()}
"""User names with their groups."""

OIDC_PEOPLE: Mapping[str, tuple[str, ...]] = {"olga": ()}
"""People of the second user pool, which the all-modes API trusts as an OIDC issuer."""

Known = dict[str, dict[str, Any]]


def make(cognito: Any, pool_id: str, people: Mapping[str, tuple[str, ...]]) -> Known:
    """Make confirmed people with verified e-mail addresses; returns their passwords and groups by name.

    Cognito AdminCreateUser, AdminSetUserPassword, AdminAddUserToGroup; CreateGroup for a group
    that the stack does not have.
    """
    existing = {group["GroupName"] for group in cognito.list_groups(UserPoolId=pool_id)["Groups"]}
    known: Known = {}
    for name, groups in people.items():
        password = strong_password()
        attributes = {"email": f"{name}@example.com", "email_verified": "true", "name": name.title()}
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
        cognito.admin_set_user_password(UserPoolId=pool_id, Username=name, Password=password, Permanent=True)
        for group in groups:
            if group not in existing:
                cognito.create_group(UserPoolId=pool_id, GroupName=group)
                existing.add(group)
            cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=name, GroupName=group)
        known[name] = {"password": password, "groups": list(groups)}
    return known
