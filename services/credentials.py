"""What a call to an AppSync API can carry to say who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from requests import PreparedRequest
from requests_aws4auth import AWS4Auth

from services.secret import Secret

Signer = Callable[[PreparedRequest], PreparedRequest]
APPSYNC = "appsync"


def _unsigned(request: PreparedRequest) -> PreparedRequest:
    """Adds nothing. Without a signer of its own, `requests` would send what ~/.netrc holds for the host."""
    return request


@dataclass(frozen=True, slots=True)
class NoCredentials:
    """A call by no one."""

    def headers(self) -> Mapping[str, str]:
        """No header at all."""
        return {}

    def signer(self, region: str, service: str = APPSYNC) -> Signer:  # noqa: ARG002 (all four answer the same)
        """Signs nothing."""
        return _unsigned


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A call by an API key: mode API_KEY."""

    key: Secret

    def headers(self) -> Mapping[str, str]:
        """The key in `x-api-key`."""
        return {"x-api-key": self.key.reveal()}

    def signer(self, region: str, service: str = APPSYNC) -> Signer:  # noqa: ARG002
        """Signs nothing."""
        return _unsigned


@dataclass(frozen=True, slots=True)
class Token:
    """A call by a JWT of a user pool or an OIDC issuer, or by a Lambda authorizer's token.

    The token is sent as it is: `Bearer` before it works in some years of AppSync and fails in others.
    """

    token: Secret

    def headers(self) -> Mapping[str, str]:
        """The raw token in `Authorization`."""
        return {"Authorization": self.token.reveal()}

    def signer(self, region: str, service: str = APPSYNC) -> Signer:  # noqa: ARG002
        """Signs nothing."""
        return _unsigned


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """A call signed with SigV4: mode AWS_IAM. Temporary credentials carry a session token."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None = None

    def headers(self) -> Mapping[str, str]:
        """Nothing by itself: the signature comes from `signer`."""
        return {}

    def signer(self, region: str, service: str = APPSYNC) -> Signer:
        """A SigV4 signer for that Region and service, `execute-api` for a REST API.

        One per call, since it isn't shared between threads.
        """
        signer: Signer = AWS4Auth(
            self.access_key_id,
            self.secret_access_key.reveal(),
            region,
            service,
            session_token=self.session_token.reveal() if self.session_token else None,
        )
        return signer


Credentials = NoCredentials | ApiKey | Token | AwsCredentials
