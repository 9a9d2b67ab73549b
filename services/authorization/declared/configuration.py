"""An API's authorization settings as AppSync keeps them: modes, issuers, keys, introspection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.authorization.cells import Mode
from services.errors import Invalid

ALLOW, DENY = "ALLOW", "DENY"


@dataclass(frozen=True, slots=True)
class Provider:
    """One authorization mode of an API, with its settings.

    Attributes:
        mode: which.
        issuer: the `iss` of the tokens that it takes; empty for modes without tokens of an issuer.
        pool_id: the user pool; empty for other modes.
        client_pattern: the pattern that a token's app client must match (`appIdClientRegex`, OIDC's `clientId`).
        default_action: what a user pool as the default mode does with fields without a directive: ALLOW or DENY.
        token_pattern: what a token must match before the Lambda authorizer is asked.
    """

    mode: Mode
    issuer: str = ""
    pool_id: str = ""
    client_pattern: str = ""
    default_action: str = ALLOW
    token_pattern: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """An API key, without its id, which is the key itself.

    Attributes:
        description: what it is for; may be empty.
        expires: when it stops to work, UTC.
    """

    description: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class ApiConfiguration:
    """The settings of one API.

    Attributes:
        api_id: its id.
        arn: its ARN, which its fields' ARNs start with.
        name: what AppSync calls it.
        providers: its modes, the default one first.
        introspection: whether the schema can be asked for.
        depth_limit: how deep a query may go; 0 for no limit.
    """

    api_id: str
    arn: str
    name: str
    providers: tuple[Provider, ...]
    introspection: bool = True
    depth_limit: int = 0

    @classmethod
    def of(cls, record: Mapping[str, Any], region: str) -> "ApiConfiguration":
        """The settings that AppSync's GetGraphqlApi tells.

        Args:
            record: `graphqlApi` of the answer.
            region: where the API is; a user pool without a Region of its own is there as well.

        Raises:
            Invalid: a mode is missing or unknown.
        """
        providers = (record, *(record.get("additionalAuthenticationProviders") or ()))
        try:
            return cls(
                api_id=str(record["apiId"]),
                arn=str(record["arn"]),
                name=str(record.get("name", "")),
                providers=tuple(_provider(each, region) for each in providers),
                introspection=record.get("introspectionConfig") != "DISABLED",
                depth_limit=int(record.get("queryDepthLimit") or 0),
            )
        except KeyError as missing:
            raise Invalid("The API's configuration can't be read", f"It has no {missing.args[0]}") from None
        except ValueError as error:
            raise Invalid("The API's configuration can't be read", str(error)) from None

    @property
    def default(self) -> Provider:
        """The default mode, for every field without a directive."""
        return self.providers[0]

    @property
    def modes(self) -> frozenset[Mode]:
        """The modes that it has."""
        return frozenset(provider.mode for provider in self.providers)

    @property
    def only_pool(self) -> bool:
        """Whether one user pool is its only way in: the one case in which `@aws_auth` counts."""
        return len(self.providers) == 1 and self.default.mode is Mode.USER_POOL

    @property
    def denies_by_default(self) -> bool:
        """Whether fields without a directive are refused to everybody."""
        return self.default.mode is Mode.USER_POOL and self.default.default_action == DENY

    def of_mode(self, mode: Mode) -> tuple[Provider, ...]:
        """The providers of a mode."""
        return tuple(provider for provider in self.providers if provider.mode is mode)

    def field_arn(self, parent: str, field: str) -> str:
        """The ARN by which policies name a root field."""
        return f"{self.arn}/types/{parent}/fields/{field}"


def _provider(record: Mapping[str, Any], region: str) -> Provider:
    mode = Mode(record["authenticationType"])
    if mode is Mode.USER_POOL:
        pool = record["userPoolConfig"]
        pool_id = str(pool["userPoolId"])
        return Provider(
            mode,
            issuer=f"https://cognito-idp.{pool.get('awsRegion') or region}.amazonaws.com/{pool_id}",
            pool_id=pool_id,
            client_pattern=pool.get("appIdClientRegex") or "",
            default_action=pool.get("defaultAction") or ALLOW,
        )
    if mode is Mode.OIDC:
        oidc = record["openIDConnectConfig"]
        return Provider(mode, issuer=str(oidc["issuer"]), client_pattern=oidc.get("clientId") or "")
    if mode is Mode.LAMBDA:
        return Provider(mode, token_pattern=record["lambdaAuthorizerConfig"].get("identityValidationExpression") or "")
    return Provider(mode)
