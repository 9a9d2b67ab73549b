"""Temporary AWS credentials of an identity pool, for guests and for people who signed in."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.aws_errors import Meaning, spoken
from services.credentials import AwsCredentials
from services.errors import Refused
from services.secret import Secret
from services.settings import Environment

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient

SPARE = timedelta(minutes=5)  # credentials that end sooner than this are not handed out

_MEANINGS = {
    "NotAuthorizedException": Meaning(
        Refused,
        "The identity pool does not give credentials to this identity",
        "Check that the pool allows guests, that it trusts this user pool's app client, and sign in again",
    ),
    "InvalidIdentityPoolConfigurationException": Meaning(
        Refused,
        "The identity pool has no role that this identity may take",
        "Check the pool's roles and what they trust",
    ),
}


@dataclass(frozen=True, slots=True)
class Temporary:
    """Credentials and the moment, in UTC, after which AWS refuses them."""

    credentials: AwsCredentials
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    token: Secret | None
    identity_id: str
    given: Temporary


class IdentityPool:
    """The identity pool of one environment; safe for threads. Its calls (enhanced flow) are unsigned.

    Args:
        client: a boto3 client for Cognito identity pools.
        environment: names the identity pool and the user pool it trusts.
        now: the clock.
    """

    def __init__(self, client: "CognitoIdentityClient", environment: Environment, now: Callable[[], datetime]) -> None:
        self._client = client
        self._pool_id = environment.identity_pool_id
        self._provider = environment.issuer.removeprefix("https://")
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def guest(self) -> AwsCredentials:
        """Credentials of the guest role; raises `Refused` where the pool allows no guests."""
        return self._kept_or_fresh("", None).credentials

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:
        """Credentials of the role that the pool gives to the holder of an ID token.

        Args:
            id_token: a valid ID token of the user pool (identity pools take no access tokens).
            who: the `sub` of its holder, under which the credentials are kept until shortly before they end.

        Raises:
            Refused: the pool doesn't take the token.
        """
        return self.temporary(id_token, who).credentials

    def temporary(self, id_token: Secret, who: str) -> Temporary:
        """The same as `signed_in`, with the time at which they end."""
        return self._kept_or_fresh(who, id_token)

    def forget(self, who: str) -> None:
        """Drop what is kept for the person of that `sub`."""
        with self._lock:
            self._kept = {key: each for key, each in self._kept.items() if key != who}

    def _kept_or_fresh(self, who: str, token: Secret | None) -> Temporary:
        kept = self._kept.get(who)
        if kept and kept.token == token and self._now() < kept.given.ends_at - SPARE:
            return kept.given
        fresh = self._fetch(token, kept.identity_id if kept else "")
        with self._lock:
            usable = {key: each for key, each in self._kept.items() if self._now() < each.given.ends_at}
            self._kept = {**usable, who: fresh}
        return fresh.given

    def _fetch(self, token: Secret | None, identity_id: str) -> _Kept:
        """GetId (once: every call for a guest makes another identity), then GetCredentialsForIdentity."""
        logins = {self._provider: token.reveal()} if token else {}
        doing = "get AWS credentials for the signed-in person" if token else "get AWS credentials for a guest"
        with spoken(doing, _MEANINGS):
            if not identity_id:
                answer = self._client.get_id(IdentityPoolId=self._pool_id, Logins=logins)
                identity_id = answer["IdentityId"]
            answered = self._client.get_credentials_for_identity(IdentityId=identity_id, Logins=logins)
        given = answered["Credentials"]
        credentials = AwsCredentials(given["AccessKeyId"], Secret(given["SecretKey"]), Secret(given["SessionToken"]))
        return _Kept(token, identity_id, Temporary(credentials, given["Expiration"]))
