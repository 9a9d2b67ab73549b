"""The root fields of the all-modes API: what answers them, and what IAM lets be called."""

from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_iam as iam
from constructs import Construct

from .functions import python_function

QUERIES = (
    "byApiKey",
    "byIam",
    "byUserPool",
    "byOidc",
    "byLambda",
    "byDefault",
    "byEveryMode",
    "forAdmins",
    "forViewers",
    "forAdminsOrViewers",
    "deniedByLambda",
    "trapUnmarkedType",
    "trapNarrowedChild",
    "trapNonNullChild",
    "trapInertAuth",
    "whoAmI",
)
MUTATIONS = ("echo",)
EVERY_QUERY = tuple(("Query", field) for field in QUERIES)
EVERY_FIELD = (*EVERY_QUERY, *(("Mutation", field) for field in MUTATIONS))

# The guest's policy names one field that the schema keeps for API keys, and leaves most others out. So
# both refusals of IAM can be seen: the directive's on byApiKey, the policy's on every field not named.
GUEST_FIELDS = tuple(("Query", field) for field in ("byIam", "byApiKey", "byEveryMode", "whoAmI"))


def make_resolvers(scope: Construct, api: appsync.GraphqlApi) -> None:
    """Let one Python function answer every root field of `api`."""
    function = python_function(scope, "AuthModes", source="auth_modes.py", environment={})
    source = api.add_lambda_data_source("AuthModesSource", function)
    for type_name, field in EVERY_FIELD:
        source.create_resolver(f"{type_name}.{field}", type_name=type_name, field_name=field)


def grant_fields(
    scope: Construct, name: str, *, api: appsync.GraphqlApi, roles: list[iam.IRole], fields: tuple[tuple[str, str], ...]
) -> None:
    """Let `roles` call `fields` of `api`, each a pair of type and field.

    The policy belongs to this stack: the construct's own grant would put it beside the roles, and the two
    stacks would then need each other.
    """
    resources = [f"{api.arn}/types/{type_name}/fields/{field}" for type_name, field in fields]
    iam.Policy(
        scope,
        name,
        roles=roles,
        statements=[iam.PolicyStatement(actions=["appsync:GraphQL"], resources=resources)],
    )
