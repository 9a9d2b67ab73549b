"""The dashboard's services under any IAM role: what a role grants, and the act that needs each grant."""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

import boto3
from botocore.config import Config

from services import audit
from services.authorization.callers.offered import groups_of
from services.authorization.callers.pool_shape import pool_shape
from services.authorization.callers.removal import Remover, Stay
from services.authorization.callers.stand_ins import Part, SignsIn, StandIns
from services.authorization.declared.reading import read_declared
from services.authorization.declared.values import CONFIGURATION, KEYS, POOL, SCHEMA, role_named
from services.clients import Clients
from services.credentials import AwsCredentials
from services.directory import Directory
from services.doctor import identity_pool
from services.doctor.case import Case
from services.errors import GatehouseError, Refused
from services.group_members import GroupMembers
from services.group_values import GroupDraft
from services.groups import Groups
from services.passwords import Passwords
from services.renewal import Renewal
from services.secret import Secret
from services.users_answer import Verdict
from services.users_api import Caller, Mode, list_users
from tests.integration.stage import ADA, PASSWORD, Live

Grant = tuple[str, str]
"""One action on one resource."""

REGION = "us-east-1"
ACCOUNT_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Acting:
    """The services, signing with one set of temporary credentials."""

    live: Live
    credentials: AwsCredentials

    @cached_property
    def client(self) -> Any:
        return self._client("cognito-idp")

    @cached_property
    def clients(self) -> Clients:
        """What reads the declaration of an API, under these credentials."""
        apis = self.live.app.clients.apis
        return Clients(
            self.client, self._client("cognito-identity"), apis, self._client("appsync"), self._client("iam")
        )

    def _client(self, service: str) -> Any:
        token = self.credentials.session_token
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.live.cloud.endpoint,
            aws_access_key_id=self.credentials.access_key_id,
            aws_secret_access_key=self.credentials.secret_access_key.reveal(),
            aws_session_token=token.reveal() if token else None,
            config=Config(retries={"total_max_attempts": 1}),
        )

    @property
    def case(self) -> Case:
        """What the connection is checked with, under these credentials."""
        return Case(self.live.app.environment, self.clients, audit.journal)

    @property
    def groups(self) -> Groups:
        return Groups(self.client, self.live.pool_id, "admins")

    @property
    def members(self) -> GroupMembers:
        return GroupMembers(self.client, self.live.pool_id, "admins")

    @property
    def passwords(self) -> Passwords:
        return Passwords(self.client, self.live.pool_id)

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:  # noqa: ARG002
        """These credentials, as the identity pool would hand them out."""
        return self.credentials

    def guest(self) -> AwsCredentials:
        """These credentials, as the identity pool would hand them out."""
        return self.credentials


_QUERIES = (
    *(["byApiKey", "byIam", "byUserPool", "byOidc", "byLambda", "byDefault", "byEveryMode"]),
    *(["forAdmins", "forViewers", "forAdminsOrViewers", "deniedByLambda", "trapInertAuth"]),
    *(["trapUnmarkedType{text}", "trapNarrowedChild{open}", "trapNonNullChild{open}", "whoAmI{mode}"]),
)
DOCUMENTS: Mapping[str, Mapping[str, str]] = {
    "Query": {field.partition("{")[0]: f"query {{ {field} }}" for field in _QUERIES},
    "Mutation": {"echo": 'mutation { echo(text: "hello") }'},
}
"""Each root field of the all-modes API, and an operation that asks for it alone."""

Act = Callable[[Acting], object]
"""Raises `Refused` when AWS refuses it; prepares what it needs by the administrator."""


def acting(live: Live, answer: Mapping[str, str]) -> Acting:
    """The services with credentials as STS (SessionToken) or an identity pool (SecretKey) gives them."""
    secret = answer.get("SecretAccessKey") or answer["SecretKey"]
    return Acting(live, AwsCredentials(answer["AccessKeyId"], Secret(secret), Secret(answer["SessionToken"])))


@dataclass(frozen=True)
class TrialRole:
    """A role of the test's own, whose one policy can be anything."""

    live: Live
    name: str

    def grant(self, grants: Iterable[Grant]) -> None:
        """Let the role do this and nothing else."""
        statements = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in grants]
        self.live.cloud.client("iam").put_role_policy(
            RoleName=self.name,
            PolicyName="trial",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        )

    @cached_property
    def acting(self) -> Acting:
        """The services as this role."""
        arn = self.live.cloud.client("iam").get_role(RoleName=self.name)["Role"]["Arn"]
        given = self.live.cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="trial")
        return acting(self.live, given["Credentials"])


def trial_role(live: Live) -> TrialRole:
    """A new role that the administrator can take."""
    name = f"trial-{secrets.token_hex(4)}"
    live.cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(ACCOUNT_TRUST))
    return TrialRole(live, name)


