"""MiniStack's inside, for the AppSync data plane: the one module of it that knows those names.

Whatever it takes hold of is looked up when this module is imported, so that a release without
one of the names stops the start instead of a request.
"""

# ruff: noqa: SLF001 - private names are what this module is for

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import request_scope
from ministack.services import appsync, cognito, lambda_svc, sts
from ministack.services import dynamodb as dynamodb_service

from local_cloud import service_roles, table_scan
from local_cloud.appsync.cloud import PolicyDecision
from local_cloud.appsync.model import Api, Credential, DataSource, FunctionResult, Resolver, TableResult
from local_cloud.appsync.records import api_from_record
from local_cloud.background import in_thread
from local_cloud.held import require

require(appsync, "_apis", "_api_keys", "_schemas", "_resolvers", "_data_sources")
require(iam_evaluator, "EvalContext", "evaluate", "parse_policy_document", "resolve_credential", "resolve_principal")
require(cognito, "_user_pools", "well_known_jwks")
require(lambda_svc, "_execute_function_with_config_scope", "_execution_record_for_config", "_get_func_record_for_ref")
require(sts, "_sessions")
require(dynamodb_service, "_delete_item", "_get_item", "_put_item", "_query", "_scan", "_update_item")

_TABLE_OPERATIONS = {
    "DeleteItem": dynamodb_service._delete_item,
    "GetItem": dynamodb_service._get_item,
    "PutItem": dynamodb_service._put_item,
    "Query": dynamodb_service._query,
    "Scan": dynamodb_service._scan,
    "UpdateItem": dynamodb_service._update_item,
}
_ISSUER = re.compile(r"https://cognito-idp\.([a-z0-9-]+)\.amazonaws\.com/([\w-]+)")
_ACTION = "appsync:GraphQL"
_PRINCIPAL = service_roles.SERVICE

# Every execution at a time is a process of its own: a query of many fields would start dozens on a laptop.
_EXECUTIONS_AT_ONCE = 3
_executions: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_EXECUTIONS_AT_ONCE))


def api(api_id: str) -> Api | None:
    """Return the API as it is configured at this moment, or None."""
    for (account, region, stored_id), record in appsync._apis.all_items():
        if stored_id == api_id:
            return api_from_record(record, account, region)
    return None


def api_keys(api: Api) -> Mapping[str, int]:
    """Return the API's keys with their expiry in epoch seconds."""
    keys = appsync._api_keys.get_scoped(api.account, api.region, api.api_id) or {}
    return {str(key["id"]): int(float(key["expires"])) for key in keys.values()}


def schema(api: Api) -> str | None:
    """Return the API's SDL, or None when none was created."""
    stored = appsync._schemas.get_scoped(api.account, api.region, api.api_id)
    return str(stored["definition"]) if stored else None


def resolver(api: Api, type_name: str, field_name: str) -> Resolver | None:
    """Return the resolver attached to a field, or None."""
    types = appsync._resolvers.get_scoped(api.account, api.region, api.api_id) or {}
    record = types.get(type_name, {}).get(field_name)
    return None if record is None else resolver_from_record(record)


def resolver_from_record(record: Mapping[str, Any]) -> Resolver:
    """Return the resolver that a record of CreateResolver's shape describes."""
    return Resolver(
        kind=record.get("kind") or "UNIT",
        data_source=record.get("dataSourceName") or "",
        request_template=record.get("requestMappingTemplate") or "",
        response_template=record.get("responseMappingTemplate") or "",
        uses_code=bool(record.get("code") or record.get("runtime")),
        batch_size=int(record.get("maxBatchSize") or 0),
    )


def data_source(api: Api, name: str) -> DataSource | None:
    """Return a data source by name, or None."""
    sources = appsync._data_sources.get_scoped(api.account, api.region, api.api_id) or {}
    record = sources.get(name)
    if record is None:
        return None
    function_arn = (record.get("lambdaConfig") or {}).get("lambdaFunctionArn", "")
    table = record.get("dynamodbConfig") or {}
    return DataSource(
        name,
        record["type"],
        function_arn,
        table.get("tableName", ""),
        table.get("awsRegion") or api.region,
        record.get("serviceRoleArn") or "",
    )


def credential(access_key_id: str) -> Credential | None:
    """Return what stands behind an access key, expired sessions included, or None."""
    session = sts._sessions.get(access_key_id) or {}
    account = session.get("AccountId")
    found = iam_evaluator.resolve_credential(access_key_id, account)
    if isinstance(found, iam_evaluator.CredentialResolutionError):
        return _expired(access_key_id, session) if found.code == "ExpiredTokenException" else None
    return Credential(
        access_key_id=access_key_id,
        secret_access_key=found.secret_access_key,
        session_token=found.session_token,
        account=found.account_id,
        principal_arn=found.principal_arn,
        principal_id=found.principal_id,
        principal_name=found.principal_name,
        expires_at=found.expiration,
        cognito=_cognito_identity(session),
    )


