"""Signing in to a user pool: each step is answered by the next challenge, or by tokens.

pycognito proves the password (SRP), so that it never leaves this process; boto3 drives the challenges.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pycognito.aws_srp import AWSSRP

from services.errors import SignInError
from services.secret import Secret
from services.settings import Environment
from services.sign_in_refusals import told
from services.tokens import Tokens, ends_at

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


@dataclass(frozen=True, slots=True)
class NewPasswordRequired:
    """The password was temporary: the user has to choose another.

    Attributes:
        username: as the pool knows the user, whatever name was typed.
        session: what Cognito wants back with the answer; it lives 3 to 15 minutes.
        missing: the attributes that the pool requires and the user lacks, e.g. `email`.
    """

    username: str
    session: Secret
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeRequired:
    """The user has to type the code that their authenticator app shows now."""

    username: str
    session: Secret


Challenge = NewPasswordRequired | CodeRequired


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in to one environment's user pool.

    Every method rests on InitiateAuth or RespondToAuthChallenge, which take no AWS credential, and raises
    `SignInError` when Cognito refuses (`StillOpen` when the same challenge may be answered again),
    or `ServiceError` when it can't be reached.
    """

    client: "CognitoIdentityProviderClient"
    environment: Environment = field(repr=False)

    def start(self, username: str, password: Secret) -> Challenge | Tokens:
        """Prove the password by SRP; the user name may be an alias, such as an e-mail address."""
        secret = self.environment.client_secret
        proof = AWSSRP(
            username=username,
            password=password.reveal(),
            pool_id=self.environment.user_pool_id,
            client_id=self.environment.client_id,
            client=self.client,
            client_secret=secret.reveal() if secret else None,
        )
        asked = proof.get_auth_params()
        with told("sign in"):
            answer = self.client.initiate_auth(
                AuthFlow="USER_SRP_AUTH", ClientId=self.environment.client_id, AuthParameters=asked
            )
        if answer.get("ChallengeName") != "PASSWORD_VERIFIER":
            return self._step(username, answer)
        known_as = answer["ChallengeParameters"].get("USERNAME", username)
        return self._respond(
            "PASSWORD_VERIFIER",
            known_as,
            Secret(answer.get("Session", "")),
            proof.process_challenge(answer["ChallengeParameters"], asked),
        )

    def choose_password(
        self, challenge: NewPasswordRequired, password: Secret, attributes: Mapping[str, str] | None = None
    ) -> Challenge | Tokens:
        """Answer with the new password, and with a value for each attribute that is missing."""
        answers = {f"userAttributes.{name}": value for name, value in (attributes or {}).items()}
        answers["NEW_PASSWORD"] = password.reveal()
        return self._respond(
            "NEW_PASSWORD_REQUIRED", challenge.username, challenge.session, answers, "set the new password"
        )

    def give_code(self, challenge: CodeRequired, code: str) -> Challenge | Tokens:
        """Answer with the six digits of the authenticator app."""
        answers = {"SOFTWARE_TOKEN_MFA_CODE": code}
        return self._respond("SOFTWARE_TOKEN_MFA", challenge.username, challenge.session, answers)

    def _respond(
        self, name: str, username: str, session: Secret, answers: Mapping[str, str], doing: str = "sign in"
    ) -> Challenge | Tokens:
        sent: dict[str, Any] = {"ChallengeResponses": {"USERNAME": username, **answers}}
        if session:
            sent["Session"] = session.reveal()
        if self.environment.client_secret:
            # Cognito hashes the name it knows the user by, never the alias that was typed.
            sent["ChallengeResponses"]["SECRET_HASH"] = self._secret_hash(username)
        with told(doing):
            answer = self.client.respond_to_auth_challenge(
                ClientId=self.environment.client_id,
                ChallengeName=name,  # type: ignore[arg-type]
                **sent,
            )
        return self._step(username, answer)

    def _step(self, username: str, answer: Mapping[str, Any]) -> Challenge | Tokens:
        """What an answer of Cognito asks for, or the tokens that it holds."""
        if result := answer.get("AuthenticationResult"):
            return tokens_of(result)
        parameters = answer.get("ChallengeParameters", {})
        known_as = parameters.get("USER_ID_FOR_SRP") or username
        session = Secret(answer.get("Session", ""))
        match answer.get("ChallengeName"):
            case "NEW_PASSWORD_REQUIRED":
                return NewPasswordRequired(known_as, session, _missing(parameters))
            case "SOFTWARE_TOKEN_MFA":
                return CodeRequired(known_as, session)
            case name:
                raise SignInError(
                    "Could not sign in",
                    f"The user pool asks for {name or 'an unnamed challenge'}, which Gatehouse can't answer",
                    "Sign in with an account that has a password and, at most, an authenticator app",
                    code=name or "",
                )

    def _secret_hash(self, username: str) -> str:
        secret = self.environment.client_secret
        key = secret.reveal().encode() if secret else b""
        message = (username + self.environment.client_id).encode()
        return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def tokens_of(result: Mapping[str, Any], refresh_token: Secret | None = None) -> Tokens:
    """Cognito's AuthenticationResult as tokens.

    Args:
        result: holds the ID token and the access token, and a refresh token except after a plain renewal.
        refresh_token: the one to keep when the result brings none.

    Raises:
        TokenRefused: one of them isn't a JSON web token.
    """
    id_token, access_token = Secret(result["IdToken"]), Secret(result["AccessToken"])
    renewed = result.get("RefreshToken")
    return Tokens(
        id_token=id_token,
        access_token=access_token,
        refresh_token=Secret(renewed) if renewed else refresh_token,
        expires_at=min(ends_at(id_token), ends_at(access_token)),
    )


def _missing(parameters: Mapping[str, str]) -> tuple[str, ...]:
    names = json.loads(parameters.get("requiredAttributes") or "[]")
    return tuple(name.removeprefix("userAttributes.") for name in names)
