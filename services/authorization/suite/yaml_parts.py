"""A YAML file read with the place of every value kept, so that a mistake is told with its line and column.

Only plain YAML is taken: no anchors, no tags, no duplicate keys. Nothing is ever constructed from a tag.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from services.errors import Invalid

_TEXT = "tag:yaml.org,2002:str"
_DATE = "tag:yaml.org,2002:timestamp"
_WORDS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:null": "nothing",
    _DATE: "a date",
}
_LARGEST_FILE = 1_000_000


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without anchors: an alias makes a file hard to review, and can make it endless."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases (*) are not used here", event.start_mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the file, with its place.

    Attributes:
        path: the file.
        node: what PyYAML read.
        name: what the value is, for messages.
    """

    path: Path
    node: yaml.Node
    name: str

    def refused(self, why: str, next_step: str = "") -> Invalid:
        """The error that says what is wrong here."""
        mark = self.node.start_mark
        return refusal(self.path, f"line {mark.line + 1}, column {mark.column + 1}: {why}", next_step)

    @property
    def is_text(self) -> bool:
        """Whether it is a text, rather than a list, a table, a number, a truth value or nothing."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == _TEXT

    @property
    def is_scalar(self) -> bool:
        """Whether it is one value that is there, rather than a list, a table or nothing."""
        return isinstance(self.node, yaml.ScalarNode) and bool(self.node.value)

    @property
    def raw(self) -> str:
        """The value as it is written; of a list or table, nothing."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    @property
    def is_table(self) -> bool:
        """Whether it is a table of keys and values."""
        return isinstance(self.node, yaml.MappingNode)

    def text(self) -> str:
        """The text; raises `Invalid` when it is something else, or empty."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.tag in _WORDS and self.node.value:
            raise self.refused(
                f"{self.name} has to be a text, and YAML reads {self.node.value} as {_WORDS[self.node.tag]}",
                "Put it in quotes",
            )
        if not self.is_text or not str(self.node.value).strip():
            raise self.refused(f"{self.name} has to be a text")
        return str(self.node.value)

    def one_of(self, choices: Collection[str]) -> str:
        """The text, which has to be one of these."""
        # A bare `none` or `full` is a text, yet `no` is none: `text` explains that.
        text = self.text()
        if text not in choices:
            raise self.refused(f"{self.name} is {text!r}{meant(text, choices)}; it can be {', '.join(choices)}")
        return text

    def number(self, smallest: float, largest: float) -> float:
        """The number, within these bounds."""
        value = self.plain()
        if isinstance(value, bool) or not isinstance(value, int | float) or not smallest <= value <= largest:
            raise self.refused(f"{self.name} has to be a number from {smallest:g} to {largest:g}")
        return value

    def whole(self, smallest: int, largest: int) -> int:
        """The whole number, within these bounds."""
        value = self.number(smallest, largest)
        if not isinstance(value, int):
            raise self.refused(f"{self.name} has to be a whole number")
        return value

    def flag(self) -> bool:
        """True or false."""
        value = self.plain()
        if not isinstance(value, bool):
            raise self.refused(f"{self.name} has to be true or false")
        return value

    def items(self) -> tuple["Part", ...]:
        """The elements of the list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.refused(f"{self.name} has to be a list")
        return tuple(Part(self.path, each, f"an entry of {self.name}") for each in self.node.value)

    def texts(self) -> tuple[str, ...]:
        """The elements of the list, all texts."""
        return tuple(each.text() for each in self.items())

    def entries(self) -> dict[str, "Part"]:
        """The table, whatever its keys are."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refused(f"{self.name} has to be a table of keys and values")
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            name = Part(self.path, key, f"a key of {self.name}").text()
            if name in found:
                raise Part(self.path, key, name).refused(f"the key {name!r} stands here a second time")
            found[name] = Part(self.path, value, name)
        return found

    def table(self, known: Collection[str], required: Collection[str] = ()) -> Mapping[str, "Part"]:
        """The table, which has to have these keys and no others."""
        found = self.entries()
        if isinstance(self.node, yaml.MappingNode):
            for key, _ in self.node.value:
                if key.value not in known:
                    raise Part(self.path, key, "").refused(
                        f"{key.value!r} is not a key of {self.name}{meant(str(key.value), known)}",
                        f"The keys are {', '.join(known)}",
                    )
        for name in required:
            if name not in found:
                raise self.refused(f"{self.name} lacks {name!r}")
        return found

    def plain(self) -> Any:
        """The value as JSON would have it: text, number, truth value, null, list or table."""
        match self.node:
            case yaml.SequenceNode():
                return [each.plain() for each in self.items()]
            case yaml.MappingNode():
                return {name: each.plain() for name, each in self.entries().items()}
            case _:
                return self._scalar()

    def walk(self) -> Iterator["Part"]:
        """This value and every one below it, keys included."""
        yield self
        match self.node:
            case yaml.SequenceNode():
                for each in self.items():
                    yield from each.walk()
            case yaml.MappingNode():
                for key, value in self.node.value:
                    yield Part(self.path, key, "a key")
                    yield from Part(self.path, value, str(key.value)).walk()

    def _scalar(self) -> Any:
        if self.node.tag in {_TEXT, _DATE}:
            return str(self.node.value)
        if self.node.tag not in _WORDS:
            raise self.refused(f"{self.name} has the tag {self.node.tag}, and tags are not used here")
        try:
            value = _Loader("").construct_object(self.node)
        except ValueError:
            raise self.refused(f"{self.name} is no readable number", "Put it in quotes if it is a text") from None
        if isinstance(value, float) and not math.isfinite(value):
            raise self.refused(f"{self.name} is no number that JSON has")
        return value


def read_text(path: Path) -> str:
    """The text of a file; raises `Invalid` when it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise _unreadable(path, error.strerror or type(error).__name__, "Check its name") from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"byte {error.start + 1} is no UTF-8", "Save it as UTF-8") from None


def _unreadable(path: Path, why: str, next_step: str) -> Invalid:
    return Invalid(f"The file {path} can't be read", why, next_step)


def parse_yaml(text: str, path: Path) -> Part:
    """The whole of a YAML text, said to come from that file.

    Raises:
        Invalid: it isn't plain YAML; with line and column.
    """
    if len(text) > _LARGEST_FILE:
        raise refusal(path, f"it has {len(text)} characters, and {_LARGEST_FILE} are the most", "Divide it")
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise refusal(path, f"{where}{error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        raise refusal(path, f"character {error.position + 1} is not allowed in YAML") from None
    except RecursionError:
        raise refusal(path, "it is nested too deeply") from None
    if node is None:
        raise refusal(path, "it is empty")
    return Part(path, node, "the suite")


def refusal(path: Path, why: str, next_step: str = "") -> Invalid:
    """The error for a suite file that can't be used."""
    return Invalid(
        f"The suite file {path} can't be used", why, next_step or "Correct it and run again; nothing was sent"
    )


def meant(word: str, known: Collection[str]) -> str:
    """A question that follows a word which isn't known: `; did you mean …?`; empty when nothing is close to it."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {str(close[0])!r}?" if close else ""
