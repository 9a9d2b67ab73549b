"""The stack of the side-by-side page: one API that every authorization mode can reach."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_appsync as appsync
from constructs import Construct

from .all_modes import all_modes, issuer_of, let_api_key_expire, make_oidc_client, make_oidc_pool
from .auth_modes_fields import EVERY_FIELD, EVERY_QUERY, GUEST_FIELDS, grant_fields, make_resolvers
from .guest_user_backend import GuestUserBackendStack
from .reading_policy import make_lab_policy

SCHEMA = Path(__file__).parent.parent / "auth_modes_api" / "schema.graphql"


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
        self.oidc_pool = make_oidc_pool(self)
        self.oidc_client = make_oidc_client(self.oidc_pool)
        self.api = appsync.GraphqlApi(
            self,
            "AuthModesApi",
            name="AuthModes",
            definition=appsync.Definition.from_file(str(SCHEMA)),
            authorization_config=all_modes(
                self, user_pool=backend.user_pool, oidc_pool=self.oidc_pool, oidc_client=self.oidc_client
            ),
        )
        let_api_key_expire(self, self.api)
        make_resolvers(self, self.api)
        guests = [backend.identity_pool.unauthenticated_role]
        signed_in = [backend.identity_pool.authenticated_role, backend.admins_role]
        grant_fields(self, "GuestQueries", api=self.api, roles=guests, fields=GUEST_FIELDS)
        grant_fields(self, "SignedInFields", api=self.api, roles=signed_in, fields=EVERY_FIELD)
        grant_fields(self, "ViewerQueries", api=self.api, roles=[backend.viewers_role], fields=EVERY_QUERY)
        self.lab_policy = make_lab_policy(self, self.api, operators=backend.admins_role)
        self._declare_outputs()

    def _declare_outputs(self) -> None:
        """Write the outputs that docs/architecture.md promises, under exactly those names."""
        for name, value in {
            "GraphQLApiId": self.api.api_id,
            "GraphQLApiUrl": self.api.graphql_url,
            "ApiKey": self.api.api_key,
            "OidcIssuer": issuer_of(self.oidc_pool),
            "OidcUserPoolId": self.oidc_pool.user_pool_id,
            "OidcClientId": self.oidc_client.user_pool_client_id,
            "LabPolicyArn": self.lab_policy.managed_policy_arn,
        }.items():
            cdk.CfnOutput(self, name, value=value)
