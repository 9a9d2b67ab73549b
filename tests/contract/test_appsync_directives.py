"""Directives on fields and types: who reads what."""

import json
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import IAM, KEY, Api
from tests.contract.workshop import Person, Pool, Workshop

POST = {"id": "1", "title": "t", "body": "b", "secret": "s"}


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def pool(workshop: Workshop) -> Pool:
    return workshop.pool()


@pytest.fixture(scope="module")
def admin(pool: Pool) -> Person:
    return pool.person("admin", "admins")


@pytest.fixture(scope="module")
def viewer(pool: Pool) -> Person:
    return pool.person("viewer", "admins-readonly", "viewers")


@pytest.fixture(scope="module")
def nobody(pool: Pool) -> Person:
    return pool.person("nobody")


def unauthorized(field: str, parent: str = "Query") -> str:
    return f"Not Authorized to access {field} on type {parent}"


@pytest.fixture(scope="module")
def two_modes(workshop: Workshop, pool: Pool) -> Api:
    """User pools by default, API keys besides."""
    sdl = """
    type Query {
      unmarked: String
      keyOnly: String @aws_api_key
      both: String @aws_api_key @aws_cognito_user_pools
      post: Post @aws_api_key @aws_cognito_user_pools
      plain: Plain @aws_api_key @aws_cognito_user_pools
      marked: Marked @aws_api_key @aws_cognito_user_pools
    }
    type Post @aws_api_key @aws_cognito_user_pools { id: ID  secret: String @aws_cognito_user_pools }
    type Plain { id: ID  title: String }
    type Marked { id: ID @aws_api_key @aws_cognito_user_pools  title: String }
    type Mutation @aws_api_key { add: String  addMine: String @aws_cognito_user_pools }
    """
    fields = [f"Query.{name}" for name in ("unmarked", "keyOnly", "both", "post", "plain", "marked")]
    values = dict.fromkeys(("post", "plain", "marked"), POST)
    return workshop.api(sdl, pool.default(), KEY, resolve=(*fields, "Mutation.add", "Mutation.addMine"), values=values)


@pytest.fixture(scope="module")
def key(workshop: Workshop, two_modes: Api) -> dict[str, str]:
    return workshop.key(two_modes)


@pytest.mark.row("2.2 Else the API's default mode only")
@pytest.mark.row("2.2 Every additional mode must be marked explicitly")
def test_an_unmarked_field_is_for_the_default_mode_alone(two_modes: Api, key: dict[str, str], nobody: Person) -> None:
    assert two_modes.ask("{ unmarked }", nobody.by_id).data == {"unmarked": "unmarked"}
    reply = two_modes.ask("{ unmarked }", key)
    assert (reply.data, reply.messages) == ({"unmarked": None}, [unauthorized("unmarked")])


@pytest.mark.row("2.2 A directive does not add to the default; it replaces it")
def test_a_field_marked_for_keys_is_closed_to_the_default_mode(
    two_modes: Api, key: dict[str, str], admin: Person
) -> None:
    assert two_modes.ask("{ keyOnly both }", key).data == {"keyOnly": "keyOnly", "both": "both"}
    reply = two_modes.ask("{ keyOnly both }", admin.by_id)
    assert (reply.data, reply.messages) == ({"keyOnly": None, "both": "both"}, [unauthorized("keyOnly")])


@pytest.mark.row("2.2 Nothing cascades downward")
def test_a_returned_type_without_directives_stays_closed(two_modes: Api, key: dict[str, str], nobody: Person) -> None:
    reply = two_modes.ask("{ plain { id title } }", key)
    assert reply.data == {"plain": {"id": None, "title": None}}
    assert reply.messages == [unauthorized("id", "Plain"), unauthorized("title", "Plain")]
    assert two_modes.ask("{ plain { id } }", nobody.by_id).data == {"plain": {"id": "1"}}


@pytest.mark.row("2.2 Each returned object type needs the directive on the type or on each field")
def test_directives_on_fields_open_those_fields_alone(two_modes: Api, key: dict[str, str]) -> None:
    reply = two_modes.ask("{ marked { id title } }", key)
    assert (reply.data, reply.messages) == ({"marked": {"id": "1", "title": None}}, [unauthorized("title", "Marked")])


@pytest.mark.row("2.2 Else the directives of the parent type")
@pytest.mark.row("2.2 Type-level open plus field-level narrower works")
def test_a_narrower_field_is_lost_to_the_mode_that_its_type_admits(
    two_modes: Api, key: dict[str, str], nobody: Person
) -> None:
    reply = two_modes.ask("{ post { id secret } }", key)
    assert (reply.data, reply.messages) == ({"post": {"id": "1", "secret": None}}, [unauthorized("secret", "Post")])
    assert two_modes.ask("{ post { id secret } }", nobody.by_id).data == {"post": {"id": "1", "secret": "s"}}


