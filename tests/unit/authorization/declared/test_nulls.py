"""What a refused field takes with it, and what an operation really asks for: lists, fragments, skips, aliases."""

import pytest

from tests.unit.authorization.declared.samples import KEY, WITH_KEY, api, declare, person, pool, shown

CLOSED = "@aws_cognito_user_pools"
TYPES = """
type Query @aws_api_key {
  plain: String
  user: User
  must: User!
  users: [User!]
  loose: [User]
  tight: [User!]!
  deep: [[User]]
  box: Box
}
type Box @aws_api_key { user: User!  note: String }
type User @aws_api_key { id: ID!  email: String! @aws_cognito_user_pools  name: String @aws_cognito_user_pools }
"""


@pytest.fixture
def declared():
    return api(TYPES, pool(), KEY)


def test_a_refused_field_that_may_be_null_leaves_the_rest(declared) -> None:
    assert shown(declared, "{ user { id name } }", WITH_KEY) == ("partial", {"user.name"})


def test_a_refused_field_that_may_not_be_null_takes_its_object_with_it(declared) -> None:
    assert shown(declared, "{ user { id email } }", WITH_KEY) == ("refused by rule", {"user.email"})
    assert shown(declared, "{ plain user { id email } }", WITH_KEY) == ("partial", {"user.email"})


def test_the_null_goes_on_to_the_nearest_field_that_may_be_null(declared) -> None:
    assert shown(declared, "{ plain box { note user { email } } }", WITH_KEY) == ("partial", {"box.user.email"})
    assert shown(declared, "{ box { note user { email } } }", WITH_KEY) == ("refused by rule", {"box.user.email"})
    assert shown(declared, "{ plain must { email } }", WITH_KEY) == ("refused by rule", {"must.email"})


def test_in_a_list_an_element_that_may_be_null_keeps_the_list_and_one_that_may_not_takes_it(declared) -> None:
    assert shown(declared, "{ loose { id name } }", WITH_KEY) == ("partial", {"loose[].name"})
    assert shown(declared, "{ plain users { id email } }", WITH_KEY) == ("partial", {"users[].email"})
    assert shown(declared, "{ users { id email } }", WITH_KEY) == ("refused by rule", {"users[].email"})
    assert shown(declared, "{ plain tight { id email } }", WITH_KEY) == ("refused by rule", {"tight[].email"})
    assert shown(declared, "{ deep { id name } }", WITH_KEY) == ("partial", {"deep[].name"})


def test_what_is_taken_along_says_which_field_below_takes_it(declared) -> None:
    told = declare(declared, "{ plain box { note user { email } } }", WITH_KEY)
    assert set(told.by_field) == {"box.user.email", "box.user", "box"}
    assert "since box.user.email below it is refused and may not be null" in told.by_field["box"].words
    assert told.by_field["box"].line == told.by_field["box.user.email"].line


def test_two_refused_fields_of_one_object_are_both_refused(declared) -> None:
    assert shown(declared, "{ user { email name } }", WITH_KEY) == ("refused by rule", {"user.email", "user.name"})


def test_aliases_name_the_fields_as_the_answer_does(declared) -> None:
    document = "{ one: user { n: name id } two: user { id } }"
    assert shown(declared, document, WITH_KEY) == ("partial", {"one.n"})


def test_fragments_are_spread_and_those_for_another_type_left_out(declared) -> None:
    document = """
    query A { user { ...U ... on User { id } } }
    fragment U on User { name }
    """
    assert shown(declared, document, WITH_KEY) == ("partial", {"user.name"})


def test_fields_of_one_name_are_merged(declared) -> None:
    assert shown(declared, "{ user { id } user { name } }", WITH_KEY) == ("partial", {"user.name"})


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ('{"no": true}', ("allowed", set())),
        ('{"no": false}', ("partial", {"user.name"})),
        ("", ("partial", {"user.name"})),
    ],
)
@pytest.mark.parametrize("condition", ["@skip(if: $no)", "@skip(if: $no) @include(if: true)"])
def test_what_variables_skip_is_not_asked_for(declared, variables: str, expected: object, condition: str) -> None:
    document = f"query A($no: Boolean = false) {{ user {{ id name {condition} }} }}"
    assert shown(declared, document, WITH_KEY, variables) == expected


