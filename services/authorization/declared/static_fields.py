"""Static findings on single fields: directives that do nothing, modes that nobody has, fields open by default."""

from collections.abc import Iterator

from graphql import GraphQLObjectType

from services.authorization.cells import Mode
from services.authorization.declared.rules import FieldRule, Origin, Rules
from services.authorization.declared.schema import Marks
from services.authorization.declared.static_finding import Severity, StaticFinding, named


def field_findings(rules: Rules) -> Iterator[StaticFinding]:
    """What the directives of single fields and types show."""
    yield from _unmarked(rules)
    for parent in rules.schema.objects:
        yield from _foreign(rules, rules.schema.of_type(parent), parent.name)
        for name in parent.fields:
            marks, rule = rules.schema.of_field(parent, name), rules.of(parent, name)
            yield from _foreign(rules, marks, rule.place)
            if marks.aws_auth and rule.origin is not Origin.AWS_AUTH:
                yield _inert(rules, parent, marks, rule)
            if not rule.modes & rules.configuration.modes:
                yield _closed(rule)


def _inert(rules: Rules, parent: GraphQLObjectType, marks: Marks, rule: FieldRule) -> StaticFinding:
    cause = (
        "the API has a second authorization mode"
        if not rules.configuration.only_pool
        else f"{parent.name} is no root type, and @aws_auth counts on root fields alone"
    )
    wanted = ", ".join(sorted((marks.aws_auth.groups if marks.aws_auth else None) or ())) or "its groups"
    modes = ", ".join(sorted(rule.modes)) or "nobody"
    return StaticFinding(
        id=named("GH-S04", f"inert-aws-auth {rule.place}"),
        rule="GH-S04",
        title="@aws_auth guards nothing here",
        words=(
            f"@aws_auth on {rule.place} counts for nothing, since {cause}. The field looks closed to all but {wanted};"
            f" in truth everybody of {modes} may have it."
        ),
        line=marks.line.text,
        place=marks.line.place,
        change="Write @aws_cognito_user_pools(cognito_groups: […]) in its place.",
        severity=Severity.PROBLEM,
        fields=(rule.place,),
    )


def _foreign(rules: Rules, marks: Marks, place: str) -> Iterator[StaticFinding]:
    for mark in marks.marks:
        if mark.mode not in rules.configuration.modes:
            yield StaticFinding(
                id=named("GH-S07", f"mode-not-configured {place}", mark.mode),
                rule="GH-S07",
                title="A directive for a mode that the API doesn't have",
                words=(
                    f"{mark.directive} on {place} lets {mark.mode} in, which is not one of the API's modes:"
                    " nobody comes in by it."
                ),
                line=marks.line.text,
                place=marks.line.place,
                change=f"Take {mark.directive} away, or add {mark.mode} to the API.",
                severity=Severity.WARNING,
                fields=(place,),
            )


def _closed(rule: FieldRule) -> StaticFinding:
    if rule.origin is Origin.DENIED:
        words, change = (
            f"{rule.place} has no directive, nor has its type, and the API's defaultAction is DENY.",
            "Add the directive of the mode that should have it.",
        )
    else:
        words = f"{rule.place} lets in modes that the API doesn't have, and no other: nobody may have it."
        change = "Add the directive of a mode that the API has."
    return StaticFinding(
        id=named("GH-S08", f"no-mode-admits {rule.place}"),
        rule="GH-S08",
        title="A field that nobody may have",
        words=words,
        line=rule.line.text,
        place=rule.line.place,
        change=change,
        severity=Severity.PROBLEM,
        fields=(rule.place,),
    )


def _unmarked(rules: Rules) -> Iterator[StaticFinding]:
    """Fields without a directive under a user pool that allows by default: all its people may have them."""
    default = rules.configuration.default
    if default.mode is not Mode.USER_POOL or rules.configuration.denies_by_default:
        return
    for parent in rules.schema.objects:
        open_ = [rules.of(parent, name) for name in parent.fields if rules.of(parent, name).origin is Origin.DEFAULT]
        if not open_:
            continue
        places = tuple(rule.place for rule in open_)
        root = rules.schema.is_root(parent)
        yield StaticFinding(
            id=named(
                "GH-S05", f"open-by-default {parent.name}", ", ".join(rule.place.partition(".")[2] for rule in open_)
            ),
            rule="GH-S05",
            title="Fields without a directive are open to the whole user pool",
            words=(
                f"The API's default mode is its user pool with defaultAction ALLOW, so everybody who can sign in may"
                f" have {', '.join(places)}, whatever their groups."
            ),
            line=open_[0].line.text,
            place=open_[0].line.place,
            change=(
                "If that is meant, write @aws_cognito_user_pools on them; else name groups there, or set defaultAction"
                " to DENY."
            ),
            severity=Severity.WARNING if root else Severity.NOTE,
            fields=places,
        )
