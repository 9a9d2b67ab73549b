"""The rule that counts for a field: its own directives, else its type's, else the API's default mode."""

from dataclasses import dataclass, field
from enum import Enum, auto

from graphql import GraphQLObjectType

from services.authorization.cells import Facts, Mode, Reason
from services.authorization.declared.configuration import ApiConfiguration
from services.authorization.declared.schema import ApiSchema, Line, Marks


class Origin(Enum):
    """What says who may have a field."""

    FIELD = auto()
    TYPE = auto()
    DEFAULT = auto()
    DENIED = auto()
    """No directive, and the default pool denies by default."""
    AWS_AUTH = auto()


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Who may have a field.

    Attributes:
        place: `Type.field`.
        modes: the modes that it admits, alternatives; none for nobody.
        groups: the user pool groups that it asks of a pool's people, one of them; None for any.
        origin: what says so.
        line: the directives' line; the field's where it has none.
    """

    place: str
    modes: frozenset[Mode]
    groups: frozenset[str] | None
    origin: Origin
    line: Line

    def admits(self, mode: Mode, groups: frozenset[str] = frozenset()) -> bool:
        """Whether a caller of this mode, in these groups, may have the field."""
        if mode not in self.modes:
            return False
        return mode is not Mode.USER_POOL or self.groups is None or not self.groups.isdisjoint(groups)

    def reason(self, mode: Mode, facts: Facts) -> Reason:
        """Why a caller is let in or refused, with the line that decides it and the groups that would be let in."""
        groups = tuple(sorted(self.groups)) if self.groups and mode is Mode.USER_POOL else ()
        letting = self.admits(mode, facts.groups)
        return Reason(self._words(mode, facts, letting=letting), self.line.text, self.line.place, groups)

    def _words(self, mode: Mode, facts: Facts, *, letting: bool) -> str:
        verb = "admits" if letting else "does not admit"
        neither = f"{self.place} has no directive, nor has its type"
        if self.origin is Origin.DENIED:
            return f"{neither}, and the API's defaultAction is DENY: nobody may have it."
        if self.origin is Origin.DEFAULT:
            return f"{neither}: it is for the API's default mode, {', '.join(self.modes)}, and {verb} {mode}."
        whose = "of the type" if self.origin is Origin.TYPE else "of the field"
        if mode in self.modes and self.groups is not None and mode is Mode.USER_POOL:
            wanted = ", ".join(sorted(self.groups)) or "none at all"
            own = ", ".join(sorted(facts.groups)) or "no group"
            rule = f"The directive {whose} {verb} this caller to {self.place}"
            return f"{rule}: it asks for one of the groups {wanted}, and the caller is in {own}."
        return f"The directive {whose} {verb} {mode} to {self.place}."


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules of one schema under one API's modes."""

    schema: ApiSchema
    configuration: ApiConfiguration
    _kept: dict[tuple[str, str], FieldRule] = field(default_factory=dict, repr=False)

    def of(self, parent: GraphQLObjectType, name: str) -> FieldRule:
        """The rule of a field; raises KeyError when the type has no such field."""
        place = (parent.name, name)
        if place not in self._kept:
            self._kept[place] = self._effective(parent, name)
        return self._kept[place]

    def _effective(self, parent: GraphQLObjectType, name: str) -> FieldRule:
        own, place = self.schema.of_field(parent, name), f"{parent.name}.{name}"
        if own.aws_auth and self.configuration.only_pool and self.schema.is_root(parent):
            modes = frozenset({Mode.USER_POOL})
            return FieldRule(place, modes, own.aws_auth.groups, Origin.AWS_AUTH, own.line)
        if own.marks:
            return _by(own, place, Origin.FIELD)
        if (above := self.schema.of_type(parent)).marks:
            return _by(above, place, Origin.TYPE)
        if self.configuration.denies_by_default:
            return FieldRule(place, frozenset(), None, Origin.DENIED, own.line)
        return FieldRule(place, frozenset({self.configuration.default.mode}), None, Origin.DEFAULT, own.line)


def _by(marks: Marks, place: str, origin: Origin) -> FieldRule:
    return FieldRule(place, marks.modes, marks.groups, origin, marks.line)
