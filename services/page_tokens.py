"""Going forward and back through pages of an API that hands out only "the token of the next page"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageTokens:
    """The tokens that led to the current page, oldest first; the first page needs none.

    Going back pops a token, so every earlier page is asked for with the very token that showed it before.
    """

    stack: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number of the current page, from 1."""
        return len(self.stack) + 1

    @property
    def current(self) -> str | None:
        """The token that asks for the current page; None on the first."""
        return self.stack[-1] if self.stack else None

    def forward(self, next_token: str) -> "PageTokens":
        """The stack after one page forward, by the token that the current page gave."""
        return PageTokens((*self.stack, next_token))

    def back(self) -> "PageTokens":
        """The stack after one page back; the first page stays where it is."""
        return PageTokens(self.stack[:-1])
