"""APIs as files describe them, and the callers who come to them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.authorization.cells import Declaration, Facts, Mode
from services.authorization.declared.files import declared_of
from services.authorization.declared.predict import predict_operation
from services.authorization.declared.values import Declared
from services.authorization.operations import operation_of

NOW = datetime(2030, 1, 1, tzinfo=UTC)
REGION, ACCOUNT, API = "eu-west-1", "111122223333", "abc"
ARN = f"arn:aws:appsync:{REGION}:{ACCOUNT}:apis/{API}"
POOL, CLIENT, IDENTITY_POOL = f"{REGION}_Pool", "client-1", f"{REGION}:identity-pool"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"
OIDC = "https://issuer.example"
PROVIDER = f"cognito-idp.{REGION}.amazonaws.com/{POOL}:{CLIENT}"

Record = Mapping[str, Any]

KEY: Record = {"authenticationType": "API_KEY"}
IAM: Record = {"authenticationType": "AWS_IAM"}
LAMBDA: Record = {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": {"authorizerUri": "arn:function"}}


def pool(pool_id: str = POOL, **settings: str) -> Record:
    """A user pool as a mode."""
    config = {"userPoolId": pool_id, "awsRegion": REGION, **settings}
    return {"authenticationType": "AMAZON_COGNITO_USER_POOLS", "userPoolConfig": config}


def oidc(**settings: str) -> Record:
    """An OIDC issuer as a mode."""
    return {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": OIDC, **settings}}


EVERY_MODE = (pool(), KEY, IAM, oidc(), LAMBDA)
_TRUST_KINDS = ("authenticated", "unauthenticated")


def role_arn(name: str, account: str = ACCOUNT) -> str:
    """A role's ARN."""
    return f"arn:aws:iam::{account}:role/{name}"


def trust(kind: str = "authenticated", pool_id: str = IDENTITY_POOL) -> Record:
    """What a role of an identity pool trusts."""
    conditions = {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(name: str, *statements: Record, trusts: Record | None = None, **more: Any) -> Record:
    """A role with one inline policy."""
    kind = _TRUST_KINDS[name == "guests"]
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {
        "Arn": role_arn(name),
        "AssumeRolePolicyDocument": trusts or trust(kind),
        "policies": {"Calls": document},
        **more,
    }


def allow(*fields: str, **more: Any) -> Record:
    """A statement that lets root fields (`Query.a`) be called; an ARN or a pattern is taken as it is."""
    return {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": [field_arn(each) for each in fields], **more}


def deny(*fields: str) -> Record:
    """A statement that forbids root fields."""
    return {"Effect": "Deny", "Action": "appsync:GraphQL", "Resource": [field_arn(each) for each in fields]}


def field_arn(field: str) -> str:
    """The ARN of a root field."""
    parent, _, name = field.partition(".")
    return f"{ARN}/types/{parent}/fields/{name}" if name and ":" not in field else field


def api(sdl: str, *modes: Record, at: datetime = NOW, **more: Any) -> Declared:
    """An API with these modes, the default one first; `graphqlApi` settings and other parts of the file by name."""
    default, *additional = modes or (pool(),)
    settings = more.pop("settings", {})
    record = {
        "region": REGION,
        "graphqlApi": {
            "apiId": API,
            "arn": ARN,
            "name": "sample",
            **default,
            "additionalAuthenticationProviders": additional,
            **settings,
        },
        "apiKeys": [{"description": "a key", "expires": int(NOW.timestamp()) + 90 * 86400}],
        **more,
    }
    return declared_of(sdl, record, at=at)


def identity_pool(kind: str = "Token", **mapping: Any) -> Record:
    """An identity pool with a role for guests, one for people, and a mapping; no mapping for an empty kind."""
    own = {"Type": kind, "AmbiguousRoleResolution": "AuthenticatedRole", **mapping}
    return {
        "IdentityPoolId": IDENTITY_POOL,
        "Roles": {"authenticated": role_arn("people"), "unauthenticated": role_arn("guests")},
        "RoleMappings": {PROVIDER: own} if kind else {},
    }


def person(*groups: str, **more: Any) -> Facts:
    """Somebody with an ID token of the pool."""
    told: dict[str, Any] = {"issuer": ISSUER, "client_id": CLIENT, "token_use": "id", **more}
    return Facts(Mode.USER_POOL, groups=frozenset(groups), **told)


def by_iam(*groups: str) -> Facts:
    """The same person with credentials of the identity pool."""
    return Facts(Mode.IAM, groups=frozenset(groups), issuer=ISSUER, client_id=CLIENT)


GUEST = Facts(Mode.IAM, guest=True)
WITH_KEY = Facts(Mode.API_KEY)
NOBODY = Facts(None)
BY_OIDC = Facts(Mode.OIDC, issuer=OIDC, client_id="other")
BY_LAMBDA = Facts(Mode.LAMBDA)


def declare(
    declared: Declared, document: str, facts: Facts, variables: str = "", name: str | None = None
) -> Declaration:
    """What an operation has to show."""
    return predict_operation(declared, operation_of(document, variables, name), facts)


def shown(declared: Declared, document: str, facts: Facts, variables: str = "") -> tuple[str, set[str]] | str:
    """The outcome and the refused fields; the first reason where nothing is predicted."""
    declaration = declare(declared, document, facts, variables)
    if declaration.verdict is None:
        return declaration.reasons[0].words
    return declaration.verdict.outcome.value, set(declaration.verdict.refused)
