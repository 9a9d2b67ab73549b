"""Which fields a caller may have, by the directives of field and type, and the API's default."""

import pytest

from services.authorization.cells import Facts
from tests.unit.authorization.declared.samples import (
    BY_LAMBDA,
    BY_OIDC,
    EVERY_MODE,
    IAM,
    KEY,
    WITH_KEY,
    api,
    declare,
    person,
    pool,
    shown,
)

IN = ("allowed", set())


def refused(*fields: str) -> tuple[str, set[str]]:
    return "refused by rule", set(fields)


@pytest.mark.parametrize(
    ("directive", "facts"),
    [
        ("@aws_api_key", WITH_KEY),
        ("@aws_cognito_user_pools", person()),
        ("@aws_oidc", BY_OIDC),
        ("@aws_lambda", BY_LAMBDA),
    ],
)
def test_a_directive_admits_its_own_mode_and_replaces_the_default(directive: str, facts: Facts) -> None:
    declared = api(f"type Query {{ a: String {directive} }}", *EVERY_MODE)
    assert shown(declared, "{ a }", facts) == IN
    for other in (WITH_KEY, person(), BY_OIDC, BY_LAMBDA):
        if other is not facts and other.mode is not facts.mode:
            assert shown(declared, "{ a }", other) == refused("a")


def test_a_field_without_a_directive_is_for_the_default_mode_alone() -> None:
    sdl = "type Query { a: String }"
    assert shown(api(sdl, KEY, pool()), "{ a }", WITH_KEY) == IN
    assert shown(api(sdl, KEY, pool()), "{ a }", person()) == refused("a")
    assert shown(api(sdl, pool(), KEY), "{ a }", person()) == IN
    assert shown(api(sdl, pool(), KEY), "{ a }", WITH_KEY) == refused("a")


def test_a_types_directives_hold_for_its_fields_unless_a_field_has_its_own() -> None:
    sdl = "type Query @aws_api_key @aws_oidc { a: String  b: String @aws_cognito_user_pools }"
    declared = api(sdl, *EVERY_MODE)
    assert shown(declared, "{ a b }", WITH_KEY) == ("partial", {"b"})
    assert shown(declared, "{ a b }", person()) == ("partial", {"a"})


def test_the_directives_of_a_types_extension_count_as_the_types_own() -> None:
    declared = api("type Query { a: String }\nextend type Query @aws_api_key", pool(), KEY)
    assert shown(declared, "{ a }", WITH_KEY) == IN
    assert shown(declared, "{ a }", person()) == refused("a")


def test_opening_a_field_opens_nothing_of_what_it_returns() -> None:
    sdl = "type Query { a: A @aws_api_key }\ntype A { x: String  y: String @aws_api_key }"
    assert shown(api(sdl, pool(), KEY), "{ a { x y } }", WITH_KEY) == ("partial", {"a.x"})


@pytest.mark.parametrize(
    ("groups", "expected"), [(["a"], IN), (["x", "b"], IN), (["x"], refused("f")), ([], refused("f"))]
)
def test_one_of_the_groups_is_enough_and_none_is_not(groups: list[str], expected: object) -> None:
    declared = api('type Query { f: String @aws_cognito_user_pools(cognito_groups: ["a", "b"]) }', pool())
    assert shown(declared, "{ f }", person(*groups)) == expected


def test_groups_of_a_directive_bind_people_of_the_pool_and_no_other_mode() -> None:
    declared = api('type Query { f: String @aws_cognito_user_pools(cognito_groups: ["a"]) @aws_api_key }', pool(), KEY)
    assert shown(declared, "{ f }", WITH_KEY) == IN
    assert shown(declared, "{ f }", person()) == refused("f")


def test_a_single_group_may_be_written_without_a_list() -> None:
    declared = api('type Query { f: String @aws_cognito_user_pools(cognito_groups: "a") }', pool())
    assert shown(declared, "{ f }", person("a")) == IN
    assert shown(declared, "{ f }", person("b")) == refused("f")


