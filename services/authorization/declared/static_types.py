"""Static findings on what fields return: an open door to a type that keeps its own shut.

Opening a field opens nothing of what it returns: each field below needs a directive of its own, or one of its type.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)

from services.authorization.cells import Mode
from services.authorization.declared.rules import FieldRule, Origin, Rules
from services.authorization.declared.schema import DIRECTIVES
from services.authorization.declared.static_finding import Severity, StaticFinding, named

_DIRECTIVE = {mode: f"@{name}" for name, mode in DIRECTIVES.items()}


def type_findings(rules: Rules) -> Iterator[StaticFinding]:
    """What callers who are let in to a field are refused below it."""
    for parent in rules.schema.objects:
        for name, field in parent.fields.items():
            rule = rules.of(parent, name)
            if rule.modes:
                for child in _children(rules, field):
                    yield from _below(rules, rule, child)


def _children(rules: Rules, field: GraphQLField) -> tuple[GraphQLObjectType, ...]:
    """The object types that a field may return."""
    named_type = get_named_type(field.type)
    if isinstance(named_type, GraphQLObjectType):
        return (named_type,)
    if isinstance(named_type, GraphQLInterfaceType | GraphQLUnionType):
        return tuple(rules.schema.graphql.get_possible_types(named_type))
    return ()


@dataclass(frozen=True, slots=True)
class _Gap:
    """A child that lacks modes which its parent's field admits."""

    name: str
    rule: FieldRule
    modes: frozenset[Mode]
    fatal: bool


def _below(rules: Rules, above: FieldRule, child: GraphQLObjectType) -> Iterator[StaticFinding]:
    every = {name: rules.of(child, name) for name in child.fields}
    gaps = [
        _Gap(name, rule, missing, isinstance(child.fields[name].type, GraphQLNonNull))
        for name, rule in every.items()
        if (missing := above.modes - rule.modes)
    ]
    # What a whole type lacks is one finding, not one for each of its fields.
    whole = frozenset(above.modes).intersection(*(above.modes - rule.modes for rule in every.values()))
    if whole:
        yield _unmarked(rules, above, child, whole)
    for gap in gaps:
        if gap.modes - whole:
            yield _gap(above, child, gap, gap.modes - whole)
    for name, rule in every.items():
        if narrowed := _narrower(above, rule):
            fatal = isinstance(child.fields[name].type, GraphQLNonNull)
            yield _narrowed(above, _Gap(name, rule, frozenset(), fatal), narrowed)


def _unmarked(rules: Rules, above: FieldRule, child: GraphQLObjectType, modes: frozenset[Mode]) -> StaticFinding:
    marks = rules.schema.of_type(child)
    fatal = [name for name, field in child.fields.items() if isinstance(field.type, GraphQLNonNull)]
    nulls = f"nulls for {_listed(list(child.fields))}"
    if fatal:
        nulls += f", and null for the whole object as soon as they ask for {_listed(fatal)}, which may not be null"
    bare = rules.of(child, next(iter(child.fields))).origin is Origin.DEFAULT
    why = "has no directive, so only the API's default mode may read it" if bare else "lacks the directive"
    # Whoever adds the directive to this type alone meets the same refusal one step further down.
    lacking = _listed(list(_lacking(rules, child, modes, {child.name: child})))
    types = f"types {lacking}" if " and " in lacking else f"type {lacking}"
    return StaticFinding(
        id=named("GH-S01", f"unmarked-return-type {above.place}→{child.name}", _modes(modes)),
        rule="GH-S01",
        title="Returned type lacks a directive of its field",
        words=(
            f"{above.place} lets {_spoken(modes)} in, and the type {child.name} that it returns {why}. These callers"
            f" pass {above.place} and get {nulls}, with an Unauthorized entry for each refused field that they ask for."
        ),
        line=marks.line.text,
        place=marks.line.place,
        change=f"Add {_directives(modes)} to the {types}, or take it from {above.place}.",
        severity=Severity.PROBLEM,
        fields=tuple(f"{child.name}.{name}" for name in child.fields),
    )


def _lacking(
    rules: Rules, child: GraphQLObjectType, modes: frozenset[Mode], found: dict[str, GraphQLObjectType]
) -> dict[str, GraphQLObjectType]:
    """The type and those below it of which these modes may read nothing."""
    for field in child.fields.values():
        for each in _children(rules, field):
            if each.name not in found and not any(rules.of(each, name).modes & modes for name in each.fields):
                found[each.name] = each
                _lacking(rules, each, modes, found)
    return found


def _gap(above: FieldRule, child: GraphQLObjectType, gap: _Gap, modes: frozenset[Mode]) -> StaticFinding:
    change = f"Add {_directives(modes)} to {child.name}.{gap.name}"
    return _child(above, gap, _Left(_spoken(modes), _modes(modes), change))


def _narrowed(above: FieldRule, gap: _Gap, groups: str) -> StaticFinding:
    who = f"people of the user pool who are not in {groups}"
    return _child(above, gap, _Left(who, f"groups {groups}", f"Let the same groups have {gap.rule.place}"))


@dataclass(frozen=True, slots=True)
class _Left:
    """Who is left out of a child: in words, in the finding's id, and what would let them in."""

    who: str
    about: str
    change: str


def _child(above: FieldRule, gap: _Gap, left: _Left) -> StaticFinding:
    place = gap.rule.place
    if gap.fatal:
        rule, kind, title = "GH-S02", "non-null-child", "A child that may not be null is refused to some"
        effect = "Since it may not be null, its refusal takes the whole object with it"
        change, severity = f"{left.change}, or let it be null", Severity.PROBLEM
    else:
        rule, kind, title = "GH-S03", "narrowed-child", "A child is refused to some who get its parent"
        effect = "They get null for it and an Unauthorized entry, and the rest of the object"
        change, severity = f"{left.change}; if the difference is meant, nothing", Severity.WARNING
    return StaticFinding(
        id=named(rule, f"{kind} {above.place}→{place}", left.about),
        rule=rule,
        title=title,
        words=f"{above.place} lets {left.who} in, and {place} below it does not. {effect}.",
        line=gap.rule.line.text,
        place=gap.rule.line.place,
        change=f"{change}.",
        severity=severity,
        fields=(place,),
    )


def _narrower(above: FieldRule, below: FieldRule) -> str:
    """The groups that a child asks for, where its parent lets others in as well; empty where it doesn't."""
    if Mode.USER_POOL not in above.modes & below.modes or below.groups is None:
        return ""
    if above.groups is not None and above.groups <= below.groups:
        return ""
    return ", ".join(sorted(below.groups)) or "any group"


def _modes(modes: frozenset[Mode]) -> str:
    return ", ".join(sorted(modes))


def _directives(modes: frozenset[Mode]) -> str:
    return " ".join(_DIRECTIVE[mode] for mode in sorted(modes))


_CALLERS = {
    Mode.API_KEY: "callers with an API key",
    Mode.IAM: "callers with IAM credentials",
    Mode.USER_POOL: "signed-in user-pool callers",
    Mode.OIDC: "callers with an OIDC token",
    Mode.LAMBDA: "callers whom the Lambda authorizer lets in",
}


def _spoken(modes: frozenset[Mode]) -> str:
    return _listed([_CALLERS[mode] for mode in sorted(modes)])


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
