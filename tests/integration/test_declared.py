"""What is declared equals what is observed, on every API that the local cloud has, and on the blog's as published."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import uuid4

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type

from services.application import Application, open_application
from services.authorization.calls import Run
from services.authorization.cells import Declaration, Facts, Mode, Observation, Verdict
from services.authorization.declared.compatible import compatible
from services.authorization.declared.labels import canonical, labels_of, reached
from services.authorization.declared.predict import predict_operation
from services.authorization.declared.reading import read_declared
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.static import static_findings
from services.authorization.declared.values import Declared
from services.authorization.identities import made_up_key
from services.authorization.identity import Identity, Kind
from services.authorization.judged import Grid, judge
from services.authorization.operations import Operation, operation_of
from services.authorization.outcomes import Outcome
from services.authorization.run import run
from services.credentials import ApiKey, AwsCredentials, NoCredentials, Token
from services.graphql import GraphQLApi
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import Api, load
from tests.cloud import Cloud
from tests.contract import appsync
from tests.contract.workshop import Workshop

SYSTEM = Operator("test", "test", ("admins",), Role.ADMIN)
TOKEN_USES = {"id": "IdToken", "access": "AccessToken"}
Callers = Mapping[str, tuple[Identity, Facts]]


@dataclass(frozen=True)
class Lab:
    """The services of a local cloud under a credential that may read everything, and who can call."""

    cloud: Cloud

    @cached_property
    def app(self) -> Application:
        return open_application(replace(load({"GATEHOUSE_LOCAL_CLOUD": str(self.cloud.folder)}), profile="local-admin"))

    def declared(self, api: Api) -> Declared:
        """What is declared about an API, all of it read."""
        found = read_declared(self.app.clients, api, self.app.environment)
        assert found.unread == ()
        return found

    @cached_property
    def everybody(self) -> Callers:
        """Every kind of caller, with what is known of each beforehand."""
        environment, pool = self.app.environment, self.app.identity_pool
        assert pool
        modes = environment.api("modes")
        found: dict[str, tuple[Identity, Facts]] = {
            "nobody": (Identity("nobody", "", Kind.NO_CREDENTIALS, NoCredentials), Facts(None)),
            "guest/iam": (Identity("guest/iam", "", Kind.IAM, pool.guest), Facts(Mode.IAM, guest=True)),
            "broken:wrong-key": (
                Identity("wrong-key", "", Kind.API_KEY, lambda: ApiKey(made_up_key()), broken=True),
                Facts(Mode.API_KEY, good=False),
            ),
        }
        if key := modes.api_key:
            found["api-key"] = (Identity("api-key", "", Kind.API_KEY, lambda: ApiKey(key)), Facts(Mode.API_KEY))
        for name, told in self.cloud.demo["people"].items():
            found |= self.person(name, told["groups"])
        return found | self.strangers

    def person(self, name: str, groups: list[str]) -> Callers:
        """A demo person by ID token, access token and IAM."""
        environment, pool = self.app.environment, self.app.identity_pool
        tokens = self.tokens(name, self.cloud.password(name), environment.client_id)
        facts = Facts(
            Mode.USER_POOL, groups=frozenset(groups), issuer=environment.issuer, client_id=environment.client_id
        )
        found = {
            f"{name}/{use}": (_bearer(f"{name}/{use}", Kind.JWT, tokens[token]), replace(facts, token_use=use))
            for use, token in TOKEN_USES.items()
        }
        own = tokens["IdToken"]

        def credentials() -> AwsCredentials:
            assert pool
            return pool.signed_in(own, name)

        return found | {
            f"{name}/iam": (Identity(f"{name}/iam", "", Kind.IAM, credentials), replace(facts, mode=Mode.IAM))
        }

    @property
    def strangers(self) -> Callers:
        """Those of the other issuer, and whoever has the Lambda authorizer's token."""
        stack = self.cloud.auth_modes
        olga = self.tokens("olga", self.cloud.demo["oidcPeople"]["olga"]["password"], stack["OidcClientId"])["IdToken"]
        oidc = Facts(Mode.OIDC, issuer=stack["OidcIssuer"], client_id=stack["OidcClientId"])
        lent = Secret(self.cloud.demo["lambdaAuthorizerToken"])
        denied = Facts(Mode.LAMBDA, denied_fields=frozenset({"Query.deniedByLambda"}))
        return {
            "oidc:olga": (_bearer("oidc:olga", Kind.JWT, olga), oidc),
            "lambda:lent": (_bearer("lambda:lent", Kind.LAMBDA_TOKEN, lent), denied),
        }

    def tokens(self, name: str, password: str, client_id: str) -> dict[str, Secret]:
        """Somebody's tokens."""
        answer = self.cloud.unsigned("cognito-idp").initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )["AuthenticationResult"]
        return {use: Secret(answer[use]) for use in TOKEN_USES.values()}

    def run(self, api: Api, operation: Operation, callers: Callers) -> Grid:
        """A judged run of an operation by all callers."""
        identities = [identity for identity, _ in callers.values()]
        ended: Run = run(GraphQLApi(api.url, api.region), api, operation, identities, operator=SYSTEM)
        return judge(ended, self.app.environment, self.app.identify.keys.for_key)


