"""The stack behind the dashboard's first three jobs: people, users API, REST API."""

import aws_cdk as cdk
from constructs import Construct

from .directory import (
    ADMIN_GROUP,
    VIEWER_GROUP,
    make_app_client,
    make_group,
    make_identity_pool,
    make_user_pool,
)
from .hello_api import make_hello_api
from .operator_policy import let_look, make_operator_policy
from .reading_policy import read_api, read_roles
from .shared_tables import make_record_table, make_sessions_table, make_shared_tables_policy
from .users_api import make_seed_function, make_user_table, make_users_api


class GuestUserBackendStack(cdk.Stack):
    """A user directory with guests, and two APIs that trust it."""

    def __init__(self, scope: Construct, construct_id: str, *, synthesizer: cdk.IStackSynthesizer) -> None:
        super().__init__(
            scope,
            construct_id,
            synthesizer=synthesizer,
            description="User pool, identity pool with guests, users API and REST API",
        )
        self.user_pool = make_user_pool(self)
        self.client = make_app_client(self.user_pool)
        self.identity_pool = make_identity_pool(self, self.user_pool, self.client)
        self.admins_role, self.viewers_role = (
            make_group(
                self,
                name,
                precedence=precedence,
                description=description,
                user_pool=self.user_pool,
                identity_pool=self.identity_pool,
            )
            for name, precedence, description in (
                (ADMIN_GROUP, 0, "May administer the directory"),
                (VIEWER_GROUP, 10, "May look, not change"),
            )
        )

        self.table = make_user_table(self)
        self.seed_function = make_seed_function(self, self.table)
        self.api = make_users_api(self, self.user_pool, self.table)
        # The design this follows granted the guest role alone, so that signing in took the query away.
        pool_roles = (self.identity_pool.unauthenticated_role, self.identity_pool.authenticated_role)
        every_role = (*pool_roles, self.admins_role, self.viewers_role)
        for role in every_role:
            self.api.grant_query(role, "listUsers")

        self.rest_api = make_hello_api(self, self.user_pool, group=ADMIN_GROUP)
        self.operator_policy = make_operator_policy(
            self,
            user_pool=self.user_pool,
            passable=(self.admins_role, self.viewers_role),
            operators=self.admins_role,
            reading=[*read_api(self.api), *read_roles(self.identity_pool, every_role)],
        )
        self.sessions_table = make_sessions_table(self)
        self.record_table = make_record_table(self)
        self.shared_tables_policy = make_shared_tables_policy(
            self, sessions=self.sessions_table, record=self.record_table
        )
        let_look(self, user_pool=self.user_pool, viewers=self.viewers_role)
        self._declare_outputs()

    def _declare_outputs(self) -> None:
        """Write the outputs that docs/architecture.md promises, under exactly those names."""
        for name, value in {
            "Region": self.region,
            "UserPoolId": self.user_pool.user_pool_id,
            "UserPoolClientId": self.client.user_pool_client_id,
            "IdentityPoolId": self.identity_pool.identity_pool_id,
            "GraphQLApiId": self.api.api_id,
            "GraphQLApiUrl": self.api.graphql_url,
            "RestApiUrl": self.rest_api.url,
            "UserTableName": self.table.table_name,
            "SeedFunctionName": self.seed_function.function_name,
            "AdminGroupName": ADMIN_GROUP,
            "OperatorPolicyArn": self.operator_policy.managed_policy_arn,
            "SessionsTableName": self.sessions_table.table_name,
            "RecordTableName": self.record_table.table_name,
            "SharedTablesPolicyArn": self.shared_tables_policy.managed_policy_arn,
        }.items():
            cdk.CfnOutput(self, name, value=value)
