"""The effective rule of a field, and that nothing is ever read past it."""

from typing import Any

import pytest
from graphql import GraphQLObjectType
from hypothesis import given, settings
from hypothesis import strategies as st

from local_cloud.appsync.directives import FieldRule, field_rules
from local_cloud.appsync.model import Api, Caller, Credential, Mode, UserPool
from local_cloud.appsync.schema import build_schema
from tests.local_cloud.appsync.fakes import POOL, make_api

KEY, IAM, POOLS, OIDC, LAMBDA = Mode.API_KEY, Mode.IAM, Mode.USER_POOLS, Mode.OIDC, Mode.LAMBDA


def rule(api: Api, sdl: str, place: str = "Query.f") -> FieldRule:
    schema = build_schema(sdl)
    type_name, _, field_name = place.partition(".")
    parent = schema.get_type(type_name)
    assert isinstance(parent, GraphQLObjectType)
    return field_rules(schema, api).rule(parent, field_name)


def modes(api: Api, sdl: str, place: str = "Query.f") -> set[Mode]:
    return set(rule(api, sdl, place).modes)


ALL = make_api(POOLS, KEY, IAM, OIDC, LAMBDA)


def test_a_field_without_directives_is_for_the_default_mode_alone() -> None:
    assert modes(ALL, "type Query { f: Int }") == {POOLS}
    assert modes(make_api(KEY, IAM), "type Query { f: Int }") == {KEY}


@pytest.mark.parametrize(
    ("directive", "mode"),
    [
        ("@aws_api_key", KEY),
        ("@aws_iam", IAM),
        ("@aws_oidc", OIDC),
        ("@aws_lambda", LAMBDA),
        ("@aws_cognito_user_pools", POOLS),
    ],
)
def test_each_directive_stands_for_its_mode_on_fields_and_on_types(directive: str, mode: Mode) -> None:
    api = make_api(IAM if mode is KEY else KEY, mode)
    assert modes(api, f"type Query {{ f: Int {directive} }}") == {mode}
    assert modes(api, f"type Query {directive} {{ f: Int }}") == {mode}


def test_a_field_s_directives_replace_its_type_s() -> None:
    sdl = "type Query @aws_api_key @aws_iam { f: Int @aws_iam  g: Int }"
    assert modes(ALL, sdl) == {IAM}
    assert modes(ALL, sdl, "Query.g") == {KEY, IAM}


def test_directives_are_alternatives() -> None:
    assert modes(ALL, "type Query { f: Int @aws_iam @aws_api_key @aws_lambda }") == {IAM, KEY, LAMBDA}


def test_a_directive_does_not_add_to_the_default_mode() -> None:
    assert POOLS not in modes(ALL, "type Query { f: Int @aws_iam }")


def test_nothing_cascades_to_the_type_that_a_field_returns() -> None:
    assert modes(ALL, "type Query { f: T @aws_iam } type T { x: Int }", "T.x") == {POOLS}


def test_a_directive_on_a_type_extension_counts_for_the_type() -> None:
    assert modes(ALL, "type Query { f: Int } extend type Query @aws_iam { g: Int }") == {IAM}


def test_root_types_of_any_name_follow_the_same_scheme() -> None:
    sdl = "schema { query: Root } type Root @aws_iam { f: Int }"
    assert modes(ALL, sdl, "Root.f") == {IAM}


def user(*groups: str) -> Caller:
    return Caller(POOLS, groups=frozenset(groups))


def test_any_one_of_the_listed_groups_suffices() -> None:
    found = rule(ALL, 'type Query { f: Int @aws_cognito_user_pools(cognito_groups: ["a", "b"]) }')
    assert found.admits(user("a", "other"))
    assert found.admits(user("b"))
    assert not found.admits(user("other"))
    assert not found.admits(user())


@pytest.mark.parametrize("name", ["admin", "adminss", "Admins", "not-admins", "admins,viewers", ""])
def test_group_names_are_compared_whole(name: str) -> None:
    found = rule(ALL, 'type Query { f: Int @aws_cognito_user_pools(cognito_groups: ["admins"]) }')
    assert not found.admits(user(name))


def test_groups_on_the_type_hold_for_fields_without_directives() -> None:
    sdl = 'type Query @aws_cognito_user_pools(cognito_groups: ["a"]) { f: Int  g: Int @aws_cognito_user_pools }'
    assert not rule(ALL, sdl).admits(user("b"))
    assert rule(ALL, sdl, "Query.g").admits(user("b"))


def test_groups_ask_nothing_of_other_modes() -> None:
    found = rule(ALL, 'type Query { f: Int @aws_iam @aws_cognito_user_pools(cognito_groups: ["a"]) }')
    assert found.admits(Caller(IAM))
    assert not found.admits(Caller(KEY))


