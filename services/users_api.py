"""The users of the users API: one page of listUsers, asked for in the chosen authorization mode."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from services import permissions
from services.credentials import ApiKey, AwsCredentials, Credentials, Token
from services.errors import ServiceError, SettingsError
from services.graphql import GraphQLApi
from services.permissions import Operator, Permission
from services.reading import Meter, Reading
from services.secret import Secret
from services.users_answer import UsersPage, Verdict, read

PAGE_SIZES = (5, 10, 25, 50, 100)
DOCUMENT = """query ListUsers($limit: Int, $nextToken: String) {
  listUsers(limit: $limit, nextToken: $nextToken) {
    items {
      userId
      firstname
      lastname
      picture
    }
    nextToken
  }
}"""


class Mode(StrEnum):
    """As whom the users are asked for."""

    ID_TOKEN = "id"  # noqa: S105
    ACCESS_TOKEN = "access"  # noqa: S105
    GUEST = "guest"
    SIGNED_IN = "signed-in"
    API_KEY = "key"


class HasTokens(Protocol):
    """The tokens of a signed-in person."""

    @property
    def id_token(self) -> Secret:
        """The ID token."""

    @property
    def access_token(self) -> Secret:
        """The access token."""


class HandsOutCredentials(Protocol):
    """An identity pool."""

    def guest(self) -> AwsCredentials:
        """Credentials of the guest role."""

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:
        """Credentials of the signed-in role."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What a signed-in operator can call the users API with.

    Attributes:
        operator: who is signed in.
        tokens: this person's tokens.
        identity_pool: hands out AWS credentials; None where the environment has none.
        api_key: the users API's key; None where it has none.
    """

    operator: Operator
    tokens: HasTokens
    identity_pool: HandsOutCredentials | None
    api_key: Secret | None

    def credentials(self, mode: Mode) -> Credentials:
        """What a call in that mode carries.

        Without a configured key a made-up one is sent, a new one each time, so that the API's refusal
        can be seen; another API's key never is.

        Raises:
            SettingsError: the mode needs an identity pool and the environment has none.
            ServiceError: the identity pool gave no credentials.
        """
        if mode is Mode.ID_TOKEN:
            return Token(self.tokens.id_token)
        if mode is Mode.ACCESS_TOKEN:
            return Token(self.tokens.access_token)
        if mode is Mode.API_KEY:
            return ApiKey(self.api_key or made_up_key())
        if self.identity_pool is None:
            raise SettingsError(
                "There are no AWS credentials to sign the call with",
                "The environment has no identity pool",
                "Set identity_pool_id, or choose another mode",
            )
        if mode is Mode.GUEST:
            return self.identity_pool.guest()
        return self.identity_pool.signed_in(self.tokens.id_token, self.operator.sub)


def made_up_key() -> Secret:
    """A key that looks like AppSync's and belongs to no API."""
    return Secret(f"da2-{secrets.token_hex(13)}")


def variables(limit: int, token: str | None) -> Mapping[str, object]:
    """The variables of DOCUMENT for one page."""
    return {"limit": limit, "nextToken": token}


def list_users(
    api: GraphQLApi, caller: Caller, mode: Mode, limit: int, token: str | None = None
) -> tuple[UsersPage, Reading]:
    """One page of users, and how it was read. A refusal is a result, not an error.

    A page that is exactly full takes a second call, which asks whether anybody follows: DynamoDB gives a
    token after the last row too when the limit is reached there, and it leads to an empty page.

    Raises:
        NotPermitted: the operator may not read users.
        SettingsError: the mode needs what the environment does not have.
        ServiceError: no credentials, or no answer.
    """
    permissions.check(caller.operator, Permission.READ_USERS)
    credentials = caller.credentials(mode)
    meter = Meter()
    answer = api.call(DOCUMENT, credentials, variables(limit, token), "ListUsers")
    meter.count()
    page = read(answer, sent_token=token is not None)
    if page.next_token is not None and len(page.users) == limit:
        meter.count()
        if _leads_nowhere(api, credentials, page.next_token):
            page = replace(page, next_token=None)
    return page, meter.reading()


def _leads_nowhere(api: GraphQLApi, credentials: Credentials, token: str) -> bool:
    """Whether the page that a token asks for is an empty last one; not when that can't be found out."""
    try:
        answer = api.call(DOCUMENT, credentials, variables(1, token), "ListUsers")
    except ServiceError:
        return False
    return read(answer, sent_token=True).verdict is Verdict.EMPTY
