"""The authorization lab against a running local cloud: who gets what, and in which words a refusal is told."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from graphql import DirectiveNode, FieldDefinitionNode, ListValueNode, ObjectTypeDefinitionNode, StringValueNode, parse

from services.application import Application, open_application
from services.authorization.broken import broken_identities, tampered
from services.authorization.expectations import checks
from services.authorization.identities import Pasted, Person, identities
from services.authorization.identity import Identity, Kind
from services.authorization.judged import Grid, Judged, judge
from services.authorization.operations import examples_for, operation_of
from services.authorization.outcomes import Outcome
from services.authorization.people import sign_in_person
from services.authorization.run import run
from services.errors import SignInError
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import load
from tests.cloud import ROOT, Cloud

LIST_USERS, EVERY_FIELD = examples_for("users")[0], examples_for("modes")[0]
PASSWORD = "Correct-Horse-9"
SYSTEM = Operator("test", "test", ("admins",), Role.ADMIN)
DEFAULT_MODE = "aws_cognito_user_pools"
# What the guest role's policy names; the signed-in roles' policies name every field.
GUEST_POLICY = {"byIam", "byApiKey", "byEveryMode", "whoAmI"}


@dataclass(frozen=True)
class Lab:
    """The services of the local cloud's environment, and who signed in."""

    cloud: Cloud
    app: Application
    ada: Person
    """The operator, a member of admins."""

    def person(self, *groups: str) -> Person:
        """Somebody made for one test, in these groups, signed in as a column."""
        admin, pool, name = self.cloud.client("cognito-idp"), self.cloud.backend["UserPoolId"], f"p-{uuid4().hex[:8]}"
        email = [{"Name": "email", "Value": f"{name}@example.com"}]
        admin.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS", UserAttributes=email)
        admin.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        for group in groups:
            admin.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
        return sign_in_person(self.app.sign_in, self.app.identify, name, Secret(PASSWORD), operator=SYSTEM)

    def columns(self, api: str, *others: Person, pasted: tuple[Pasted, ...] = ()) -> tuple[Identity, ...]:
        """Every identity of an API, with others beside the operator."""
        where = self.app.environment.api(api)
        return identities(where, self.ada, self.app.identity_pool, others=others, pasted=pasted)

    def run(self, api: str, columns: tuple[Identity, ...], document: str, variables: str = "") -> Grid:
        """A judged run."""
        ended = run(
            self.app.clients.apis[api],
            self.app.environment.api(api),
            operation_of(document, variables),
            columns,
            operator=self.ada.operator,
        )
        return judge(ended, self.app.environment, self.app.identify.keys.for_key)