def _bearer(name: str, kind: Kind, token: Secret) -> Identity:
    return Identity(name, "", kind, lambda: Token(token))


@pytest.fixture(scope="module")
def lab(local_cloud: Cloud) -> Lab:
    return Lab(local_cloud)


def observed(grid: Grid, callers: Callers) -> dict[str, Verdict]:
    """The verdicts of a run, by caller."""
    return {
        name: Verdict(column.outcome, frozenset(column.refused))
        for name, column in zip(callers, grid.columns, strict=True)
    }


def predicted(declared: Declared, operation: Operation, callers: Callers) -> dict[str, Declaration]:
    """The predictions, by caller."""
    return {name: predict_operation(declared, operation, facts) for name, (_, facts) in callers.items()}


def assert_equal(lab: Lab, api: Api, declared: Declared, document: str, callers: Callers) -> None:
    """Every caller gets what is declared, and gets it by the same names."""
    operation = operation_of(document, "")
    grid, told = lab.run(api, operation, callers), predicted(declared, operation, callers)
    assert {name: each.verdict for name, each in told.items()} == observed(grid, callers), document
    assert declared.schema
    labels = labels_of(declared.schema, operation)
    for name, column in zip(callers, grid.columns, strict=True):
        assert [canonical(label, labels) for label in column.refused] == list(column.refused)
        assert column.call.answer
        seen = reached(column.call.answer, operation, labels)
        observation = Observation(Verdict(column.outcome, frozenset(column.refused)), "", reached=seen)
        assert compatible(told[name], observation) is True, (document, name)


def selection(field: GraphQLField) -> str:
    """What to select below a field: every field that is no object."""
    kind = get_named_type(field.type)
    if not isinstance(kind, GraphQLObjectType):
        return ""
    below = " ".join(f"{name}{selection(each)}" for name, each in kind.fields.items())
    return f" {{ {below} }}"


def queries(schema: ApiSchema) -> Iterator[str]:
    """One query for each root field, with all that it has below."""
    root = schema.graphql.query_type
    assert root
    for name, field in root.fields.items():
        yield f"{{ {name}{selection(field)} }}"


def test_every_field_of_the_all_modes_api_shows_to_everybody_what_is_declared(lab: Lab) -> None:
    api = lab.app.environment.api("modes")
    declared = lab.declared(api)
    assert declared.schema
    documents = list(queries(declared.schema))
    assert len(documents) == 16
    assert len(lab.everybody) == 15
    for document in [*documents, 'mutation { echo(text: "hello") }']:
        assert_equal(lab, api, declared, document, lab.everybody)


@pytest.mark.parametrize(
    "document",
    [
        "{ byIam byUserPool byDefault }",
        "{ a: byIam b: forAdmins }",
        "{ trapNonNullChild { open adminsOnly } trapNarrowedChild { __typename open adminsOnly } byEveryMode }",
        "{ ...Everything } fragment Everything on Query { forViewers ... on Query { forAdmins } }",
        "{ byEveryMode forAdmins @skip(if: true) }",
        "{ __typename }",
        "{ __typename byIam }",
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Query") { name } }',
        '{ byEveryMode __type(name: "Query") { name } }',
        "{ byEveryMode __schema { queryType { name } } }",
        "{ whoAmI { mode groups } deniedByLambda }",
        'mutation { one: echo(text: "a") two: echo(text: "b") }',
    ],
)
def test_operations_of_several_fields_show_what_is_declared(lab: Lab, document: str) -> None:
    api = lab.app.environment.api("modes")
    assert_equal(lab, api, lab.declared(api), document, lab.everybody)


def test_the_users_api_shows_to_everybody_what_is_declared(lab: Lab) -> None:
    api = lab.app.environment.api("users")
    document = "{ listUsers(limit: 2) { items { userId firstname lastname picture } nextToken } }"
    assert_equal(lab, api, lab.declared(api), document, lab.everybody)


