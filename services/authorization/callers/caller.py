"""A column of the lab: an identity, what is known of it before any call, and what the screen links it to."""

from dataclasses import dataclass
from typing import NoReturn

from services.authorization.cells import Facts
from services.authorization.identity import Identity, Kind
from services.errors import GatehouseError


@dataclass(frozen=True, slots=True)
class Caller:
    """One identity of an environment.

    Attributes:
        identity: what it is called and how its credential is had.
        facts: what a prediction may rest on.
        group: the group that it stands for; empty when for none.
        person: the user name of the person whom it is, or stands in for; empty when there is none.
        stand_in: it is a user made for this run.
        days_left: whole days until an API key ends, negative once it has; None where that isn't known.
        control: of a broken one, the id of the good identity that it was spoilt from; a refusal of the broken one
            is evidence where its control is let in. Empty when there is none.
        unavailable: why it can't be had; its credentials then raise the same.
        spare: nobody asked for it by name and it can't be had: it is listed with the reason and counts for nothing.
    """

    identity: Identity
    facts: Facts
    group: str = ""
    person: str = ""
    stand_in: bool = False
    days_left: int | None = None
    control: str = ""
    unavailable: GatehouseError | None = None
    spare: bool = False

    @property
    def id(self) -> str:
        """The identity's stable name."""
        return self.identity.id

    @property
    def label(self) -> str:
        """What the column is called."""
        return self.identity.label


def unavailable(id: str, label: str, kind: Kind, facts: Facts, failure: GatehouseError) -> Caller:  # noqa: A002
    """A column that is listed though it can't be had: each of its calls is *no verdict*, with the failure's reason."""

    def refuse() -> NoReturn:
        raise failure

    identity = Identity(id, label, kind, refuse, broken=not facts.good, note=failure.why)
    return Caller(identity, facts, unavailable=failure)