def granted_to(live: Live, role: str) -> set[Grant]:
    """Every grant of a deployed role: of its own policies and of those attached to it."""
    iam = live.cloud.client("iam")
    own = iam.list_role_policies(RoleName=role)["PolicyNames"]
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    documents = [
        *(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in own),
        *(policy_document(live, policy["PolicyArn"]) for policy in attached),
    ]
    return {grant for document in documents for grant in grants_of(document)}


def policy_document(live: Live, arn: str) -> Mapping[str, Any]:
    """The document of a managed policy as it counts now."""
    iam = live.cloud.client("iam")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document: Mapping[str, Any] = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return document


def grants_of(document: Mapping[str, Any]) -> set[Grant]:
    """Each action on each resource. A document that denies, or asks for conditions, is none that this can read."""
    grants = set()
    for statement in document["Statement"]:
        assert set(statement) <= {"Sid", "Effect", "Action", "Resource"}, statement
        assert statement["Effect"] == "Allow", statement
        grants |= {(action, on) for action in _listed(statement["Action"]) for on in _listed(statement["Resource"])}
    return grants


def group_role(live: Live, group: str) -> str:
    """The name of the role that a deployed group has."""
    return group_arn(live, group).rpartition("/")[2]


def group_arn(live: Live, group: str) -> str:
    """The role that a deployed group has."""
    return str(live.admin.get_group(UserPoolId=live.pool_id, GroupName=group)["Group"]["RoleArn"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def reads(live: Live) -> dict[Grant, Act]:
    """What only looks, by the grant that it needs."""
    found: dict[Grant, Act] = {
        (f"cognito-idp:{action}", pool_arn(live)): act
        for action, act in {
            "DescribeUserPool": lambda who: who.passwords.rules(ADA),
            "ListUsers": find_ada,
            "ListGroups": lambda who: who.groups.list(ADA),
            "ListUsersInGroup": lambda who: who.members.page(ADA, "viewers", 5),
        }.items()
    }
    found["appsync:GraphQL", field_arn(live.cloud.backend, "Query", "listUsers")] = list_page
    return found | fields(live, "Query")


READ_BY_CALL = {
    "GetGraphqlApi": ("apis/{}", CONFIGURATION),
    "GetIntrospectionSchema": ("/v1/apis/{}/schema", SCHEMA),
    "ListApiKeys": ("/v1/apis/{}/apikeys", KEYS),
}
"""What is read of an API: the ARN that the right is on, and what is missing without it."""


def readings(live: Live) -> dict[Grant, Act]:
    """What is read to predict who gets what, by the grant that it needs."""
    found: dict[Grant, Act] = {}
    for name, stack in (("users", live.cloud.backend), ("modes", live.cloud.auth_modes)):
        for action, (path, what) in READ_BY_CALL.items():
            arn = f"arn:aws:appsync:{REGION}:000000000000:{path.format(stack['GraphQLApiId'])}"
            found[f"appsync:{action}", arn] = partial(read_api, api=name, what=what)
    pool = live.cloud.client("cognito-identity").get_identity_pool_roles(
        IdentityPoolId=live.app.environment.identity_pool_id
    )
    roles = [*pool["Roles"].values(), *(group_arn(live, group) for group in ("admins", "viewers"))]
    for arn in roles:
        for action in ("GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies"):
            found[f"iam:{action}", arn] = partial(read_api, api="modes", what=role_named(arn))
    for stack_name, policy in (("GuestUserBackendStack", "OperatorPolicy"), ("AuthModesStack", "LabPolicy")):
        for action in ("GetPolicy", "GetPolicyVersion"):
            arn = f"arn:aws:iam::000000000000:policy/{stack_name}-{policy}*"
            found[f"iam:{action}", arn] = partial(read_api, api="modes", what=role_named(group_arn(live, "admins")))
    pool_arn_ = f"arn:aws:cognito-identity:{REGION}:000000000000:identitypool/{live.app.environment.identity_pool_id}"
    found["cognito-identity:GetIdentityPoolRoles", pool_arn_] = partial(read_api, api="modes", what=POOL)
    found["cognito-identity:DescribeIdentityPool", pool_arn_] = describe_identity_pool
    return found


def describe_identity_pool(who: Acting) -> None:
    identity_pool.found(who.case)


def read_api(who: Acting, api: str, what: str) -> None:
    """All that is declared about an API; raises `Refused` when this part of it could not be read."""
    environment = who.live.app.environment
    declared = read_declared(who.clients, environment.api(api), environment)
    refuse_if(what in {unread.what for unread in declared.unread}, what)


def fields(live: Live, kind: str) -> dict[Grant, Act]:
    """A call of each root field of the all-modes API, as the page Side by side makes it, by the grant it needs."""
    return {
        ("appsync:GraphQL", field_arn(live.cloud.auth_modes, kind, name)): partial(call_field, document=document)
        for name, document in DOCUMENTS[kind].items()
    }


def changes(live: Live) -> dict[Grant, Act]:
    """What changes the directory, by the grant that it needs."""
    found: dict[Grant, Act] = {
        (f"cognito-idp:{action}", pool_arn(live)): act
        for action, act in {
            "CreateGroup": lambda who: who.groups.create(ADA, new_name(), GroupDraft()),
            "DescribeUserPoolClient": lambda who: who.case.client(),
            "GetGroup": lambda who: who.groups.get(ADA, new_group(who.live)),
            "UpdateGroup": lambda who: who.groups.update(ADA, new_group(who.live), GroupDraft("changed")),
            "DeleteGroup": delete_group,
            "AdminAddUserToGroup": add_member,
            "AdminRemoveUserFromGroup": remove_member,
            "AdminSetUserPassword": set_password,
            "AdminResetUserPassword": lambda who: who.passwords.send_code(ADA, who.live.confirmed(), ("email",)),
            "AdminListGroupsForUser": lambda who: groups_of(who.client, who.live.pool_id, "ada"),
            "AdminCreateUser": make_stand_in,
            "AdminGetUser": remove_stand_in,
            "AdminDeleteUser": remove_stand_in,
        }.items()
    }
    for group in ("admins", "viewers"):
        arn = group_arn(live, group)
        found["iam:PassRole", arn] = partial(give_role, role=arn)
    return found | fields(live, "Mutation")


def give_role(who: Acting, role: str) -> None:
    who.groups.create(ADA, new_name(), GroupDraft(role_arn=role))


def find_ada(who: Acting) -> None:
    assert Directory(who.client, who.live.pool_id).get(ADA, "ada") is not None


def list_page(who: Acting) -> None:
    """A page of the users API over IAM; the API's refusal raised as `Refused`."""
    caller = Caller(ADA, who.live.caller().tokens, who, None)
    page, _ = list_users(who.live.app.clients.apis["users"], caller, Mode.SIGNED_IN, 5)
    refuse_if(page.verdict is Verdict.REFUSED_BY_RULE, page.reason)
    assert page.verdict is Verdict.ROWS, page.verdict


def call_field(who: Acting, document: str) -> None:
    """One root field of the all-modes API over IAM; the policy's refusal, not the schema's, raised as `Refused`."""
    answer = who.live.app.clients.apis["modes"].call(document, who.credentials)
    refuse_if(answer.status == 401, answer.text)
    assert answer.status == 200, answer


def delete_group(who: Acting) -> None:
    name = new_group(who.live)
    who.groups.delete(ADA, name, name)


def add_member(who: Acting) -> None:
    raise_failed(who.members.add(ADA, new_group(who.live), [who.live.new_person()]))


def remove_member(who: Acting) -> None:
    group, person = new_group(who.live), who.live.new_person()
    who.live.admin.admin_add_user_to_group(UserPoolId=who.live.pool_id, GroupName=group, Username=person.username)
    raise_failed(who.members.remove(ADA, group, [person]))


def set_password(who: Acting) -> None:
    who.passwords.set(ADA, who.live.new_person(), Secret(PASSWORD), permanent=True)


def make_stand_in(who: Acting) -> None:
    app = who.live.app
    renew = Renewal(app.clients.user_pool, app.environment).renew
    entrance = SignsIn(app.sign_in, app.identify, renew)
    stand_ins = StandIns(who.client, app.environment, entrance, operator=ADA, now=lambda: datetime.now(UTC))
    (made,) = stand_ins.make([Part("no-group", ())], pool_shape(who.client, who.live.pool_id))
    refuse_if(not all(removal.proven for removal in stand_ins.remove()), "it stayed")
    if isinstance(made, GatehouseError):
        raise made


def remove_stand_in(who: Acting) -> None:
    (removal,) = Remover(who.client, who.live.pool_id, ADA).remove([Stay(who.live.new_person().username, "no-group")])
    refuse_if(not removal.proven, removal.why)


def raise_failed(outcome: Iterable[Any]) -> None:
    for change in outcome:
        if change.error:
            raise change.error


def refuse_if(refused: bool, reason: str) -> None:
    if refused:
        raise Refused("Could not read", reason, "")


def new_name() -> str:
    return f"trial-{secrets.token_hex(4)}"


def new_group(live: Live) -> str:
    name = new_name()
    live.admin.create_group(UserPoolId=live.pool_id, GroupName=name)
    return name


def pool_arn(live: Live) -> str:
    return str(live.admin.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]["Arn"])


def field_arn(outputs: Mapping[str, str], kind: str, field: str) -> str:
    return f"arn:aws:appsync:{REGION}:000000000000:apis/{outputs['GraphQLApiId']}/types/{kind}/fields/{field}"
