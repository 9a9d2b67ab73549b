"""What is wrong with an API before anything is called: each rule, and that it is silent where nothing is wrong."""

from datetime import timedelta
from typing import Any

import pytest

from services.authorization.declared.static import static_findings
from services.authorization.declared.static_finding import Severity, StaticFinding
from services.authorization.declared.values import Declared
from tests.unit.authorization.declared.samples import (
    ARN,
    EVERY_MODE,
    IAM,
    KEY,
    NOW,
    POOL,
    allow,
    api,
    identity_pool,
    oidc,
    pool,
    role,
    role_arn,
    trust,
)

QUIET = {"introspectionConfig": "DISABLED"}
MARKED = "type Query { a: String @aws_cognito_user_pools @aws_iam }"
GROUPS = [{"GroupName": "admins", "Precedence": 1, "RoleArn": role_arn("admins")}]
ROLES = [role("guests", allow("Query.a")), role("people", allow("Query.a")), role("admins", allow("Query.a"))]


def found(declared: Declared, rule: str) -> list[StaticFinding]:
    return [finding for finding in static_findings(declared) if finding.rule == rule]


def the(declared: Declared, rule: str) -> StaticFinding:
    findings = found(declared, rule)
    assert len(findings) == 1, [finding.id for finding in findings]
    return findings[0]


def quiet(sdl: str, *modes: Any, **more: Any) -> Declared:
    return api(sdl, *modes, settings=QUIET, **more)


def with_roles(sdl: str = MARKED, **more: Any) -> Declared:
    parts = {"identityPoolRoles": identity_pool(), "groups": GROUPS, "roles": ROLES, **more}
    return quiet(sdl, pool(), IAM, **parts)


def test_an_api_with_nothing_wrong_gives_no_finding() -> None:
    sdl = """
    type Query @aws_cognito_user_pools @aws_iam { a: A  b: [A!]! }
    type Mutation { m(x: Int): A @aws_cognito_user_pools(cognito_groups: ["admins"]) }
    type A @aws_cognito_user_pools @aws_iam { x: Int!  a: A }
    """
    roles = [role(name, allow("Query.a", "Query.b")) for name in ("guests", "people", "admins")]
    assert static_findings(with_roles(sdl, roles=roles)) == ()


def test_what_could_not_be_read_gives_no_finding() -> None:
    assert static_findings(Declared("nothing")) == ()


# --- returned types ---------------------------------------------------------------------------------------------------


def test_a_returned_type_that_lacks_a_mode_of_its_field_is_named_with_what_its_callers_get() -> None:
    sdl = "type Query { a: A @aws_iam @aws_api_key }\ntype A @aws_iam {\n x: Int\n y: B }\ntype B @aws_iam { z: Int! }"
    finding = the(quiet(sdl, KEY, IAM), "GH-S01")
    assert finding.id == "GH-S01 unmarked-return-type Query.a→A [API_KEY]"
    assert "nulls for x and y" in finding.words
    assert (finding.place, finding.line) == ("schema line 2", "type A @aws_iam {")
    assert finding.change == "Add @aws_api_key to the types A and B, or take it from Query.a."
    assert finding.severity is Severity.PROBLEM
    assert finding.fields == ("A.x", "A.y")


def test_a_returned_type_without_any_directive_is_open_to_the_default_mode_alone() -> None:
    sdl = "type Query { a: A @aws_iam @aws_api_key }\ntype A { x: Int! }"
    finding = the(quiet(sdl, KEY, IAM), "GH-S01")
    assert finding.id.endswith("Query.a→A [AWS_IAM]")
    assert "only the API's default mode" in finding.words
    assert "null for the whole object as soon as they ask for x" in finding.words


def test_every_type_of_a_union_and_of_an_interface_is_looked_at() -> None:
    sdl = """
    union U = A | B
    interface I { x: Int }
    type A implements I @aws_iam @aws_api_key { x: Int }
    type B implements I @aws_iam { x: Int }
    type Query { u: [U!] @aws_iam @aws_api_key  i: I @aws_iam @aws_api_key }
    """
    ids = [finding.id.split()[2] for finding in found(quiet(sdl, KEY, IAM), "GH-S01")]
    assert ids == ["Query.i→B", "Query.u→B"]