def _expired(access_key_id: str, session: Mapping[str, Any]) -> Credential:
    return Credential(
        access_key_id=access_key_id,
        secret_access_key=str(session.get("SecretAccessKey")),
        session_token=session.get("SessionToken"),
        account=str(session.get("AccountId")),
        principal_arn=str(session.get("Arn")),
        principal_id=str(session.get("UserId")),
        principal_name="",
        expires_at=float(session["Expiration"]),
    )


def _cognito_identity(session: Mapping[str, Any]) -> dict[str, str | None]:
    if "_identity_id" not in session:
        return {}
    return {
        "cognitoIdentityPoolId": session.get("_identity_pool_id"),
        "cognitoIdentityId": session.get("_identity_id"),
        "cognitoIdentityAuthType": session.get("_cognito_auth_type"),
        "cognitoIdentityAuthProvider": session.get("_cognito_auth_provider"),
    }


def policy(credential: Credential, region: str, source_ip: str) -> PolicyDecision:
    """Return the decision that a credential's policies, boundary and session policies make."""
    with request_scope(credential.account, region):
        principal = iam_evaluator.resolve_principal(credential.access_key_id, credential.account)

    def allows(resource_arn: str) -> bool:
        if isinstance(principal, iam_evaluator.AuthError):
            return False
        if principal.policies is None:
            return True
        context = iam_evaluator.EvalContext(
            principal_arn=principal.arn,
            principal_type=principal.type,
            principal_account=principal.account,
            action=_ACTION,
            resource_arn=resource_arn,
            region=region,
            source_ip=source_ip,
            secure_transport=False,
            principal_keys=principal.keys,
        )
        decision = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
        return bool(decision.decision == "Allow")

    return allows


def pool_keys(issuer: str) -> tuple[Mapping[str, Any], ...] | None:
    """Return the JWKS of a user pool that lives here, by its issuer, or None."""
    match = _ISSUER.fullmatch(issuer)
    if match is None:
        return None
    region, pool_id = match.groups()
    if not any(place[1:] == (region, pool_id) for place, _ in cognito._user_pools.all_items()):
        return None
    _, _, document = cognito.well_known_jwks(pool_id)
    return tuple(json.loads(document)["keys"])


def may_invoke(function_arn: str, source_arn: str) -> bool:
    """Return whether the function's own policy lets appsync.amazonaws.com invoke it."""
    found = _function(function_arn)
    if found is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn=_PRINCIPAL,
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=function_arn,
        region=function_arn.split(":")[3],
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]},
    )
    for statement in (found[0].get("policy") or {}).get("Statement", []):
        principal = statement.get("Principal")
        services = principal.get("Service") if isinstance(principal, dict) else principal
        if services in (_PRINCIPAL, "*", [_PRINCIPAL]):
            parsed = [iam_evaluator.parse_policy_document({"Statement": [statement]})]
            if iam_evaluator.evaluate(context, parsed).decision == "Allow":
                return True
    return False


role_refusal = service_roles.role_refusal


async def invoke(function_arn: str, payload: Any) -> FunctionResult | None:
    """Run a Lambda function and return its result, or None when there is no such function.

    The function runs on a thread of its own: it may call this same process over HTTP, and whoever stops
    waiting for it is let go at once. A few executions of one function run at a time, the others wait.
    """
    found = _function(function_arn)
    if found is None:
        return None
    record = lambda_svc._execution_record_for_config(*found)
    event = json.loads(json.dumps(payload))
    async with _executions[function_arn]:
        result = await in_thread(lambda_svc._execute_function_with_config_scope, record, event)
    body = result.get("body")
    if result.get("error") or result.get("throttle"):
        message = body.get("errorMessage") or body.get("message") if isinstance(body, dict) else body
        return FunctionResult(error=str(message or "Unknown error"))
    return FunctionResult(payload=body, size=len(json.dumps(body)))


async def dynamodb(source: DataSource, account: str, operation: str, call: Mapping[str, Any]) -> TableResult:
    """Run one operation of the DynamoDB API on a data source's table; the answer's rows must not be changed."""
    with request_scope(account, source.region):
        page = table_scan.scanned(call) if operation == "Scan" else None
        if page is not None:
            return TableResult(page)
        status, _, body = _TABLE_OPERATIONS[operation](json.loads(json.dumps(call)))
    answer = json.loads(body)
    if status == 200:
        return TableResult(answer)
    name = str(answer.get("__type", "")).rpartition("#")[2]
    return TableResult(error=(name, str(answer.get("message") or answer.get("Message") or name)))


def _function(function_arn: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    parts = function_arn.split(":")
    if len(parts) < 7:
        return None
    with request_scope(parts[4], parts[3]):
        record, config, _ = lambda_svc._get_func_record_for_ref(function_arn)
    return (record, config) if record and config else None
