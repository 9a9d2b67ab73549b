"""What the policies of the role behind IAM credentials let a caller do, and which role that is."""

from typing import Any

import pytest

from services.authorization.cells import Facts, Mode
from tests.unit.authorization.declared.samples import (
    ACCOUNT,
    ARN,
    GUEST,
    IAM,
    KEY,
    allow,
    api,
    by_iam,
    declare,
    deny,
    identity_pool,
    pool,
    role,
    role_arn,
    shown,
    trust,
)

SDL = """
type Query @aws_iam @aws_cognito_user_pools { a: String  b: String  n: N  shut: String @aws_cognito_user_pools }
type N @aws_iam { x: String  y: String @aws_cognito_user_pools }
type Mutation { m: Int @aws_iam }
"""
DENIED = ("refused by rule", set())


def cloud(*roles: Any, sdl: str = SDL, mapping: Any = None, groups: Any = ()) -> Any:
    """An API with user pool and IAM, and these roles."""
    pools = identity_pool() if mapping is None else mapping
    return api(sdl, pool(), IAM, identityPoolRoles=pools, groups=list(groups), roles=list(roles))


def guest(*statements: Any, **more: Any) -> Any:
    """An API whose guests may do this."""
    return cloud(role("guests", *statements, **more), role("people"))


def test_a_call_whose_root_fields_are_all_left_out_is_refused_as_a_whole() -> None:
    assert shown(guest(allow("Query.b")), "{ a }", GUEST) == DENIED
    assert shown(guest(), "{ a b }", GUEST) == DENIED


def test_a_call_of_which_some_root_fields_are_allowed_comes_in_part() -> None:
    assert shown(guest(allow("Query.b")), "{ a b }", GUEST) == ("partial", {"a"})


def test_policy_and_schema_must_both_let_in() -> None:
    assert shown(guest(allow("Query.shut")), "{ shut }", GUEST) == ("refused by rule", {"shut"})
    assert shown(guest(allow("Query.shut", "Query.a")), "{ shut b a }", GUEST) == ("partial", {"shut", "b"})


def test_policies_are_asked_about_root_fields_alone() -> None:
    assert shown(guest(allow("Query.n")), "{ n { x y } }", GUEST) == ("partial", {"n.y"})
    assert shown(guest(allow("Query.n"), deny("N.x")), "{ n { x } }", GUEST) == ("allowed", set())


def test_an_alias_is_asked_about_by_the_fields_own_name() -> None:
    assert shown(guest(allow("Query.a")), "{ b: a }", GUEST) == ("allowed", set())
    assert shown(guest(allow("Query.a")), "{ a: b }", GUEST) == DENIED


def test_a_types_name_needs_leave_only_where_nothing_else_is_asked_for() -> None:
    assert shown(guest(allow("Query.a")), "{ __typename a }", GUEST) == ("allowed", set())
    assert shown(guest(allow("Query.a")), "{ __typename }", GUEST) == DENIED
    assert shown(guest(allow("Query.__typename")), "{ __typename a }", GUEST) == DENIED
    assert shown(guest(allow("Query.a")), "{ __schema { types { name } } }", GUEST) == DENIED
    assert shown(guest(allow(f"{ARN}/types/Query/*")), "{ __schema { types { name } } }", GUEST) == ("allowed", set())


def test_the_schema_about_itself_may_not_be_null_and_a_type_of_it_may() -> None:
    only_a = guest(allow("Query.a"))
    assert shown(only_a, "{ a __schema { types { name } } }", GUEST) == ("refused by rule", {"__schema"})
    assert shown(only_a, '{ a __type(name: "N") { name } }', GUEST) == ("partial", {"__type"})


def test_mutations_are_asked_about_by_their_own_type() -> None:
    assert shown(guest(allow("Query.m")), "mutation { m }", GUEST) == DENIED
    assert shown(guest(allow("Mutation.m")), "mutation { m }", GUEST) == ("allowed", set())


@pytest.mark.parametrize(
    ("resource", "let_in"),
    [
        (f"{ARN}/*", True),
        (f"{ARN}/types/Query/*", True),
        (f"{ARN}/types/*/fields/a", True),
        (f"{ARN}/types/Query/fields/?", True),
        ("*", True),
        (ARN, False),
        (f"{ARN}/types/Query", False),
        (f"{ARN}/types/Mutation/*", False),
        (f"{ARN}x/*", False),
        (f"{ARN}/types/Query/fields/A", False),
    ],
)
def test_a_pattern_covers_what_iam_says_it_covers(resource: str, let_in: bool) -> None:
    assert (shown(guest(allow(resource)), "{ a }", GUEST) == ("allowed", set())) is let_in


