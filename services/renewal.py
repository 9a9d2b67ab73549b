"""Keeping a sign-in alive, and ending it: new tokens for a refresh token, and its revocation."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.errors import SignInError
from services.settings import Environment
from services.sign_in import tokens_of
from services.sign_in_refusals import Refusal, told
from services.tokens import Tokens

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


_REFUSALS = (
    Refusal("UserNotFoundException", "", "The account does not exist any more", "Ask an administrator"),
    Refusal(
        "NotAuthorizedException",
        "scope",
        "The access token does not carry the scope aws.cognito.signin.user.admin, which this takes",
        "Ask an administrator to sign the account out, or to allow the scope on the app client",
    ),
    Refusal("NotAuthorizedException", "access token", "The sign-in was revoked or has run out", "Sign in again"),
)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Renews and revokes tokens of one environment; no operation takes an AWS credential."""

    client: "CognitoIdentityProviderClient"
    environment: Environment = field(repr=False)

    def renew(self, tokens: Tokens) -> Tokens:
        """New tokens (GetTokensFromRefreshToken, which serves pools with and without rotation).

        Raises:
            SignInError: Cognito refuses: revoked, expired, user disabled or deleted.
            ServiceError: Cognito can't be reached.
        """
        if tokens.refresh_token is None:
            raise SignInError("Could not renew the sign-in", "It came without a refresh token", "Sign in again")
        with told("renew the sign-in", _REFUSALS):
            answer = self.client.get_tokens_from_refresh_token(
                RefreshToken=tokens.refresh_token.reveal(), **self._client()
            )
        return tokens_of(answer["AuthenticationResult"], tokens.refresh_token)

    def revoke(self, tokens: Tokens) -> None:
        """Make the refresh token, and the access tokens that came from it, worthless to Cognito (RevokeToken).

        Raises:
            ServiceError: Cognito can't be reached, or the app client has revocation switched off.
        """
        if tokens.refresh_token:
            with told("revoke the sign-in"):
                self.client.revoke_token(Token=tokens.refresh_token.reveal(), **self._client())

    def revoke_all(self, tokens: Tokens) -> None:
        """Make every token of their holder worthless to Cognito, wherever it was given out (GlobalSignOut).

        Raises:
            SignInError: Cognito doesn't take the access token: it is revoked already, or lacks the scope.
            ServiceError: Cognito can't be reached.
        """
        with told("sign out everywhere", _REFUSALS):
            self.client.global_sign_out(AccessToken=tokens.access_token.reveal())

    def _client(self) -> dict[str, Any]:
        secret = self.environment.client_secret
        return {"ClientId": self.environment.client_id, **({"ClientSecret": secret.reveal()} if secret else {})}
