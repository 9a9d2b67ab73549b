"""What the data plane knows of an API, a caller and a field, free of where it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """The five authorization modes, by the names of the AppSync API model."""

    API_KEY = "API_KEY"
    IAM = "AWS_IAM"
    USER_POOLS = "AMAZON_COGNITO_USER_POOLS"
    OIDC = "OPENID_CONNECT"
    LAMBDA = "AWS_LAMBDA"


JWT_MODES = frozenset({Mode.USER_POOLS, Mode.OIDC})


@dataclass(frozen=True, slots=True)
class UserPool:
    """A user pool that an API trusts; `client_pattern` is its `appIdClientRegex`, empty when unset."""

    issuer: str
    pool_id: str
    client_pattern: str = ""
    default_action: str = "ALLOW"


@dataclass(frozen=True, slots=True)
class OidcIssuer:
    """An OIDC issuer that an API trusts; both times to live are milliseconds, 0 when unset."""

    issuer: str
    client_pattern: str = ""
    iat_ttl: int = 0
    auth_ttl: int = 0


@dataclass(frozen=True, slots=True)
class Authorizer:
    """The Lambda authorizer of an API; `ttl` is seconds, 0 when its answers aren't cached."""

    function_arn: str
    token_pattern: str = ""
    ttl: int = 0


@dataclass(frozen=True, slots=True)
class Api:
    """One GraphQL API as its control plane describes it (GetGraphqlApi)."""

    api_id: str
    arn: str
    account: str
    region: str
    default_mode: Mode
    modes: frozenset[Mode]
    providers: int
    issuers: tuple[UserPool | OidcIssuer, ...] = ()
    authorizer: Authorizer | None = None
    introspection: bool = True
    depth_limit: int = 0
    resolver_limit: int = 0

    @property
    def single_mode(self) -> bool:
        """Whether the API has one provider in all: the texts of JWT refusals depend on it."""
        return self.providers == 1

    @property
    def default_action(self) -> str:
        """ALLOW or DENY for fields without a directive; only a default user pool can say DENY."""
        first = self.issuers[0] if self.issuers else None
        if self.default_mode is Mode.USER_POOLS and isinstance(first, UserPool):
            return first.default_action
        return "ALLOW"

    def field_arn(self, type_name: str, field_name: str) -> str:
        """Return the ARN that IAM policies and `deniedFields` name a field by."""
        return f"{self.arn}/types/{type_name}/fields/{field_name}"


@dataclass(frozen=True, slots=True)
class Credential:
    """An access key's secret and owner; neither the secret nor the token shows in a repr."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(repr=False)
    account: str
    principal_arn: str
    principal_id: str
    principal_name: str
    expires_at: float | None = None
    cognito: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data source's kind (AWS_LAMBDA, NONE, …), the function or the table that it names, and its service role."""

    name: str
    kind: str
    function_arn: str = ""
    table: str = ""
    region: str = ""
    role_arn: str = ""


@dataclass(frozen=True, slots=True)
class RoleRefusal:
    """Why something may not be done under a service role: the role itself, or else what it is allowed."""

    reason: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Resolver:
    """A resolver as it was created; code only as the fact that it is there."""

    kind: str
    data_source: str
    request_template: str = ""
    response_template: str = ""
    uses_code: bool = False
    batch_size: int = 0


@dataclass(frozen=True, slots=True)
class FunctionResult:
    """What a Lambda invocation gave: its payload, or the message of the error that it raised."""

    payload: Any = None
    error: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class TableResult:
    """What an operation of DynamoDB gave: its answer, or the name and the message of its refusal."""

    answer: Mapping[str, Any] = field(default_factory=dict)
    error: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, proven: the mode, what resolvers see of it, and what narrows it further."""

    mode: Mode
    identity: Mapping[str, Any] | None = None
    groups: frozenset[str] = frozenset()
    denied_fields: frozenset[str] = frozenset()
    credential: Credential | None = None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request as it arrived; header names are lower case, the body is the bytes sent."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str = "127.0.0.1"

    def header(self, name: str) -> str:
        """Return the first value of a header by its lower-case name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The GraphQL part of a request: document, variables, and the operation to run."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None
