"""Sessions: who is signed in, for how long, and what ends it."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest

from services.errors import SignInError, Unavailable
from services.permissions import Operator, Role
from services.secret import Secret
from services.session_store import MemoryStore
from services.sessions import ABSOLUTE, CLAIM, IDLE, TICKET, Session, SessionEnded, Sessions, TimeLeft
from services.tokens import Fault, TokenRefused, Tokens
from tests.stand_ins import NOON, Clock, Record

ADMIN = Operator("ada", "1111", ("admins",), Role.ADMIN)
DEMOTED = Operator("ada", "1111", (), Role.NONE)


def tokens(name: str, clock: Clock, minutes: float = 60) -> Tokens:
    """Tokens that end in so many minutes."""
    return Tokens(Secret(f"id-{name}"), Secret(f"access-{name}"), Secret(f"refresh-{name}"), clock() + minutes * MINUTE)


MINUTE = timedelta(minutes=1)


class Cognito:
    """Renews and revokes as told, and remembers what it was asked."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.renewed: list[Tokens] = []
        self.revoked: list[Tokens] = []
        self.revoked_all: list[Tokens] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.error: Exception | None = None
        self.minutes: float = 60
        self.seconds: float = 0  # how long an answer takes

    def renew(self, old: Tokens) -> Tokens:
        self.renewed.append(old)
        time.sleep(self.seconds)
        self.meanwhile()
        if self.error:
            raise self.error
        return tokens(f"renewed-{len(self.renewed)}", self.clock, self.minutes)

    def revoke(self, old: Tokens) -> None:
        self.revoked.append(old)
        if self.error:
            raise self.error

    def revoke_all(self, old: Tokens) -> None:
        self.revoked_all.append(old)
        if self.error:
            raise self.error