def test_an_empty_list_of_groups_admits_nobody() -> None:
    assert not rule(ALL, "type Query { f: Int @aws_cognito_user_pools(cognito_groups: []) }").admits(user("a"))


AUTH = """
type Query { f: Int @aws_auth(cognito_groups: ["admins"])  t: T }
type T { x: Int @aws_auth(cognito_groups: ["admins"]) }
"""


def test_aws_auth_is_enforced_on_root_fields_where_pools_are_the_one_mode() -> None:
    found = rule(make_api(POOLS), AUTH)
    assert found.admits(user("admins"))
    assert not found.admits(user("viewers"))


def test_aws_auth_is_not_enforced_below_the_root() -> None:
    assert rule(make_api(POOLS), AUTH, "T.x").admits(user())


def test_a_second_provider_makes_aws_auth_inert() -> None:
    assert rule(make_api(POOLS, IAM), AUTH).admits(user())
    two_pools = make_api(POOLS, POOLS)
    assert rule(two_pools, AUTH).admits(user())


def denying(*others: Mode) -> Api:
    return make_api(POOLS, *others, issuers=(UserPool(POOL.issuer, POOL.pool_id, default_action="DENY"),))


@pytest.mark.row("2.4 DENY reaches nested types")
@pytest.mark.parametrize("api", [denying(), denying(IAM)])
def test_default_action_deny_closes_what_no_directive_opens(api: Api) -> None:
    sdl = "type Query { f: T  g: Int @aws_cognito_user_pools } type T { x: Int }"
    assert not rule(api, sdl).admits(user())
    assert not rule(api, sdl, "T.x").admits(user())
    assert rule(api, sdl, "Query.g").admits(user())


def test_default_action_deny_counts_aws_auth_as_a_directive_in_single_mode() -> None:
    assert rule(denying(), AUTH).admits(user("admins"))
    assert not rule(denying(), AUTH, "T.x").admits(user("admins"))


def test_default_action_allow_lets_pool_users_read_what_carries_no_directive() -> None:
    assert rule(make_api(POOLS), "type Query { f: Int }").admits(user())


def test_an_additional_pool_has_no_default_action() -> None:
    api = make_api(KEY, POOLS, issuers=(UserPool(POOL.issuer, POOL.pool_id, default_action="DENY"),))
    assert rule(api, "type Query { f: Int }").admits(Caller(KEY))


_DIRECTIVES = {
    KEY: "@aws_api_key",
    IAM: "@aws_iam",
    OIDC: "@aws_oidc",
    LAMBDA: "@aws_lambda",
    POOLS: "@aws_cognito_user_pools",
}
_GROUPS = ["admins", "viewers", "admins-readonly"]
mode_sets = st.sets(st.sampled_from(list(Mode)))
group_lists = st.none() | st.lists(st.sampled_from(_GROUPS), max_size=2, unique=True)


def _written(chosen: set[Mode], groups: list[str] | None) -> str:
    texts = [_DIRECTIVES[mode] for mode in sorted(chosen) if mode is not POOLS or groups is None]
    if POOLS in chosen and groups is not None:
        listed = ", ".join(f'"{group}"' for group in groups)
        texts.append(f"@aws_cognito_user_pools(cognito_groups: [{listed}])")
    return " ".join(texts)


@settings(max_examples=150, deadline=None)
@given(
    configured=st.lists(st.sampled_from(list(Mode)), min_size=1, unique=True),
    on_field=mode_sets,
    on_type=mode_sets,
    field_groups=group_lists,
    type_groups=group_lists,
    caller_groups=st.sets(st.sampled_from(_GROUPS)),
    caller_mode=st.sampled_from(list(Mode)),
)
def test_a_rule_admits_exactly_what_field_then_type_then_default_say(**drawn: Any) -> None:
    on_field, on_type, configured = drawn["on_field"], drawn["on_type"], drawn["configured"]
    sdl = (
        f"type Query {_written(on_type, drawn['type_groups'])} {{ f: Int {_written(on_field, drawn['field_groups'])} }}"
    )
    caller = Caller(drawn["caller_mode"], groups=frozenset(drawn["caller_groups"]))
    if on_field:
        chosen, groups = on_field, drawn["field_groups"]
    elif on_type:
        chosen, groups = on_type, drawn["type_groups"]
    else:
        chosen, groups = {configured[0]}, None
    expected = caller.mode in chosen and (
        caller.mode is not POOLS or groups is None or bool(set(groups) & drawn["caller_groups"])
    )
    assert rule(make_api(*configured), sdl).admits(caller) == expected


def test_a_credential_in_a_caller_is_not_part_of_the_rule() -> None:
    credential = Credential("AKIA", "s", None, "1", "arn", "id", "name")
    assert not rule(ALL, "type Query { f: Int }").admits(Caller(IAM, credential=credential))
