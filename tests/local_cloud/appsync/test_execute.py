"""Execution: refused fields, nulls on their way up, and what runs beside what."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_cloud.appsync.model import Mode
from tests.local_cloud.appsync.fakes import NOW, Client, FakeCloud, Reply, make_api

KEY = {"x_api_key": "k"}
POST = {"id": "1", "body": "text", "title": "t", "next": {"id": "2", "body": "b2"}}


def cloud(sdl: str, **values: Any) -> FakeCloud:
    """Return an API with a key, whose root fields resolve to the given values."""
    made = FakeCloud(make_api(Mode.API_KEY, Mode.IAM), sdl, keys={"k": int(NOW) + 7200})
    for name, value in values.items():
        made.resolve("Query", name, lambda _event, value=value: value)
    return made


def ask(sdl: str, query: str, **values: Any) -> Reply:
    return Client(cloud(sdl, **values)).ask(query, **KEY)


def test_a_refused_field_is_null_with_the_whole_entry() -> None:
    sdl = "type Query { getPostById: Post } type Post { id: ID  body: String @aws_iam }"
    reply = ask(sdl, "{\n  getPostById {\n    id\n    body\n  }\n}", getPostById=POST)
    assert (reply.status, "x-amzn-errortype" in reply.headers) == (200, False)
    assert reply.body == {
        "data": {"getPostById": {"id": "1", "body": None}},
        "errors": [
            {
                "path": ["getPostById", "body"],
                "data": None,
                "errorType": "Unauthorized",
                "errorInfo": None,
                "locations": [{"line": 4, "column": 5, "sourceName": None}],
                "message": "Not Authorized to access body on type Post",
            }
        ],
    }


def test_the_keys_of_an_entry_come_in_the_order_that_appsync_writes() -> None:
    reply = ask("type Query { f: Int @aws_iam }", "{ f }")
    assert list(reply.errors[0]) == ["path", "data", "errorType", "errorInfo", "locations", "message"]
    assert list(reply.body) == ["data", "errors"]


def test_an_alias_is_in_the_path_and_the_schema_s_name_in_the_text() -> None:
    (error,) = ask("type Query { f: Int @aws_iam }", "{ mine: f }").errors
    assert (error["path"], error["message"]) == (["mine"], "Not Authorized to access f on type Query")


def test_a_refused_non_null_root_field_takes_all_data_away() -> None:
    reply = ask("type Query { f: Int! @aws_iam  g: Int }", "{ g f }", g=1)
    assert reply.data is None
    assert [error["errorType"] for error in reply.errors] == ["Unauthorized"]


def test_each_refused_non_null_sibling_has_its_entry_and_the_null_has_none() -> None:
    sdl = "type Query { p: Post } type Post { id: ID! @aws_iam  title: String  body: String! @aws_iam }"
    reply = ask(sdl, "{ p { id title body } }", p=POST)
    assert reply.data == {"p": None}
    assert [(error["path"], error["errorType"]) for error in reply.errors] == [
        (["p", "id"], "Unauthorized"),
        (["p", "body"], "Unauthorized"),
    ]


def test_a_null_travels_to_the_nearest_ancestor_that_may_be_null() -> None:
    sdl = "type Query { p: Post } type Post { title: String  next: Post!  id: ID! @aws_iam }"
    reply = ask(sdl, "{ p { title next { id } } }", p=POST)
    assert reply.data == {"p": None}
    assert [error["path"] for error in reply.errors] == [["p", "next", "id"]]


@pytest.mark.parametrize(("items", "data"), [("[Post]", [None, None]), ("[Post!]", None), ("[Post]!", [None, None])])
def test_a_refused_field_in_a_list_has_an_entry_for_each_element(items: str, data: Any) -> None:
    sdl = f"type Query {{ all: {items} }} type Post {{ id: ID! @aws_iam }}"
    reply = ask(sdl, "{ all { id } }", all=[POST, POST])
    assert reply.data == {"all": data}
    assert [error["path"] for error in reply.errors] == [["all", 0, "id"], ["all", 1, "id"]]


def test_the_parent_s_resolver_runs_though_a_child_is_refused() -> None:
    made = cloud("type Query { p: Post } type Post @aws_iam { id: ID }", p=POST)
    Client(made).ask("{ p { id } }", **KEY)
    assert len(made.events) == 1


def test_a_refused_mutation_does_not_run_and_its_neighbour_does() -> None:
    made = cloud("type Query { f: Int } type Mutation { shut: Int @aws_iam  open: Int }")
    made.resolve("Mutation", "shut", lambda _event: 1)
    made.resolve("Mutation", "open", lambda _event: 2)
    reply = Client(made).ask("mutation { shut open }", **KEY)
    assert reply.data == {"shut": None, "open": 2}
    assert [event["info"]["fieldName"] for event in made.events] == ["open"]


@pytest.mark.row("2.1 Interfaces and unions carry no auth; the concrete type counts")
def test_the_concrete_type_of_an_interface_is_what_counts() -> None:
    sdl = """
    interface Node { id: ID }
    type Query { n: Node }
    type Open implements Node { id: ID }
    type Shut implements Node @aws_iam { id: ID }
    """
    assert ask(sdl, "{ n { __typename id } }", n={"__typename": "Open", "id": "1"}).data == {
        "n": {"__typename": "Open", "id": "1"}
    }
    reply = ask(sdl, "{ n { id } }", n={"__typename": "Shut", "id": "1"})
    assert (reply.data, reply.errors[0]["message"]) == ({"n": {"id": None}}, "Not Authorized to access id on type Shut")


def test_a_field_without_a_resolver_is_null_at_the_root_and_the_parent_s_property_below() -> None:
    reply = ask("type Query { none: Int  p: Post } type Post { id: ID  other: Int }", "{ none p { id other } }", p=POST)
    assert reply.body == {"data": {"none": None, "p": {"id": "1", "other": None}}}


def test_a_null_where_a_value_was_promised_is_told_with_its_place() -> None:
    reply = ask("type Query { all: [Post] } type Post { id: ID! }", "{ all { id } }", all=[{"id": "1"}, {}])
    assert reply.data == {"all": [{"id": "1"}, None]}
    assert reply.errors == [
        {
            "path": ["all", 1, "id"],
            "locations": None,
            "message": "Cannot return null for non-nullable type: 'ID' within parent 'Post' (/all[1]/id)",
        }
    ]


@pytest.mark.parametrize(
    ("declared", "query", "value", "text"),
    [
        ("[Int]", "{ f }", 1, "Can't resolve value (/f) : type mismatch error, expected type LIST"),
        ("Post", "{ f { id } }", "x", "Can't resolve value (/f) : type mismatch error, expected type OBJECT"),
        (
            "AWSURL",
            "{ f }",
            "not a url",
            "Can't serialize value (/f) : Unable to serialize `not a url` as a valid URL.",
        ),
    ],
)
def test_a_value_of_another_kind_is_null_and_told(declared: str, query: str, value: Any, text: str) -> None:
    reply = ask(f"type Query {{ f: {declared} }} type Post {{ id: ID }}", query, f=value)
    assert (reply.data, reply.errors[0]["message"]) == ({"f": None}, text)


def test_root_fields_of_a_query_are_resolved_side_by_side_and_told_in_order() -> None:
    made = cloud("type Query { a: Int  b: Int }")
    b_ran = asyncio.Event()

    async def waiting_for_b(_event: Any) -> int:
        await asyncio.wait_for(b_ran.wait(), 5)
        raise RuntimeError("a failed after b")

    async def failing(_event: Any) -> int:
        b_ran.set()
        raise RuntimeError("b failed")

    made.resolve("Query", "a", waiting_for_b)
    made.resolve("Query", "b", failing)
    reply = Client(made).ask("{ a again: a b }", **KEY)
    assert [(error["path"], error["message"]) for error in reply.errors] == [
        (["a"], "a failed after b"),
        (["again"], "a failed after b"),
        (["b"], "b failed"),
    ]


def test_mutations_are_resolved_one_after_the_other() -> None:
    made = cloud("type Query { f: Int } type Mutation { a: Int  b: Int }")
    order = []

    async def slow(_event: Any) -> int:
        await asyncio.sleep(0.02)
        order.append("a")
        return 1

    made.resolve("Mutation", "a", slow)
    made.resolve("Mutation", "b", lambda _event: order.append("b"))
    Client(made).ask("mutation { a b }", **KEY)
    assert order == ["a", "b"]


def test_fragments_aliases_skip_and_include_are_honoured() -> None:
    query = """
    query Q($yes: Boolean!) { ...Root  skipped: f @skip(if: $yes)  included: f @include(if: $yes) }
    fragment Root on Query { f  p { ... on Post { mine: id } } }
    """
    made = cloud("type Query { f: Int  p: Post } type Post { id: ID }", f=1, p=POST)
    reply = Client(made).ask(query, variables={"yes": True}, **KEY)
    assert reply.body == {"data": {"f": 1, "p": {"mine": "1"}, "included": 1}}


# What follows invents schemas, values and rules, and compares with the few lines that say what must come out.

NAMES = ("a", "b", "c")


@dataclass(frozen=True)
class Leaf:
    """A field that holds a number, or null where a resolver has nothing."""

    non_null: bool
    shut: bool
    present: bool


@dataclass(frozen=True)
class Branch:
    """A field that holds an object, or a list of two such objects."""

    non_null: bool
    shut: bool
    present: bool
    listed: bool
    children: tuple["Leaf | Branch", ...]


leaves = st.builds(Leaf, st.booleans(), st.booleans(), st.booleans())
trees = st.recursive(
    leaves,
    lambda below: st.builds(
        Branch,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.lists(below, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=8,
)
NULLED = object()


def declared(node: Leaf | Branch, name: str, types: list[str]) -> str:
    """Return a field's definition, and append the types that it needs."""
    kind = "Int"
    if isinstance(node, Branch):
        kind = f"T{name}"
        fields = " ".join(declared(child, name + NAMES[i], types) for i, child in enumerate(node.children))
        types.append(f"type {kind} {{ {fields} }}")
        kind = f"[{kind}]" if node.listed else kind
    return f"{name}: {kind}{'!' if node.non_null else ''} {'@aws_iam' if node.shut else ''}"


