"""Direct Lambda resolvers: the event that a function gets, and what becomes of its answer."""

import asyncio
from typing import Any

import pytest

from local_cloud.appsync import resolvers
from local_cloud.appsync.model import Mode, Resolver
from local_cloud.appsync.resolvers import unsupported_kind
from tests.local_cloud.appsync.fakes import NOW, Client, FakeCloud, Reply, make_api

SDL = """
type Query { user(id: ID, data: AWSJSON, n: Int = 5): User }
type User { name: String  friends(first: Int): [User]  first: User }
"""
KEY = {"x_api_key": "k"}


def cloud(user: Any = None) -> FakeCloud:
    made = FakeCloud(make_api(Mode.API_KEY), SDL, keys={"k": int(NOW) + 7200})
    made.resolve("Query", "user", user if callable(user) else lambda _event: user)
    return made


def ask(made: FakeCloud, query: str, variables: Any = None, **headers: str) -> Reply:
    return Client(made).ask(query, variables=variables, **KEY, **headers)


def test_a_function_gets_the_event_that_appsync_sends() -> None:
    made = cloud({"name": "Ada"})
    ask(made, "query($i: ID) { user(id: $i) { mine: name } }", {"i": "7"}, x_other="o")
    assert made.events[0] == {
        "arguments": {"id": "7", "n": 5},
        "identity": None,
        "source": None,
        "request": {"headers": {"x-api-key": "k", "x-other": "o"}, "domainName": None},
        "prev": None,
        "info": {
            "selectionSetList": ["mine"],
            "selectionSetGraphQL": "{\n  mine: name\n}",
            "parentTypeName": "Query",
            "fieldName": "user",
            "variables": {"i": "7"},
        },
        "stash": {},
    }


def test_the_selection_is_listed_by_path_through_fragments_and_aliases() -> None:
    made = cloud({})
    query = """
    { user { name pal: first { name } ...F ... on User { friends { name } } } user { first { name } } }
    fragment F on User { first { first { name } } }
    """
    ask(made, query)
    assert made.events[0]["info"]["selectionSetList"] == [
        "name",
        "pal",
        "pal/name",
        "first",
        "first/first",
        "first/first/name",
        "friends",
        "friends/name",
        "first/name",
    ]


def test_json_arguments_reach_the_function_parsed() -> None:
    made = cloud({})
    ask(made, "query($d: AWSJSON) { user(data: $d) { name } }", {"d": '{"a": [1]}'})
    assert made.events[0]["arguments"]["data"] == {"a": [1]}


def test_a_resolver_below_the_root_gets_its_parent_s_value() -> None:
    made = cloud({"name": "Ada", "secret": 1})
    made.resolve("User", "friends", lambda event: [{"name": f"friend of {event['source']['name']}"}])
    reply = ask(made, "{ user { friends(first: 1) { name } } }")
    assert reply.data == {"user": {"friends": [{"name": "friend of Ada"}]}}
    assert made.events[1]["source"] == {"name": "Ada", "secret": 1}
    assert made.events[1]["arguments"] == {"first": 1}


def test_what_a_function_raises_is_the_field_s_error_and_its_message_the_text() -> None:
    def fail(_event: Any) -> Any:
        raise ValueError("no such page")

    reply = ask(cloud(fail), "{ user { name } }")
    assert reply.data == {"user": None}
    assert reply.errors == [
        {
            "path": ["user"],
            "data": None,
            "errorType": "Lambda:Unhandled",
            "errorInfo": None,
            "locations": [{"line": 1, "column": 3, "sourceName": None}],
            "message": "no such page",
        }
    ]


@pytest.mark.row("3.4 Execution over 30 s")
def test_a_request_has_thirty_seconds_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolvers.LONGEST_REQUEST == 30
    monkeypatch.setattr(resolvers, "LONGEST_REQUEST", 0.05)
    reply = ask(cloud(lambda _event: asyncio.sleep(5)), "{ user { name } }")
    assert (reply.data, reply.errors[0]["errorType"], reply.errors[0]["message"]) == (
        {"user": None},
        "Lambda:ExecutionTimeoutException",
        "Execution timed out.",
    )


def test_nothing_is_started_once_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolvers, "LONGEST_REQUEST", 0)
    made = cloud(lambda _event: {"name": "Ada"})
    assert ask(made, "{ user { name } }").errors[0]["message"] == "Execution timed out."
    assert made.events == []


def test_a_function_that_is_gone_fails_its_field_alone() -> None:
    made = cloud()
    made.functions.clear()
    reply = ask(made, "{ user { name } __typename }")
    assert (reply.data, reply.errors[0]["errorType"]) == (
        {"user": None, "__typename": "Query"},
        "Lambda:ResourceNotFoundException",
    )


def test_a_kind_of_resolver_that_is_not_run_here_says_which() -> None:
    made = cloud()
    made.resolvers["Query", "user"] = Resolver("UNIT", "f", uses_code=True)
    (error,) = ask(made, "{ user { name } }").errors
    assert error["message"] == "This local cloud doesn't run resolvers in JavaScript."


@pytest.mark.parametrize(
    ("resolver", "source", "kind"),
    [
        (Resolver("UNIT", "f"), "AWS_LAMBDA", None),
        (Resolver("PIPELINE", ""), "", "PIPELINE resolvers"),
        (Resolver("UNIT", "f", uses_code=True), "AWS_LAMBDA", "resolvers in JavaScript"),
        (Resolver("UNIT", "f", "{}", "{}"), "AWS_LAMBDA", None),
        (Resolver("UNIT", "f", "{}"), "AWS_LAMBDA", None),
        (Resolver("UNIT", "f", "{}", "#return"), "AWS_LAMBDA", "mapping templates with #return"),
        (Resolver("UNIT", "t", "{}", "{}"), "AMAZON_DYNAMODB", None),
        (Resolver("UNIT", "n", "{}", "{}"), "NONE", None),
        (Resolver("UNIT", "n", "{}"), "NONE", "NONE data sources without both mapping templates"),
        (Resolver("UNIT", "h", "{}", "{}"), "HTTP", "HTTP data sources"),
        (Resolver("UNIT", "f", batch_size=5), "AWS_LAMBDA", "batched Lambda resolvers"),
        (Resolver("UNIT", "t"), "AMAZON_DYNAMODB", "AMAZON_DYNAMODB data sources without both mapping templates"),
    ],
)
def test_units_on_functions_tables_and_nothing_are_the_kinds_that_are_run(
    resolver: Resolver, source: str, kind: str | None
) -> None:
    assert unsupported_kind(resolver, source) == kind