def test_a_child_that_lacks_a_mode_is_a_warning_and_a_problem_when_it_may_not_be_null() -> None:
    sdl = "type Query { a: A @aws_iam @aws_api_key }\ntype A @aws_iam @aws_api_key { x: Int  y: Int%s @aws_iam }"
    narrowed = the(quiet(sdl % "", KEY, IAM), "GH-S03")
    assert narrowed.id == "GH-S03 narrowed-child Query.a→A.y [API_KEY]"
    assert narrowed.severity is Severity.WARNING
    fatal = the(quiet(sdl % "!", KEY, IAM), "GH-S02")
    assert "takes the whole object with it" in fatal.words
    assert "let it be null" in fatal.change
    assert fatal.severity is Severity.PROBLEM


@pytest.mark.parametrize(
    ("above", "below", "rules"),
    [
        ("", '(cognito_groups: ["a"])', {"GH-S03"}),
        ('(cognito_groups: ["a", "b"])', '(cognito_groups: ["a"])', {"GH-S03"}),
        ('(cognito_groups: ["a"])', '(cognito_groups: ["a", "b"])', set()),
        ('(cognito_groups: ["a"])', "", set()),
    ],
)
def test_a_child_for_fewer_groups_than_its_parent_is_found(above: str, below: str, rules: set[str]) -> None:
    pools = "@aws_cognito_user_pools"
    sdl = f"type Query {{ a: A {pools}{above} }}\ntype A {pools} {{ y: Int {pools}{below} }}"
    assert {finding.rule for finding in static_findings(quiet(sdl, pool()))} == rules


# --- single fields ----------------------------------------------------------------------------------------------------

AUTH = """
type Query @aws_cognito_user_pools { a: Int @aws_auth(cognito_groups: ["x"])  n: N }
type N @aws_cognito_user_pools { b: Int%s }
"""


def test_aws_auth_beside_a_second_mode_is_found_to_guard_nothing() -> None:
    finding = the(quiet(AUTH % "", pool(), KEY), "GH-S04")
    assert finding.id == "GH-S04 inert-aws-auth Query.a"
    assert "second authorization mode" in finding.words
    assert "closed to all but x" in finding.words
    assert found(quiet(AUTH % "", pool()), "GH-S04") == []


def test_aws_auth_on_a_nested_field_is_found_to_guard_nothing_in_a_single_mode_as_well() -> None:
    finding = the(quiet(AUTH % ' @aws_auth(cognito_groups: ["x"])', pool()), "GH-S04")
    assert finding.id == "GH-S04 inert-aws-auth N.b"
    assert "no root type" in finding.words


def test_fields_that_a_pool_allows_by_default_are_told_and_those_it_denies_are_closed_to_all() -> None:
    sdl = "type Query { a: Int  b: N @aws_cognito_user_pools }\ntype N { c: Int }"
    opened = found(quiet(sdl, pool()), "GH-S05")
    assert [(finding.id, finding.severity.value) for finding in opened] == [
        ("GH-S05 open-by-default Query [a]", "warning"),
        ("GH-S05 open-by-default N [c]", "note"),
    ]
    denying = quiet(sdl, pool(defaultAction="DENY"))
    assert found(denying, "GH-S05") == []
    assert {finding.id for finding in found(denying, "GH-S08")} == {
        "GH-S08 no-mode-admits N.c",
        "GH-S08 no-mode-admits Query.a",
    }
    assert found(quiet(sdl, KEY, pool()), "GH-S05") == []


def test_a_directive_for_a_mode_that_the_api_does_not_have_is_found_on_types_and_fields() -> None:
    sdl = "type Query @aws_lambda { a: Int @aws_api_key @aws_oidc  b: Int }"
    declared = quiet(sdl, KEY)
    assert [finding.id for finding in found(declared, "GH-S07")] == [
        "GH-S07 mode-not-configured Query [AWS_LAMBDA]",
        "GH-S07 mode-not-configured Query.a [OPENID_CONNECT]",
    ]
    assert the(declared, "GH-S08").id == "GH-S08 no-mode-admits Query.b"
    assert found(quiet(sdl, *EVERY_MODE), "GH-S07") == []


