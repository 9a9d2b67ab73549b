"""Who may read a field: the rule that the schema's authorization directives put on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from graphql import DirectiveNode, GraphQLField, GraphQLObjectType, GraphQLSchema, ListValueNode, StringValueNode

from local_cloud.appsync.model import Api, Caller, Mode

_MODES = {
    "aws_api_key": Mode.API_KEY,
    "aws_iam": Mode.IAM,
    "aws_oidc": Mode.OIDC,
    "aws_lambda": Mode.LAMBDA,
    "aws_cognito_user_pools": Mode.USER_POOLS,
}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """The modes that a field admits, and the groups that it asks of user-pool callers.

    `groups` is None where any user of the pool passes; an empty set admits nobody (OPEN:
    what AWS makes of `cognito_groups: []`).
    """

    modes: frozenset[Mode]
    groups: frozenset[str] | None = None

    def admits(self, caller: Caller) -> bool:
        """Return whether the caller's mode is one of the alternatives, and its groups fit."""
        if caller.mode not in self.modes:
            return False
        if caller.mode is Mode.USER_POOLS and self.groups is not None:
            return not self.groups.isdisjoint(caller.groups)
        return True


NOBODY = FieldRule(frozenset())


class FieldRules:
    """The effective rule of every field of one schema under one API's modes."""

    def __init__(self, schema: GraphQLSchema, default_mode: Mode, *, only_pools: bool, default_deny: bool) -> None:
        self._schema = schema
        self._fallback = NOBODY if default_deny else FieldRule(frozenset({default_mode}))
        self._only_pools = only_pools
        self._rules: dict[tuple[str, str], FieldRule] = {}

    def rule(self, parent: GraphQLObjectType, field_name: str) -> FieldRule:
        """Return the field's own directives, else its type's, else the API's default mode."""
        place = (parent.name, field_name)
        rule = self._rules.get(place)
        if rule is None:
            rule = self._rules[place] = self._effective(parent, parent.fields[field_name])
        return rule

    def _effective(self, parent: GraphQLObjectType, field: GraphQLField) -> FieldRule:
        on_field = tuple(field.ast_node.directives) if field.ast_node else ()
        legacy = self._aws_auth(parent, on_field)
        return legacy or _explicit(on_field) or _explicit(_type_directives(parent)) or self._fallback

    def _aws_auth(self, parent: GraphQLObjectType, directives: Iterable[DirectiveNode]) -> FieldRule | None:
        # Counts only where user pools are the API's one mode, and there on root fields alone.
        if not self._only_pools or not self._is_root(parent):
            return None
        for directive in directives:
            if directive.name.value == "aws_auth":
                return FieldRule(frozenset({Mode.USER_POOLS}), _groups(directive))
        return None

    def _is_root(self, parent: GraphQLObjectType) -> bool:
        schema = self._schema
        return parent in (schema.query_type, schema.mutation_type, schema.subscription_type)


@lru_cache(maxsize=256)
def _rules(schema: GraphQLSchema, default_mode: Mode, only_pools: bool, default_deny: bool) -> FieldRules:
    return FieldRules(schema, default_mode, only_pools=only_pools, default_deny=default_deny)


def field_rules(schema: GraphQLSchema, api: Api) -> FieldRules:
    """Return the rules of a schema under an API's configuration; equal configurations share them."""
    only_pools = api.modes == {Mode.USER_POOLS} and api.single_mode
    return _rules(schema, api.default_mode, only_pools, api.default_action == "DENY")


def _type_directives(parent: GraphQLObjectType) -> tuple[DirectiveNode, ...]:
    nodes = (parent.ast_node, *parent.extension_ast_nodes)
    return tuple(directive for node in nodes if node for directive in node.directives)


def _explicit(directives: Iterable[DirectiveNode]) -> FieldRule | None:
    modes: set[Mode] = set()
    groups: frozenset[str] | None = None
    for directive in directives:
        mode = _MODES.get(directive.name.value)
        if mode is None:
            continue
        modes.add(mode)
        if mode is Mode.USER_POOLS:
            groups = _groups(directive)
    return FieldRule(frozenset(modes), groups) if modes else None


def _groups(directive: DirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments:
        if argument.name.value == "cognito_groups":
            value = argument.value
            items = value.values if isinstance(value, ListValueNode) else (value,)
            return frozenset(item.value for item in items if isinstance(item, StringValueNode))
    return None
