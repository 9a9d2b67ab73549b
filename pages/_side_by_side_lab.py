"""What the page Side by side holds for one browser session: who was added, and the run that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from services.authorization.calls import Run
from services.authorization.identities import Pasted, Person
from services.authorization.identity import Identity
from services.authorization.judged import Grid
from services.authorization.operations import Operation
from services.authorization.run import Running
from services.secret import Secret
from services.sessions import Session

_KEY = "side_lab"
Asked = tuple[str, Operation, tuple[str, ...]]


@dataclass(slots=True)
class Lab:
    """The state of the page; kept in the tab's own memory and nowhere else.

    Attributes:
        session_id: whose it is; somebody else's sign-in in the same tab starts anew.
        people: who signed in for a column.
        pasted: credentials that were pasted.
        grid: the run that is shown.
        asked: what that run was asked: API, operation and identities.
        running: the run that is under way; None while none is.
        identities: who takes part in it.
        number: counts what was pasted, for names that stay.
    """

    session_id: Secret
    people: list[Person] = field(default_factory=list)
    pasted: list[Pasted] = field(default_factory=list)
    grid: Grid | None = None
    asked: Asked | None = None
    number: int = 0
    running: Running | None = None
    identities: tuple[Identity, ...] = ()

    def begin(self, running: Running, asked: Asked | None, identities: Sequence[Identity]) -> None:
        """A run was started; what was shown before makes room for it."""
        self.running, self.asked, self.identities, self.grid = running, asked, tuple(identities), None

    def waited(self, seconds: float | None = None) -> Run:
        """The run that was started, whole; raises `TimeoutError` when it takes longer, or what broke it off."""
        if self.running is None:
            raise TimeoutError
        try:
            return self.running.wait(seconds)
        except TimeoutError:
            raise
        except BaseException:
            self.running = None  # a broken run is told once, and doesn't stand in the way of the next
            raise

    def ended(self, grid: Grid) -> None:
        """The run has ended, and this is what it showed."""
        self.running, self.identities, self.grid = None, (), grid

    def add_person(self, person: Person) -> None:
        """Give a person columns; somebody who has some gets fresh tokens."""
        self.remove(f"person-{person.operator.sub}")
        self.people.append(person)

    def remove(self, prefix: str) -> None:
        """Take away the columns whose ids begin so, their tokens, and what they showed."""
        self.people = [each for each in self.people if not f"person-{each.operator.sub}".startswith(prefix)]
        self.pasted = [each for each in self.pasted if not each.id.startswith(prefix)]
        if self.grid:
            columns = tuple(each for each in self.grid.columns if not each.identity.id.startswith(prefix))
            # The run itself holds the credentials, so what is removed has to leave it too.
            calls = tuple(column.call for column in columns)
            self.grid = replace(self.grid, columns=columns, run=replace(self.grid.run, calls=calls))


def lab(session: Session) -> Lab:
    """This tab's lab; a fresh one for another sign-in."""
    held = st.session_state.get(_KEY)
    if not isinstance(held, Lab) or held.session_id != session.id:
        held = st.session_state[_KEY] = Lab(session.id)
    return held