@pytest.fixture(scope="module")
def lab(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """The lab of ada."""
    here: Path = tmp_path_factory.mktemp("nothing-configured")
    app = open_application(load({"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder)}, here))
    password = Secret(local_cloud.password("ada"))
    return Lab(local_cloud, app, sign_in_person(app.sign_in, app.identify, "ada", password, operator=SYSTEM))


def column(grid: Grid, identity: str) -> Judged:
    return next(each for each in grid.columns if each.identity.id == identity)


def outcomes(grid: Grid) -> dict[str, Outcome]:
    return {each.identity.label: each.outcome for each in grid.columns}


# --- the blog's API ---------------------------------------------------------------------------------------------------


def test_the_list_of_users_is_refused_without_credentials_and_with_a_key_and_allowed_to_everybody_else(
    lab: Lab,
) -> None:
    other = lab.person()
    name = other.operator.username
    grid = lab.run("users", lab.columns("users", other), LIST_USERS.document, LIST_USERS.variables)
    assert outcomes(grid) == {
        "No credentials": Outcome.REFUSED_BY_MODE,
        "API key (made up)": Outcome.REFUSED_BY_MODE,
        "Guest · IAM": Outcome.ALLOWED,
        "Me · ID token": Outcome.ALLOWED,
        "Me · access token": Outcome.ALLOWED,
        "Me · IAM": Outcome.ALLOWED,
        f"{name} · ID token": Outcome.ALLOWED,
        f"{name} · access token": Outcome.ALLOWED,
        f"{name} · IAM": Outcome.ALLOWED,
    }
    statuses = {each.identity.id: each.call.answer.status for each in grid.columns if each.call.answer}
    assert statuses["nobody"] == statuses["api-key"] == 401
    assert set(statuses.values()) == {200, 401}
    met = checks(LIST_USERS.expected, grid)
    assert met
    assert all(check.agrees for check in met)


def test_a_resolver_that_refuses_a_page_token_is_no_verdict_on_anybody(lab: Lab) -> None:
    grid = lab.run("users", lab.columns("users"), '{ listUsers(nextToken: "made-up") { items { userId } } }')
    assert column(grid, "me-id").outcome is column(grid, "guest-iam").outcome is Outcome.NO_VERDICT
    assert column(grid, "nobody").outcome is Outcome.REFUSED_BY_MODE


def test_an_operation_that_does_not_fit_the_schema_is_no_verdict(lab: Lab) -> None:
    grid = lab.run("users", lab.columns("users"), "{ badfield }")
    assert column(grid, "me-id").outcome is Outcome.NO_VERDICT
    assert "badfield" in column(grid, "me-id").explanation.why


# --- the all-modes API ------------------------------------------------------------------------------------------------


def directives() -> Mapping[str, list[DirectiveNode]]:
    """The directives that stand on each root field of the schema that is deployed."""
    tree = parse((ROOT / "infra" / "auth_modes_api" / "schema.graphql").read_text())
    query = next(
        node for node in tree.definitions if isinstance(node, ObjectTypeDefinitionNode) and node.name.value == "Query"
    )
    return {field.name.value: _effective(field) for field in query.fields}


def _effective(field: FieldDefinitionNode) -> list[DirectiveNode]:
    # Beside other modes `@aws_auth` counts for nothing.
    return [each for each in field.directives or () if each.name.value != "aws_auth"]


def admits(marked: list[DirectiveNode], mode: str, groups: tuple[str, ...]) -> bool:
    """Whether a field with these directives admits a caller of a mode; without any it is the default mode's."""
    if not marked:
        return mode == DEFAULT_MODE
    for directive in marked:
        if directive.name.value == mode:
            wanted = [
                value.value
                for argument in directive.arguments or ()
                if isinstance(argument.value, ListValueNode)
                for value in argument.value.values
                if isinstance(value, StringValueNode)
            ]
            return not wanted or bool(set(wanted) & set(groups))
    return False


def test_each_field_gives_what_its_directives_say_for_every_identity(lab: Lab) -> None:
    nobody_special, viewer = lab.person(), lab.person("viewers")
    lambda_token = Pasted("lambda", "Lambda", Kind.LAMBDA_TOKEN, Secret(lab.cloud.demo["lambdaAuthorizerToken"]))
    oidc = Pasted("oidc", "OIDC", Kind.JWT, olga(lab.cloud))
    grid = lab.run(
        "modes", lab.columns("modes", nobody_special, viewer, pasted=(lambda_token, oidc)), EVERY_FIELD.document
    )
    modes: dict[str, tuple[str, tuple[str, ...]]] = {
        "api-key": ("aws_api_key", ()),
        "guest-iam": ("aws_iam", ()),
        "me-iam": ("aws_iam", ()),
        "lambda": ("aws_lambda", ()),
        "oidc": ("aws_oidc", ()),
    }
    for person, prefix in (
        (lab.ada, "me"),
        *((each, f"person-{each.operator.sub}") for each in (nobody_special, viewer)),
    ):
        modes |= {f"{prefix}-{use}": (DEFAULT_MODE, person.operator.groups) for use in ("id", "access")}
        modes |= {f"{prefix}-iam": ("aws_iam", ())}
    assert set(modes) | {"nobody"} == {each.identity.id for each in grid.columns}
    plain = {name: marked for name, marked in directives().items() if not name.startswith("trap") and name != "whoAmI"}
    assert len(plain) == 11
    for identity, (mode, groups) in modes.items():
        expected = {name: admits(marked, mode, groups) for name, marked in plain.items()}
        if identity == "guest-iam":
            expected = {name: yes and name in GUEST_POLICY for name, yes in expected.items()}
        if identity == "lambda":
            expected["deniedByLambda"] = False
        seen = {name: column(grid, identity).findings[(name,)].outcome for name in plain}
        assert seen == {name: Outcome.ALLOWED if yes else Outcome.REFUSED_BY_RULE for name, yes in expected.items()}, (
            identity
        )
    nobody = column(grid, "nobody")
    assert {each.outcome for each in nobody.findings.values()} == {Outcome.REFUSED_BY_MODE}


def test_the_group_field_is_refused_by_rule_to_an_outsider_and_allowed_to_a_member(lab: Lab) -> None:
    other = lab.person()
    grid = lab.run("modes", lab.columns("modes", other), "{ forAdmins }")
    for use in ("id", "access"):
        assert column(grid, f"me-{use}").outcome is Outcome.ALLOWED
        refused = column(grid, f"person-{other.operator.sub}-{use}")
        assert refused.outcome is Outcome.REFUSED_BY_RULE
        assert refused.call.answer
        assert refused.call.answer.status == 200
        assert refused.refused == ("forAdmins",)


def test_the_traps_show_themselves(lab: Lab) -> None:
    other = lab.person()
    grid = lab.run("modes", lab.columns("modes", other), EVERY_FIELD.document)
    key, his = column(grid, "api-key"), column(grid, f"person-{other.operator.sub}-id")
    assert key.findings[("trapUnmarkedType", "text")].outcome is Outcome.REFUSED_BY_RULE
    assert his.findings[("trapUnmarkedType", "text")].outcome is Outcome.ALLOWED
    assert his.findings[("trapNarrowedChild",)].outcome is Outcome.PARTIAL
    assert his.findings[("trapNarrowedChild", "open")].outcome is Outcome.ALLOWED
    assert his.findings[("trapNonNullChild",)].outcome is Outcome.REFUSED_BY_RULE
    assert his.findings[("trapNonNullChild", "open")].outcome is Outcome.NO_VERDICT
    assert his.findings[("trapInertAuth",)].outcome is Outcome.ALLOWED


def test_a_policy_and_a_directive_refuse_a_guest_in_different_words(lab: Lab) -> None:
    policy = column(lab.run("modes", lab.columns("modes"), "{ byUserPool }"), "guest-iam")
    directive = column(lab.run("modes", lab.columns("modes"), "{ byApiKey }"), "guest-iam")
    assert policy.outcome is directive.outcome is Outcome.REFUSED_BY_RULE
    assert (policy.head.error_type, directive.head.error_type) == ("UnauthorizedException", "Unauthorized")
    assert "policy" in policy.explanation.why
    assert "rule of byApiKey" in directive.explanation.why


# --- credentials that are no good, each in its own words --------------------------------------------------------------


def test_a_wrong_password_adds_no_column(lab: Lab) -> None:
    with pytest.raises(SignInError, match="user name or the password is wrong"):
        sign_in_person(lab.app.sign_in, lab.app.identify, "ada", Secret("Wrong-Horse-1!"), operator=SYSTEM)


def test_what_is_broken_on_purpose_is_turned_away_by_both_apis_in_words_of_its_own(lab: Lab) -> None:
    spoilt = broken_identities(lab.ada, lab.app.identity_pool)
    for api in ("users", "modes"):
        grid = lab.run(api, spoilt, "{ __typename }")
        assert {each.outcome for each in grid.columns} == {Outcome.REFUSED_BY_MODE}
        assert len({each.explanation.why for each in grid.columns}) == len(spoilt)


def test_credentials_that_are_no_good_are_each_told_in_their_own_words(lab: Lab, expired_key: Secret) -> None:
    whys = {}
    for name, (kind, credential, outcome, words) in dead_credentials(lab, expired_key).items():
        pasted = Pasted(name, name, kind, credential)
        grid = lab.run("modes", lab.columns("modes", pasted=(pasted,)), "{ byEveryMode }")
        seen = column(grid, name)
        assert seen.outcome is outcome, name
        assert words in seen.explanation.why, name
        assert seen.call.answer
        assert seen.call.answer.status == 401
        assert column(grid, "me-id").outcome is Outcome.ALLOWED
        whys[name] = seen.explanation.why
    assert len(set(whys.values())) == len(whys)


def dead_credentials(lab: Lab, expired_key: Secret) -> dict[str, tuple[Kind, Secret, Outcome, str]]:
    """Credentials with the outcome and a part of the words that each of them has to get."""
    return {
        "tampered": (
            Kind.JWT,
            tampered(lab.ada.tokens.id_token),
            Outcome.NO_VERDICT,
            "signature does not match the user pool's keys",
        ),
        "expired": (Kind.JWT, expired_token(lab.cloud), Outcome.NO_VERDICT, "expired"),
        "another pool": (Kind.JWT, foreign_token(lab.cloud), Outcome.REFUSED_BY_MODE, "does not trust"),
        "expired key": (Kind.API_KEY, expired_key, Outcome.NO_VERDICT, "does not accept this key"),
    }


def token(cloud: Cloud, client: str, username: str, password: str) -> Secret:
    """The ID token of a sign-in by password."""
    answer = cloud.unsigned("cognito-idp").initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=client,
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    return Secret(answer["AuthenticationResult"]["IdToken"])


def olga(cloud: Cloud) -> Secret:
    """The token of the demo person of the OIDC issuer."""
    modes = cloud.auth_modes
    return token(cloud, modes["OidcClientId"], "olga", cloud.demo["oidcPeople"]["olga"]["password"])


def expired_token(cloud: Cloud) -> Secret:
    """A token of the environment's own pool that ends a second after it was issued."""
    pool, admin = cloud.backend["UserPoolId"], cloud.client("cognito-idp")
    client = admin.create_user_pool_client(
        UserPoolId=pool,
        ClientName=f"brief-{uuid4().hex}",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AccessTokenValidity=1,
        IdTokenValidity=1,
        TokenValidityUnits={"AccessToken": "seconds", "IdToken": "seconds"},
    )["UserPoolClient"]["ClientId"]
    brief = token(cloud, client, "ada", cloud.password("ada"))
    time.sleep(1.1)
    return brief


def foreign_token(cloud: Cloud) -> Secret:
    """A live token of a pool that no API of the environment trusts."""
    admin, name = cloud.client("cognito-idp"), "stranger"
    pool = admin.create_user_pool(PoolName=f"foreign-{uuid4().hex}")["UserPool"]["Id"]
    client = admin.create_user_pool_client(
        UserPoolId=pool, ClientName="c", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )["UserPoolClient"]["ClientId"]
    admin.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    admin.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
    return token(cloud, client, name, PASSWORD)


@pytest.fixture
def expired_key(local_cloud: Cloud) -> Iterator[Secret]:
    """A key of the all-modes API that is past its hour; gone after the test, since others count the API's columns."""
    appsync, api_id = local_cloud.client("appsync"), local_cloud.auth_modes["GraphQLApiId"]
    key = appsync.create_api_key(apiId=api_id, expires=int(time.time()) - 7200)["apiKey"]["id"]
    yield Secret(key)
    appsync.delete_api_key(apiId=api_id, id=key)
