"""Each person's AWS clients sign with that person's credentials, and with nobody else's."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.awsrequest import AWSResponse

from services.clients import Clients
from services.credentials import AwsCredentials
from services.errors import Refused
from services.identity_pool import Temporary
from services.own_clients import UNUSED, OwnClients
from services.permissions import Operator
from services.secret import Secret
from services.sessions import Session, SessionEnded
from services.signed_as import CallersCredentials
from services.tokens import Tokens
from tests.stand_ins import ENVIRONMENT, NOON, Clock
from tests.unit.people import ADA, VERA

SHARED = Clients(None, None, {}, None, None)  # type: ignore[arg-type]


@dataclass
class FakePool:
    """An identity pool whose key ids tell the token that they were given for."""

    ends_at: datetime = field(default_factory=lambda: datetime.now().astimezone() + timedelta(hours=1))
    asked: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    refuses: bool = False

    def temporary(self, id_token: Secret, who: str) -> Temporary:
        if self.refuses:
            raise Refused("Could not get AWS credentials for the signed-in person", "", "")
        self.asked.append((id_token.reveal(), who))
        return Temporary(AwsCredentials(f"KEY-{id_token.reveal()}", Secret("s"), Secret("t")), self.ends_at)

    def forget(self, who: str) -> None:
        self.forgotten.append(who)


def session(operator: Operator = ADA, proof: str = "one", session_id: str = "id") -> Session:
    """A sign-in with that ID token."""
    return Session(Secret(session_id), operator, Tokens(Secret(proof), Secret("a"), None, NOON), NOON)


@dataclass
class Bench:
    """The clients under test, and what they stand on."""

    pool: FakePool = field(default_factory=FakePool)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.own = OwnClients(ENVIRONMENT, SHARED, self.pool, self.clock)  # type: ignore[arg-type]


class Raw(BytesIO):
    """A body as urllib3 hands it on."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def key_asked_of(clients: Clients) -> str:
    """The access key id that a signed address of these clients tells; several threads may ask at once."""
    url = clients.user_pool.generate_presigned_url("list_groups", {"UserPoolId": ENVIRONMENT.user_pool_id})
    return parse_qs(urlsplit(url).query)["X-Amz-Credential"][0].split("/")[0]


def key_of(clients: Clients) -> str:
    """The access key id that a call of these clients is signed with."""
    signed: list[str] = []

    def stop(request: Any, **_: object) -> Any:
        signed.append(request.headers["Authorization"].decode())
        raise StopAsyncIteration

    events = clients.user_pool.meta.events
    events.register("before-send", stop)
    with pytest.raises(StopAsyncIteration):
        clients.user_pool.list_groups(UserPoolId=ENVIRONMENT.user_pool_id)
    events.unregister("before-send", stop)
    return signed[0].split("Credential=")[1].split("/")[0]


def test_a_call_is_signed_with_the_persons_own_credentials_which_are_fetched_once() -> None:
    bench = Bench()
    clients = bench.own.of(session())
    assert bench.pool.asked == []
    assert key_of(clients) == "KEY-one"
    assert key_of(bench.own.of(session())) == "KEY-one"
    assert bench.pool.asked == [("one", ADA.sub)]


def test_two_sessions_share_no_clients() -> None:
    bench = Bench()
    mine, theirs = bench.own.of(session()), bench.own.of(session(VERA, "two", "other"))
    assert mine.user_pool is not theirs.user_pool
    assert (key_of(mine), key_of(theirs)) == ("KEY-one", "KEY-two")


def test_credentials_that_end_are_fetched_anew_with_the_newest_token() -> None:
    bench = Bench()
    bench.pool.ends_at = datetime.now().astimezone() + timedelta(minutes=2)
    assert key_of(bench.own.of(session())) == "KEY-one"
    bench.pool.ends_at += timedelta(hours=1)
    assert key_of(bench.own.of(session(proof="renewed"))) == "KEY-renewed"


def test_other_groups_have_other_credentials_at_once() -> None:
    bench = Bench()
    assert key_of(bench.own.of(session())) == "KEY-one"
    demoted = replace(ADA, groups=("viewers",), role=VERA.role)
    assert key_of(bench.own.of(session(demoted, "two"))) == "KEY-two"


def test_an_identity_pool_that_refuses_is_told_in_its_own_words_and_the_server_does_not_step_in() -> None:
    bench = Bench()
    bench.pool.refuses = True
    with pytest.raises(Refused, match="Could not get AWS credentials for the signed-in person"):
        bench.own.of(session()).user_pool.list_groups(UserPoolId=ENVIRONMENT.user_pool_id)


def test_after_the_sign_out_the_clients_get_no_credentials() -> None:
    bench = Bench()
    clients = bench.own.of(session())
    bench.own.forget(Secret("id"))
    assert bench.pool.forgotten == [ADA.sub]
    with pytest.raises(SessionEnded):
        clients.user_pool.list_groups(UserPoolId=ENVIRONMENT.user_pool_id)


def test_signing_out_everywhere_takes_the_credentials_of_all_of_a_persons_sessions_and_of_nobody_else() -> None:
    bench = Bench()
    here, there = bench.own.of(session()), bench.own.of(session(session_id="another tab"))
    other = bench.own.of(session(VERA, "two", "other"))
    bench.own.forget_person(ADA.sub)
    for clients in (here, there):
        with pytest.raises(SessionEnded):
            clients.user_pool.list_groups(UserPoolId=ENVIRONMENT.user_pool_id)
    assert key_of(other) == "KEY-two"


def test_sessions_that_nobody_uses_are_forgotten() -> None:
    bench = Bench()
    bench.own.of(session())
    bench.clock.time += UNUSED
    bench.own.of(session(VERA, "two", "other"))
    assert bench.pool.forgotten == [ADA.sub]


def test_everybody_s_calls_go_through_one_client_however_many_they_are() -> None:
    bench = Bench()
    mine, theirs = bench.own.of(session()), bench.own.of(session(VERA, "two", "other"))
    assert mine.user_pool.meta is theirs.user_pool.meta
    with ThreadPoolExecutor(8) as workers:
        signed = list(workers.map(key_asked_of, [mine, theirs] * 40))
    assert signed == ["KEY-one", "KEY-two"] * 40


def test_outside_of_somebody_s_call_nothing_is_signed() -> None:
    with pytest.raises(LookupError):
        CallersCredentials().get_frozen_credentials()


def test_the_pages_of_a_paginator_are_asked_for_under_the_person_s_name() -> None:
    clients = Bench().own.of(session())
    signed: list[str] = []
    answers = iter([{"Groups": [], "NextToken": "more"}, {"Groups": []}])

    def answered(request: Any, **_: object) -> Any:
        signed.append(request.headers["Authorization"].decode())
        return AWSResponse(request.url, 200, {}, Raw(json.dumps(next(answers)).encode()))

    clients.user_pool.meta.events.register("before-send", answered)
    pages = list(clients.user_pool.get_paginator("list_groups").paginate(UserPoolId=ENVIRONMENT.user_pool_id))
    assert len(pages) == 2
    assert all("Credential=KEY-one/" in each for each in signed)