def selected(node: Leaf | Branch, name: str) -> str:
    if isinstance(node, Leaf):
        return name
    return f"{name} {{ {' '.join(selected(child, name + NAMES[i]) for i, child in enumerate(node.children))} }}"


def value(node: Leaf | Branch, name: str) -> Any:
    if not node.present:
        return None
    if isinstance(node, Leaf):
        return 7
    one = {name + NAMES[i]: value(child, name + NAMES[i]) for i, child in enumerate(node.children)}
    return [one, one] if node.listed else one


def expected(node: Leaf | Branch, name: str, path: tuple[Any, ...], errors: list[tuple[Any, ...]]) -> Any:
    """Return what a field comes out as by the rules, and note the places that have an entry."""
    here = (*path, name)
    if node.shut:
        errors.append((here, "Unauthorized"))
        result = None
    elif not node.present:
        if node.non_null:
            errors.append((here, None))
        result = None
    elif isinstance(node, Leaf):
        result = 7
    elif node.listed:
        result = [expected_object(node, name, (*here, index), errors) for index in range(2)]
    else:
        result = expected_object(node, name, here, errors)
    return NULLED if result is None and node.non_null else result


def expected_object(node: Branch, name: str, path: tuple[Any, ...], errors: list[tuple[Any, ...]]) -> Any:
    fields = {name + NAMES[i]: expected(child, name + NAMES[i], path, errors) for i, child in enumerate(node.children)}
    return None if NULLED in fields.values() else fields


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Walk everything in an answer that isn't null."""
    if isinstance(data, dict):
        for key, below in data.items():
            if below is not None:
                yield (*path, key)
                yield from paths(below, (*path, key))
    elif isinstance(data, list):
        for index, below in enumerate(data):
            yield from paths(below, (*path, index))