# --- keys and introspection -------------------------------------------------------------------------------------------

KEYED = "type Query { a: Int @aws_api_key }"


def key(days: float, description: str = "mine") -> dict[str, Any]:
    return {"description": description, "expires": int((NOW + timedelta(days=days)).timestamp())}


def test_keys_near_their_end_ended_and_absent_are_told_apart() -> None:
    assert found(quiet(KEYED, KEY, apiKeys=[key(8)]), "GH-S06") == []
    near = the(quiet(KEYED, KEY, apiKeys=[key(3)]), "GH-S06")
    assert near.id == "GH-S06 key-near-its-end “mine” [2030-01-04]"
    assert "3 days" in near.words
    assert "30 hours" in the(quiet(KEYED, KEY, apiKeys=[key(1.25)]), "GH-S06").words
    ended = the(quiet(KEYED, KEY, apiKeys=[key(-1), key(90)]), "GH-S06")
    assert ended.severity is Severity.NOTE
    for keys in ([], [key(-1)]):
        none = the(quiet(KEYED, KEY, apiKeys=keys), "GH-S06")
        assert none.severity is Severity.PROBLEM
        assert none.fields == ("Query.a",)


def test_an_api_without_fields_for_keys_needs_none() -> None:
    assert found(quiet("type Query { a: Int @aws_iam }", IAM, KEY, apiKeys=[]), "GH-S06") == []
    assert found(quiet("type Query { a: Int @aws_iam }", IAM, apiKeys=[]), "GH-S06") == []


def test_a_schema_that_can_be_asked_for_is_a_note() -> None:
    assert the(api(KEYED, KEY), "GH-S15").severity is Severity.NOTE
    assert found(quiet(KEYED, KEY), "GH-S15") == []


# --- groups -----------------------------------------------------------------------------------------------------------


def test_a_group_that_the_pool_does_not_have_is_found_and_worse_where_no_other_is_named() -> None:
    sdl = """
    type Query @aws_cognito_user_pools(cognito_groups: ["admins", "Admins"]) {
      a: Int @aws_cognito_user_pools(cognito_groups: ["nobody"])
    }
    """
    findings = {finding.id: finding.severity for finding in found(quiet(sdl, pool(), groups=GROUPS), "GH-S09")}
    assert findings == {
        "GH-S09 unknown-group Query [Admins]": Severity.WARNING,
        "GH-S09 unknown-group Query.a [nobody]": Severity.PROBLEM,
    }
    assert found(quiet(sdl, pool()), "GH-S09") == []


def test_an_empty_list_of_groups_is_found() -> None:
    sdl = "type Query { a: Int @aws_cognito_user_pools(cognito_groups: []) }"
    assert the(quiet(sdl, pool(), groups=GROUPS), "GH-S16").fields == ("Query.a",)


def test_groups_of_one_precedence_with_different_roles_are_ambiguous() -> None:
    other = {"GroupName": "others", "Precedence": 1, "RoleArn": role_arn("people")}
    assert the(with_roles(groups=[*GROUPS, other]), "GH-S14").id == "GH-S14 ambiguous-precedence admins, others"
    same = {**other, "RoleArn": role_arn("admins")}
    without = {"GroupName": "others", "Precedence": 1}
    for more in (same, without, {**other, "Precedence": 2}):
        assert found(with_roles(groups=[*GROUPS, more]), "GH-S14") == []


