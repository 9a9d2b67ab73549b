"""What tests use in place of a user pool, a clock and a boto3 client."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
import jwt
from botocore.stub import Stubber
from cryptography.hazmat.primitives.asymmetric import rsa

from services.record.acts import Act
from services.secret import Secret
from services.settings import Api, Environment
from services.tokens import Tokens

Record = Callable[[], tuple[Act, ...]]
"""The acts that a test has recorded so far, oldest first: the fixture `record`."""

NOON = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)

ENVIRONMENT = Environment(
    name="test",
    region="eu-west-1",
    user_pool_id="eu-west-1_Ab12Cd34E",
    client_id="client1",
    apis=(Api("users", "Users API", "https://api.example/graphql", "eu-west-1"),),
    identity_pool_id="eu-west-1:00000000-0000-0000-0000-000000000000",
)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def move(self, **span: float) -> None:
        """Move on by a span, named as `timedelta` names it."""
        self.time += timedelta(**span)


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key pair; making one takes long enough to make each only once."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Pool:
    """A user pool that issues tokens the way Cognito does."""

    environment: Environment = ENVIRONMENT
    key_id: str = "key1"
    clock: Clock = field(default_factory=Clock)

    def document(self) -> dict[str, Any]:
        """The JWKS document with the pool's one key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key(self.key_id).public_key()))
        return {"keys": [{**public, "kid": self.key_id, "alg": "RS256", "use": "sig"}]}

    def keys(self) -> dict[str, jwt.PyJWK]:
        """The pool's key by its id."""
        return {key["kid"]: jwt.PyJWK(key) for key in self.document()["keys"]}

    def for_key(self, _: str) -> dict[str, jwt.PyJWK]:
        """The pool's key, as it is asked for by a key id."""
        return self.keys()

    def claims(self, use: str, **changed: Any) -> dict[str, Any]:
        """What a token of this pool says; `None` takes a claim away."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.environment.issuer,
            "sub": "1111",
            "token_use": use,
            "iat": now,
            "exp": now + 3600,
            "cognito:groups": ["admins"],
        }
        if use == "id":
            claims |= {"aud": self.environment.client_id, "cognito:username": "ada"}
        else:
            claims |= {"client_id": self.environment.client_id, "username": "ada"}
        return {name: value for name, value in (claims | changed).items() if value is not None}

    def token(self, use: str, **changed: Any) -> Secret:
        """A signed token."""
        headers = {"kid": self.key_id}
        return Secret(jwt.encode(self.claims(use, **changed), private_key(self.key_id), "RS256", headers))

    def tokens(self, **changed: Any) -> Tokens:
        """What a sign-in gives."""
        id_token, access_token = self.token("id", **changed), self.token("access", **changed)
        return Tokens(id_token, access_token, Secret("refresh"), self.clock() + timedelta(hours=1))

    def result(self, **changed: Any) -> dict[str, Any]:
        """A sign-in as Cognito's AuthenticationResult."""
        tokens = self.tokens(**changed)
        return {
            "IdToken": tokens.id_token.reveal(),
            "AccessToken": tokens.access_token.reveal(),
            "RefreshToken": "refresh",
            "ExpiresIn": 3600,
            "TokenType": "Bearer",
        }


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


def stubbed(service: str) -> tuple[Any, Stubber]:
    """A boto3 client, and the stub that answers for it and checks what it is asked."""
    client = _session().client(service)
    return client, Stubber(client)
