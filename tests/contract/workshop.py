"""What a test makes in a local cloud over the control plane: APIs, pools, people, functions, IAM users."""

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from botocore.credentials import Credentials

from tests.cloud import Cloud
from tests.contract.appsync import REGION, Api

PASSWORD = "Correct-Horse-9"

# Answers with what VALUES says of the field; `event` tells what the function was given, `fails` raises.
RESOLVER = """
import json, os
def handler(event, context):
    field = event["info"]["fieldName"]
    if field == "fails":
        raise ValueError("no such page")
    if field == "event":
        return json.dumps(event)
    return json.loads(os.environ["VALUES"]).get(field, field)
"""

# Answers what the token says after `say `, counts its calls, and tells them in the resolver context.
AUTHORIZER = """
import json
calls = 0
def handler(event, context):
    global calls
    calls += 1
    token = event["authorizationToken"]
    if token == "raise":
        raise ValueError("broken")
    if not token.startswith("say "):
        return {"isAuthorized": token == "allow", "resolverContext": {"calls": str(calls)}}
    return json.loads(token[4:])
"""


class Workshop:
    """Makes APIs, pools, people, functions and IAM users in one local cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    @cached_property
    def appsync(self) -> Any:
        return self.cloud.client("appsync")

    @cached_property
    def cognito(self) -> Any:
        return self.cloud.client("cognito-idp")

    @cached_property
    def iam(self) -> Any:
        return self.cloud.client("iam")

    @cached_property
    def functions(self) -> Any:
        return self.cloud.client("lambda")

    @cached_property
    def role(self) -> str:
        trust = {"Version": "2012-10-17", "Statement": []}
        name = f"role-{uuid4().hex}"
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        return str(made["Role"]["Arn"])

    @cached_property
    def source_role(self) -> str:
        """A role under which AppSync may invoke every function and do everything with tables."""
        return self.service_role(
            {"Effect": "Allow", "Action": ["lambda:InvokeFunction", "dynamodb:*"], "Resource": "*"}
        )

    def service_role(self, *statements: Mapping[str, Any], **trust: Any) -> str:
        """Make a role that AppSync may assume, unless `trust` says otherwise, with one policy; return its ARN."""
        statement = {"Effect": "Allow", "Principal": {"Service": "appsync.amazonaws.com"}, "Action": "sts:AssumeRole"}
        name = f"source-{uuid4().hex}"
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document({**statement, **trust}))
        if statements:
            self.allow(name, *statements)
        return str(made["Role"]["Arn"])

    def allow(self, role: str, *statements: Mapping[str, Any]) -> None:
        """Make statements the one policy of a role, by its name or its ARN."""
        name = role.rpartition("/")[2]
        self.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document(*statements))

    @cached_property
    def echo(self) -> str:
        """A function that answers each field with the field's name."""
        return self.function(RESOLVER, VALUES="{}")

    def api(
        self,
        sdl: str,
        default: Mapping[str, Any],
        *additional: Mapping[str, Any],
        resolve: tuple[str, ...] = (),
        values: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> Api:
        """Make an API; `resolve` names fields (`Query.open`) that a function resolves to `values`."""
        made = self.appsync.create_graphql_api(
            name="api", additionalAuthenticationProviders=list(additional), **default, **settings
        )["graphqlApi"]
        api = Api(self.cloud, made["apiId"], made["arn"])
        self.schema(api, sdl)
        if resolve:
            self.attach(api, resolve, values or {})
        return api

    def schema(self, api: Api, sdl: str) -> dict[str, Any]:
        """Give an API a schema; return how that came out."""
        self.appsync.start_schema_creation(apiId=api.api_id, definition=sdl.encode())
        status: dict[str, Any] = self.appsync.get_schema_creation_status(apiId=api.api_id)
        return status

    def attach(self, api: Api, fields: tuple[str, ...], values: Mapping[str, Any]) -> None:
        """Resolve fields with a function."""
        function = self.function(RESOLVER, VALUES=json.dumps(values)) if values else self.echo
        self.appsync.create_data_source(
            apiId=api.api_id,
            name="values",
            type="AWS_LAMBDA",
            serviceRoleArn=self.source_role,
            lambdaConfig={"lambdaFunctionArn": function},
        )
        for field in fields:
            parent, _, name = field.partition(".")
            self.appsync.create_resolver(apiId=api.api_id, typeName=parent, fieldName=name, dataSourceName="values")

    def function(self, code: str, **environment: str) -> str:
        """Make a Python function of one file; return its ARN."""
        made = self.functions.create_function(
            FunctionName=f"f-{uuid4().hex}",
            Runtime="python3.12",
            Role=self.role,
            Handler="index.handler",
            Code={"ZipFile": _archive(code)},
            Timeout=30,  # what AWS gives unless told, 3 seconds, a busy machine may need itself
            Environment={"Variables": environment},
        )
        return str(made["FunctionArn"])

    def authorizer(self, code: str = AUTHORIZER, *, permitted: bool = True, **settings: Any) -> dict[str, Any]:
        """Make a Lambda authorizer; return it as an authentication provider."""
        function = self.function(code)
        if permitted:
            self.functions.add_permission(
                FunctionName=function,
                StatementId="appsync",
                Action="lambda:InvokeFunction",
                Principal="appsync.amazonaws.com",
            )
        return {
            "authenticationType": "AWS_LAMBDA",
            "lambdaAuthorizerConfig": {"authorizerUri": function, **settings},
        }

    def key(self, api: Api, **settings: Any) -> dict[str, str]:
        """Make an API key; return the header that carries it."""
        return {"x-api-key": self.appsync.create_api_key(apiId=api.api_id, **settings)["apiKey"]["id"]}

    def pool(self) -> "Pool":
        """Make a user pool with one client."""
        pool_id = self.cognito.create_user_pool(PoolName="pool")["UserPool"]["Id"]
        return Pool(self, pool_id, self.client(pool_id))

    def client(self, pool_id: str, **settings: Any) -> str:
        """Make a client of a pool; return its ID."""
        made = self.cognito.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="client",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            **settings,
        )
        return str(made["UserPoolClient"]["ClientId"])

    def iam_user(self, *allowed: str, denied: tuple[str, ...] = ()) -> Credentials:
        """Make an IAM user who may `appsync:GraphQL` on some ARNs; return an access key of it."""
        name = f"user-{uuid4().hex}"
        self.iam.create_user(UserName=name)
        statements = [
            {"Effect": effect, "Action": "appsync:GraphQL", "Resource": list(resources)}
            for effect, resources in (("Allow", allowed), ("Deny", denied))
            if resources
        ]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


