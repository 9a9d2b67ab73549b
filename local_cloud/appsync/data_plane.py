"""From an HTTP request to its answer: credentials, then document, then fields."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from graphql import GraphQLObjectType, GraphQLSchema, OperationType, is_introspection_type

from local_cloud.appsync.api_keys import admit_key
from local_cloud.appsync.cloud import Cloud
from local_cloud.appsync.directives import field_rules
from local_cloud.appsync.execute import Execution
from local_cloud.appsync.field_errors import (
    DEPTH_LIMIT,
    DEPTH_LIMIT_TEXT,
    FieldError,
    Path,
    missing_root_entry,
    not_authorized,
)
from local_cloud.appsync.iam_mode import denied_root_fields, iam_caller
from local_cloud.appsync.jwt_mode import admit_token
from local_cloud.appsync.lambda_mode import LambdaMode
from local_cloud.appsync.model import Api, Caller, GraphQLRequest, HttpRequest, Mode
from local_cloud.appsync.modes import classify
from local_cloud.appsync.operations import Operation, choose_operation, read_variables
from local_cloud.appsync.refusals import (
    SUBSCRIPTION_OVER_HTTP,
    UNPARSABLE_QUERY,
    Refused,
    bad_request,
    malformed,
    schema_fault,
    unknown_api,
)
from local_cloud.appsync.request import read_graphql
from local_cloud.appsync.resolvers import Resolvers
from local_cloud.appsync.schema import SchemaFault, build_schema
from local_cloud.appsync.selections import Gate
from local_cloud.appsync.signing_keys import SigningKeys
from local_cloud.appsync.sigv4 import verify
from local_cloud.appsync.validation import validation_entries
from local_cloud.appsync.wire import HttpResponse, graphql_response, refusal_response


class DataPlane:
    """The HTTP data plane of every API that a cloud holds."""

    def __init__(self, cloud: Cloud, clock: Callable[[], float] = time.time) -> None:
        self._cloud = cloud
        self._clock = clock
        self._keys = SigningKeys(cloud.pool_keys)
        self._lambda_mode = LambdaMode(cloud)

    async def answer(self, api_id: str, request: HttpRequest) -> HttpResponse:
        """Return the answer to one GraphQL request of one API; refusals are answers too."""
        try:
            api = self._cloud.api(api_id)
            if api is None:
                raise unknown_api()
            caller = await self._admit(api, request)
            return await self._execute(api, caller, request, read_graphql(request))
        except Refused as refusal:
            return refusal_response(refusal)
        except RecursionError:
            # Fragments that spread one another hundreds of times lead as deep as brackets would.
            return refusal_response(malformed(UNPARSABLE_QUERY))

    async def _admit(self, api: Api, request: HttpRequest) -> Caller:
        claim = classify(request, api)
        now = self._clock()
        match claim.mode:
            case Mode.API_KEY:
                return admit_key(claim.value, self._cloud.api_keys(api), now)
            case Mode.IAM:
                moment = datetime.fromtimestamp(now, UTC)
                credential = verify(request, api.region, self._cloud.credential, moment)
                return iam_caller(credential, request.source_ip)
            case Mode.LAMBDA:
                return await self._lambda_mode.admit(claim.value, api, request, _lenient(request))
            case _:
                return await admit_token(claim.value, api, self._keys, now, request.source_ip)

    async def _execute(self, api: Api, caller: Caller, request: HttpRequest, graphql: GraphQLRequest) -> HttpResponse:
        schema = self._schema(api)
        operation = choose_operation(graphql.query, graphql.operation_name)
        denied = self._denied(api, caller, schema, operation, request)
        faults = validation_entries(schema, operation.document, api.introspection)
        if faults:
            return graphql_response(None, list(faults))
        if operation.definition.operation is OperationType.SUBSCRIPTION:
            raise bad_request(SUBSCRIPTION_OVER_HTTP)
        if schema.get_root_type(operation.definition.operation) is None:
            return graphql_response(None, [missing_root_entry(operation.definition)])
        variables, entries = read_variables(schema, operation, graphql.variables)
        if entries:
            return graphql_response(None, entries)
        resolvers = Resolvers(self._cloud, api, caller, request, graphql.variables, operation.fragments)
        execution = Execution(
            schema,
            operation.definition,
            operation.fragments,
            variables,
            _gate(api, schema, caller, denied),
            resolvers.attached,
        )
        return graphql_response(*await execution.run())

    def _schema(self, api: Api) -> GraphQLSchema:
        sdl = self._cloud.schema(api)
        if not sdl:
            raise schema_fault()
        try:
            return build_schema(sdl)
        except SchemaFault as fault:
            raise schema_fault(str(fault)) from fault

    def _denied(
        self, api: Api, caller: Caller, schema: GraphQLSchema, operation: Operation, request: HttpRequest
    ) -> frozenset[str]:
        """Return the root fields that an IAM caller's policies leave out; none for other callers."""
        if caller.credential is None:
            return frozenset()
        kind = operation.definition.operation
        root = schema.get_root_type(kind)
        type_name = root.name if root else kind.value.title()
        allows = self._cloud.policy(caller.credential, api.region, request.source_ip)
        return denied_root_fields(api, caller.credential, allows, type_name, operation.root_fields())


def _gate(api: Api, schema: GraphQLSchema, caller: Caller, denied: frozenset[str]) -> Gate:
    rules = field_rules(schema, api)

    def gate(parent: GraphQLObjectType, name: str, path: Path) -> None:
        at_root = len(path) == 1
        if api.depth_limit and sum(isinstance(part, str) for part in path) > api.depth_limit:
            raise FieldError(DEPTH_LIMIT_TEXT.format(limit=api.depth_limit), DEPTH_LIMIT)
        if at_root and name in denied:
            raise not_authorized(parent.name, name)
        # Introspection isn't filtered by caller: whoever gets in sees the whole schema.
        if name.startswith("__") or is_introspection_type(parent):
            return
        if not rules.rule(parent, name).admits(caller) or _denied_by_authorizer(api, caller, parent.name, name):
            raise not_authorized(parent.name, name)

    return gate


def _denied_by_authorizer(api: Api, caller: Caller, type_name: str, field_name: str) -> bool:
    if not caller.denied_fields:
        return False
    names = {f"{type_name}.{field_name}", api.field_arn(type_name, field_name)}
    return not names.isdisjoint(caller.denied_fields)


def _lenient(request: HttpRequest) -> GraphQLRequest | None:
    # The authorizer is told the operation; a body that holds none is refused after it has decided.
    try:
        return read_graphql(request)
    except Refused:
        return None