class Store:
    """A session store with its clock, its Cognito, and who the next tokens belong to."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.cognito = Cognito(self.clock)
        self.operator = ADMIN
        self.refusal: Exception | None = None
        numbers: Iterator[int] = count(1)
        self.sessions = Sessions(self.identify, self.cognito, self.clock, lambda: f"random-{next(numbers)}")

    def identify(self, _: Tokens) -> Operator:
        if self.refusal:
            raise self.refusal
        return self.operator

    def opened(self, minutes: float = 60) -> Session:
        return self.sessions.open(tokens("first", self.clock, minutes))

    def ended(self, session: Session) -> str:
        """Why a session that has to be over is over."""
        with pytest.raises(SessionEnded) as ended:
            self.sessions.current(session.id)
        return ended.value.why


@pytest.fixture
def store() -> Store:
    """An empty store at noon."""
    return Store()


def test_a_sign_in_opens_a_session_that_its_id_finds_again(store: Store) -> None:
    session = store.opened()

    assert (session.operator, session.opened_at) == (ADMIN, NOON)
    assert store.sessions.current(session.id) == session


def test_tokens_that_fail_verification_open_nothing(store: Store) -> None:
    store.refusal = TokenRefused("Could not accept the token", fault=Fault.SIGNATURE)

    with pytest.raises(TokenRefused):
        store.opened()


@pytest.mark.parametrize("text", ["", "random-2", "session"])
def test_an_unknown_id_is_nobody(store: Store, text: str) -> None:
    store.opened()

    assert store.sessions.current(Secret(text)) is None


def test_ids_are_long_and_never_the_same() -> None:
    clock = Clock()
    sessions = Sessions(lambda _: ADMIN, Cognito(clock), clock)

    ids = {sessions.open(tokens("x", clock)).id.reveal() for _ in range(50)}

    assert len(ids) == 50
    assert min(map(len, ids)) >= 43


def test_a_ticket_is_traded_for_the_session_once(store: Store) -> None:
    session = store.opened()
    ticket = store.sessions.ticket(session)

    assert ticket != session.id
    assert store.sessions.redeem(ticket) == session.id
    assert store.sessions.redeem(ticket) is None


def test_a_ticket_is_worthless_after_thirty_seconds(store: Store) -> None:
    ticket = store.sessions.ticket(store.opened())

    store.clock.time += TICKET

    assert store.sessions.redeem(ticket) is None


def test_an_invented_ticket_is_worthless(store: Store) -> None:
    session = store.opened()

    assert store.sessions.redeem(Secret("invented")) is None
    assert store.sessions.redeem(session.id) is None


def test_a_session_that_is_not_used_ends(store: Store) -> None:
    session = store.opened(minutes=24 * 60)

    store.clock.time += IDLE - timedelta(seconds=1)
    assert store.sessions.current(session.id)
    store.clock.time += IDLE

    assert store.ended(session) == "It was not used for 1 hour"
    assert store.ended(session) == "It was not used for 1 hour"


def test_a_session_ends_after_twelve_hours_of_use(store: Store) -> None:
    session = store.opened(minutes=24 * 60)
    store.cognito.minutes = 24 * 60

    while store.clock() < NOON + ABSOLUTE - MINUTE * 30:
        store.clock.move(minutes=30)
        assert store.sessions.current(session.id)
    store.clock.move(minutes=30)

    assert store.ended(session) == "It was 12 hours old"


def test_asking_whether_a_session_is_open_is_no_use_of_it(store: Store) -> None:
    session = store.opened(minutes=24 * 60)
    store.clock.move(minutes=40)
    assert store.sessions.is_open(session.id)
    store.clock.move(minutes=20)

    store.ended(session)
    assert not store.sessions.is_open(session.id)


def test_nothing_is_asked_of_cognito_for_four_minutes(store: Store) -> None:
    session = store.opened()

    store.clock.move(minutes=3, seconds=59)

    assert store.sessions.current(session.id) == session
    assert store.cognito.renewed == []


def test_after_four_minutes_the_session_is_renewed_once(store: Store) -> None:
    session = store.opened()
    store.clock.move(minutes=4)

    renewed = store.sessions.current(session.id)

    assert renewed is not None
    assert renewed.tokens.id_token == Secret("id-renewed-1")
    assert (renewed.id, renewed.opened_at) == (session.id, NOON)
    assert store.sessions.current(session.id) == renewed
    assert len(store.cognito.renewed) == 1


def test_rotation_hands_each_refresh_token_in_once(store: Store) -> None:
    session = store.opened()

    for _ in range(3):
        store.clock.move(minutes=4)
        store.sessions.current(session.id)

    refresh = [used.refresh_token for used in store.cognito.renewed]
    assert refresh == [Secret("refresh-first"), Secret("refresh-renewed-1"), Secret("refresh-renewed-2")]


def test_tokens_that_live_for_five_minutes_are_renewed_at_half_time_and_not_on_every_run(store: Store) -> None:
    session = store.opened(minutes=5)
    store.cognito.minutes = 5

    for _ in range(10):
        store.clock.move(minutes=1)
        store.sessions.current(session.id)

    assert len(store.cognito.renewed) == 3


@pytest.mark.parametrize("minutes", [4, 5, 30])
def test_an_operator_who_is_disabled_is_out_at_the_next_renewal_and_after_five_minutes_at_the_latest(
    store: Store, minutes: int
) -> None:
    session = store.opened()
    store.cognito.error = SignInError("Could not renew the sign-in", "The account is disabled")
    store.clock.move(minutes=minutes)

    assert store.ended(session) == "The account is disabled"


def test_a_renewal_brings_the_role_that_the_groups_give_now(store: Store) -> None:
    session = store.opened()
    store.operator = DEMOTED
    store.clock.move(minutes=55)

    renewed = store.sessions.current(session.id)

    assert renewed is not None
    assert renewed.operator.role is Role.NONE


def test_two_tabs_at_once_renew_once(store: Store) -> None:
    session = store.opened()
    store.clock.move(minutes=55)
    store.cognito.seconds = 0.05
    start = threading.Barrier(8)
    seen: list[Session | None] = []

    def tab() -> None:
        start.wait()
        seen.append(store.sessions.current(session.id))

    threads = [threading.Thread(target=tab) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.cognito.renewed) == 1
    assert {each.tokens.id_token for each in seen if each} == {Secret("id-renewed-1")}


def test_a_refused_renewal_ends_the_session_with_its_reason(store: Store) -> None:
    session = store.opened()
    store.cognito.error = SignInError("Could not renew the sign-in", "The account is disabled")
    store.clock.move(minutes=55)

    assert store.ended(session) == "The account is disabled"
    assert store.ended(session) == "The account is disabled"
    assert len(store.cognito.renewed) == 1


def test_renewed_tokens_that_fail_verification_end_the_session(store: Store) -> None:
    session = store.opened()
    store.refusal = TokenRefused("Could not accept the token", "The token is not signed", fault=Fault.UNSIGNED)
    store.clock.move(minutes=55)

    assert store.ended(session) == "The token is not signed"


def test_a_renewal_without_an_answer_is_tried_again_but_five_minutes_are_the_limit(store: Store) -> None:
    session = store.opened()
    store.cognito.error = Unavailable("Could not renew the sign-in", "AWS did not answer")
    store.clock.move(minutes=4, seconds=59)
    assert store.sessions.current(session.id) == session

    store.clock.move(seconds=1)
    with pytest.raises(Unavailable):
        store.sessions.current(session.id)

    store.cognito.error = None
    assert store.sessions.current(session.id)


def test_a_process_that_dies_in_a_renewal_holds_the_others_up_for_a_moment_only(store: Store) -> None:
    session = store.opened()
    store.clock.move(minutes=30)
    store.cognito.error = KeyboardInterrupt()  # nothing that a process could tell the others
    with pytest.raises(KeyboardInterrupt):
        store.sessions.current(session.id)
    store.cognito.error = None

    waits = count()

    def pause(_: float) -> None:
        assert next(waits) < 2
        store.clock.time += CLAIM / 2

    other = Sessions(store.identify, store.cognito, store.clock, store=store.sessions._store, pause=pause)
    renewed = other.current(session.id)

    assert renewed is not None
    assert renewed.tokens.id_token == Secret("id-renewed-2")


def test_who_signs_out_during_a_renewal_is_out_and_its_tokens_are_revoked(store: Store) -> None:
    session = store.opened()
    store.clock.move(minutes=4)
    store.cognito.meanwhile = lambda: store.sessions.close(session)

    assert store.ended(session) == "It was signed out"

    assert [each.refresh_token for each in store.cognito.revoked] == [
        Secret("refresh-first"),
        Secret("refresh-renewed-1"),
    ]


def test_two_dashboards_over_one_store_share_sessions_tickets_and_renewals(store: Store) -> None:
    shared = MemoryStore(store.clock)
    one, other = (Sessions(store.identify, store.cognito, store.clock, store=shared) for _ in range(2))
    session = one.open(tokens("first", store.clock))
    assert other.redeem(one.ticket(session)) == session.id
    store.clock.move(minutes=4)
    seen = [each.current(session.id) for each in (one, other)]

    assert len(store.cognito.renewed) == 1
    assert seen[0] == seen[1]
    other.close(session)
    with pytest.raises(SessionEnded):
        one.current(session.id)


def test_signing_out_everywhere_ends_every_session_of_the_person_and_nobody_elses(store: Store) -> None:
    here, there = store.opened(), store.opened()
    store.operator = Operator("bea", "2222", ("admins",), Role.ADMIN)
    hers = store.opened()

    store.sessions.close_all(here)

    assert store.ended(here) == store.ended(there) == "It was signed out everywhere"
    assert store.cognito.revoked_all == [here.tokens]
    assert store.sessions.current(hers.id) == hers


def test_signing_out_everywhere_holds_here_when_cognito_does_not_answer(store: Store) -> None:
    here, there = store.opened(), store.opened()
    store.cognito.error = Unavailable("Could not sign out everywhere", "AWS did not answer")

    with pytest.raises(Unavailable):
        store.sessions.close_all(here)

    assert not store.sessions.is_open(here.id)
    assert not store.sessions.is_open(there.id)


def test_an_ended_session_keeps_no_tokens(store: Store) -> None:
    session = store.opened()

    store.sessions.close(session)

    kept = store.sessions._store.find(session.id)
    assert kept is not None
    assert (kept.session.tokens.id_token, kept.session.tokens.refresh_token) == (Secret(""), None)


def test_asking_how_long_a_session_lasts_is_no_use_of_it_and_finds_its_end(store: Store) -> None:
    session = store.opened(minutes=24 * 60)
    store.clock.move(minutes=40)
    assert store.sessions.left(session.id) == TimeLeft(timedelta(minutes=20), idle=True, soon=False)
    store.sessions.current(session.id)
    assert store.sessions.left(session.id) == TimeLeft(IDLE, idle=True, soon=False)
    store.clock.time += IDLE

    with pytest.raises(SessionEnded):
        store.sessions.left(session.id)
    assert store.sessions.left(Secret("nobody")) is None


def test_the_end_of_a_session_is_announced_two_minutes_before(store: Store) -> None:
    session = store.opened(minutes=24 * 60)

    store.clock.time += IDLE - timedelta(minutes=2)

    assert store.sessions.left(session.id) == TimeLeft(timedelta(minutes=2), idle=True, soon=True)


def test_the_end_after_twelve_hours_comes_whether_the_session_is_used_or_not(store: Store) -> None:
    session = store.opened(minutes=24 * 60)
    store.cognito.minutes = 24 * 60
    while store.clock() < NOON + ABSOLUTE - MINUTE * 30:
        store.clock.move(minutes=30)
        store.sessions.current(session.id)

    store.clock.move(minutes=29)

    assert store.sessions.left(session.id) == TimeLeft(MINUTE, idle=False, soon=True)


def test_a_page_that_nobody_touches_is_closed_to_who_lost_their_access(store: Store) -> None:
    session = store.opened()
    store.cognito.error = SignInError("Could not renew the sign-in", "The account is disabled")
    store.clock.move(minutes=4)

    with pytest.raises(SessionEnded, match="disabled"):
        store.sessions.left(session.id)


def test_how_long_a_session_may_lie_idle_can_be_chosen(store: Store) -> None:
    quick = Sessions(store.identify, store.cognito, store.clock, idle=timedelta(minutes=15))
    session = quick.open(tokens("first", store.clock))
    store.clock.move(minutes=15)

    with pytest.raises(SessionEnded, match="not used for 15 minutes"):
        quick.current(session.id)


def test_signing_out_ends_the_session_and_revokes_its_tokens(store: Store) -> None:
    session = store.opened()

    store.sessions.close(session)

    assert store.cognito.revoked == [session.tokens]
    assert store.ended(session) == "It was signed out"
    store.sessions.close(session)
    assert len(store.cognito.revoked) == 1


def test_signing_out_revokes_the_tokens_of_the_last_renewal(store: Store) -> None:
    session = store.opened()
    store.clock.move(minutes=55)
    store.sessions.current(session.id)

    store.sessions.close(session)

    assert store.cognito.revoked[0].refresh_token == Secret("refresh-renewed-1")


def test_signing_out_holds_when_the_revocation_fails(store: Store) -> None:
    session = store.opened()
    store.cognito.error = Unavailable("Could not revoke the sign-in", "AWS did not answer")

    with pytest.raises(Unavailable):
        store.sessions.close(session)

    assert not store.sessions.is_open(session.id)


def test_one_person_signing_out_leaves_the_others_signed_in(store: Store) -> None:
    one, other = store.opened(), store.opened()

    store.sessions.close(one)

    assert store.sessions.current(other.id) == other


def test_a_session_can_be_ended_while_cognito_does_not_answer(store: Store) -> None:
    session = store.opened()
    store.cognito.error = Unavailable("Could not renew the sign-in", "AWS did not answer")
    store.clock.move(minutes=6)

    known = store.sessions.last_known(session.id)
    assert known == session
    with pytest.raises(Unavailable):  # its refresh token could not be revoked
        store.sessions.close(known)

    assert store.ended(session) == "It was signed out"


def test_sessions_that_are_long_over_are_forgotten(store: Store) -> None:
    session = store.opened()
    store.clock.time += ABSOLUTE + IDLE

    store.opened()

    assert store.sessions.current(session.id) is None


def test_a_session_shows_neither_its_id_nor_its_tokens(store: Store) -> None:
    session = store.opened()

    assert "random-1" not in f"{session} {session!r}"
    assert "refresh" not in f"{session} {session!r}"


def test_opening_and_closing_are_recorded(store: Store, record: Record, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gatehouse.audit")

    store.sessions.close(store.opened())

    assert [act.begun.act for act in record()] == ["session.open", "session.close"]
    assert not any(word in f"{caplog.text}{record()}" for word in ("random-1", "refresh-first", "id-first"))
