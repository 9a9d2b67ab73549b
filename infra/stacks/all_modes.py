"""How the all-modes API knows its callers: five modes, two of which bring their own issuer of credentials."""

import aws_cdk as cdk
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from .functions import python_function


def make_oidc_pool(scope: Construct) -> cognito.UserPool:
    """Return a second user pool: every user pool is an OpenID Connect issuer as well."""
    return cognito.UserPool(
        scope,
        "OidcPool",
        self_sign_up_enabled=False,
        sign_in_case_sensitive=False,
        account_recovery=cognito.AccountRecovery.NONE,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )


def make_oidc_client(pool: cognito.UserPool) -> cognito.UserPoolClient:
    """Return the one client whose tokens the API takes from that issuer."""
    return pool.add_client(
        "Client",
        generate_secret=False,
        auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
        prevent_user_existence_errors=True,
        disable_o_auth=True,
    )


def issuer_of(pool: cognito.UserPool) -> str:
    """Return the address that a pool's tokens carry as `iss`."""
    return f"https://{pool.user_pool_provider_name}"


def all_modes(
    scope: Construct,
    *,
    user_pool: cognito.UserPool,
    oidc_pool: cognito.UserPool,
    oidc_client: cognito.UserPoolClient,
) -> appsync.AuthorizationConfig:
    """Return the user pool as the default mode and the four others besides."""
    kinds = appsync.AuthorizationType
    return appsync.AuthorizationConfig(
        default_authorization=appsync.AuthorizationMode(
            authorization_type=kinds.USER_POOL,
            user_pool_config=appsync.UserPoolConfig(user_pool=user_pool),
        ),
        additional_authorization_modes=[
            appsync.AuthorizationMode(
                authorization_type=kinds.API_KEY,
                api_key_config=appsync.ApiKeyConfig(description="The demo's key"),
            ),
            appsync.AuthorizationMode(authorization_type=kinds.IAM),
            appsync.AuthorizationMode(
                authorization_type=kinds.OIDC,
                open_id_connect_config=appsync.OpenIdConnectConfig(
                    oidc_provider=issuer_of(oidc_pool), client_id=oidc_client.user_pool_client_id
                ),
            ),
            appsync.AuthorizationMode(authorization_type=kinds.LAMBDA, lambda_authorizer_config=make_authorizer(scope)),
        ],
    )


def make_authorizer(scope: Construct) -> appsync.LambdaAuthorizerConfig:
    """Return the authorizer of the Lambda mode, its answers never cached.

    The token must not look like a JWT, a signature or a Bearer value: AppSync takes those for itself.
    """
    token = cdk.CfnParameter(
        scope,
        "LambdaAuthorizerToken",
        no_echo=True,
        min_length=16,
        allowed_pattern="^[A-Za-z0-9_-]+$",
        description="What a caller of the Lambda mode sends as Authorization; 16 characters or more",
    )
    function = python_function(
        scope,
        "Authorizer",
        source="authorizer.py",
        environment={"AUTHORIZER_TOKEN": token.value_as_string},
    )
    return appsync.LambdaAuthorizerConfig(handler=function, results_cache_ttl=cdk.Duration.seconds(0))


def let_api_key_expire(scope: Construct, api: appsync.GraphqlApi) -> None:
    """Give the API key of `api` an expiry that is chosen at deployment.

    A date in the template would be over one day, and every synthesis would have to write a new one.
    """
    expires = cdk.CfnParameter(
        scope,
        "ApiKeyExpires",
        type="Number",
        default=0,
        min_value=0,
        description="When the API key ends, in seconds since 1970: 1 to 365 days ahead; 0 for 7 days",
    )
    chosen = cdk.CfnCondition(
        scope,
        "ApiKeyExpiresChosen",
        expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(expires.value_as_number, 0)),
    )
    api.node.find_child("DefaultApiKey").add_property_override(
        "Expires", cdk.Fn.condition_if(chosen.logical_id, expires.value_as_number, cdk.Aws.NO_VALUE)
    )
