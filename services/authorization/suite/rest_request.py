"""A REST request as a suite file writes it: a method, a path below the API's address, a query and a body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from services.errors import Invalid

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class RestRequest:
    """One request to the environment's REST API.

    `{name}` in the path, and as a whole value of the query or the body, is the variable of that name.

    Attributes:
        method: one of `METHODS`.
        path: below the API's stage, without a slash at its beginning.
        query: the query string's parameters.
        body: sent as JSON; None for no body.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def changes_data(self) -> bool:
        """Whether the method may change something."""
        return self.method not in _READING

    @property
    def places(self) -> tuple[str, ...]:
        """The variables that it has places for."""
        texts = [self.path, *_texts(self.query), *_texts(self.body)]
        return tuple(dict.fromkeys(name for text in texts for name in _PLACE.findall(text)))

    def filled(self, variables: Mapping[str, Any]) -> "RestRequest":
        """The request with the variables in their places; a value in the path can't leave its segment.

        Raises:
            Invalid: a place has no value.
        """
        if absent := [name for name in self.places if name not in variables]:
            raise Invalid(
                f"{self.method} {self.path} could not be sent",
                f"There is no value for {', '.join(absent)}",
                "Give it among the operation's variables, or capture it from an earlier answer",
            )
        return replace(
            self,
            path=_PLACE.sub(lambda place: _segment(variables[place[1]]), self.path),
            query=_filled(self.query, variables),
            body=_filled(self.body, variables),
        )


def _segment(value: Any) -> str:
    text = quote(str(value), safe="")
    # "." and ".." survive quoting and would climb out of the path.
    return text.replace(".", "%2E") if set(text) == {"."} else text


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    below = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for each in below for text in _texts(each)]


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(below, variables) for key, below in value.items()}
    if isinstance(value, list):
        return [_filled(below, variables) for below in value]
    if isinstance(value, str) and (place := _PLACE.fullmatch(value)):
        return variables[place[1]]
    return _PLACE.sub(lambda place: str(variables[place[1]]), value) if isinstance(value, str) else value