@pytest.mark.row("2.2 Rules on Query, Mutation, Subscription follow the same scheme")
def test_root_types_may_carry_directives(two_modes: Api, key: dict[str, str], nobody: Person) -> None:
    assert two_modes.ask("mutation { add }", key).data == {"add": "add"}
    reply = two_modes.ask("mutation { add addMine }", nobody.by_id)
    assert (reply.data, reply.messages) == ({"add": None, "addMine": "addMine"}, [unauthorized("add", "Mutation")])


@pytest.mark.row("8 Defect 1: a connection type that lacks the pool directive")
def test_the_blog_s_schema_shows_its_connection_to_iam_alone(workshop: Workshop, pool: Pool, nobody: Person) -> None:
    sdl = """
    type Query { listUsers: UserConnection @aws_iam @aws_cognito_user_pools }
    type UserConnection @aws_iam { items: [User!]  nextToken: String }
    type User @aws_iam { userId: ID! }
    """
    values = {"listUsers": {"items": [{"userId": "1"}], "nextToken": "n"}}
    api = workshop.api(sdl, pool.default(), IAM, resolve=("Query.listUsers",), values=values)
    query = "{ listUsers { items { userId } nextToken } }"
    reply = api.ask(query, nobody.by_id)
    assert reply.text.startswith('{"data":{"listUsers":{"items":null,"nextToken":null}}')
    assert reply.messages == [unauthorized("items", "UserConnection"), unauthorized("nextToken", "UserConnection")]
    assert api.signed(query, workshop.iam_user(f"{api.arn}/*")).data == values


ALL_MODES = """
type Query {
  event: String @aws_api_key @aws_iam @aws_oidc @aws_lambda @aws_cognito_user_pools
  key: String @aws_api_key
  iam: String @aws_iam
  oidc: String @aws_oidc
  authorizer: String @aws_lambda
  pools: String @aws_cognito_user_pools
}
"""


@pytest.mark.row("1.1 The five modes")
@pytest.mark.row("2.1 The five directives")
@pytest.mark.row("2.2 Auth directives on the field: exactly those modes")
@pytest.mark.row("1.2 Classification of the incoming request")
def test_each_mode_reads_its_own_field_and_no_other(workshop: Workshop, pool: Pool, nobody: Person) -> None:
    issuer = workshop.pool()
    names = ("key", "iam", "oidc", "authorizer", "pools")
    api = workshop.api(
        ALL_MODES,
        pool.default(),
        KEY,
        IAM,
        issuer.oidc(),
        workshop.authorizer(),
        resolve=tuple(f"Query.{name}" for name in names),
    )
    query = "{ " + " ".join(names) + " }"
    replies = {
        "key": api.ask(query, workshop.key(api)),
        "iam": api.signed(query, workshop.iam_user(f"{api.arn}/*")),
        "oidc": api.ask(query, issuer.person("olga").by_id),
        "authorizer": api.ask(query, {"Authorization": "allow"}),
        "pools": api.ask(query, nobody.by_access),
    }
    for mine, reply in replies.items():
        assert reply.data == {name: name if name == mine else None for name in names}
        assert reply.messages == [unauthorized(name) for name in names if name != mine]


@pytest.mark.row("1.5 Identity object seen by resolvers")
def test_each_mode_shows_resolvers_an_identity_of_its_own(workshop: Workshop, pool: Pool) -> None:
    issuer, ada = workshop.pool(), pool.person("ada", "admins")
    olga = issuer.person("olga")
    api = workshop.api(ALL_MODES, pool.default(), KEY, issuer.oidc(), workshop.authorizer(), resolve=("Query.event",))

    def identity(headers: dict[str, str]) -> Any:
        return json.loads(api.ask("{ event }", headers).data["event"])["identity"]

    assert identity(workshop.key(api)) is None
    assert identity({"Authorization": "allow"}) == {"resolverContext": {"calls": "1"}}
    seen = identity(ada.by_id)
    assert set(seen) == {"sub", "issuer", "username", "claims", "sourceIp", "groups", "defaultAuthStrategy"}
    assert (seen["username"], seen["groups"], seen["issuer"]) == (ada.name, ["admins"], pool.issuer)
    assert (seen["sub"], seen["defaultAuthStrategy"]) == (seen["claims"]["sub"], "ALLOW")
    assert identity(pool.person("otto").by_access)["groups"] is None
    assert set(identity(olga.by_id)) == {"sub", "issuer", "claims"}


