"""Text from outside, so that a reader sees all of it: invisible signs are spelt out, and no name poses as another."""

import re
from collections.abc import Mapping, Sequence

# What Unicode tells programs to draw as nothing, the control characters, the marks that turn a line's direction, and
# two signs that are drawn as blanks though they are none.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Persian, Arabic and Indic words need joiners between their letters, and pictures are made of several signs.
_LETTERS, _PICTURES = "\u0600-\u0dff", "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_NEEDED = f"(?<=[{_LETTERS}])[\u200c\u200d](?=[{_LETTERS}])|(?<=[{_PICTURES}])[\u200d\ufe0f]"
_SPELT = re.compile(f"{_NEEDED}|(?P<spelt>[{_INVISIBLE}])")

# From the first letter that is written from right to left to the last one before a letter that isn't.
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RUN = re.compile(f"[{_RIGHT_TO_LEFT}](?:[^A-Za-z\u00c0-\u024f\n]*[{_RIGHT_TO_LEFT}])?")
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"


def legible(text: str) -> str:
    """The text with every invisible sign spelt as in JSON, e.g. `a\\u200bda`, so that a JSON text stays one."""
    return _SPELT.sub(lambda found: _spelt(found["spelt"]) if found["spelt"] else found[0], text)


def legible_value(value: object) -> object:
    """A JSON value with every text in it `legible`, names of fields included."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, Mapping):
        return {legible(str(name)): legible_value(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [legible_value(each) for each in value]
    return value


def isolated(text: str) -> str:
    """The text with what is written from right to left kept to itself: the words around it stay in their order."""
    return _RUN.sub(lambda found: f"{_ISOLATE}{found[0]}{_END_OF_ISOLATE}", text)


def _spelt(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
