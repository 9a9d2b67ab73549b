"""The people whom a run asks for: signed in by their password, or by a stand-in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.application import Application
from services.authorization.callers.ids import ME, PERSON, members_of
from services.authorization.callers.offered import groups_of
from services.authorization.callers.pool_shape import pool_shape
from services.authorization.callers.removal import Removal
from services.authorization.callers.side_by_side import both, each, each_or_failure
from services.authorization.callers.signed_in import SignedIn, renewing
from services.authorization.callers.stand_ins import Part, StandIns
from services.authorization.identities import Person
from services.authorization.people import sign_in_person
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.errors import GatehouseError, NotFound
from services.permissions import Operator
from services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Found:
    """A person who takes part, or why not.

    Attributes:
        subject: what the ids of their columns begin with.
        name: what the labels begin with.
        who: themselves, or what went wrong.
        groups: what they are in, as far as that is known.
        group: the one group that they stand for.
        person: the user name of whom they are or stand in for.
        stand_in: they were made for this run.
        sends: which of their credentials become columns (`id`, `access`, `iam`); empty for all.
    """

    subject: str
    name: str
    who: SignedIn | GatehouseError
    groups: tuple[str, ...]
    group: str = ""
    person: str = ""
    stand_in: bool = False
    sends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds people; the attributes are those of `cast.callers`."""

    application: Application
    operator: Operator
    stand_ins: StandIns
    renew: Callable[[Tokens], Tokens]
    now: Callable[[], datetime]

    def find(
        self, choices: Sequence[IdentityChoice], people: Sequence[SignedIn]
    ) -> tuple[list[Found], tuple[Removal, ...]]:
        """Everybody who is asked for, in that order, and the leftovers of killed runs that were removed meanwhile.

        Args:
            choices: people and stand-ins.
            people: who is signed in already; somebody in exactly the groups of a stand-in takes its place.
        """
        by_groups = {frozenset(person.operator.groups): person for person in people}
        at_hand = [choice for choice in choices if _is_group(choice) and frozenset(choice.groups) in by_groups]
        known = [choice for choice in choices if not _is_group(choice) and (choice.secret or choice.secret_variable)]
        played = [choice for choice in choices if choice not in at_hand and choice not in known]
        signed_in, (made, swept) = both(lambda: each(self._signed_in, known), lambda: self._made(played))
        found = {
            **{_subject(choice): _present(choice, by_groups[frozenset(choice.groups)]) for choice in at_hand},
            **{one.subject: one for one in (*signed_in, *made)},
        }
        return [found[subject] for subject in dict.fromkeys(map(_subject, choices))], swept

    def _signed_in(self, choice: IdentityChoice) -> Found:
        """A person by their password; one who can't sign in keeps what is known of them, for predictions."""
        subject, name = PERSON + choice.name, choice.name
        try:
            person = self._by_password(choice)
        except GatehouseError as failure:
            groups = self._groups_if_known(choice)
            return Found(subject, name, failure, groups, person=name, sends=choice.sends)
        who = renewing(person, self.renew, self.now)
        return Found(subject, name, who, person.operator.groups, person=name, sends=choice.sends)

    def _by_password(self, choice: IdentityChoice) -> Person:
        if choice.secret is None:
            # Not a stand-in in their place: who names a password wants the person, and is told that it is missing.
            raise NotFound(
                f"Could not sign {choice.name} in for a column",
                "No password was given",
                f"Set {choice.secret_variable}",
            )
        sign_in, identify = self.application.sign_in, self.application.identify
        return sign_in_person(sign_in, identify, choice.name, choice.secret, operator=self.operator)

    def _made(self, choices: Sequence[IdentityChoice]) -> tuple[list[Found], tuple[Removal, ...]]:
        """A stand-in for each choice, and the leftovers that were removed meanwhile."""
        if not choices:
            return [], ()
        environment, pool = self.application.environment, self.application.clients.user_pool
        groups = each_or_failure(self._groups, choices)
        wanted = {
            _subject(choice): Part(_subject(choice), known)
            for choice, known in zip(choices, groups, strict=True)
            if not isinstance(known, GatehouseError)
        }
        try:
            shape = pool_shape(pool, environment.user_pool_id)
            swept, made = both(lambda: self.stand_ins.sweep(shape), lambda: self.stand_ins.make(wanted.values(), shape))
        except GatehouseError as failure:
            known = (
                choice.groups if isinstance(read, GatehouseError) else read
                for choice, read in zip(choices, groups, strict=True)
            )
            return [_played(choice, each, failure) for choice, each in zip(choices, known, strict=True)], ()
        who = dict(zip(wanted, made, strict=True))
        return [
            _played(choice, choice.groups, known)
            if isinstance(known, GatehouseError)
            else _played(choice, known, who[_subject(choice)])
            for choice, known in zip(choices, groups, strict=True)
        ], swept

    def _groups_if_known(self, choice: IdentityChoice) -> tuple[str, ...]:
        try:
            return self._groups(choice)
        except GatehouseError:
            return ()

    def _groups(self, choice: IdentityChoice) -> tuple[str, ...]:
        if _is_group(choice):
            return choice.groups
        return groups_of(self.application.clients.user_pool, self.application.environment.user_pool_id, choice.name)


def me_as_found(me: SignedIn) -> Found:
    """The operator."""
    return Found(ME, "Me", me, me.operator.groups)


def person_as_found(person: SignedIn) -> Found:
    """Somebody who signed in there and then."""
    name = person.operator.username
    return Found(PERSON + name, name, person, person.operator.groups, person=name)


def _present(choice: IdentityChoice, who: SignedIn) -> Found:
    return _of_groups(choice, choice.groups, who, person=who.operator.username, stand_in=False)


def _played(choice: IdentityChoice, groups: tuple[str, ...], who: SignedIn | GatehouseError) -> Found:
    if _is_group(choice):
        return _of_groups(choice, groups, who, person="", stand_in=True)
    name = choice.name
    return Found(PERSON + name, f"As {name}", who, groups, person=name, stand_in=True, sends=choice.sends)


def _of_groups(
    choice: IdentityChoice, groups: tuple[str, ...], who: SignedIn | GatehouseError, *, person: str, stand_in: bool
) -> Found:
    return Found(
        members_of(groups),
        " + ".join(sorted(groups)) or "No group",
        who,
        groups,
        group=groups[0] if len(groups) == 1 else "",
        person=person,
        stand_in=stand_in,
        sends=choice.sends,
    )


def _is_group(choice: IdentityChoice) -> bool:
    return choice.kind is IdentityKind.STAND_IN


def _subject(choice: IdentityChoice) -> str:
    return members_of(choice.groups) if _is_group(choice) else PERSON + choice.name
