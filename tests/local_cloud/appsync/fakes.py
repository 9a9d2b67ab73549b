"""A cloud that a test fills by hand, and clients of the data plane before it."""

# ruff: noqa: ARG002 - a fake takes what the real one needs

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from local_cloud.appsync.cloud import PolicyDecision
from local_cloud.appsync.data_plane import DataPlane
from local_cloud.appsync.model import (
    JWT_MODES,
    Api,
    Authorizer,
    Credential,
    DataSource,
    FunctionResult,
    HttpRequest,
    Mode,
    OidcIssuer,
    Resolver,
    RoleRefusal,
    UserPool,
)

ACCOUNT = "111122223333"
REGION = "us-east-1"
NOW = 1_800_000_000.0
POOL = UserPool(f"https://cognito-idp.{REGION}.amazonaws.com/us-east-1_POOL", "us-east-1_POOL")
OIDC = OidcIssuer("https://issuer.example")
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:resolver"
AUTHORIZER = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:authorizer"

Function = Callable[[Any], Any]


def make_api(*modes: Mode, **changes: Any) -> Api:
    """Return an API whose first mode is its default."""
    issuers = tuple(POOL if mode is Mode.USER_POOLS else OIDC for mode in modes if mode in JWT_MODES)
    api = Api(
        api_id="api1",
        arn=f"arn:aws:appsync:{REGION}:{ACCOUNT}:apis/api1",
        account=ACCOUNT,
        region=REGION,
        default_mode=modes[0],
        modes=frozenset(modes),
        providers=len(modes),
        issuers=issuers,
        authorizer=Authorizer(AUTHORIZER) if Mode.LAMBDA in modes else None,
    )
    return replace(api, **changes)


@dataclass
class FakeCloud:
    """One API and what belongs to it; functions are plain Python functions of their event."""

    the_api: Api
    sdl: str | None = "type Query { open: String }"
    keys: dict[str, int] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    resolvers: dict[tuple[str, str], Resolver] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    jwks: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    events: list[Any] = field(default_factory=list)

    def api(self, api_id: str) -> Api | None:
        return self.the_api if api_id == self.the_api.api_id else None

    def api_keys(self, api: Api) -> Mapping[str, int]:
        return self.keys

    def schema(self, api: Api) -> str | None:
        return self.sdl

    def resolver(self, api: Api, type_name: str, field_name: str) -> Resolver | None:
        return self.resolvers.get((type_name, field_name))

    def data_source(self, api: Api, name: str) -> DataSource | None:
        return DataSource(name, "AWS_LAMBDA", name)

    def credential(self, access_key_id: str) -> Credential | None:
        return self.credentials.get(access_key_id)

    def policy(self, credential: Credential, region: str, source_ip: str) -> PolicyDecision:
        return self.allowed.__contains__

    def pool_keys(self, issuer: str) -> tuple[Mapping[str, Any], ...] | None:
        keys = self.jwks.get(issuer)
        return None if keys is None else tuple(keys)

    def may_invoke(self, function_arn: str, source_arn: str) -> bool:
        return function_arn in self.functions and function_arn not in self.closed

    def role_refusal(self, api: Api, role_arn: str, action: str, resource_arn: str) -> RoleRefusal | None:
        return None

    async def invoke(self, function_arn: str, payload: Any) -> FunctionResult | None:
        function = self.functions.get(function_arn)
        if function is None:
            return None
        event = json.loads(json.dumps(payload))
        self.events.append(event)
        try:
            result = function(event)
            if asyncio.iscoroutine(result):
                result = await result
        except Exception as error:  # noqa: BLE001 - what a function raises becomes its result
            return FunctionResult(error=str(error))
        return FunctionResult(payload=result, size=len(json.dumps(result)))

    def resolve(self, type_name: str, field_name: str, function: Function) -> None:
        """Attach a direct Lambda resolver to a field."""
        arn = f"{FUNCTION}-{type_name}-{field_name}"
        self.functions[arn] = function
        self.resolvers[type_name, field_name] = Resolver("UNIT", arn)


@dataclass(frozen=True)
class Reply:
    """An answer of the data plane, read."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.text)
        return read

    @property
    def data(self) -> Any:
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body.get("errors", [])
        return found

    @property
    def refusal(self) -> tuple[int, str, str | None]:
        """Status, error type and text of an answer that is one refusal."""
        (error,) = self.body["errors"]
        return self.status, error["errorType"], error.get("message")


def request(body: Any, headers: Mapping[str, str] | None = None) -> HttpRequest:
    """Return a POST with a JSON body, or with the bytes given."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpRequest("POST", "/v1/apis/api1/graphql", "", tuple((headers or {}).items()), data)


class Client:
    """Asks one data plane, whose clock stands still at `now`."""

    def __init__(self, cloud: FakeCloud, now: float = NOW) -> None:
        self.cloud = cloud
        self.now = now
        self._plane = DataPlane(cloud, clock=lambda: self.now)

    def send(self, http: HttpRequest) -> Reply:
        answer = asyncio.run(self._plane.answer("api1", http))
        return Reply(answer.status, answer.headers, answer.body.decode())

    def ask(self, query: str, *, variables: Any = None, operation: str | None = None, **headers: str) -> Reply:
        """Send a query; `x_api_key="…"` becomes the header `x-api-key`."""
        body = {"query": query, "variables": variables, "operationName": operation}
        return self.send(request(body, {name.replace("_", "-"): value for name, value in headers.items()}))


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Return the RSA key of a name, the same one all through a test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(name: str) -> dict[str, Any]:
    """Return the JWK under which a key is published."""
    key: dict[str, Any] = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {**key, "kid": name, "alg": "RS256", "use": "sig"}


def token(issuer: str = POOL.issuer, key: str = "pool", kid: str | None = None, **claims: Any) -> str:
    """Return a signed JWT that is good for an hour from NOW, unless its claims say otherwise."""
    body = {"iss": issuer, "sub": "sub-1", "iat": NOW - 10, "exp": NOW + 3600, "token_use": "id"} | claims
    present = {name: value for name, value in body.items() if value is not None}
    return jwt.encode(present, private_key(key), algorithm="RS256", headers={"kid": kid or key})


def seconds(work: Callable[[], Any]) -> float:
    """Return how long some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