def test_a_variable_that_is_not_sent_has_its_default(declared) -> None:
    document = "query A($no: Boolean = true) { user { id name @skip(if: $no) } }"
    assert shown(declared, document, WITH_KEY) == ("allowed", set())
    assert shown(declared, document, WITH_KEY, '{"no": false}') == ("partial", {"user.name"})


def test_what_a_literal_skips_on_a_fragment_is_not_asked_for(declared) -> None:
    assert shown(declared, "{ user { id ... @include(if: false) { name } } }", WITH_KEY) == ("allowed", set())
    document = "{ user { id ...N @skip(if: true) } } fragment N on User { name }"
    assert shown(declared, document, WITH_KEY) == ("allowed", set())


def test_a_types_name_and_the_schema_itself_are_for_everybody_who_is_let_in(declared) -> None:
    assert shown(declared, "{ __typename }", person()) == ("allowed", set())
    assert shown(declared, "{ __schema { types { name } } }", person()) == ("allowed", set())
    assert shown(declared, '{ __type(name: "User") { name } }', person()) == ("allowed", set())


def test_a_types_name_alone_does_not_make_a_refused_object_partial(declared) -> None:
    assert shown(declared, "{ user { __typename name } }", WITH_KEY) == ("refused by rule", {"user.name"})


def test_where_introspection_is_off_an_operation_that_asks_for_the_schema_is_not_run() -> None:
    off = api(TYPES, pool(), KEY, settings={"introspectionConfig": "DISABLED"})
    assert "Introspection is switched off" in str(shown(off, "{ __schema { types { name } } }", WITH_KEY))
    assert shown(off, "{ __typename }", WITH_KEY) == ("allowed", set())


def test_what_is_deeper_than_the_api_goes_is_not_predicted() -> None:
    shallow = api(TYPES, pool(), KEY, settings={"queryDepthLimit": 2})
    assert "3 levels deep" in str(shown(shallow, "{ box { user { id } } }", WITH_KEY))
    assert shown(shallow, "{ user { id } }", WITH_KEY) == ("allowed", set())


@pytest.mark.parametrize(
    ("document", "variables", "words"),
    [
        ("{ nothing }", "", "does not fit the schema"),
        ("query A($x: Int!) { plain }", "{}", "does not fit"),
        ("query A($yes: Boolean!) { plain @include(if: $yes) }", "{}", "variables do not fit"),
        ("mutation { m }", "", "does not fit the schema"),
        ("{ plain @skip(if: true) }", "", "asks for nothing"),
    ],
)
def test_what_appsync_would_not_run_is_not_predicted(declared, document: str, variables: str, words: str) -> None:
    assert words in str(shown(declared, document, WITH_KEY, variables))


ABSTRACT = """
interface Node { id: ID }
type A implements Node @aws_api_key { id: ID  name: String }
type B implements Node @aws_api_key { id: ID  name: String @aws_cognito_user_pools }
union Either = A | B
type Query @aws_api_key { node: Node  either: Either  same: [Node!]  plain: String }
"""


def test_where_every_type_that_may_come_gives_the_same_it_is_predicted() -> None:
    declared = api(ABSTRACT, pool(), KEY)
    assert shown(declared, "{ node { id } }", WITH_KEY) == ("allowed", set())
    assert shown(declared, "{ same { id } }", person()) == ("refused by rule", {"same"})
    document = "{ either { ... on A { id } ... on B { id } } }"
    assert shown(declared, document, WITH_KEY) == ("allowed", set())


def test_where_it_depends_on_the_type_that_comes_nothing_is_predicted_and_the_field_is_named() -> None:
    declared = api(ABSTRACT, pool(), KEY)
    document = "{ plain either { ... on A { name } ... on B { name id } } }"
    told = declare(declared, document, WITH_KEY)
    assert told.verdict is None
    assert "either may be A, B" in told.reasons[0].words
    assert "either.name" in told.by_field
