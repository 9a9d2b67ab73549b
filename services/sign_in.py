"""Signing in to a user pool: each step is answered by the next challenge, or by tokens.

pycognito proves the password (SRP), so that it never leaves this process; boto3 drives the challenges.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pycognito.aws_srp import AWSSRP

from services.errors import SignInError
from services.secret import Secret
from services.settings import Environment
from services.settings_values import SignInFlow
from services.sign_in_calls import ChallengeCalls
from services.sign_in_challenges import (
    Challenge,
    CodeRequired,
    ConfirmationRequired,
    Enrolment,
    Factor,
    FactorChoice,
    NewPasswordRequired,
    Question,
    ResetRequired,
    SetUpRequired,
    challenge_of,
)
from services.sign_in_refusals import QUESTION_REFUSALS, StillOpen, code_refusals, told
from services.tokens import Tokens, ends_at

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in to one environment's user pool.

    Every method raises `SignInError` when Cognito refuses (`StillOpen` when the same challenge may be answered
    again), or `ServiceError` when it can't be reached. No call takes an AWS credential, but for the flow `admin`.
    """

    client: "CognitoIdentityProviderClient"
    environment: Environment = field(repr=False)

    def start(self, username: str, password: Secret) -> Challenge | Tokens:
        """Begin by the environment's flow. InitiateAuth, and RespondToAuthChallenge for SRP; or AdminInitiateAuth.

        Args:
            username: the user name or an alias, such as an e-mail address.
            password: theirs; not looked at in the flow `custom`.
        """
        try:
            return self._begin(username, password)
        except SignInError as error:
            match error.code:
                case "PasswordResetRequiredException":
                    return ResetRequired(username, by_administrator=True)
                case "UserNotConfirmedException":
                    return ConfirmationRequired(username)
            raise

    def choose_password(
        self, challenge: NewPasswordRequired, password: Secret, attributes: Mapping[str, str] | None = None
    ) -> Challenge | Tokens:
        """Answer with the new password, and with a value for each attribute that is missing."""
        answers = {f"userAttributes.{name}": value for name, value in (attributes or {}).items()}
        answers["NEW_PASSWORD"] = password.reveal()
        with told("set the new password"):
            return self._respond("NEW_PASSWORD_REQUIRED", challenge, answers)

    def give_code(self, challenge: CodeRequired, code: str) -> Challenge | Tokens:
        """Answer with the code that the authenticator app shows, or that was sent."""
        with told("sign in", code_refusals(challenge.factor)):
            return self._respond(challenge.factor, challenge, {f"{challenge.factor}_CODE": code})

    def choose_factor(self, challenge: FactorChoice, factor: Factor) -> Challenge | Tokens:
        """Say which second factor to use; Cognito then sends the code, where one is sent."""
        with told("sign in"):
            return self._respond("SELECT_MFA_TYPE", challenge, {"ANSWER": factor})

    def answer(self, challenge: Question, answer: str) -> Challenge | Tokens:
        """Answer the pool's own question."""
        with told("sign in", QUESTION_REFUSALS):
            follows = self._respond("CUSTOM_CHALLENGE", challenge, {"ANSWER": answer})
        return replace(follows, again=True) if isinstance(follows, Question) else follows

    def enrol(self, challenge: Enrolment, code: str) -> Challenge | Tokens:
        """Prove by a code that the authenticator app has the key. VerifySoftwareToken, then the challenge's answer."""
        with told("set up the authenticator app", code_refusals(Factor.TOTP)):
            proved = self.client.verify_software_token(Session=challenge.session.reveal(), UserCode=code)
            if proved["Status"] != "SUCCESS":
                raise StillOpen(
                    "Could not set up the authenticator app",
                    "The code is not right",
                    "Type the code that the authenticator app shows now",
                )
            done = SetUpRequired(challenge.username, Secret(proved["Session"]), (Factor.TOTP,))
            return self._respond("MFA_SETUP", done, {})

    def _begin(self, username: str, password: Secret) -> Challenge | Tokens:
        plain = {"PASSWORD": password.reveal()}
        match self.environment.sign_in_flow:
            case SignInFlow.PASSWORD:
                return self._initiate("USER_PASSWORD_AUTH", username, plain)
            case SignInFlow.ADMIN:
                return self._initiate("ADMIN_USER_PASSWORD_AUTH", username, plain)
            case SignInFlow.CUSTOM:
                return self._initiate("CUSTOM_AUTH", username, {})
            case SignInFlow.CUSTOM_SRP:
                return self._prove("CUSTOM_AUTH", username, password, {"CHALLENGE_NAME": "SRP_A"})
            case SignInFlow.SRP:
                return self._prove("USER_SRP_AUTH", username, password, {})

    def _initiate(self, flow: str, username: str, parameters: Mapping[str, str]) -> Challenge | Tokens:
        with told("sign in"):
            return self._step(username, self._calls.initiate(flow, username, parameters))

    def _prove(self, flow: str, username: str, password: Secret, more: Mapping[str, str]) -> Challenge | Tokens:
        """Prove the password by SRP."""
        pool_id, client_id = self.environment.user_pool_id, self.environment.client_id
        proof = AWSSRP(username, password.reveal(), pool_id, client_id, client=self.client)
        asked = proof.get_auth_params()
        with told("sign in"):
            answer = self._calls.initiate(flow, username, {**asked, **more})
            if answer.get("ChallengeName") != "PASSWORD_VERIFIER":
                return self._step(username, answer)
            put = answer["ChallengeParameters"]
            known_as, session = put.get("USERNAME", username), Secret(answer.get("Session") or "")
            proved = proof.process_challenge(put, asked)
            return self._step(known_as, self._calls.respond("PASSWORD_VERIFIER", known_as, session, proved))

    def _respond(
        self,
        name: str,
        challenge: NewPasswordRequired | CodeRequired | FactorChoice | SetUpRequired | Question,
        answers: Mapping[str, str],
    ) -> Challenge | Tokens:
        answer = self._calls.respond(name, challenge.username, challenge.session, answers)
        return self._step(challenge.username, answer)

    def _step(self, username: str, answer: Mapping[str, Any]) -> Challenge | Tokens:
        """What an answer of Cognito asks for, or the tokens that it holds."""
        if result := answer.get("AuthenticationResult"):
            return tokens_of(result)
        match challenge_of(username, answer):
            case SetUpRequired() as challenge:
                return self._begin_enrolment(challenge)
            case None:
                name = answer.get("ChallengeName", "")
                raise SignInError(
                    "Could not sign in",
                    f"The user pool asks for {name or 'an unnamed challenge'}, which Gatehouse can't answer",
                    "Sign in with another account, or have an administrator change how this one signs in",
                    code=name,
                )
            case challenge:
                return challenge

    def _begin_enrolment(self, challenge: SetUpRequired) -> Enrolment:
        """The key for an authenticator app. AssociateSoftwareToken, whose session replaces the challenge's."""
        if Factor.TOTP not in challenge.factors:
            raise SignInError(
                "Could not sign in",
                "The user pool requires a second factor, and this account has none that could be used",
                "Ask an administrator to add an e-mail address or a phone number to it",
            )
        given = self.client.associate_software_token(Session=challenge.session.reveal())
        return Enrolment(challenge.username, Secret(given["Session"]), Secret(given["SecretCode"]))

    @property
    def _calls(self) -> ChallengeCalls:
        return ChallengeCalls(self.client, self.environment)


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
