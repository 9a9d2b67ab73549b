"""Words of the baseline file: bare where that is safe to read in a review, quoted as JSON where it isn't."""

import json
import re

# What stands between words and begins comments or quotes never stands bare.
_BARE = re.compile(r"[^\s\",=#]+")
WORD = r'"(?:[^"\\]|\\.)*"|[^\s",=#]+'


def written(text: str) -> str:
    """A word as it stands in the file; it can't hide line ends, invisible or reordering characters."""
    if _BARE.fullmatch(text) and text.isprintable():
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text in quotation marks."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def read(word: str) -> str:
    """The text that a word stands for; raises `ValueError` for a quotation that isn't JSON's."""
    return str(json.loads(word)) if word.startswith('"') else word
