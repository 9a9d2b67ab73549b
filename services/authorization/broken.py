"""Credentials that are spoilt on purpose, to see that the API notices: each is made from the operator's own."""

import base64
import json
from dataclasses import dataclass

from requests import PreparedRequest

from services.authorization.identities import HandsOutCredentials, Person, made_up_key
from services.authorization.identity import Identity, Kind
from services.credentials import APPSYNC, ApiKey, AwsCredentials, Signer, Token
from services.secret import Secret


def broken_identities(me: Person, pool: HandsOutCredentials | None) -> tuple[Identity, ...]:
    """Identities that every API has to turn away, whatever its modes."""
    token = me.tokens.id_token
    found = [
        Identity(
            "broken-key",
            "Made-up API key",
            Kind.API_KEY,
            lambda: ApiKey(made_up_key()),
            broken=True,
            note="no API has this key",
        ),
        Identity(
            "broken-token",
            "Me · tampered token",
            Kind.JWT,
            lambda: Token(tampered(token)),
            broken=True,
            note="a claim of the token was changed after it was signed",
        ),
    ]
    if pool:
        found += [
            Identity(
                "broken-secret",
                "Me · wrong secret",
                Kind.IAM,
                lambda: wrong_secret(pool.signed_in(token, me.operator.sub)),
                broken=True,
                note="the request was signed with a wrong secret key",
            ),
            Identity(
                "broken-body",
                "Me · changed body",
                Kind.IAM,
                lambda: ChangedAfterSigning.of(pool.signed_in(token, me.operator.sub)),
                broken=True,
                note="the body was changed after the request was signed",
            ),
        ]
    return tuple(found)


def tampered(token: Secret) -> Secret:
    """The JWT with the group `admins` and one more in its claims, under its old signature."""
    header, payload, signature = token.reveal().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["cognito:groups"] = [*claims.get("cognito:groups", []), "admins", "tampered"]
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return Secret(f"{header}.{forged}.{signature}")


def wrong_secret(credentials: AwsCredentials) -> AwsCredentials:
    """The same access key and session token with another secret key."""
    return AwsCredentials(
        credentials.access_key_id,
        Secret(credentials.secret_access_key.reveal()[::-1] + "x"),
        credentials.session_token,
    )


@dataclass(frozen=True, slots=True)
class ChangedAfterSigning(AwsCredentials):
    """Good credentials whose signature is for a body that lacks the blank at the end of the one that is sent."""

    @classmethod
    def of(cls, credentials: AwsCredentials) -> "ChangedAfterSigning":
        """Credentials like these, but for what `signer` does after signing."""
        return cls(credentials.access_key_id, credentials.secret_access_key, credentials.session_token)

    def signer(self, region: str, service: str = APPSYNC) -> Signer:
        """Signs, then adds a blank to the body, which is the same JSON to every reader."""
        sign = AwsCredentials.signer(self, region, service)

        def spoil(request: PreparedRequest) -> PreparedRequest:
            signed = sign(request)
            body = signed.body if isinstance(signed.body, bytes) else str(signed.body or "").encode()
            # Not by `prepare_body`, which would sign anew.
            signed.body = body + b" "
            signed.headers["Content-Length"] = str(len(signed.body))
            return signed

        return spoil