@settings(max_examples=120, deadline=None)
@given(trees)
def test_nulls_and_entries_are_what_the_rules_say(tree: Leaf | Branch) -> None:
    types: list[str] = []
    query_field = declared(tree, "f", types)
    made = cloud(f"type Query {{ {query_field} }} {' '.join(types)}", f=value(tree, "f"))
    reply = Client(made).ask(f"{{ {selected(tree, 'f')} }}", **KEY)
    errors: list[tuple[Any, ...]] = []
    result = expected(tree, "f", (), errors)
    assert reply.data == (None if result is NULLED else {"f": result})
    assert [(tuple(error["path"]), error.get("errorType")) for error in reply.errors] == errors


def shut_names(node: Leaf | Branch, name: str) -> set[str]:
    names = {name} if node.shut else set()
    for i, child in enumerate(node.children if isinstance(node, Branch) else ()):
        names |= shut_names(child, name + NAMES[i])
    return names


@settings(max_examples=120, deadline=None)
@given(trees)
def test_a_field_whose_rule_does_not_admit_the_caller_never_has_data(tree: Leaf | Branch) -> None:
    types: list[str] = []
    query_field = declared(tree, "f", types)
    made = cloud(f"type Query {{ {query_field} }} {' '.join(types)}", f=value(tree, "f"))
    reply = Client(made).ask(f"{{ {selected(tree, 'f')} }}", **KEY)
    shut = shut_names(tree, "f")
    assert not [path for path in paths(reply.data) if path[-1] in shut]