AUTH = """
type Query { f: String @aws_auth(cognito_groups: ["a"])  n: N }
type N { f: String @aws_auth(cognito_groups: ["a"]) }
"""


def test_aws_auth_counts_where_one_user_pool_is_the_only_mode_and_on_root_fields_alone() -> None:
    assert shown(api(AUTH, pool()), "{ f n { f } }", person("b")) == ("partial", {"f"})
    assert shown(api(AUTH, pool()), "{ f n { f } }", person("a")) == IN


@pytest.mark.parametrize("second", [KEY, IAM, pool("eu-west-1_Other")])
def test_aws_auth_guards_nothing_beside_a_second_provider(second: dict) -> None:
    assert shown(api(AUTH, pool(), second), "{ f n { f } }", person("b")) == IN


def test_deny_by_default_closes_what_has_no_directive_to_everybody_and_nothing_else() -> None:
    sdl = """
    type Query { a: String  b: B @aws_cognito_user_pools }
    type B { c: String  d: String @aws_cognito_user_pools }
    """
    denying = api(sdl, pool(defaultAction="DENY"), KEY)
    assert shown(denying, "{ a b { c d } }", person()) == ("partial", {"a", "b.c"})
    assert shown(denying, "{ a }", WITH_KEY) == refused("a")
    assert shown(api(sdl, pool(defaultAction="ALLOW")), "{ a b { c d } }", person()) == IN


def test_what_the_lambda_authorizer_denies_is_refused_by_name_or_by_arn_and_to_its_own_callers_only() -> None:
    declared = api(
        "type Query { a: A @aws_lambda @aws_api_key }\ntype A @aws_lambda @aws_api_key { x: Int y: Int }", *EVERY_MODE
    )
    arn = "arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/fields/a"
    for name, expected in (("A.x", ("partial", {"a.x"})), (arn, refused("a")), ("A", IN), ("A.*", IN)):
        facts = Facts(BY_LAMBDA.mode, denied_fields=frozenset({name}))
        assert shown(declared, "{ a { x y } }", facts) == expected, name
    assert shown(declared, "{ a { x y } }", Facts(WITH_KEY.mode, denied_fields=frozenset({"A.x"}))) == IN


def test_mutations_follow_the_same_rules() -> None:
    declared = api("type Query { a: Int }\ntype Mutation { m(x: Int!): Int @aws_api_key }", pool(), KEY)
    assert shown(declared, "mutation { m(x: 1) }", WITH_KEY) == IN
    assert shown(declared, "mutation { m(x: 1) }", person()) == refused("m")


SCHEMA = """# Comments count as lines.
type Query {
  a: String
    @aws_cognito_user_pools(cognito_groups: ["x", "y"])
  b: B @aws_cognito_user_pools
}
type B @aws_api_key {
  c: String
}
"""


def test_a_refusal_by_group_names_the_groups_and_the_schema_line_word_by_word() -> None:
    declaration = declare(api(SCHEMA, pool(), KEY), "{ a }", person("z"))
    reason = declaration.by_field["a"]
    assert reason.place == "schema line 3"
    assert reason.line == 'a: String @aws_cognito_user_pools(cognito_groups: ["x", "y"])'
    assert reason.groups == ("x", "y")
    assert "x, y" in reason.words
    assert "z" in reason.words
    assert declaration.reasons[0] == reason


def test_a_refusal_by_the_type_names_the_types_line() -> None:
    reason = declare(api(SCHEMA, pool(), KEY), "{ b { c } }", person()).by_field["b.c"]
    assert (reason.place, reason.line) == ("schema line 7", "type B @aws_api_key {")


def test_what_is_let_in_has_its_reasons_too_the_mode_and_each_root_fields_line() -> None:
    declaration = declare(api(SCHEMA, pool(), KEY), "{ a }", person("x"))
    assert [reason.place for reason in declaration.reasons] == ["API configuration", "schema line 3"]
    assert "default mode" in declaration.reasons[0].words
    assert declaration.by_field == {}
