"""What the data plane asks of the cloud around it; `local_cloud.emulator` answers."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from local_cloud.appsync.model import Api, Credential, DataSource, FunctionResult, Resolver, RoleRefusal, TableResult

PolicyDecision = Callable[[str], bool]
"""Whether a principal's policies allow `appsync:GraphQL` on one ARN."""


class Cloud(Protocol):
    """The stored configuration, the credentials and the functions of the local cloud."""

    def api(self, api_id: str) -> Api | None:
        """Return the API as it is configured at this moment, or None."""

    def api_keys(self, api: Api) -> Mapping[str, int]:
        """Return the API's keys with their expiry in epoch seconds."""

    def schema(self, api: Api) -> str | None:
        """Return the API's SDL, or None when none was created."""

    def resolver(self, api: Api, type_name: str, field_name: str) -> Resolver | None:
        """Return the resolver attached to a field, or None."""

    def data_source(self, api: Api, name: str) -> DataSource | None:
        """Return a data source by name, or None."""

    def credential(self, access_key_id: str) -> Credential | None:
        """Return what stands behind an access key, expired sessions included, or None."""

    def policy(self, credential: Credential, region: str, source_ip: str) -> PolicyDecision:
        """Return the decision that a credential's policies, boundary and session policies make."""

    def pool_keys(self, issuer: str) -> tuple[Mapping[str, Any], ...] | None:
        """Return the JWKS of a user pool that lives here, by its issuer, or None."""

    def may_invoke(self, function_arn: str, source_arn: str) -> bool:
        """Return whether the function's own policy lets appsync.amazonaws.com invoke it."""

    def role_refusal(self, api: Api, role_arn: str, action: str, resource_arn: str) -> RoleRefusal | None:
        """Return why an API may not do something under a role, or None when it may."""

    async def invoke(self, function_arn: str, payload: Any) -> FunctionResult | None:
        """Run a Lambda function and return its result, or None when there is no such function."""

    async def dynamodb(self, source: DataSource, account: str, operation: str, call: Mapping[str, Any]) -> TableResult:
        """Run one operation of the DynamoDB API on a data source's table."""