def test_every_trap_of_the_all_modes_api_is_found_without_a_call(lab: Lab) -> None:
    found = static_findings(lab.declared(lab.app.environment.api("modes")))
    by_field = {field: finding.rule for finding in found for field in finding.fields if finding.severity == "problem"}
    assert by_field["UnmarkedType.text"] == "GH-S01"
    assert by_field["NonNullChild.adminsOnly"] == "GH-S02"
    assert by_field["Query.trapInertAuth"] == "GH-S04"
    assert {f.rule for f in found if "NarrowedChild.adminsOnly" in f.fields} == {"GH-S03"}


# --- the blog's schema as it was published ----------------------------------------------------------------------------

PUBLISHED = """type Query {
  listUsers(limit: Int, nextToken: String): UserConnection @aws_iam @aws_cognito_user_pools
}

type User @aws_iam {
  userId: ID!
  firstname: String!
  lastname: String!
  picture: AWSURL!
}

type UserConnection @aws_iam {
  items: [User!]
  nextToken: String
}
"""
LIST = "{ listUsers { items { userId firstname } nextToken } }"
ROW = {"userId": "1", "firstname": "Grace", "lastname": "Hopper", "picture": "https://example.com/p.svg"}


@pytest.fixture(scope="module")
def published(lab: Lab) -> Iterator[Api]:
    """An API with the published schema: the user pool by default, IAM besides, one user behind it."""
    workshop, environment = Workshop(lab.cloud), lab.app.environment
    made = workshop.api(
        PUBLISHED,
        {
            "authenticationType": "AMAZON_COGNITO_USER_POOLS",
            "userPoolConfig": {
                "userPoolId": environment.user_pool_id,
                "awsRegion": environment.region,
                "defaultAction": "ALLOW",
            },
        },
        appsync.IAM,
        resolve=("Query.listUsers",),
        values={"listUsers": {"items": [ROW], "nextToken": "next"}},
    )
    url = f"{lab.cloud.endpoint}/v1/apis/{made.api_id}/graphql"
    with _granted_to_guests(lab, f"{made.arn}/types/Query/fields/listUsers"):
        yield Api("published", "As published", url, environment.region, made.api_id)