GROUPS = """
type Query {
  admins: String @aws_cognito_user_pools(cognito_groups: ["admins"])
  either: String @aws_cognito_user_pools(cognito_groups: ["admins", "viewers"])
  anyone: String @aws_cognito_user_pools
  post: Post
}
type Post { id: ID  secret: String @aws_cognito_user_pools(cognito_groups: ["admins"]) }
"""


@pytest.fixture(scope="module")
def grouped(workshop: Workshop, pool: Pool) -> Api:
    fields = ("Query.admins", "Query.either", "Query.anyone", "Query.post")
    return workshop.api(GROUPS, pool.default(), resolve=fields, values={"post": POST})


@pytest.mark.row("2.1 cognito_groups: any one suffices")
@pytest.mark.row("2.4 Groups are read from `cognito:groups` of whichever token is sent")
def test_groups_are_alternatives_and_compared_whole(
    grouped: Api, admin: Person, viewer: Person, nobody: Person
) -> None:
    query = "{ admins either anyone post { id secret } }"
    for headers in (admin.by_id, admin.by_access):
        assert grouped.ask(query, headers).errors == []
    for headers in (viewer.by_id, viewer.by_access):
        reply = grouped.ask(query, headers)
        assert reply.data == {
            "admins": None,
            "either": "either",
            "anyone": "anyone",
            "post": {"id": "1", "secret": None},
        }
        assert reply.messages == [unauthorized("admins"), unauthorized("secret", "Post")]
    assert grouped.ask(query, nobody.by_id).data["either"] is None


@pytest.mark.row("2.4 Group membership is frozen in the token")
def test_a_new_group_counts_from_the_next_token_on(workshop: Workshop, pool: Pool, grouped: Api) -> None:
    person = pool.person("riser")
    workshop.cognito.admin_add_user_to_group(UserPoolId=pool.pool_id, Username=person.name, GroupName="viewers")
    assert grouped.ask("{ either }", person.by_id).data == {"either": None}
    assert grouped.ask("{ either }", pool.sign_in(person.name).by_id).data == {"either": "either"}


AUTH = """
type Query { root: String @aws_auth(cognito_groups: ["admins"])  post: Post }
type Post { id: ID  secret: String @aws_auth(cognito_groups: ["admins"]) }
"""


@pytest.mark.row("2.4 @aws_auth is enforced on root fields only")
def test_aws_auth_guards_root_fields_where_pools_are_the_one_mode(
    workshop: Workshop, pool: Pool, admin: Person, nobody: Person
) -> None:
    api = workshop.api(AUTH, pool.default(), resolve=("Query.root", "Query.post"), values={"post": POST})
    reply = api.ask("{ root post { secret } }", nobody.by_id)
    assert (reply.data, reply.messages) == ({"root": None, "post": {"secret": "s"}}, [unauthorized("root")])
    assert api.ask("{ root }", admin.by_id).data == {"root": "root"}


@pytest.mark.row("2.4 @aws_auth counts only when user pools are the only mode of the API")
def test_a_second_provider_makes_aws_auth_inert(workshop: Workshop, pool: Pool, nobody: Person) -> None:
    api = workshop.api(AUTH, pool.default(), IAM, resolve=("Query.root",))
    assert api.ask("{ root }", nobody.by_id).data == {"root": "root"}


DEFAULT_ACTION = """
type Query { unmarked: String  marked: String @aws_cognito_user_pools  post: Post @aws_cognito_user_pools }
type Post { id: ID }
"""


@pytest.mark.row("2.4 defaultAction ALLOW and DENY")
@pytest.mark.row("2.4 A group-less @aws_cognito_user_pools counts as explicit under DENY")
def test_default_action_deny_closes_every_unmarked_field(workshop: Workshop, pool: Pool, nobody: Person) -> None:
    fields = ("Query.unmarked", "Query.marked", "Query.post")
    query = "{ unmarked marked post { id } }"
    deny = workshop.api(DEFAULT_ACTION, pool.default("DENY"), resolve=fields, values={"post": POST})
    reply = deny.ask(query, nobody.by_id)
    assert reply.data == {"unmarked": None, "marked": "marked", "post": {"id": None}}
    assert reply.messages == [unauthorized("unmarked"), unauthorized("id", "Post")]
    allow = workshop.api(DEFAULT_ACTION, pool.default("ALLOW"), resolve=fields, values={"post": POST})
    assert allow.ask(query, nobody.by_id).errors == []
