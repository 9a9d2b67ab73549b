"""What holds of every schema, every policy and every caller, whatever they are."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.authorization.cells import Declaration, Facts, Mode
from services.authorization.declared.schema import DIRECTIVES
from services.authorization.outcomes import Outcome
from tests.unit.authorization.declared.samples import (
    BY_LAMBDA,
    BY_OIDC,
    EVERY_MODE,
    GUEST,
    IAM,
    WITH_KEY,
    allow,
    api,
    declare,
    deny,
    identity_pool,
    person,
    pool,
    role,
)

GROUPS = ("a", "b", "c")
CALLERS = (WITH_KEY, person(), person("a"), person("b", "c"), BY_OIDC, BY_LAMBDA)
FIELDS = ("one", "two", "three")
POOLS = "aws_cognito_user_pools"

unhurried = settings(deadline=None, max_examples=50)

groups = st.lists(st.sampled_from(GROUPS), min_size=1, max_size=3, unique=True)
plain = st.sampled_from([name for name in DIRECTIVES if name != POOLS])
callers = st.sampled_from(CALLERS)


@st.composite
def directives(draw: Any, least: int = 0) -> dict[str, list[str] | None]:
    """The directives of a field or type, each with its groups."""
    names = draw(st.lists(st.sampled_from(sorted(DIRECTIVES)), min_size=least, max_size=3, unique=True))
    return {name: draw(st.none() | groups) if name == POOLS else None for name in names}


def written(marks: dict[str, list[str] | None]) -> str:
    listed = {name: ", ".join(f'"{group}"' for group in wanted or ()) for name, wanted in marks.items()}
    return " ".join(f"@{name}(cognito_groups: [{own}])" if own else f"@{name}" for name, own in listed.items())


@st.composite
def schemas(draw: Any) -> dict[str, Any]:
    """Queries that return scalars and objects, with and without lists and nulls."""
    leaf = st.sampled_from(["Int", "Int!", "[Int!]", "[Int]!"])
    box = st.sampled_from(["Box", "Box!", "[Box]", "[Box!]", "[Box!]!"])
    return {
        "Query": (draw(directives()), {name: (draw(box | leaf), draw(directives())) for name in FIELDS}),
        "Box": (draw(directives()), {name: (draw(leaf), draw(directives())) for name in FIELDS}),
    }


def sdl(schema: dict[str, Any]) -> str:
    lines = []
    for name, (marks, fields) in schema.items():
        own = "\n".join(f"  {field}: {kind} {written(each)}" for field, (kind, each) in fields.items())
        lines.append(f"type {name} {written(marks)} {{\n{own}\n}}")
    return "\n".join(lines)


def asked(schema: dict[str, Any], *names: str) -> str:
    fields = schema["Query"][1]
    below = f" {{ {' '.join(FIELDS)} }}"
    return "{ " + " ".join(name + (below if "Box" in fields[name][0] else "") for name in names) + " }"


def told(schema: dict[str, Any], facts: Facts, *names: str) -> Declaration:
    return declare(api(sdl(schema), *EVERY_MODE), asked(schema, *(names or FIELDS)), facts)


def refused(declaration: Declaration) -> frozenset[str]:
    assert declaration.verdict
    return declaration.verdict.refused


@unhurried
@given(schemas(), callers)
def test_the_outcome_is_what_the_refused_fields_say(schema: dict[str, Any], facts: Facts) -> None:
    declaration = told(schema, facts)
    assert declaration.verdict
    match declaration.verdict.outcome:
        case Outcome.ALLOWED:
            assert not declaration.verdict.refused
        case Outcome.PARTIAL | Outcome.REFUSED_BY_RULE:
            assert declaration.verdict.refused
        case other:
            raise AssertionError(other)
    assert declaration.verdict.refused <= set(declaration.by_field)
    for reason in declaration.by_field.values():
        assert reason.words
        assert reason.line in sdl(schema)
        assert reason.place.startswith("schema line ")


@unhurried
@given(schemas(), callers)
def test_fields_are_refused_one_by_one_whatever_else_is_asked_for(schema: dict[str, Any], facts: Facts) -> None:
    apart = frozenset[str]().union(*(refused(told(schema, facts, name)) for name in FIELDS))
    assert refused(told(schema, facts)) == apart


@unhurried
@given(schemas(), callers, st.sampled_from(FIELDS), plain)
def test_one_more_directive_on_a_field_that_has_some_takes_nothing_from_anybody(
    schema: dict[str, Any], facts: Facts, name: str, more: str
) -> None:
    kind, marks = schema["Query"][1][name]
    if not marks:
        return  # the first directive does take: it replaces the type's, or the default
    before = told(schema, facts, name)
    schema["Query"][1][name] = (kind, {more: None, **marks})
    if name in refused(before):
        return
    assert name not in refused(told(schema, facts, name))


@unhurried
@given(schemas(), st.sampled_from(FIELDS), groups, st.sampled_from(GROUPS))
def test_one_more_group_in_a_directive_takes_nothing_from_anybody(
    schema: dict[str, Any], name: str, wanted: list[str], more: str
) -> None:
    kind = schema["Query"][1][name][0]
    for facts in CALLERS:
        schema["Query"][1][name] = (kind, {POOLS: wanted})
        narrow = name in refused(told(schema, facts, name))
        schema["Query"][1][name] = (kind, {POOLS: [*wanted, more]})
        wide = name in refused(told(schema, facts, name))
        assert narrow or not wide


@unhurried
@given(schemas(), callers)
def test_letting_values_be_null_changes_what_comes_and_never_who_is_refused(
    schema: dict[str, Any], facts: Facts
) -> None:
    strict = refused(told(schema, facts))
    for _, fields in schema.values():
        for name, (kind, marks) in fields.items():
            fields[name] = (kind.replace("!", ""), marks)
    loose = told(schema, facts)
    assert refused(loose) == strict
    assert loose.by_field.keys() == strict


statements = st.lists(
    st.builds(
        lambda allows, names: (allow if allows else deny)(*names),
        st.booleans(),
        st.lists(st.sampled_from(["Query.one", "Query.two", "arn:*", "*"]), min_size=1, max_size=2),
    ),
    max_size=3,
)
OPEN = "type Query @aws_iam { one: Int two: Int three: Int }"


def by_policy(given_: list[Any]) -> frozenset[str]:
    """The root fields that guests with these statements are refused."""
    declared = api(OPEN, pool(), IAM, identityPoolRoles=identity_pool(), groups=[], roles=[role("guests", *given_)])
    return frozenset(name for name in FIELDS if declare(declared, f"{{ {name} }}", GUEST).verdict.outcome != "allowed")


@unhurried
@given(statements, st.sampled_from(["Query.one", "*"]))
def test_one_more_leave_takes_nothing_away_and_one_more_denial_gives_nothing(given_: list[Any], resource: str) -> None:
    before = by_policy(given_)
    assert by_policy([*given_, allow(resource)]) <= before
    assert by_policy([*given_, deny(resource)]) >= before


@unhurried
@given(statements)
def test_the_order_of_statements_says_nothing(given_: list[Any]) -> None:
    assert by_policy(given_) == by_policy(given_[::-1])


@unhurried
@given(schemas(), st.sampled_from([None, *Mode]))
def test_whoever_has_no_good_credential_is_turned_away_from_everything(
    schema: dict[str, Any], mode: Mode | None
) -> None:
    verdict = told(schema, Facts(mode, good=mode is None)).verdict
    assert verdict
    assert verdict.outcome is Outcome.REFUSED_BY_MODE
