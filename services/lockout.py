"""Nobody locks out themselves, or everybody: what is asked when somebody is to leave the admin group."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.authorization.callers.lease import lease_in
from services.errors import NotPermitted
from services.people import Person
from services.permissions import Operator

PageOf = Callable[[str | None], tuple[Sequence[Person], str | None]]


@dataclass(frozen=True, slots=True)
class Lockout:
    """The admin group, as far as somebody has to remain in it.

    Attributes:
        group: its name.
        page: one page of its members and the token of the next, for a token or for none.
    """

    group: str
    page: PageOf

    def check_before(self, operator: Operator, leaving: Person) -> None:
        """Raise `NotPermitted` where somebody would lock out themselves, or everybody."""
        if operator.sub == leaving.sub or operator.username.casefold() == leaving.username.casefold():
            raise NotPermitted(
                self._failed(leaving),
                "It is the account that you are signed in with: you would lock yourself out",
                "Ask another administrator to do it",
            )
        if not self.remains_without(leaving):
            raise NotPermitted(
                self._failed(leaving),
                "Nobody else in the group is enabled: there would be no administrator left",
                f"Add somebody else to {self.group} first",
            )

    def remains_without(self, leaving: Person) -> bool:
        """Whether another member is enabled, asked of Cognito now; a stand-in of the lab is gone when its run ends."""
        token: str | None = None
        while True:
            people, token = self.page(token)
            if any(who.enabled and who.sub != leaving.sub and not _is_stand_in(who) for who in people):
                return True
            if not token:
                return False

    def taken_back(self, leaving: Person) -> NotPermitted:
        """What to tell when the others left in the same moment, and this one was put back."""
        return NotPermitted(
            self._failed(leaving),
            "The others were removed in the same moment: there would have been no administrator left, so it was undone",
            f"Add somebody else to {self.group} first",
        )

    def _failed(self, leaving: Person) -> str:
        return f"Could not remove {leaving.username} from {self.group}"


def _is_stand_in(who: Person) -> bool:
    return lease_in(who.username) is not None or lease_in(who.email) is not None
