"""What a refused field leaves behind: its entry, its null, and whose resolvers ran."""

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import IAM, KEY, Api
from tests.contract.workshop import Workshop

POST = {"id": "1", "title": "t", "body": "b", "secret": "s"}
DEEP = {"name": "d", "deeper": {"name": "dd", "secret": "s"}}


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


def unauthorized(field: str, parent: str = "Query") -> str:
    return f"Not Authorized to access {field} on type {parent}"


NULLS = """
type Query {
  getPostById: Post
  must: String! @aws_iam
  open: String
  maybe: Strict
  list: [Strict]
  lists: [Strict!]
  deep: Deep
}
type Mutation { shut: String @aws_iam  open: Strict }
type Post { id: ID  body: String @aws_iam }
type Strict { id: ID! @aws_iam  title: String  body: String! @aws_iam }
type Deep { name: String  deeper: Deeper! }
type Deeper { name: String  secret: String! @aws_iam }
"""


@pytest.fixture(scope="module")
def nulls(workshop: Workshop) -> tuple[Api, dict[str, str]]:
    fields = [f"Query.{name}" for name in ("getPostById", "must", "open", "maybe", "list", "lists", "deep")]
    values = {"getPostById": POST, "maybe": POST, "list": [POST, POST], "lists": [POST, POST], "deep": DEEP}
    api = workshop.api(NULLS, KEY, IAM, resolve=(*fields, "Mutation.shut", "Mutation.open"), values=values)
    return api, workshop.key(api)


@pytest.mark.row("2.3 Captured entry; exact message; data and errorInfo present with null")
@pytest.mark.row("2.3 x-amzn-errortype not set for field-level refusals")
def test_a_refused_field_is_null_with_the_captured_entry(nulls: tuple[Api, dict[str, str]]) -> None:
    api, key = nulls
    reply = api.ask("query GetPost {\n  getPostById {\n    id\n    body\n  }\n}", key)
    assert reply.status == 200
    assert "x-amzn-errortype" not in reply.headers
    assert reply.text == (
        '{"data":{"getPostById":{"id":"1","body":null}},"errors":[{"path":["getPostById","body"],"data":null,'
        '"errorType":"Unauthorized","errorInfo":null,"locations":[{"line":4,"column":5,"sourceName":null}],'
        '"message":"Not Authorized to access body on type Post"}]}'
    )


@pytest.mark.row("2.3 Nullable root field refused")
def test_a_refused_nullable_root_field_is_null(workshop: Workshop, nulls: tuple[Api, dict[str, str]]) -> None:
    api, key = nulls
    reply = api.ask("mutation { shut }", key)
    assert (reply.data, reply.messages) == ({"shut": None}, [unauthorized("shut", "Mutation")])


@pytest.mark.row("2.3 Non-null root field refused")
def test_a_refused_non_null_root_field_takes_all_data_away(nulls: tuple[Api, dict[str, str]]) -> None:
    api, key = nulls
    reply = api.ask("{ open must }", key)
    assert (reply.data, reply.messages) == (None, [unauthorized("must")])


@pytest.mark.row("2.3 Nested non-null field refused")
@pytest.mark.row("2.3 Two refused siblings under one object")
def test_refused_non_null_siblings_each_have_an_entry_and_the_null_travels_up(
    nulls: tuple[Api, dict[str, str]],
) -> None:
    api, key = nulls
    reply = api.ask("{ maybe { id title body } }", key)
    assert reply.data == {"maybe": None}
    assert [(error["path"], error["errorType"]) for error in reply.errors] == [
        (["maybe", "id"], "Unauthorized"),
        (["maybe", "body"], "Unauthorized"),
    ]
    reply = api.ask("{ deep { name deeper { name secret } } }", key)
    assert (reply.data, reply.messages) == ({"deep": None}, [unauthorized("secret", "Deeper")])


@pytest.mark.row("2.3 Refused field inside a list")
def test_a_refused_field_in_a_list_has_an_entry_for_each_element(nulls: tuple[Api, dict[str, str]]) -> None:
    api, key = nulls
    reply = api.ask("{ list { id } lists { id } }", key)
    assert reply.data == {"list": [None, None], "lists": None}
    assert [error["path"] for error in reply.errors] == [
        ["list", 0, "id"],
        ["list", 1, "id"],
        ["lists", 0, "id"],
        ["lists", 1, "id"],
    ]


COUNTING = """
import os, pathlib, tempfile
place = pathlib.Path(tempfile.gettempdir()) / os.environ["NAME"]
def handler(event, context):
    calls = int(place.read_text()) if place.exists() else 0
    if event["info"]["fieldName"] == "calls":
        return calls
    place.write_text(str(calls + 1))
    return {"id": "1"}
"""


@pytest.mark.row("2.3 Refused mutation root field: the resolver does not run")
@pytest.mark.row("2.3 Parent resolver when only a child is refused")
def test_a_refused_mutation_does_not_run_and_one_with_a_refused_child_does(workshop: Workshop) -> None:
    sdl = """
    type Query { calls: Int }
    type Mutation { shut: Thing @aws_iam  open: Thing }
    type Thing { id: ID! @aws_iam }
    """
    api = workshop.api(sdl, KEY, IAM)
    key = workshop.key(api)
    function = workshop.function(COUNTING, NAME=f"calls-{api.api_id}")
    workshop.appsync.create_data_source(
        apiId=api.api_id,
        name="counter",
        type="AWS_LAMBDA",
        serviceRoleArn=workshop.source_role,
        lambdaConfig={"lambdaFunctionArn": function},
    )
    for parent, field in (("Query", "calls"), ("Mutation", "shut"), ("Mutation", "open")):
        workshop.appsync.create_resolver(apiId=api.api_id, typeName=parent, fieldName=field, dataSourceName="counter")
    assert api.ask("mutation { shut { id } }", key).data == {"shut": None}
    assert api.ask("{ calls }", key).data == {"calls": 0}
    assert api.ask("mutation { open { id } }", key).data == {"open": None}
    assert api.ask("{ calls }", key).data == {"calls": 1}
