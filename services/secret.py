"""A value that must not show: passwords, tokens and keys travel wrapped in `Secret`."""

import hmac
from typing import NoReturn


class Secret:
    """A text that shows itself only to whoever calls `reveal()`.

    `repr`, `str`, formatting, logging, pickling and copying into caches all stay blind to it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; call it only where it is sent."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __str__(self) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not written anywhere: it can't be pickled, copied or cached.")
