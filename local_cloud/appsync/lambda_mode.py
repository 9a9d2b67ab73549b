"""The AWS_LAMBDA mode: a function of the API's owner decides, and its answer may be kept."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from local_cloud.appsync.cloud import Cloud
from local_cloud.appsync.model import Api, Authorizer, Caller, GraphQLRequest, HttpRequest, Mode
from local_cloud.appsync.refusals import NOT_AUTHORIZED_TO_CALL, bad_request, unauthorized

_TIMEOUT = 10.0
_CACHEABLE_BELOW = 1_048_576
_MAX_TTL = 3600


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Mapping[str, Any]
    until: float


class LambdaMode:
    """Asks authorizer functions, and keeps their answers for as long as they allow."""

    def __init__(self, cloud: Cloud, clock: Callable[[], float] = time.monotonic) -> None:
        self._cloud = cloud
        self._clock = clock
        # AWS keys its cache by API and token alone: other headers don't tell answers apart.
        self._kept: dict[tuple[str, str, str], _Kept] = {}

    async def admit(self, token: str, api: Api, http: HttpRequest, graphql: GraphQLRequest | None) -> Caller:
        """Return the caller that the API's authorizer function lets in.

        Raises:
            Refused: 401 when the token doesn't fit `identityValidationExpression`, or the function
                says no, fails, answers nothing, or takes over 10 s; 400 without a message when
                the function doesn't let AppSync invoke it.
        """
        authorizer = api.authorizer
        if authorizer is None or not _fits(authorizer.token_pattern, token):
            raise unauthorized(NOT_AUTHORIZED_TO_CALL)
        answer = await self._answer(token, api, authorizer, http, graphql)
        if answer.get("isAuthorized") is not True:
            raise unauthorized(NOT_AUTHORIZED_TO_CALL)
        context = answer.get("resolverContext")
        denied = answer.get("deniedFields")
        return Caller(
            Mode.LAMBDA,
            identity={"resolverContext": context if isinstance(context, dict) else {}},
            denied_fields=frozenset(map(str, denied)) if isinstance(denied, list) else frozenset(),
        )

    async def _answer(
        self, token: str, api: Api, authorizer: Authorizer, http: HttpRequest, graphql: GraphQLRequest | None
    ) -> Mapping[str, Any]:
        place = (api.api_id, authorizer.function_arn, token)
        kept = self._kept.get(place)
        if kept is not None and kept.until > self._clock():
            return kept.answer
        if not self._cloud.may_invoke(authorizer.function_arn, api.arn):
            raise bad_request(None)
        event = _event(token, api, http, graphql)
        try:
            result = await asyncio.wait_for(self._cloud.invoke(authorizer.function_arn, event), _TIMEOUT)
        except TimeoutError:
            # OPEN: the body that AWS answers with here.
            raise unauthorized(NOT_AUTHORIZED_TO_CALL) from None
        if result is None:
            raise bad_request(None)
        answer = result.payload if result.error is None and isinstance(result.payload, dict) else {}
        ttl = _ttl(answer, authorizer)
        # LIKELY: denials are kept as grants are; a function that failed has decided nothing.
        if ttl > 0 and "isAuthorized" in answer and result.size < _CACHEABLE_BELOW:
            self._forget_stale()
            self._kept[place] = _Kept(answer, self._clock() + ttl)
        return answer

    def _forget_stale(self) -> None:
        now = self._clock()
        self._kept = {place: kept for place, kept in self._kept.items() if kept.until > now}


def _fits(pattern: str, token: str) -> bool:
    try:
        return not pattern or re.search(pattern, token) is not None
    except re.error:
        return False


def _ttl(answer: Mapping[str, Any], authorizer: Authorizer) -> int:
    override = answer.get("ttlOverride")
    if isinstance(override, int) and not isinstance(override, bool):
        return min(max(override, 0), _MAX_TTL)
    return authorizer.ttl


def _event(token: str, api: Api, http: HttpRequest, graphql: GraphQLRequest | None) -> dict[str, Any]:
    return {
        "authorizationToken": token,
        "requestContext": {
            "apiId": api.api_id,
            "accountId": api.account,
            "requestId": str(uuid4()),
            "queryString": graphql.query if graphql else "",
            "operationName": graphql.operation_name if graphql else None,
            "variables": dict(graphql.variables) if graphql else {},
        },
        "requestHeaders": dict(http.headers),
    }
