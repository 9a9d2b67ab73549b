"""A call of the lab as commands that anybody can run: every secret is a shell variable that they fill in.

The AWS CLI has no command for AppSync's data plane. So the AWS CLI's part is to get the credential, and curl's to call.
"""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from services.authorization.cells import CellId
from services.authorization.identity import Identity, Kind
from services.authorization.reports.record import CellRecord
from services.authorization.suite.saved import SavedOperation
from services.settings import Api, Environment

_TOKEN, _KEY = "$GATEHOUSE_TOKEN", "$GATEHOUSE_API_KEY"


def as_curl(operation: SavedOperation, identity: Identity, api: Api, environment: Environment) -> str:
    """The call as a curl command; an identity's own variables are in it, its credential is not."""
    if operation.rest:
        rest = operation.rest
        address = environment.rest_api_url.rstrip("/") + "/" + rest.path.lstrip("/")
        parts = [
            "curl -sS",
            f"-X {rest.method}",
            shlex.quote(address),
            *_credential(identity, "execute-api", api.region),
        ]
        return " \\\n  ".join(parts)
    body: dict[str, Any] = {"query": operation.document.strip()}
    if variables := operation.variables_of(identity.id):
        body["variables"] = variables
    if operation.name:
        body["operationName"] = operation.name
    parts = [
        "curl -sS",
        shlex.quote(api.url),
        "-H 'Content-Type: application/json'",
        *_credential(identity, "appsync", api.region),
        f"--data {shlex.quote(json.dumps(body, ensure_ascii=False))}",
    ]
    return " \\\n  ".join(parts)


def as_aws_cli(identity: Identity, environment: Environment) -> str:
    """The AWS CLI commands that get such a credential; empty for an identity that needs none."""
    client, pool = shlex.quote(environment.client_id), shlex.quote(environment.identity_pool_id)
    if identity.kind is Kind.JWT:
        token = "AccessToken" if identity.id.endswith("/access") else "IdToken"
        return (
            f"GATEHOUSE_TOKEN=$(aws cognito-idp initiate-auth --client-id {client} --auth-flow USER_PASSWORD_AUTH \\\n"
            '  --auth-parameters USERNAME="$GATEHOUSE_USER",PASSWORD="$GATEHOUSE_PASSWORD" \\\n'
            f"  --query AuthenticationResult.{token} --output text)"
        )
    if identity.kind is Kind.IAM and environment.identity_pool_id:
        provider = environment.issuer.removeprefix("https://")
        logins = "" if identity.id.startswith("guest") else f' \\\n  --logins "{provider}=$GATEHOUSE_TOKEN"'
        return (
            f"ID=$(aws cognito-identity get-id --identity-pool-id {pool}{logins} --query IdentityId --output text)\n"
            f'aws cognito-identity get-credentials-for-identity --identity-id "$ID"{logins}'
        )
    if identity.kind is Kind.API_KEY:
        return "aws appsync list-api-keys --api-id " + shlex.quote(_api_id(environment))
    return ""


def as_cell_markdown(cell: CellId, held: CellRecord, why: str) -> str:
    """One cell for a ticket: who called what, what it showed, and what was declared and agreed."""
    seen = held.seen
    layers: Mapping[str, str] = {
        "Observed": f"{seen.verdict.outcome}{f' (HTTP {seen.status})' if seen.status else ''}",
        "Declared": str(held.declared.outcome) if held.declared else "nothing",
        "Agreed": str(held.agreed.outcome) if held.agreed else "to be refused (not listed)",
        "Refused fields": ", ".join(sorted(seen.verdict.refused)) or "none",
        "Request id": seen.request_id or "none",
    }
    lines = "\n".join(f"- {name}: {_code(text)}" for name, text in layers.items())
    return f"{_code(cell.operation)} by {_code(cell.identity)}\n\n{lines}\n\n{_code(why)}\n"


def _credential(identity: Identity, service: str, region: str) -> list[str]:
    match identity.kind:
        case Kind.API_KEY:
            return [f'-H "x-api-key: {_KEY}"']
        case Kind.JWT | Kind.LAMBDA_TOKEN:
            return [f'-H "Authorization: {_TOKEN}"']
        case Kind.IAM:
            return [
                f'--aws-sigv4 "aws:amz:{region}:{service}"',
                '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
                '-H "x-amz-security-token: $AWS_SESSION_TOKEN"',
            ]
        case _:
            return []


def _api_id(environment: Environment) -> str:
    return next((api.api_id for api in environment.apis if api.api_id), "API_ID")


def _code(text: str) -> str:
    """As code, so that nothing in it is Markdown."""
    fence = "`" * (1 + max((len(run) for run in "".join(c if c == "`" else " " for c in text).split()), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"
