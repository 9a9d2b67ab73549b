"""The people: user pool, app client, identity pool, groups and the roles that they take (S1, S2, S3, S16)."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_cognito_identitypool as identitypool
from aws_cdk import aws_iam as iam
from constructs import Construct

ADMIN_GROUP = "admins"
VIEWER_GROUP = "viewers"


def make_user_pool(scope: Construct) -> cognito.UserPool:
    """Return the pool: self sign-up, a verified e-mail address, sign-in by user name or by that address."""
    return cognito.UserPool(
        scope,
        "UserPool",
        self_sign_up_enabled=True,
        sign_in_aliases=cognito.SignInAliases(username=True, email=True),
        sign_in_case_sensitive=False,
        standard_attributes=cognito.StandardAttributes(email=cognito.StandardAttribute(required=True, mutable=True)),
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        keep_original=cognito.KeepOriginalAttrs(email=True),
        user_verification=cognito.UserVerificationConfig(email_style=cognito.VerificationEmailStyle.CODE),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        password_policy=cognito.PasswordPolicy(
            min_length=12,
            require_lowercase=True,
            require_uppercase=True,
            require_digits=True,
            require_symbols=True,
            temp_password_validity=Duration.days(3),
        ),
        removal_policy=RemovalPolicy.DESTROY,
    )


def make_app_client(user_pool: cognito.UserPool) -> cognito.UserPoolClient:
    """Return the app client: no secret, every flow that the dashboard signs people in by, no hosted pages."""
    return user_pool.add_client(
        "Client",
        generate_secret=False,
        auth_flows=cognito.AuthFlow(user_srp=True, user_password=True, admin_user_password=True, custom=True),
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        disable_o_auth=True,
        access_token_validity=Duration.hours(1),
        id_token_validity=Duration.hours(1),
        refresh_token_validity=Duration.days(30),
    )


def make_identity_pool(
    scope: Construct, user_pool: cognito.UserPool, client: cognito.UserPoolClient
) -> identitypool.IdentityPool:
    """Return the identity pool: guests allowed, the user pool as its provider, one role for each kind.

    Its provider asks the user pool on every exchange (ServerSideTokenCheck), so that a person who was
    signed out everywhere or deleted gets no new credentials. The role is the one that the ID token prefers:
    that of the person's strongest group. Whoever has no such group gets the role of all signed-in people.
    """
    return identitypool.IdentityPool(
        scope,
        "IdentityPool",
        allow_unauthenticated_identities=True,
        authentication_providers=identitypool.IdentityPoolAuthenticationProviders(
            user_pools=[identitypool.UserPoolAuthenticationProvider(user_pool=user_pool, user_pool_client=client)]
        ),
        role_mappings=[
            identitypool.IdentityPoolRoleMapping(
                provider_url=identitypool.IdentityPoolProviderUrl.user_pool(user_pool, client),
                mapping_key="userPool",
                use_token=True,
                resolve_ambiguous_roles=True,
            )
        ],
    )


def make_group(
    scope: Construct,
    name: str,
    *,
    precedence: int,
    description: str,
    user_pool: cognito.UserPool,
    identity_pool: identitypool.IdentityPool,
) -> iam.Role:
    """Make the group `name` and return its role, which the identity pool's signed-in people can assume."""
    signed_in = iam.FederatedPrincipal(
        "cognito-identity.amazonaws.com",
        conditions={
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool.identity_pool_id},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
        assume_role_action="sts:AssumeRoleWithWebIdentity",
    )
    prefix = name.capitalize()
    role = iam.Role(scope, f"{prefix}Role", assumed_by=signed_in, description=f"People of the group {name}")
    cognito.UserPoolGroup(
        scope,
        f"{prefix}Group",
        user_pool=user_pool,
        group_name=name,
        precedence=precedence,
        description=description,
        role=role,
    )
    return role
