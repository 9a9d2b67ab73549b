"""The Lambda authorizer: what it is told, what it may say, and for how long."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from local_cloud.appsync import lambda_mode
from local_cloud.appsync.lambda_mode import LambdaMode
from local_cloud.appsync.model import Authorizer, Caller, GraphQLRequest, Mode
from local_cloud.appsync.refusals import Refused
from tests.local_cloud.appsync.fakes import AUTHORIZER, Client, FakeCloud, make_api, request

API = make_api(Mode.LAMBDA)
DENIED = (401, "UnauthorizedException", "You are not authorized to make this call.")
SDL = """
type Query { a: String  b: String  thing: Thing  must: Must }
type Thing { open: String  shut: String }
type Must { shut: String! }
"""


def cloud(answer: Any, **authorizer: Any) -> FakeCloud:
    """Return a cloud whose authorizer answers with a value, or with what a function makes of the event."""
    made = FakeCloud(replace(API, authorizer=Authorizer(AUTHORIZER, **authorizer)), SDL)
    made.functions[AUTHORIZER] = answer if callable(answer) else lambda _event: answer
    made.resolve("Query", "a", lambda _event: "A")
    made.resolve("Query", "b", lambda _event: "B")
    made.resolve("Query", "thing", lambda _event: {"open": "open", "shut": "shut"})
    made.resolve("Query", "must", lambda _event: {"shut": "shut"})
    return made


def ask(answer: Any, value: str = "token", **authorizer: Any) -> Any:
    return Client(cloud(answer, **authorizer)).ask("{ a }", authorization=value)


def test_whoever_the_function_lets_in_is_let_in() -> None:
    assert ask({"isAuthorized": True}).data == {"a": "A"}


@pytest.mark.parametrize(
    "answer",
    [{"isAuthorized": False}, {}, None, [], "yes", {"isAuthorized": "true"}, {"isAuthorized": 1}],
)
def test_every_other_answer_is_a_denial(answer: Any) -> None:
    assert ask(answer).refusal == DENIED


def test_a_function_that_raises_denies() -> None:
    def fail(_event: Any) -> Any:
        raise RuntimeError("broken")

    assert ask(fail).refusal == DENIED


def test_the_function_is_told_the_token_the_operation_and_the_headers() -> None:
    made = cloud({"isAuthorized": True})
    Client(made).ask("query Q($x: Int) { a }", variables={"x": 1}, operation="Q", authorization="tok", x_other="o")
    event = made.events[0]
    assert event["authorizationToken"] == "tok"
    assert event["requestHeaders"]["x-other"] == "o"
    context = event["requestContext"]
    assert context.pop("requestId")
    assert context == {
        "apiId": "api1",
        "accountId": API.account,
        "queryString": "query Q($x: Int) { a }",
        "operationName": "Q",
        "variables": {"x": 1},
    }


def test_a_token_that_does_not_fit_the_expression_is_denied_without_a_call() -> None:
    made = cloud({"isAuthorized": True}, token_pattern="^good-")
    assert Client(made).ask("{ a }", authorization="bad-token").refusal == DENIED
    assert made.events == []
    assert Client(made).ask("{ a }", authorization="good-token").data == {"a": "A"}


def test_a_broken_expression_denies() -> None:
    assert ask({"isAuthorized": True}, token_pattern="(").refusal == DENIED


def test_a_function_that_appsync_may_not_invoke_is_a_bad_request_without_a_text() -> None:
    made = cloud({"isAuthorized": True})
    made.closed = frozenset({AUTHORIZER})
    reply = Client(made).ask("{ a }", authorization="token")
    assert (reply.status, reply.body) == (400, {"errors": [{"errorType": "BadRequestException"}]})


def test_resolvers_see_the_resolver_context() -> None:
    made = cloud({"isAuthorized": True, "resolverContext": {"tenant": "t1"}})
    Client(made).ask("{ a }", authorization="token")
    assert made.events[1]["identity"] == {"resolverContext": {"tenant": "t1"}}


@pytest.mark.parametrize("name", ["Query.b", f"{API.arn}/types/Query/fields/b"])
def test_a_denied_field_is_null_with_an_entry_and_its_resolver_does_not_run(name: str) -> None:
    made = cloud({"isAuthorized": True, "deniedFields": [name]})
    reply = Client(made).ask("{ a b }", authorization="token")
    assert reply.data == {"a": "A", "b": None}
    assert [error["message"] for error in reply.errors] == ["Not Authorized to access b on type Query"]
    assert [event["info"]["fieldName"] for event in made.events[1:]] == ["a"]


@pytest.mark.parametrize("name", ["Query", "Query.*", "b", f"{API.arn}/types/Query/*"])
def test_only_a_whole_field_name_denies(name: str) -> None:
    made = cloud({"isAuthorized": True, "deniedFields": [name]})
    assert Client(made).ask("{ b }", authorization="token").data == {"b": "B"}


def test_a_denied_child_takes_a_non_null_parent_along() -> None:
    made = cloud({"isAuthorized": True, "deniedFields": ["Thing.shut", "Must.shut"]})
    reply = Client(made).ask("{ thing { open shut } must { shut } }", authorization="token")
    assert reply.data == {"thing": {"open": "open", "shut": None}, "must": None}
    assert [error["path"] for error in reply.errors] == [["thing", "shut"], ["must", "shut"]]


class Kept:
    """A Lambda mode with a clock of its own, and a count of the calls that it made."""

    def __init__(self, answer: Any, ttl: int) -> None:
        self.cloud = cloud(answer, ttl=ttl)
        self.now = 0.0
        self.mode = LambdaMode(self.cloud, clock=lambda: self.now)

    def admit(self, value: str = "token") -> Caller:
        graphql = GraphQLRequest("{ a }", {}, None)
        return asyncio.run(self.mode.admit(value, self.cloud.the_api, request({}), graphql))

    @property
    def calls(self) -> int:
        return len(self.cloud.events)


def test_an_answer_is_kept_for_the_ttl_and_for_its_token_alone() -> None:
    kept = Kept({"isAuthorized": True}, ttl=60)
    kept.admit()
    kept.now = 59
    kept.admit()
    assert kept.calls == 1
    kept.admit("another")
    assert kept.calls == 2
    kept.now = 60
    kept.admit()
    assert kept.calls == 3


def test_without_a_ttl_nothing_is_kept() -> None:
    kept = Kept({"isAuthorized": True}, ttl=0)
    kept.admit()
    kept.admit()
    assert kept.calls == 2


@pytest.mark.parametrize(("ttl", "override", "calls"), [(60, 0, 2), (0, 60, 1)])
def test_the_function_overrides_the_ttl(ttl: int, override: int, calls: int) -> None:
    kept = Kept({"isAuthorized": True, "ttlOverride": override}, ttl)
    kept.admit()
    kept.now = 1
    kept.admit()
    assert kept.calls == calls


@pytest.mark.row("6 Cached denials")
def test_a_denial_is_kept_too() -> None:
    kept = Kept({"isAuthorized": False}, ttl=60)
    for _ in range(2):
        with pytest.raises(Refused):
            kept.admit()
    assert kept.calls == 1


def test_a_failure_is_not_kept() -> None:
    kept = Kept({}, ttl=60)
    for _ in range(2):
        with pytest.raises(Refused):
            kept.admit()
    assert kept.calls == 2


@pytest.mark.row("6 Lambda authorizer cache: an answer of 1 MiB is never kept")
def test_an_answer_of_a_mebibyte_is_not_kept() -> None:
    kept = Kept({"isAuthorized": True, "resolverContext": {"big": "x" * 1_048_576}}, ttl=60)
    kept.admit()
    kept.admit()
    assert kept.calls == 2


@pytest.mark.row("3.3 Timeout of 10 s")
def test_a_function_that_takes_too_long_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_mode, "_TIMEOUT", 0.01)
    slow: Callable[[Any], Any] = lambda _event: asyncio.sleep(1)  # noqa: E731
    assert ask(slow).refusal == DENIED


def test_a_body_without_a_query_is_refused_after_the_authorizer_has_decided() -> None:
    made = cloud({"isAuthorized": True})
    assert Client(made).send(request(b"{}", {"authorization": "t"})).refusal[1] == "MalformedHttpRequestException"
    assert Client(cloud({})).send(request(b"{}", {"authorization": "t"})).refusal == DENIED