@contextmanager
def _granted_to_guests(lab: Lab, resource: str) -> Iterator[None]:
    """The deployed role for guests may call one more field, until the end."""
    pool = lab.cloud.client("cognito-identity").get_identity_pool_roles(
        IdentityPoolId=lab.app.environment.identity_pool_id
    )
    statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": resource}
    iam, role = lab.cloud.client("iam"), pool["Roles"]["unauthenticated"].rpartition("/")[2]
    iam.put_role_policy(
        RoleName=role,
        PolicyName="published",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    yield
    iam.delete_role_policy(RoleName=role, PolicyName="published")


def test_of_the_published_schema_it_is_said_before_any_call_that_signed_in_people_get_nulls(
    lab: Lab, published: Api
) -> None:
    found = {finding.id: finding for finding in static_findings(lab.declared(published))}
    unmarked = found["GH-S01 unmarked-return-type Query.listUsers→UserConnection [AMAZON_COGNITO_USER_POOLS]"]
    assert "signed-in user-pool callers" in unmarked.words
    assert "nulls for items and nextToken" in unmarked.words
    assert (unmarked.place, unmarked.line) == ("schema line 12", "type UserConnection @aws_iam {")
    assert unmarked.change.startswith("Add @aws_cognito_user_pools to the types UserConnection and User")


def test_of_the_published_schema_the_nulls_are_predicted_and_observed_and_guests_get_the_rows(
    lab: Lab, published: Api
) -> None:
    declared, operation = lab.declared(published), operation_of(LIST, "")
    told = predicted(declared, operation, lab.everybody)
    refused = Verdict(Outcome.REFUSED_BY_RULE, frozenset({"listUsers.items", "listUsers.nextToken"}))
    assert told["ada/id"].verdict == told["otto/access"].verdict == refused
    assert told["guest/iam"].verdict == Verdict(Outcome.ALLOWED)
    assert told["ada/iam"].verdict == Verdict(Outcome.REFUSED_BY_RULE)
    assert told["ada/id"].by_field["listUsers.items"].line == "type UserConnection @aws_iam {"
    assert_equal(lab, published, declared, LIST, lab.everybody)
    grid = lab.run(published, operation, lab.everybody)
    ada = next(column for column in grid.columns if column.identity.id == "ada/id")
    assert ada.call.answer
    assert ada.call.answer.body["data"] == {"listUsers": {"items": None, "nextToken": None}}


# --- configurations of an API's own -----------------------------------------------------------------------------------

NESTED = """
type Query @aws_cognito_user_pools {
  open: String
  list: [Row!]
  loose: [Row]
  auth: String @aws_auth(cognito_groups: ["admins"])
  plain: Plain
}
type Row @aws_cognito_user_pools { id: ID!  mail: String! @aws_cognito_user_pools(cognito_groups: ["admins"]) }
type Plain { x: String  y: String @aws_cognito_user_pools }
"""
VALUES = {"list": [{"id": "1", "mail": "m"}], "loose": [{"id": "1", "mail": "m"}], "plain": {"x": "1", "y": "2"}}
ASKED = (
    "{ open list { id } loose { id mail } }",
    "{ list { id mail } }",
    "{ open list { id mail } }",
    "{ loose { mail } }",
    "{ auth }",
    "{ open plain { x y } }",
)


@pytest.mark.parametrize(
    ("action", "pattern", "others"),
    [
        ("ALLOW", "", ()),
        ("DENY", "", ()),
        ("ALLOW", "another-client", ()),
        ("ALLOW", "", (appsync.KEY, appsync.IAM)),
        ("DENY", "", (appsync.IAM,)),
    ],
)
def test_any_configuration_shows_to_everybody_what_is_declared(
    lab: Lab, action: str, pattern: str, others: tuple[Mapping[str, str], ...]
) -> None:
    environment = lab.app.environment
    config = {"userPoolId": environment.user_pool_id, "awsRegion": environment.region, "defaultAction": action}
    if pattern:
        config["appIdClientRegex"] = pattern
    fields = tuple(f"Query.{name}" for name in ("open", "list", "loose", "auth", "plain"))
    made = Workshop(lab.cloud).api(
        NESTED,
        {"authenticationType": "AMAZON_COGNITO_USER_POOLS", "userPoolConfig": config},
        *others,
        resolve=fields,
        values=VALUES,
    )
    url = f"{lab.cloud.endpoint}/v1/apis/{made.api_id}/graphql"
    api = Api("own", "Own", url, environment.region, made.api_id)
    callers = {name: each for name, each in lab.everybody.items() if name != "api-key"}
    declared = lab.declared(api)
    for document in ASKED:
        assert_equal(lab, api, declared, document, callers)


# --- what can't be read -----------------------------------------------------------------------------------------------


def test_what_may_not_be_read_is_said_and_nothing_is_predicted_from_it(lab: Lab, local_cloud: Cloud) -> None:
    iam, name = local_cloud.client("iam"), f"reader-{uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    _let(iam, name, "appsync:GetGraphqlApi", "appsync:GetIntrospectionSchema", "cognito-identity:GetIdentityPoolRoles")
    file = local_cloud.folder / f"{name}.credentials"
    file.touch(mode=0o600)
    file.write_text(
        f"[reader]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n"
    )
    environment = replace(lab.app.environment, profile="reader", credentials_file=str(file))
    clients, api = open_application(environment).clients, environment.api("modes")
    declared = read_declared(clients, api, environment)
    unread = {each.what: each for each in declared.unread}
    assert {"the API's keys", "the user pool's groups"} < set(unread)
    assert sum(what.startswith("the role ") for what in unread) == 2
    assert unread["the API's keys"].call == "appsync:ListApiKeys"
    assert "does not let" in unread["the API's keys"].why
    told = predicted(declared, operation_of("{ byIam byEveryMode }", ""), lab.everybody)
    assert told["guest/iam"].verdict is None
    assert "could not be read" in told["guest/iam"].reasons[0].words
    assert told["ada/id"].verdict == Verdict(Outcome.PARTIAL, frozenset({"byIam"}))


def _let(iam: object, name: str, *actions: str) -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    iam.put_user_policy(  # type: ignore[attr-defined]
        UserName=name, PolicyName="reads", PolicyDocument=json.dumps({"Version": "2012-10-17", **document})
    )


def test_an_environment_that_does_not_name_an_api_predicts_only_what_rests_on_nothing(lab: Lab) -> None:
    api = replace(lab.app.environment.api("modes"), api_id="")
    declared = read_declared(lab.app.clients, api, lab.app.environment)
    assert declared.schema is None
    told = predicted(declared, operation_of("{ byIam }", ""), lab.everybody)
    assert told["nobody"].verdict == told["broken:wrong-key"].verdict == Verdict(Outcome.REFUSED_BY_MODE)
    assert told["ada/id"].verdict is None
    assert static_findings(declared) == ()


def test_the_keys_themselves_are_not_kept(lab: Lab) -> None:
    api = lab.app.environment.api("modes")
    declared = lab.declared(api)
    assert api.api_key
    assert api.api_key.reveal() not in repr(declared)
    assert declared.keys
    assert declared.keys[0].expires > datetime.now(UTC) + timedelta(days=1)