@dataclass(frozen=True)
class Pool:
    """A user pool with one client, and the tokens of its people."""

    workshop: Workshop
    pool_id: str
    client_id: str

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{REGION}.amazonaws.com/{self.pool_id}"

    def provider(self, **settings: Any) -> dict[str, Any]:
        """Return the pool as an additional authentication provider."""
        config = {"userPoolId": self.pool_id, "awsRegion": REGION, **settings}
        return {"authenticationType": "AMAZON_COGNITO_USER_POOLS", "userPoolConfig": config}

    def default(self, action: str = "ALLOW", **settings: Any) -> dict[str, Any]:
        """Return the pool as an API's default mode."""
        return self.provider(defaultAction=action, **settings)

    def oidc(self, **settings: Any) -> dict[str, Any]:
        """Return the pool as an OIDC issuer."""
        config = {"issuer": self.issuer, **settings}
        return {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config}

    def person(self, name: str, *groups: str, client_id: str | None = None) -> "Person":
        """Make a confirmed user in some groups, and sign in."""
        cognito = self.workshop.cognito
        user = f"{name}-{uuid4().hex[:8]}"
        cognito.admin_create_user(UserPoolId=self.pool_id, Username=user, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=self.pool_id, Username=user, Password=PASSWORD, Permanent=True)
        for group in groups:
            with suppress(cognito.exceptions.GroupExistsException):
                cognito.create_group(UserPoolId=self.pool_id, GroupName=group)
            cognito.admin_add_user_to_group(UserPoolId=self.pool_id, Username=user, GroupName=group)
        return self.sign_in(user, client_id)

    def sign_in(self, user: str, client_id: str | None = None) -> "Person":
        """Sign in with the password that all people of a test have."""
        tokens = self.workshop.cloud.unsigned("cognito-idp").initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]
        return Person(user, tokens["IdToken"], tokens["AccessToken"], tokens["RefreshToken"])


@dataclass(frozen=True)
class Person:
    """A signed-in user of a pool."""

    name: str
    id_token: str
    access_token: str
    refresh_token: str

    @property
    def by_id(self) -> dict[str, str]:
        return {"Authorization": self.id_token}

    @property
    def by_access(self) -> dict[str, str]:
        return {"Authorization": self.access_token}


def document(*statements: Mapping[str, Any]) -> str:
    """Return a policy of some statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _archive(code: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", code)
    return archive.getvalue()
