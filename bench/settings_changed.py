"""The all-modes API's settings, its roles' policies and who gets which role, with one of them changed at a time."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cloud import Cloud

Statement = Mapping[str, Any]
_POLICY = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        what: in words.
        do: makes it.
        undo: takes it back.
        roles: whether it changes who gets which role, so that credentials from before don't count.
    """

    what: str
    do: Callable[[], object]
    undo: Callable[[], object]
    roles: bool = False


def changes(cloud: Cloud, api_id: str, roles: Iterable[str]) -> Iterator[Change]:
    """Each setting, each policy in each way, and each choice of a role.

    Args:
        cloud: the local cloud.
        api_id: the API's.
        roles: the ARNs of the roles that the identity pool gives.
    """
    appsync, iam = cloud.client("appsync"), cloud.client("iam")
    api = appsync.get_graphql_api(apiId=api_id)["graphqlApi"]
    yield from _settings(appsync, api)
    for arn in roles:
        yield from _policies(iam, arn, str(api["arn"]))
    yield from _mappings(cloud)


def _settings(appsync: Any, api: Mapping[str, Any]) -> Iterator[Change]:
    pool = {**api["userPoolConfig"]}
    default: dict[str, Any] = {"authenticationType": api["authenticationType"], "userPoolConfig": pool}
    others = list(api["additionalAuthenticationProviders"])

    def update(first: Mapping[str, Any], rest: list[Any]) -> Callable[[], object]:
        return lambda: appsync.update_graphql_api(
            apiId=api["apiId"], name=api["name"], **first, additionalAuthenticationProviders=rest
        )

    back = update(default, others)
    for key, value in (("defaultAction", "DENY"), ("appIdClientRegex", "another-client")):
        yield Change(f"set {key} to {value}", update({**default, "userPoolConfig": {**pool, key: value}}, others), back)
    for each in others:
        left = [other for other in others if other is not each]
        yield Change(f"remove the mode {each['authenticationType']}", update(default, left), back)
        second = {name: value for name, value in pool.items() if name != "defaultAction"}
        swapped = [*left, {"authenticationType": api["authenticationType"], "userPoolConfig": second}]
        yield Change(f"make {each['authenticationType']} the default mode", update(each, swapped), back)
    yield Change("leave the user pool as the only mode", update(default, []), back)


def _policies(iam: Any, role_arn: str, api_arn: str) -> Iterator[Change]:
    role = role_arn.rpartition("/")[2]
    for what, statement in _statements(api_arn):
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        yield Change(
            f"{what}: {role.partition('-')[2]}",
            lambda policy=policy: iam.put_role_policy(RoleName=role, PolicyName=_POLICY, PolicyDocument=policy),  # type: ignore[misc]
            lambda: iam.delete_role_policy(RoleName=role, PolicyName=_POLICY),
        )


def _statements(api_arn: str) -> Iterator[tuple[str, Statement]]:
    graphql, queries, everything = "appsync:GraphQL", f"{api_arn}/types/Query/fields", f"{api_arn}/*"
    partition, service, region, _, resource = api_arn.split(":", 5)[1:]
    yield "widen to every field", _allow(graphql, everything)
    yield "widen to Resource *", _allow(graphql, "*")
    yield "widen to Action *", _allow("*", everything)
    yield "widen to appsync:*", _allow("appsync:*", everything)
    yield "widen by capitals", _allow("APPSYNC:graph*", f"{queries}/*")
    yield "widen by NotAction", {"Effect": "Allow", "NotAction": "s3:*", "Resource": everything}
    yield "widen by NotResource", {"Effect": "Allow", "Action": graphql, "NotResource": f"{queries}/byIam"}
    yield "widen within a name", _allow(graphql, f"{api_arn}/types/*/fields/by*")
    yield "widen by a question mark", _allow(graphql, f"{queries}/who?mI")
    yield "widen by account", _allow(graphql, f"arn:{partition}:{service}:{region}:*:{resource}/types/Query/*")
    yield "add a nested field", _allow(graphql, f"{api_arn}/types/Caller/fields/mode")
    yield "add the API alone", _allow(graphql, api_arn)
    yield "add another service", _allow("execute-api:Invoke", "*")
    yield "add NotAction without it", {"Effect": "Allow", "NotAction": "appsync:*", "Resource": "*"}
    yield "deny one field", {"Effect": "Deny", "Action": graphql, "Resource": f"{queries}/byEveryMode"}
    yield "deny all", {"Effect": "Deny", "Action": "*", "Resource": "*"}


def _allow(action: str, resource: str) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _mappings(cloud: Cloud) -> Iterator[Change]:
    identity, directory = cloud.client("cognito-identity"), cloud.client("cognito-idp")
    identity_pool, user_pool = cloud.backend["IdentityPoolId"], cloud.backend["UserPoolId"]
    found = identity.get_identity_pool_roles(IdentityPoolId=identity_pool)
    plain, mapped = found["Roles"], found.get("RoleMappings", {})

    def choose(given: Mapping[str, str], by: Mapping[str, Any]) -> Callable[[], object]:
        return lambda: identity.set_identity_pool_roles(IdentityPoolId=identity_pool, Roles=given, RoleMappings=by)

    back = choose(plain, mapped)
    yield Change("choose no roles by the token", choose(plain, {}), back, roles=True)
    # Another role has to trust the identity pool for people: the guests' would leave them without credentials.
    viewers = directory.get_group(UserPoolId=user_pool, GroupName="viewers")["Group"]["RoleArn"]
    as_viewers = {**plain, "authenticated": viewers}
    yield Change("give all who are signed in the viewers' role", choose(as_viewers, mapped), back, roles=True)
    for provider in mapped:
        for match, value in (("Equals", "admins"), ("NotEqual", "viewers"), ("Contains", "adm")):
            rule = {"Claim": "cognito:groups", "MatchType": match, "Value": value, "RoleARN": viewers}
            by = {
                "Type": "Rules",
                "AmbiguousRoleResolution": "AuthenticatedRole",
                "RulesConfiguration": {"Rules": [rule]},
            }
            what = f"give the viewers' role where groups {match} {value}"
            yield Change(what, choose(plain, {**mapped, provider: by}), back, roles=True)
    for name in ("admins", "viewers"):
        group = directory.get_group(UserPoolId=user_pool, GroupName=name)["Group"]
        kept = {key: group[key] for key in ("RoleArn", "Precedence") if key in group}

        def update(name: str = name, **given: Any) -> Callable[[], object]:
            return lambda: directory.update_group(UserPoolId=user_pool, GroupName=name, **given)

        other = plain["authenticated"] if name == "viewers" else viewers
        changed = update(**{**kept, "RoleArn": other})
        yield Change(f"give the group {name} another role", changed, update(**kept), roles=True)
