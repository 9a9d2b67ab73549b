"""The stack of the side-by-side page: one API that every authorization mode can reach."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from .functions import python_function
from .guest_user_backend import GuestUserBackendStack
from .operator_policy import read_api

SCHEMA = Path(__file__).parent.parent / "auth_modes_api" / "schema.graphql"

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

# The guest's policy names one field that the schema keeps for API keys, and leaves most others out. So
# both refusals of IAM can be seen: the directive's on byApiKey, the policy's on every field not named.
GUEST_QUERIES = ("byIam", "byApiKey", "byEveryMode", "whoAmI")


class AuthModesStack(cdk.Stack):
    """An API with all five modes, over the other stack's pools and an OpenID Connect issuer of its own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        backend: GuestUserBackendStack,
        synthesizer: cdk.IStackSynthesizer,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            synthesizer=synthesizer,
            description="One AppSync API with five authorization modes",
        )
        self.oidc_pool, self.oidc_client = self._make_oidc_pool()
        self.oidc_issuer = f"https://{self.oidc_pool.user_pool_provider_name}"
        self.api = appsync.GraphqlApi(
            self,
            "AuthModesApi",
            name="AuthModes",
            definition=appsync.Definition.from_file(str(SCHEMA)),
            authorization_config=self._make_modes(backend.user_pool),
        )
        self._let_api_key_expire()
        self._make_resolvers()
        self._grant("GuestQueries", [backend.identity_pool.unauthenticated_role], queries=GUEST_QUERIES)
        self._grant(
            "SignedInFields",
            [backend.identity_pool.authenticated_role, *backend.group_roles],
            queries=QUERIES,
            mutations=MUTATIONS,
        )
        self.operator_policy = iam.ManagedPolicy(
            self,
            "OperatorPolicy",
            description="What the Gatehouse dashboard may do with the all-modes API",
            statements=[read_api(self.api)],
        )
        self._declare_outputs()

    def _make_oidc_pool(self) -> tuple[cognito.UserPool, cognito.UserPoolClient]:
        """Return a second user pool with its client: every user pool is an OpenID Connect issuer."""
        pool = cognito.UserPool(
            self,
            "OidcPool",
            self_sign_up_enabled=False,
            sign_in_case_sensitive=False,
            account_recovery=cognito.AccountRecovery.NONE,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        client = pool.add_client(
            "Client",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
            prevent_user_existence_errors=True,
            disable_o_auth=True,
        )
        return pool, client

    def _make_modes(self, user_pool: cognito.UserPool) -> appsync.AuthorizationConfig:
        """Return the user pool as the default mode and the four others besides."""
        modes = appsync.AuthorizationType
        return appsync.AuthorizationConfig(
            default_authorization=appsync.AuthorizationMode(
                authorization_type=modes.USER_POOL,
                user_pool_config=appsync.UserPoolConfig(user_pool=user_pool),
            ),
            additional_authorization_modes=[
                appsync.AuthorizationMode(
                    authorization_type=modes.API_KEY,
                    api_key_config=appsync.ApiKeyConfig(description="The demo's key"),
                ),
                appsync.AuthorizationMode(authorization_type=modes.IAM),
                appsync.AuthorizationMode(
                    authorization_type=modes.OIDC,
                    open_id_connect_config=appsync.OpenIdConnectConfig(
                        oidc_provider=self.oidc_issuer,
                        client_id=self.oidc_client.user_pool_client_id,
                    ),
                ),
                appsync.AuthorizationMode(
                    authorization_type=modes.LAMBDA, lambda_authorizer_config=self._make_authorizer()
                ),
            ],
        )

    def _make_authorizer(self) -> appsync.LambdaAuthorizerConfig:
        """Return the authorizer of the Lambda mode, its answers never cached.

        The token must not look like a JWT, a signature or a Bearer value: AppSync takes those for itself.
        """
        token = cdk.CfnParameter(
            self,
            "LambdaAuthorizerToken",
            no_echo=True,
            min_length=16,
            allowed_pattern="^[A-Za-z0-9_-]+$",
            description="What a caller of the Lambda mode sends as Authorization; 16 characters or more",
        )
        function = python_function(
            self,
            "Authorizer",
            source="authorizer.py",
            environment={"AUTHORIZER_TOKEN": token.value_as_string},
        )
        return appsync.LambdaAuthorizerConfig(handler=function, results_cache_ttl=cdk.Duration.seconds(0))

    def _let_api_key_expire(self) -> None:
        """Give the API key an expiry that is chosen at deployment.

        A date in the template would be over one day, and every synthesis would have to write a new one.
        """
        expires = cdk.CfnParameter(
            self,
            "ApiKeyExpires",
            type="Number",
            default=0,
            min_value=0,
            description="When the API key ends, in seconds since 1970: 1 to 365 days ahead; 0 for 7 days",
        )
        chosen = cdk.CfnCondition(
            self,
            "ApiKeyExpiresChosen",
            expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(expires.value_as_number, 0)),
        )
        self.api.node.find_child("DefaultApiKey").add_property_override(
            "Expires", cdk.Fn.condition_if(chosen.logical_id, expires.value_as_number, cdk.Aws.NO_VALUE)
        )

    def _make_resolvers(self) -> None:
        """Let one Python function answer every root field."""
        function = python_function(self, "AuthModes", source="auth_modes.py", environment={})
        source = self.api.add_lambda_data_source("AuthModesSource", function)
        for type_name, fields in (("Query", QUERIES), ("Mutation", MUTATIONS)):
            for field in fields:
                source.create_resolver(f"{type_name}.{field}", type_name=type_name, field_name=field)

    def _grant(
        self, name: str, roles: list[iam.IRole], *, queries: tuple[str, ...], mutations: tuple[str, ...] = ()
    ) -> None:
        """Let `roles` call the named root fields.

        The policy belongs to this stack: the construct's own grant would put it beside the roles, and the
        two stacks would then need each other.
        """
        fields = [("Query", field) for field in queries] + [("Mutation", field) for field in mutations]
        iam.Policy(
            self,
            name,
            roles=roles,
            statements=[
                iam.PolicyStatement(
                    actions=["appsync:GraphQL"],
                    resources=[f"{self.api.arn}/types/{kind}/fields/{field}" for kind, field in fields],
                )
            ],
        )

    def _declare_outputs(self) -> None:
        """Write the outputs that docs/architecture.md promises, under exactly those names."""
        for name, value in {
            "GraphQLApiId": self.api.api_id,
            "GraphQLApiUrl": self.api.graphql_url,
            "ApiKey": self.api.api_key,
            "OidcIssuer": self.oidc_issuer,
            "OidcUserPoolId": self.oidc_pool.user_pool_id,
            "OidcClientId": self.oidc_client.user_pool_client_id,
            "OperatorPolicyArn": self.operator_policy.managed_policy_arn,
        }.items():
            cdk.CfnOutput(self, name, value=value)
