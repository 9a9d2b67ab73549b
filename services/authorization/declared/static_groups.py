"""Static findings on groups: those that a directive asks for and nobody can be in, and ties."""

from collections import defaultdict
from collections.abc import Iterator

from services.authorization.declared.roles import GroupRole
from services.authorization.declared.schema import ApiSchema, Marks
from services.authorization.declared.static_finding import Severity, StaticFinding, named
from services.authorization.declared.values import Declared


def group_findings(declared: Declared) -> Iterator[StaticFinding]:
    """What the groups of the user pool show, beside the directives that name them."""
    if declared.groups is None:
        return
    if declared.schema:
        yield from _unknown(declared.schema, {group.name for group in declared.groups})
    yield from _ties(declared.groups)


def _unknown(schema: ApiSchema, known: set[str]) -> Iterator[StaticFinding]:
    for parent in schema.objects:
        yield from _of(schema.of_type(parent), parent.name, known)
        for name in parent.fields:
            yield from _of(schema.of_field(parent, name), f"{parent.name}.{name}", known)


def _of(marks: Marks, place: str, known: set[str]) -> Iterator[StaticFinding]:
    asked = (marks.groups or frozenset()) | ((marks.aws_auth.groups or frozenset()) if marks.aws_auth else frozenset())
    if frozenset() in {marks.groups, marks.aws_auth.groups if marks.aws_auth else None}:
        yield _empty(marks, place)
    for group in sorted(asked - known):
        alone = "" if asked & known else " Nobody can be in it, so the directive lets nobody in."
        yield StaticFinding(
            id=named("GH-S09", f"unknown-group {place}", group),
            rule="GH-S09",
            title="A directive asks for a group that doesn't exist",
            words=f"The directive on {place} asks for the group {group}, which the user pool doesn't have.{alone}",
            line=marks.line.text,
            place=marks.line.place,
            change=f"Make the group {group}, or correct its name: capitals count.",
            severity=Severity.WARNING if asked & known else Severity.PROBLEM,
            fields=(place,),
        )


def _empty(marks: Marks, place: str) -> StaticFinding:
    return StaticFinding(
        id=named("GH-S16", f"no-group-named {place}"),
        rule="GH-S16",
        title="A directive asks for a group and names none",
        words=f"The directive on {place} has an empty list of groups: it is taken to let nobody of the user pool in.",
        line=marks.line.text,
        place=marks.line.place,
        change="Name the groups, or leave cognito_groups out.",
        severity=Severity.WARNING,
        fields=(place,),
    )


def _ties(groups: tuple[GroupRole, ...]) -> Iterator[StaticFinding]:
    by_precedence: dict[int | None, list[GroupRole]] = defaultdict(list)
    for group in groups:
        if group.role_arn:
            by_precedence[group.precedence].append(group)
    for precedence, tied in by_precedence.items():
        if len({group.role_arn for group in tied}) < 2:
            continue
        names = ", ".join(sorted(group.name for group in tied))
        which = "no precedence" if precedence is None else f"the precedence {precedence}"
        yield StaticFinding(
            id=named("GH-S14", f"ambiguous-precedence {names}"),
            rule="GH-S14",
            title="Groups of one precedence have different roles",
            words=(
                f"The groups {names} have {which} and different roles: whoever is in two of them has no preferred role,"
                " and the identity pool does what it does for ambiguous roles."
            ),
            line=f"precedence: {'none' if precedence is None else precedence}",
            place=f"groups {names}",
            change="Give each of them a precedence of its own.",
            severity=Severity.WARNING,
        )
