"""The all-modes API: its modes, its schema's fields, and what IAM lets guests and signed-in people call."""

import re

import pytest

from tests.infra.template import as_text

EVERY_MODE = "@aws_api_key @aws_iam @aws_cognito_user_pools @aws_oidc @aws_lambda"


def test_every_mode_is_switched_on_with_the_user_pool_as_the_default(auth_modes):
    api = auth_modes.the("AppSync::GraphQLApi")
    assert api["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"
    assert as_text(api["UserPoolConfig"]["UserPoolId"]).startswith("{import GuestUserBackendStack:")
    others = [provider["AuthenticationType"] for provider in api["AdditionalAuthenticationProviders"]]
    assert sorted(others) == ["API_KEY", "AWS_IAM", "AWS_LAMBDA", "OPENID_CONNECT"]


def test_the_oidc_issuer_is_a_pool_of_this_stack_and_one_client_of_it(auth_modes):
    config = provider(auth_modes, "OPENID_CONNECT")["OpenIDConnectConfig"]
    pool = auth_modes.id_of("Cognito::UserPool")
    assert as_text(config["Issuer"]) == "https://{" + pool + ".ProviderName}"
    assert config["ClientId"] == {"Ref": auth_modes.id_of("Cognito::UserPoolClient")}
    assert auth_modes.outputs()["OidcIssuer"] == config["Issuer"]


def test_nobody_can_sign_themselves_up_with_the_oidc_issuer(auth_modes):
    assert auth_modes.the("Cognito::UserPool")["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}


def test_only_this_api_may_call_the_authorizer_and_its_answers_are_not_cached(auth_modes):
    config = provider(auth_modes, "AWS_LAMBDA")["LambdaAuthorizerConfig"]
    assert config["AuthorizerResultTtlInSeconds"] == 0
    permission = auth_modes.the("Lambda::Permission", Principal="appsync.amazonaws.com")
    assert permission["FunctionName"] == config["AuthorizerUri"]
    assert permission["SourceArn"] == {"Fn::GetAtt": [auth_modes.id_of("AppSync::GraphQLApi"), "Arn"]}


def test_the_authorizers_token_is_the_deployers_to_give_and_never_shown(auth_modes):
    parameter = auth_modes.body["Parameters"]["LambdaAuthorizerToken"]
    assert parameter["NoEcho"] is True
    assert parameter["MinLength"] == 16
    assert "Default" not in parameter


@pytest.mark.parametrize("token", ["a.b.c-0123456789abc", "Bearer 0123456789abc", "AWS4-HMAC-SHA256 x=y"])
def test_the_authorizers_token_cannot_look_like_what_appsync_takes_for_itself(auth_modes, token):
    pattern = auth_modes.body["Parameters"]["LambdaAuthorizerToken"]["AllowedPattern"]
    assert re.fullmatch(pattern, "0f9a5c-token_of-hex_digits")
    assert not re.fullmatch(pattern, token)


def test_the_api_keys_expiry_is_chosen_at_deployment_or_left_to_aws(auth_modes):
    assert auth_modes.body["Parameters"]["ApiKeyExpires"]["Default"] == 0
    assert auth_modes.the("AppSync::ApiKey")["Expires"] == {
        "Fn::If": ["ApiKeyExpiresChosen", {"Ref": "ApiKeyExpires"}, {"Ref": "AWS::NoValue"}]
    }
    chosen = auth_modes.body["Conditions"]["ApiKeyExpiresChosen"]
    assert chosen == {"Fn::Not": [{"Fn::Equals": [{"Ref": "ApiKeyExpires"}, 0]}]}


@pytest.mark.parametrize(
    ("field", "directives"),
    [
        ("byApiKey: String", "@aws_api_key"),
        ("byIam: String", "@aws_iam"),
        ("byUserPool: String", "@aws_cognito_user_pools"),
        ("byOidc: String", "@aws_oidc"),
        ("byLambda: String", "@aws_lambda"),
        ("byDefault: String", ""),
        ("byEveryMode: String", EVERY_MODE),
        ("forAdmins: String", '@aws_cognito_user_pools(cognito_groups: ["admins"])'),
        ("forViewers: String", '@aws_cognito_user_pools(cognito_groups: ["viewers"])'),
        ("forAdminsOrViewers: String", '@aws_cognito_user_pools(cognito_groups: ["admins", "viewers"])'),
        ("deniedByLambda: String", EVERY_MODE),
        ("trapUnmarkedType: UnmarkedType", EVERY_MODE),
        ("type UnmarkedType", "{"),
        ("trapNarrowedChild: NarrowedChild", EVERY_MODE),
        ("trapNonNullChild: NonNullChild", EVERY_MODE),
        ("adminsOnly: String", '@aws_cognito_user_pools(cognito_groups: ["admins"])'),
        ("adminsOnly: String!", '@aws_cognito_user_pools(cognito_groups: ["admins"])'),
        ("trapInertAuth: String", '@aws_auth(cognito_groups: ["admins"])'),
        ("whoAmI: Caller", EVERY_MODE),
        ("echo(text: String!): String", EVERY_MODE),
    ],
)
def test_the_schema_has_a_field_for_each_mode_group_and_trap(auth_modes, field, directives):
    lines = [line.strip() for line in auth_modes.the("AppSync::GraphQLSchema")["Definition"].splitlines()]
    assert f"{field} {directives}".strip() in lines


def test_every_root_field_has_a_resolver(auth_modes):
    resolvers = [(found["TypeName"], found["FieldName"]) for found in auth_modes.of_type("AppSync::Resolver").values()]
    assert sorted(resolvers) == sorted(root_fields(auth_modes))


def test_a_guest_meets_both_refusals_of_iam(auth_modes):
    granted = granted_fields(auth_modes, "IdentityPoolUnauthenticatedRole")
    assert granted == {("Query", name) for name in ("byIam", "byApiKey", "byEveryMode", "whoAmI")}


@pytest.mark.parametrize("role", ["IdentityPoolAuthenticatedRole", "AdminsRole"])
def test_signed_in_people_may_call_every_root_field_as_far_as_iam_is_concerned(auth_modes, role):
    assert granted_fields(auth_modes, role) == set(root_fields(auth_modes))


def test_viewers_may_call_every_query_and_no_mutation(auth_modes):
    queries = {field for field in root_fields(auth_modes) if field[0] == "Query"}
    assert granted_fields(auth_modes, "ViewersRole") == queries


def provider(template, mode):
    """Return the additional provider for `mode`."""
    providers = template.the("AppSync::GraphQLApi")["AdditionalAuthenticationProviders"]
    return next(found for found in providers if found["AuthenticationType"] == mode)


def root_fields(template):
    """Return (type, field) for every field of Query and Mutation in the schema."""
    schema = template.the("AppSync::GraphQLSchema")["Definition"]
    fields = []
    for kind in ("Query", "Mutation"):
        body = schema.partition(f"type {kind} {{")[2].partition("\n}")[0]
        fields += [(kind, name) for name in re.findall(r"^  (\w+)", body, re.MULTILINE)]
    return fields


def granted_fields(template, role):
    """Return (type, field) for what the other stack's role with that name may call over IAM."""
    (reference,) = [
        found
        for policy in template.of_type("IAM::Policy").values()
        for found in policy["Roles"]
        if f":ExportsOutputRef{role}" in as_text(found)
    ]
    api = "{" + template.id_of("AppSync::GraphQLApi") + ".Arn}"
    parts = [resource.split("/") for resource in template.granted(reference, "appsync:GraphQL")]
    assert all(part[0::2] == [api, part[2], part[4]] and part[1::2] == ["types", "fields"] for part in parts)
    return {(part[2], part[4]) for part in parts}