# --- policies and roles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", [f"{ARN}/*", f"{ARN}/types/Query/*", "*", f"{ARN}/types/Query/fields/?"])
def test_a_policy_that_names_fields_by_a_pattern_is_wider_than_its_use(resource: str) -> None:
    wide = role("guests", allow(resource))
    finding = the(with_roles(roles=[wide, *ROLES[1:]]), "GH-S10")
    assert finding.id == f"GH-S10 policy-too-wide guests [{resource}]"
    assert finding.place == "role guests, policy Calls"
    assert resource in finding.line


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ("Query.b", "no such root field"),
        (f"{ARN}/types/query/fields/a", "no such root field"),
        (ARN, "no such root field"),
        (f"{ARN}/resolvers/x", "no such root field"),
        ("N.x", "root fields only"),
    ],
)
def test_a_policy_that_names_no_root_field_does_nothing(resource: str, words: str) -> None:
    sdl = "type Query @aws_iam @aws_cognito_user_pools { a: N }\ntype N @aws_iam @aws_cognito_user_pools { x: Int }"
    finding = the(with_roles(sdl, roles=[role("guests", allow("Query.a", resource)), *ROLES[1:]]), "GH-S10")
    assert words in finding.words


@pytest.mark.parametrize(
    "statement", [allow("Query.__schema"), allow("arn:aws:s3:::bucket"), {**allow("*"), "Action": "s3:*"}]
)
def test_what_is_no_business_of_this_api_is_left_alone(statement: dict) -> None:
    roles = [role("guests", allow("Query.a"), statement), *ROLES[1:]]
    assert found(with_roles(roles=roles), "GH-S10") == []


def test_a_field_that_policies_grant_and_the_schema_keeps_from_iam_is_a_note() -> None:
    sdl = "type Query { a: Int @aws_iam  b: Int @aws_cognito_user_pools }"
    roles = [role("guests", allow("Query.a", "Query.b")), *ROLES[1:]]
    finding = the(with_roles(sdl, roles=roles), "GH-S10")
    assert finding.id == "GH-S10 policy-without-directive Query.b"
    assert finding.severity is Severity.NOTE


def test_a_field_for_iam_that_no_role_may_call_is_found_unless_a_role_could_not_be_read() -> None:
    sdl = "type Query @aws_iam @aws_cognito_user_pools { a: Int  b: Int }"
    assert the(with_roles(sdl), "GH-S11").id == "GH-S11 no-role-grants Query.b"
    assert found(quiet(sdl, pool(), IAM, groups=[], roles=ROLES), "GH-S11") == []


def test_a_role_that_does_not_trust_the_pool_and_one_without_effect_are_found() -> None:
    strange = role("admins", allow("Query.a"), trusts=trust("authenticated", "another-pool"))
    finding = the(with_roles(roles=[*ROLES[:2], strange]), "GH-S12")
    assert finding.id == "GH-S12 role-not-admitted admins [authenticated]"
    assert "role of the group admins" in finding.words
    swapped = role("guests", allow("Query.a"), trusts=trust("authenticated"))
    assert the(with_roles(roles=[swapped, *ROLES[1:]]), "GH-S12").id.endswith("guests [unauthenticated]")
    idle = the(with_roles(identityPoolRoles=identity_pool("")), "GH-S13")
    assert "does not choose roles by the token" in idle.words.replace("\n", " ")


def test_a_pool_without_a_role_for_guests_is_a_note_and_one_by_a_rule_has_an_effect() -> None:
    alone = {**identity_pool(), "Roles": {"authenticated": role_arn("people")}}
    assert the(with_roles(identityPoolRoles=alone), "GH-S12").severity is Severity.NOTE
    rule = {"Claim": "cognito:groups", "MatchType": "Equals", "Value": "x", "RoleARN": role_arn("admins")}
    by_rule = identity_pool("Rules", RulesConfiguration={"Rules": [rule]})
    assert found(with_roles(identityPoolRoles=by_rule), "GH-S13") == []


def test_problems_come_first_and_every_finding_says_what_to_change_and_has_an_id_of_its_own() -> None:
    sdl = "type Query { a: A @aws_iam @aws_api_key  b: Int }\ntype A { x: Int }"
    findings = static_findings(api(sdl, pool(), IAM, KEY, oidc(), groups=GROUPS, apiKeys=[]))
    order = [finding.severity for finding in findings]
    assert order == sorted(order, key=["problem", "warning", "note"].index)
    assert len({finding.id for finding in findings}) == len(findings)
    for finding in findings:
        assert finding.id.startswith(finding.rule)
        assert finding.words.endswith(".")
        assert finding.change.endswith(".")
        assert POOL not in finding.id