@pytest.mark.parametrize(
    ("action", "let_in"), [("appsync:*", True), ("*", True), ("AppSync:graphql", True), ("appsync:Get*", False)]
)
def test_an_action_is_compared_as_iam_compares_it(action: str, let_in: bool) -> None:
    assert (shown(guest({**allow("Query.a"), "Action": action}), "{ a }", GUEST) == ("allowed", set())) is let_in


def test_a_denial_goes_before_every_leave() -> None:
    assert shown(guest(allow("*"), deny("Query.a")), "{ a b }", GUEST) == ("partial", {"a"})


def test_not_action_and_not_resource_mean_everything_else() -> None:
    every = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": f"{ARN}/types/Query/fields/b"}
    assert shown(guest(every), "{ a b }", GUEST) == ("partial", {"b"})
    none = {"Effect": "Allow", "NotAction": "appsync:*", "Resource": "*"}
    assert shown(guest(none), "{ a }", GUEST) == DENIED


def test_a_boundary_has_to_allow_as_well() -> None:
    bound = {"Statement": [allow("Query.a")]}
    assert shown(guest(allow("*"), boundary=bound), "{ a b }", GUEST) == ("partial", {"b"})


@pytest.mark.parametrize(
    "statement",
    [
        allow("Query.a", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        allow(f"{ARN}/types/Query/fields/${{aws:PrincipalTag/field}}"),
    ],
)
def test_what_rests_on_a_condition_or_a_variable_is_not_guessed(statement: Any) -> None:
    assert "rests on a condition or a variable" in str(shown(guest(statement), "{ a }", GUEST))
    assert shown(guest(statement, allow("Query.a")), "{ a }", GUEST) == ("allowed", set())


def test_a_denial_under_a_condition_leaves_it_open_only_where_something_else_allows() -> None:
    unless = {**deny("Query.a"), "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert "rests on a condition" in str(shown(guest(unless, allow("Query.a")), "{ a }", GUEST))
    assert shown(guest(unless), "{ a }", GUEST) == DENIED


def test_a_role_of_another_account_may_call_nothing() -> None:
    foreign = {**role("guests", allow("*")), "Arn": role_arn("guests", "999988887777")}
    pools = {**identity_pool(), "Roles": {"unauthenticated": foreign["Arn"]}}
    assert shown(cloud(foreign, mapping=pools), "{ a }", GUEST) == DENIED
    assert ACCOUNT not in foreign["Arn"]


def test_the_reason_names_the_statement_the_policy_and_the_role() -> None:
    declaration = declare(guest(allow("Query.b"), deny("Query.a")), "{ a b }", GUEST)
    reason = declaration.by_field["a"]
    assert reason.place == "role guests, policy Calls"
    assert reason.line == f"Effect: Deny, Action: appsync:GraphQL, Resource: {ARN}/types/Query/fields/a"
    granted = [each for each in declaration.reasons if each.line.startswith("Effect: Allow")]
    assert [each.words for each in granted] == ["The role's policy allows appsync:GraphQL on Query.b."]
    assert any(each.line == role_arn("guests") for each in declaration.reasons)


# --- which role -------------------------------------------------------------------------------------------------------

STRONG, WEAK = (
    {"GroupName": "strong", "Precedence": 1, "RoleArn": role_arn("strong")},
    {"GroupName": "weak", "Precedence": 2, "RoleArn": role_arn("weak")},
)
ROLES = (
    role("guests", allow("Query.a")),
    role("people", allow("Query.b")),
    role("strong", allow("Query.a", "Query.b")),
    role("weak", allow("Mutation.m")),
)
BOTH, ONE, NONE = ("allowed", set()), ("partial", {"a"}), DENIED


@pytest.mark.parametrize(
    ("groups", "expected"),
    [((), ONE), (("strong",), BOTH), (("weak",), NONE), (("weak", "strong"), BOTH), (("unknown",), ONE)],
)
def test_with_the_mapping_token_the_strongest_groups_role_counts(groups: tuple[str, ...], expected: object) -> None:
    declared = cloud(*ROLES, groups=[STRONG, WEAK])
    assert shown(declared, "{ a b }", by_iam(*groups)) == expected


def test_without_a_mapping_all_who_are_signed_in_have_one_role() -> None:
    declared = cloud(*ROLES, groups=[STRONG, WEAK], mapping=identity_pool(""))
    assert shown(declared, "{ a b }", by_iam("strong")) == ONE


def test_a_mapping_is_for_its_own_app_client() -> None:
    declared = cloud(*ROLES, groups=[STRONG, WEAK])
    other = Facts(Mode.IAM, groups=frozenset({"strong"}), issuer=by_iam().issuer, client_id="other")
    assert shown(declared, "{ a b }", other) == ONE


def test_a_tie_of_different_roles_is_ambiguous_and_falls_back_or_gives_no_role() -> None:
    tied = [STRONG, {**WEAK, "Precedence": 1}]
    assert shown(cloud(*ROLES, groups=tied), "{ a b }", by_iam("strong", "weak")) == ONE
    denying = identity_pool(AmbiguousRoleResolution="Deny")
    assert "finds no role" in str(
        shown(cloud(*ROLES, groups=tied, mapping=denying), "{ a b }", by_iam("strong", "weak"))
    )
    same = [STRONG, {**WEAK, "Precedence": 1, "RoleArn": role_arn("strong")}]
    assert shown(cloud(*ROLES, groups=same), "{ a b }", by_iam("strong", "weak")) == BOTH


def test_a_group_without_a_precedence_is_the_weakest() -> None:
    declared = cloud(*ROLES, groups=[{"GroupName": "strong", "RoleArn": role_arn("strong")}, WEAK])
    assert shown(declared, "{ a b }", by_iam("strong", "weak")) == NONE
    assert shown(declared, "{ a b }", by_iam("strong")) == BOTH


@pytest.mark.parametrize(
    ("match", "value", "groups", "expected"),
    [
        ("Equals", "strong", ("strong",), BOTH),
        ("Equals", "stron", ("strong",), ONE),
        ("StartsWith", "stro", ("strong",), BOTH),
        ("Contains", "ron", ("x", "strong"), BOTH),
        ("NotEqual", "weak", ("strong",), BOTH),
        ("NotEqual", "weak", (), ONE),
        ("NotEqual", "weak", ("weak",), ONE),
    ],
)
def test_the_first_rule_that_fits_the_groups_chooses_the_role(
    match: str, value: str, groups: tuple[str, ...], expected: object
) -> None:
    rule = {"Claim": "cognito:groups", "MatchType": match, "Value": value, "RoleARN": role_arn("strong")}
    declared = cloud(*ROLES, mapping=identity_pool("Rules", RulesConfiguration={"Rules": [rule]}))
    assert shown(declared, "{ a b }", by_iam(*groups)) == expected


def test_a_rule_on_another_claim_is_not_guessed() -> None:
    rule = {"Claim": "custom:tier", "MatchType": "Equals", "Value": "gold", "RoleARN": role_arn("strong")}
    declared = cloud(*ROLES, mapping=identity_pool("Rules", RulesConfiguration={"Rules": [rule]}))
    assert "the claim custom:tier" in str(shown(declared, "{ a }", by_iam()))


def test_a_role_that_is_known_beforehand_counts_whatever_the_pool_says() -> None:
    facts = Facts(Mode.IAM, role_arn=role_arn("strong"))
    assert shown(cloud(*ROLES), "{ a b }", facts) == BOTH


def test_a_role_that_does_not_trust_the_identity_pool_gives_no_credentials_to_call_with() -> None:
    for wrong in (trust("authenticated"), trust("unauthenticated", "another-pool"), {"Statement": []}):
        declared = cloud(role("guests", allow("*"), trusts=wrong))
        assert "no credentials can be had" in str(shown(declared, "{ a }", GUEST))


def test_an_identity_pool_without_a_role_for_guests_gives_them_no_credentials() -> None:
    pools = {**identity_pool(), "Roles": {"authenticated": role_arn("people")}}
    assert "no role for guests" in str(shown(cloud(*ROLES, mapping=pools), "{ a }", GUEST))


# --- what could not be read -------------------------------------------------------------------------------------------


def test_nothing_is_predicted_from_a_role_pool_or_group_that_was_not_read() -> None:
    assert "role guests could not be read" in str(shown(cloud(), "{ a }", GUEST))
    assert "identity pool's roles could not be read" in str(shown(api(SDL, pool(), IAM, groups=[]), "{ a }", GUEST))
    without_groups = api(SDL, pool(), IAM, identityPoolRoles=identity_pool(), roles=list(ROLES))
    assert "user pool's groups could not be read" in str(shown(without_groups, "{ a }", by_iam("strong")))
    assert shown(without_groups, "{ a b }", by_iam()) == ONE


def test_what_rests_on_none_of_it_is_predicted_all_the_same() -> None:
    assert shown(api("type Query { a: Int @aws_api_key }", pool(), KEY), "{ a }", Facts(Mode.API_KEY)) == (
        "allowed",
        set(),
    )
