"""Turning what a run asks for into its columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.application import Application
from services.authorization.callers.api_keys import Key, key_callers, list_keys
from services.authorization.callers.broken_columns import Base, broken_callers
from services.authorization.callers.caller import Caller, unavailable
from services.authorization.callers.columns import columns_of, missing_columns
from services.authorization.callers.expired import EXPIRED
from services.authorization.callers.found import Finder, Found, me_as_found, person_as_found
from services.authorization.callers.given import given_caller
from services.authorization.callers.ids import GUEST, NOBODY
from services.authorization.callers.offered import offered
from services.authorization.callers.removal import Removal
from services.authorization.callers.side_by_side import both
from services.authorization.callers.signed_in import SignedIn
from services.authorization.cells import Facts, Mode
from services.authorization.identity import Identity, Kind
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.credentials import NoCredentials
from services.errors import GatehouseError, NotFound
from services.secret import Secret
from services.settings import Api

_PEOPLE = frozenset({IdentityKind.STAND_IN, IdentityKind.PERSON})
_GIVEN = frozenset({IdentityKind.OIDC, IdentityKind.LAMBDA})


@dataclass(frozen=True, slots=True)
class Casting:
    """What casting takes; the attributes are those of `cast.callers`."""

    application: Application
    api: Api
    finder: Finder
    me: SignedIn | None
    people: tuple[SignedIn, ...]
    expired: Secret | None
    now: Callable[[], datetime]

    def cast(self, choices: Sequence[IdentityChoice]) -> tuple[tuple[Caller, ...], tuple[Removal, ...]]:
        """The callers in the order of their columns, and the leftovers that were removed on the way."""
        left_out: tuple[Caller, ...] = ()
        if not choices:
            choices, left_out = offered(self.application, self.finder.operator)
        asked = [choice for choice in choices if choice.kind in _PEOPLE]
        keys, (found, swept) = both(lambda: self._keys(choices), lambda: self.finder.find(asked, self.people))
        me = [me_as_found(self.me)] if self.me else []
        others = [person_as_found(person) for person in self.people]
        columns = [caller for one in (*me, *found, *others) for caller in self._columns(one)]
        tokens = [given_caller(choice, self.application.environment) for choice in choices if choice.kind in _GIVEN]
        broken = self._broken(choices, (*me, *others, *found), keys)
        return _settled((*self._plain(choices), *keys, *columns, *left_out, *tokens, *broken)), swept

    def _plain(self, choices: Iterable[IdentityChoice]) -> list[Caller]:
        """Who needs nothing: nobody, and a guest."""
        kinds = {choice.kind for choice in choices}
        found = []
        if IdentityKind.NOBODY in kinds:
            nobody = Identity(NOBODY, "No credentials", Kind.NO_CREDENTIALS, NoCredentials)
            found.append(Caller(nobody, Facts(None)))
        if IdentityKind.GUEST in kinds:
            facts, label, pool = Facts(Mode.IAM, guest=True), "Guest · IAM", self.application.identity_pool
            if pool:
                found.append(Caller(Identity(GUEST, label, Kind.IAM, pool.guest), facts))
            else:
                failure = NotFound("Could not be a guest", "The environment names no identity pool", "Name one")
                found.append(unavailable(GUEST, label, Kind.IAM, facts, failure))
        return found

    def _keys(self, choices: Iterable[IdentityChoice]) -> list[Caller]:
        if all(choice.kind is not IdentityKind.API_KEY for choice in choices):
            return []
        listed: tuple[Key, ...] = ()
        failure: GatehouseError | None = None
        if self.api.api_id:
            try:
                listed = list_keys(self.application.clients.appsync, self.api)
            except GatehouseError as refusal:
                failure = refusal
        return key_callers(self.api, listed, self.now(), failure)

    def _columns(self, found: Found) -> tuple[Caller, ...]:
        environment = self.application.environment
        if isinstance(found.who, GatehouseError):
            callers = missing_columns(found.subject, found.name, frozenset(found.groups), environment, found.who)
        else:
            callers = columns_of(
                found.subject,
                found.name,
                found.who,
                environment,
                self.application.identity_pool,
                group=found.group,
                person=found.person,
                stand_in=found.stand_in,
            )
        return tuple(each for each in callers if not found.sends or each.id.rpartition("/")[2] in found.sends)

    def _broken(
        self, choices: Iterable[IdentityChoice], candidates: Iterable[Found], keys: Iterable[Caller]
    ) -> tuple[Caller, ...]:
        asked = [choice for choice in choices if choice.kind is IdentityKind.BROKEN]
        if not asked:
            return ()
        bases = (Base(found.subject, found.who) for found in candidates if isinstance(found.who, SignedIn))
        every = broken_callers(
            self.application,
            next(bases, None),
            expired=next((choice.secret for choice in asked if choice.secret), self.expired),
            has_key=any(key.facts.good for key in keys),
            now=self.now(),
        )
        names = {name for choice in asked for name in choice.broken}
        named = tuple(caller for caller in every if caller.id.partition(":")[2] in names)
        if all(choice.broken for choice in asked):
            return named
        # An expired token is seldom at hand: unless it is asked for, its lack leaves nothing unproven.
        return (
            *named,
            *(replace(caller, spare=caller.id == EXPIRED and caller.unavailable is not None) for caller in every),
        )


def _settled(callers: Iterable[Caller]) -> tuple[Caller, ...]:
    """Each identity once, the first of its id, and no control that isn't among them."""
    found: dict[str, Caller] = {}
    for caller in callers:
        found.setdefault(caller.id, caller)
    return tuple(caller if caller.control in found else replace(caller, control="") for caller in found.values())
