"""A call of the lab as commands that anybody can run: every secret is a shell variable that they fill in.

The AWS CLI has no command for AppSync's data plane. So the AWS CLI's part is to get the credential, and curl's to call.
"""

import json
import shlex
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from services.authorization.callers.ids import ACCESS, GUEST, LAMBDA, OIDC
from services.authorization.cells import CellId
from services.authorization.identity import Identity, Kind
from services.authorization.reports.record import CellRecord
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import SavedOperation
from services.errors import Invalid
from services.settings import Api, Environment

_TOKEN, _KEY = "$GATEHOUSE_TOKEN", "$GATEHOUSE_API_KEY"


def as_curl(operation: SavedOperation, identity: Identity, api: Api, environment: Environment) -> str:
    """The call as a curl command; an identity's own variables are in it, its credential is not.

    What an earlier operation of the chain gave isn't in it either: a place for it in a REST request stays `{name}`.
    """
    if operation.rest:
        return _rest_curl(operation, operation.rest, identity, api.region, environment)
    body: dict[str, Any] = {"query": operation.document.strip()}
    if variables := operation.variables_of(identity.id):
        body["variables"] = variables
    if operation.name:
        body["operationName"] = operation.name
    return _command(
        "curl -sS",
        shlex.quote(api.url),
        "-H 'Content-Type: application/json'",
        *_credential(identity, "appsync", api.region),
        _data(body),
    )


def _rest_curl(
    operation: SavedOperation, rest: RestRequest, identity: Identity, region: str, environment: Environment
) -> str:
    with suppress(Invalid):  # where a value is one that an earlier operation gives
        rest = operation.request_for(identity.id)
    query = [(name, each) for name, value in rest.query.items() for each in (value if _is_list(value) else [value])]
    address = f"{environment.rest_api_url.rstrip('/')}/{rest.path.lstrip('/')}"
    parts = [
        # `{name}` and `[1-3]` mean something to curl itself.
        "curl -sS -g",
        f"-X {rest.method}",
        shlex.quote(f"{address}?{urlencode(query)}" if query else address),
        *_credential(identity, "execute-api", region),
    ]
    if rest.body is not None:
        parts += ["-H 'Content-Type: application/json'", _data(rest.body)]
    return _command(*parts)


def as_aws_cli(identity: Identity, api: Api, environment: Environment) -> str:
    """The AWS CLI commands that get such a credential into the variables that the curl command reads.

    Empty for an identity that needs none, and for one whose credential no command can make: it was spoilt on purpose,
    or comes from somebody else than the user pool.
    """
    if identity.broken or identity.id.startswith((OIDC, LAMBDA)):
        return ""
    if identity.kind is Kind.JWT:
        return _sign_in("AccessToken" if identity.id.endswith(ACCESS) else "IdToken", environment)
    if identity.kind is Kind.IAM and environment.identity_pool_id:
        if identity.id == GUEST:
            return _identity_pool(environment)
        return "\n".join((_sign_in("IdToken", environment), _identity_pool(environment, logins=True)))
    if identity.kind is Kind.API_KEY and api.api_id:
        keys = _aws("appsync", "list-api-keys", environment, "--api-id", api.api_id, query="apiKeys[0].id")
        return f"GATEHOUSE_API_KEY=$({keys})"
    return ""


def _sign_in(token: str, environment: Environment) -> str:
    asked = _aws(
        "cognito-idp", "initiate-auth", environment, "--client-id", environment.client_id,
        "--auth-flow", "USER_PASSWORD_AUTH", query=f"AuthenticationResult.{token}",
    )  # fmt: skip
    parameters = '--auth-parameters USERNAME="$GATEHOUSE_USER",PASSWORD="$GATEHOUSE_PASSWORD"'
    return f"GATEHOUSE_TOKEN=$({asked} \\\n  {parameters})"


def _identity_pool(environment: Environment, *, logins: bool = False) -> str:
    """The commands that take the credentials of the guest role, or of whoever the token is about."""
    who = f' --logins "{environment.issuer.removeprefix("https://")}=$GATEHOUSE_TOKEN"' if logins else ""
    pool = _aws(
        "cognito-identity", "get-id", environment, "--identity-pool-id", environment.identity_pool_id,
        query="IdentityId",
    )  # fmt: skip
    keys = _aws(
        "cognito-identity", "get-credentials-for-identity", environment,
        query="Credentials.[AccessKeyId,SecretKey,SessionToken]",
    )  # fmt: skip
    names = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
    return f'ID=$({pool}{who})\nread -r {names} <<< "$({keys} \\\n  --identity-id "$ID"{who})"\nexport {names}'


def _aws(service: str, command: str, environment: Environment, *options: str, query: str) -> str:
    words = ["aws", service, command, "--region", environment.region]
    if environment.endpoint_url:
        words += ["--endpoint-url", environment.endpoint_url]
    return shlex.join([*words, *options, "--query", query, "--output", "text"])


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


def _data(body: Any) -> str:
    """As `--data-raw`: curl reads the file that a text after `@` names for `--data`."""
    return f"--data-raw {shlex.quote(json.dumps(body, ensure_ascii=False))}"


def _command(*parts: str) -> str:
    return " \\\n  ".join(parts)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _code(text: str) -> str:
    """As code, so that nothing in it is Markdown."""
    fence = "`" * (1 + max((len(run) for run in "".join(c if c == "`" else " " for c in text).split()), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"
