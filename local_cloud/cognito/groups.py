"""Groups: what MiniStack lacks (UpdateGroup, pages) and gets wrong (a precedence nobody gave)."""

from ministack.core.iam_evaluator import validate_role_arn

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.pages import page
from local_cloud.cognito.records import Record, group_of, pool_of, shown_group, shown_user, touch, user_of

OPTIONAL = ("Description", "RoleArn", "Precedence")


def create_group(ministack: Operation) -> Operation:
    """Cognito CreateGroup; what wasn't given stays unset instead of empty, or 0, the best precedence."""

    @answering
    def create(call: Data) -> Data:
        content(ministack(call))
        group = group_of(pool_of(call), call["GroupName"])
        for name in OPTIONAL:
            if call.get(name) is None:
                group.pop(name, None)
        return {"Group": shown_group(group)}

    return create


@answering
def update_group(call: Data) -> Data:
    """Cognito UpdateGroup: description, role and precedence; what isn't given stays as it is."""
    group = group_of(pool_of(call), call.get("GroupName"))
    if (role := call.get("RoleArn")) and (wrong := validate_role_arn(role)):
        raise Refused("InvalidParameterException", wrong)
    group.update({name: call[name] for name in OPTIONAL if call.get(name) is not None})
    touch(group)
    return {"Group": shown_group(group)}


def left(ministack: Operation) -> Operation:
    """AdminRemoveUserFromGroup: MiniStack says nothing of a group that isn't there."""

    @answering
    def leave(call: Data) -> Data:
        pool = pool_of(call)
        user_of(pool, call.get("Username"))
        group_of(pool, call.get("GroupName"))
        return content(ministack(call))

    return leave


@answering
def list_groups(call: Data) -> Data:
    """Cognito ListGroups."""
    pool = pool_of(call)
    return _groups(pool, sorted(pool["_groups"]), call, "groups")


@answering
def admin_list_groups_for_user(call: Data) -> Data:
    """Cognito AdminListGroupsForUser."""
    pool = pool_of(call)
    user = user_of(pool, call.get("Username"))
    names = [name for name in user["_groups"] if name in pool["_groups"]]
    return _groups(pool, names, call, f"groups of {user['Username']}")


@answering
def list_users_in_group(call: Data) -> Data:
    """Cognito ListUsersInGroup."""
    pool = pool_of(call)
    group = group_of(pool, call.get("GroupName"))
    users: dict[str, Record] = pool["_users"]
    members = [name for name in group["_members"] if name in users]
    keys, token = page(members, call, of=f"{pool['Id']} members of {group['GroupName']}")
    return _with_token({"Users": [shown_user(users[key]) for key in keys]}, token)


def _groups(pool: Record, names: list[str], call: Data, of: str) -> Data:
    keys, token = page(names, call, of=f"{pool['Id']} {of}")
    return _with_token({"Groups": [shown_group(pool["_groups"][key]) for key in keys]}, token)


def _with_token(answer: Data, token: str | None) -> Data:
    return answer | ({"NextToken": token} if token else {})
