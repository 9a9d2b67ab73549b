"""Reading what is declared: side by side, and honest about what could not be read."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from botocore.exceptions import ClientError

from services.authorization.cells import Facts, Mode
from services.authorization.declared.reading import read_declared
from services.clients import Clients
from services.settings import Api, Environment
from tests.unit.authorization.declared.samples import (
    ARN,
    GUEST,
    IAM,
    IDENTITY_POOL,
    NOW,
    allow,
    declare,
    identity_pool,
    pool,
    role_arn,
    trust,
)

SDL = "type Query @aws_iam @aws_cognito_user_pools { a: Int  b: Int }"
MODES = Api("modes", "Modes", "https://api.example/graphql", "eu-west-1", "abc")
PLACE = Environment("test", "eu-west-1", "eu-west-1_Pool", "client-1", (MODES,), identity_pool_id=IDENTITY_POOL)
FIRST_CALLS = 5


class Aws:
    """AppSync, Cognito and IAM, each as far as it is read here. `refuses` names operations that aren't allowed."""

    def __init__(self, *refuses: str, meet: int = 1) -> None:
        self.refuses, self.calls = set(refuses), []
        self._meeting = Barrier(meet)

    @contextmanager
    def _call(self, operation: str, *, first: bool = False) -> Iterator[None]:
        self.calls.append(operation)
        if first:
            self._meeting.wait(30)  # breaks unless all of them are under way at once
        if operation in self.refuses:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, operation)
        yield

    def get_graphql_api(self, apiId: str) -> Any:  # noqa: N803
        with self._call("GetGraphqlApi", first=True):
            return {"graphqlApi": {"apiId": apiId, "arn": ARN, **pool(), "additionalAuthenticationProviders": [IAM]}}

    def get_introspection_schema(self, **request: Any) -> Any:
        assert request == {"apiId": "abc", "format": "SDL", "includeDirectives": True}
        with self._call("GetIntrospectionSchema", first=True):
            return {"schema": io.BytesIO(SDL.encode())}

    def get_identity_pool_roles(self, IdentityPoolId: str) -> Any:  # noqa: N803
        with self._call("GetIdentityPoolRoles", first=True):
            return {**identity_pool(), "IdentityPoolId": IdentityPoolId}

    def get_role(self, RoleName: str) -> Any:  # noqa: N803
        with self._call(f"GetRole {RoleName}"):
            kind = "unauthenticated" if RoleName == "guests" else "authenticated"
            return {"Role": {"Arn": role_arn(RoleName), "AssumeRolePolicyDocument": trust(kind)}}

    def get_role_policy(self, RoleName: str, PolicyName: str) -> Any:  # noqa: N803
        with self._call("GetRolePolicy"):
            return {"PolicyDocument": {"Statement": [allow("Query.a")]}, "RoleName": RoleName, "PolicyName": PolicyName}

    def get_policy(self, PolicyArn: str) -> Any:  # noqa: N803
        with self._call("GetPolicy"):
            return {"Policy": {"Arn": PolicyArn, "DefaultVersionId": "v7"}}

    def get_policy_version(self, PolicyArn: str, VersionId: str) -> Any:  # noqa: N803
        assert (PolicyArn, VersionId) == ("arn:aws:iam::aws:policy/Attached", "v7")
        with self._call("GetPolicyVersion"):
            return {"PolicyVersion": {"Document": {"Statement": allow("Query.b")}}}

    def get_paginator(self, operation: str) -> Any:
        return Pages(self, operation)


class Pages:
    """What comes in pages: two of them, so that the second is not forgotten."""

    def __init__(self, aws: Aws, operation: str) -> None:
        self.aws, self.operation = aws, operation

    def paginate(self, **request: Any) -> Any:
        with self.aws._call(self.operation, first=self.operation in {"list_api_keys", "list_groups"}):
            match self.operation:
                case "list_api_keys":
                    expires = int(NOW.timestamp())
                    return [{"apiKeys": []}, {"apiKeys": [{"id": "da2-secret", "expires": expires}]}]
                case "list_groups":
                    group = {"GroupName": "admins", "Precedence": 1, "RoleArn": role_arn("admins")}
                    return [{"Groups": [{"GroupName": "plain"}]}, {"Groups": [group]}]
                case "list_role_policies":
                    return [{"PolicyNames": []}, {"PolicyNames": ["Own"]}]
                case _:
                    attached = {"PolicyArn": "arn:aws:iam::aws:policy/Attached"}
                    return [{"AttachedPolicies": [attached] if request["RoleName"] == "guests" else []}]


def clients(aws: Aws) -> Clients:
    return Clients(aws, aws, {}, aws, aws)


def test_everything_is_read_and_every_page_of_it() -> None:
    aws = Aws(meet=FIRST_CALLS)
    declared = read_declared(clients(aws), MODES, PLACE, lambda: NOW)
    assert declared.unread == ()
    assert declared.at == NOW
    assert [key.expires for key in declared.keys or ()] == [NOW]
    assert [group.name for group in declared.groups or ()] == ["plain", "admins"]
    assert {role.name for role in declared.roles.values()} == {"guests", "people", "admins"}
    verdict = declare(declared, "{ a b }", GUEST).verdict
    assert verdict
    assert verdict.outcome == "allowed"
    assert "da2-secret" not in repr(declared)


def test_the_calls_that_need_no_others_answer_go_side_by_side() -> None:
    # Each of the five waits for the other four: one after the other they would break the meeting.
    aws = Aws(meet=FIRST_CALLS)
    assert read_declared(clients(aws), MODES, PLACE, lambda: NOW).schema is not None
    assert len(aws.calls) == FIRST_CALLS + 3 + 3 + 3 + 3 + 2


def test_each_thing_that_may_not_be_read_is_named_with_the_call_and_the_rest_is_there() -> None:
    aws = Aws("GetGraphqlApi", "list_api_keys", "GetRole admins")
    declared = read_declared(clients(aws), MODES, PLACE, lambda: NOW)
    assert {(unread.what, unread.call) for unread in declared.unread} == {
        ("the API's configuration", "appsync:GetGraphqlApi"),
        ("the API's keys", "appsync:ListApiKeys"),
        ("the role admins", "iam:GetRole"),
    }
    assert all("does not let the credential" in unread.why for unread in declared.unread)
    assert declared.schema
    assert declared.groups
    assert set(declared.roles) == {role_arn("guests"), role_arn("people")}


def test_without_an_identity_pool_nothing_is_said_of_iam_and_everything_else_is() -> None:
    alone = Environment("test", "eu-west-1", "eu-west-1_Pool", "client-1", (MODES,))
    declared = read_declared(clients(Aws()), MODES, alone, lambda: NOW)
    assert declare(declared, "{ a }", GUEST).verdict is None
    assert "names no identity pool" in declare(declared, "{ a }", GUEST).reasons[0].words
    assert declare(declared, "{ a }", Facts(Mode.API_KEY)).verdict
