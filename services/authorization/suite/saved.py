"""An operation of a suite: a GraphQL document or a REST request, and how it may be run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from graphql import NonNullTypeNode, OperationDefinitionNode, parse

from services.authorization.operations import Operation, operation_of
from services.authorization.outcomes import Outcome
from services.authorization.suite.patterns import merged, names_for
from services.authorization.suite.rest_request import RestRequest
from services.errors import Invalid


class Safety(StrEnum):
    """How far an operation that changes data may go. Queries don't ask."""

    SKIP = "skip"
    """It is never sent."""
    REFUSE_ONLY = "refuse only"
    """It is sent only as identities that are declared to be refused before its resolver runs."""
    FULL = "full"
    """It is sent as everybody, and undone wherever it was let in."""


class Owner(StrEnum):
    """Whose object an operation asks for, seen from who asks."""

    MINE = "mine"
    HERS = "hers"
    NOBODYS = "nobody's"


class Arguments(StrEnum):
    """Where an operation's arguments come from."""

    WRITTEN = "written"
    READY = "ready"
    """Generated, and none is needed."""
    MADE_UP = "made-up arguments"
    """Generated, with neutral values that no object of the API need have."""
    NEEDS_VALUES = "needs values"
    """Generated, and some can't be made up: it can't be sent until the suite gives them."""


@dataclass(frozen=True, slots=True)
class SavedOperation:
    """One row of the lab's grid.

    Attributes:
        id: its stable name in the baseline, in reports and in addresses; free of blanks.
        api: the environment's API that it is sent to.
        label: what the screen calls it.
        note: what it is for, in a sentence.
        document: the GraphQL text; empty for a REST request.
        name: which operation of the document is meant, where it holds several.
        variables: what everybody sends.
        variables_for: what identities send instead, by the names that `patterns.names_for` gives them.
        safety: how far it may go, if it changes data.
        after: the operations, by id, whose results it uses.
        captures: what later operations use of its answer: variable name to path, e.g. `createPost.id`.
        undo: takes back what it did, with its captures as variables.
        harmless: it is said to change nothing that would have to be undone.
        owner: whose object it asks for; None where that plays no part.
        subject: for an owned operation, the variable that names its object.
        subjects: the objects, as variables by identity name.
        expected: the outcome that an identity must have, by identity name.
        rest: the REST request, in place of a document.
        arguments: where its arguments come from.
    """

    id: str
    api: str
    label: str = ""
    note: str = ""
    document: str = ""
    name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    variables_for: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    safety: Safety = Safety.SKIP
    after: tuple[str, ...] = ()
    captures: Mapping[str, str] = field(default_factory=dict)
    undo: "SavedOperation | None" = None
    harmless: bool = False
    owner: Owner | None = None
    subject: str = ""
    subjects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    expected: Mapping[str, Outcome] = field(default_factory=dict)
    rest: RestRequest | None = None
    arguments: Arguments = Arguments.WRITTEN

    @property
    def changes_data(self) -> bool:
        """Whether it is a mutation, or a REST request by another method than GET, HEAD or OPTIONS."""
        return self.rest.changes_data if self.rest else _template(self.document, self.name).changes_data

    @property
    def roots(self) -> frozenset[str]:
        """Its root fields, by their names in the answer; none for a REST request."""
        return frozenset() if self.rest else frozenset(keys[0] for keys in _template(self.document, self.name).fields)

    @property
    def takes(self) -> frozenset[str]:
        """The variables that it has a place for."""
        if self.rest:
            return frozenset(self.rest.places)
        return frozenset(_declared(self.document, self.name))

    def lacking(self, identity_id: str, captured: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """The variables without which it can't be sent as an identity, and that have no value for it."""
        given = self.variables_of(identity_id, captured)
        if self.rest:
            needed = self.rest.places
        else:
            needed = tuple(name for name, required in _declared(self.document, self.name).items() if required)
        own = (self.subject,) if self.subject else ()
        return tuple(name for name in dict.fromkeys((*needed, *own)) if given.get(name) is None)

    def variables_of(self, identity_id: str, captured: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What an identity sends: everybody's variables, its own, its object's, then what earlier answers gave."""
        own = merged(self.variables, self.variables_for, identity_id)
        return {**merged(own, self.subjects, identity_id), **(captured or {})}

    def operation_for(self, identity_id: str, captured: Mapping[str, Any] | None = None) -> Operation:
        """The GraphQL operation as an identity sends it.

        Args:
            identity_id: who sends it.
            captured: variables that answers of earlier operations gave.

        Raises:
            Invalid: the document is not valid GraphQL, or this is a REST request.
        """
        if self.rest:
            raise Invalid(f"{self.id} is no GraphQL operation", "It is a REST request", "Send it to the REST API")
        return replace(_template(self.document, self.name), variables=self.variables_of(identity_id, captured))

    def request_for(self, identity_id: str, captured: Mapping[str, Any] | None = None) -> RestRequest:
        """The REST request as an identity sends it, its variables put in their places.

        Raises:
            Invalid: a variable has no value, or this is a GraphQL operation.
        """
        if not self.rest:
            raise Invalid(f"{self.id} is no REST request", "It is a GraphQL operation", "Send it to the GraphQL API")
        return self.rest.filled(self.variables_of(identity_id, captured))

    def expected_of(self, identity_id: str) -> Outcome | None:
        """The outcome that the suite wants of an identity; the narrowest of its names counts."""
        named = [self.expected[name] for name in names_for(identity_id) if name in self.expected]
        return named[-1] if named else None


@lru_cache(maxsize=1024)
def _template(document: str, name: str | None) -> Operation:
    """The parsed operation: 20 identities send the same document, which is read once."""
    return operation_of(document, json.dumps({}), name)


@lru_cache(maxsize=1024)
def _declared(document: str, name: str | None) -> Mapping[str, bool]:
    """The variables of an operation, and whether each has to be given."""
    for node in parse(document).definitions:
        if isinstance(node, OperationDefinitionNode) and (name is None or (node.name and node.name.value == name)):
            return {
                each.variable.name.value: isinstance(each.type, NonNullTypeNode) and each.default_value is None
                for each in node.variable_definitions or ()
            }
    return {}
