"""Cognito's calls for one app client, each with the hash that proves the client's secret where there is one."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.secret import Secret
from services.settings import Environment
from services.settings_values import SignInFlow

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def secret_hash(environment: Environment, username: str) -> str:
    """What proves that the caller knows the app client's secret; empty for a client without one.

    Args:
        environment: names the app client.
        username: the name that the same call carries.
    """
    if environment.client_secret is None:
        return ""
    key, message = environment.client_secret.reveal(), username + environment.client_id
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


def about(environment: Environment, username: str) -> dict[str, Any]:
    """The parameters by which every call about an account names it and the app client."""
    proof = secret_hash(environment, username)
    return {"ClientId": environment.client_id, "Username": username, **({"SecretHash": proof} if proof else {})}


@dataclass(frozen=True, slots=True)
class ChallengeCalls:
    """Starts a sign-in and answers challenges: by the public calls, or by those for administrators.

    Every method raises what boto3 raises.
    """

    client: "CognitoIdentityProviderClient"
    environment: Environment = field(repr=False)

    def initiate(self, flow: str, username: str, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        """Start a sign-in. InitiateAuth or AdminInitiateAuth."""
        sent = {**self._client(), "AuthParameters": self._named(username, parameters), "AuthFlow": flow}
        if self._as_administrator:
            return self.client.admin_initiate_auth(**sent)
        return self.client.initiate_auth(**sent)

    def respond(self, challenge: str, username: str, session: Secret, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """Answer a challenge. RespondToAuthChallenge or AdminRespondToAuthChallenge.

        Args:
            challenge: its name.
            username: as the pool knows the user: Cognito hashes that name, never the alias that was typed.
            session: what came with the challenge; PASSWORD_VERIFIER may come without.
            answers: by Cognito's names.
        """
        sent = {
            **self._client(),
            "ChallengeName": challenge,
            "ChallengeResponses": self._named(username, answers),
            **({"Session": session.reveal()} if session else {}),
        }
        if self._as_administrator:
            return self.client.admin_respond_to_auth_challenge(**sent)
        return self.client.respond_to_auth_challenge(**sent)

    @property
    def _as_administrator(self) -> bool:
        return self.environment.sign_in_flow is SignInFlow.ADMIN

    def _client(self) -> dict[str, Any]:
        pool = {"UserPoolId": self.environment.user_pool_id} if self._as_administrator else {}
        return {"ClientId": self.environment.client_id, **pool}

    def _named(self, username: str, values: Mapping[str, str]) -> dict[str, str]:
        proof = secret_hash(self.environment, username)
        return {**values, "USERNAME": username, **({"SECRET_HASH": proof} if proof else {})}
