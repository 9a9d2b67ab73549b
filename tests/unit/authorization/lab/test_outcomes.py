"""What is never green and never a refusal: dead tokens, failures, throttled calls, time-outs, and what wasn't run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.authorization.cells import CellId, Progress
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Limits
from services.authorization.suite.saved import Safety, SavedOperation
from services.credentials import ApiKey, Credentials, Token
from services.errors import Refused, Unavailable
from services.graphql import BROKEN_OFF, Answer
from services.secret import Secret
from tests.stand_ins import NOON, Clock, Pool
from tests.unit.authorization.lab import stage
from tests.unit.authorization.lab.stage import Api, declared, key, mutation, nobody, outcomes, plan, query, ran, token

TIMEOUT = Unavailable("Could not reach the API", "No answer within 30 s", "Try again", "Timeout")
RESET = Unavailable("Could not reach the API", "The connection was refused or broke off", code=BROKEN_OFF)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Throttled calls are tried again at once."""
    monkeypatch.setattr("services.authorization.lab.pace._FIRST_PAUSE", 0.001)


def test_every_cell_of_operations_by_identities_shows_its_own_outcome() -> None:
    replies = {("ada", "one"): stage.ONE, ("otto", "one"): stage.NO_RULE, ("", "one"): stage.NO_MODE}
    api = Api(lambda who, what, _: replies.get((who, what), stage.answer({"data": {what: None}})))
    told = declared(one__ada=stage.ALLOWED, one__otto=stage.BY_RULE, two__otto=Outcome.FILTERED)
    result = ran(api, plan([query("one"), query("two")], [key("ada"), key("otto"), nobody()], declared=told))
    assert outcomes(result) == {
        "one ada": Outcome.ALLOWED,
        "one otto": Outcome.REFUSED_BY_RULE,
        "one nobody": Outcome.REFUSED_BY_MODE,
        "two ada": Outcome.FILTERED,
        "two otto": Outcome.FILTERED,
        "two nobody": Outcome.FILTERED,
    }
    assert result.ran == 6
    assert result.cells[CellId("one", "otto")].verdict.refused == {"one"}


def test_a_cell_says_which_fields_its_answer_speaks_of() -> None:
    asked = SavedOperation("list", "users", document="{ list { items { id name } more { id } } }")
    body = {"data": {"list": {"items": [{"id": "1", "name": None}], "more": None}}}
    replies = {"ada": stage.answer({**body, "errors": [stage.refusal("list", "items", 0, "name")]}), "": stage.NO_MODE}
    result = ran(Api(lambda who, *_: replies[who]), plan([asked], [key("ada"), nobody()]))
    seen = result.cells[CellId("list", "ada")]
    assert seen.verdict.refused == {"list.items[].name"}
    assert seen.reached == {"list", "list.items", "list.items[].id", "list.items[].name", "list.more"}
    assert result.cells[CellId("list", "nobody")].reached is None


@pytest.mark.parametrize("reply", [stage.BROKEN, TIMEOUT, RESET, stage.THROTTLED, stage.DEAD], ids=str)
def test_what_says_nothing_about_authorization_is_no_verdict(reply: Answer | Exception) -> None:
    api = Api(lambda _, what, __: reply if what == "two" else stage.ONE)
    told = declared(one__ada=stage.ALLOWED, two__ada=stage.BY_RULE)
    result = ran(api, plan([query("one"), query("two")], [key("ada")], declared=told))
    assert set(outcomes(result).values()) <= {Outcome.NO_VERDICT}  # the control call two had to be refused
    alone = ran(api, plan([query("one"), query("two")], [key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(alone) == {"one ada": Outcome.ALLOWED, "two ada": Outcome.NO_VERDICT}


def test_an_identity_without_credentials_is_no_verdict_in_every_cell_with_the_reason_and_sends_nothing() -> None:
    def refuse() -> Credentials:
        raise Refused("Could not get AWS credentials for a guest", "The pool allows no guests", code="NotAuthorized")

    api = Api(lambda *_: stage.NO_RULE)
    told = declared(one__otto=stage.BY_RULE, two__otto=stage.BY_RULE)
    result = ran(api, plan([query("one"), query("two")], [key("otto", refuse)], declared=told))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}
    assert all("allows no guests" in seen.why for seen in result.cells.values())
    assert {seen.progress for seen in result.cells.values()} == {Progress.NOT_RUN}
    assert (result.ran, api.asked) == (0, [])


def test_a_run_of_nothing_has_run_nothing() -> None:
    assert ran(Api(lambda *_: stage.ONE), plan([], [key("ada")])).ran == 0
    assert ran(Api(lambda *_: stage.ONE), plan([query("one")], [])).ran == 0


def test_a_call_that_is_throttled_at_first_is_tried_again() -> None:
    left = [stage.THROTTLED, stage.answer({"errors": [{"errorType": "ThrottlingException"}]}, 400)]
    api = Api(lambda _, what, __: left.pop() if what == "one" and left else stage.ONE)
    result = ran(api, plan([query("one")], [key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result) == {"one ada": Outcome.ALLOWED}
    assert len(api.asked) == 3


def test_a_call_that_stays_throttled_is_given_up_after_a_few_tries() -> None:
    api = Api(lambda *_: stage.THROTTLED)
    result = ran(api, plan([query("one")], [key("ada")], declared=declared(one__ada=stage.BY_RULE)))
    assert outcomes(result) == {"one ada": Outcome.NO_VERDICT}
    assert len(api.asked) == 4


def test_a_query_whose_connection_broke_off_is_sent_again_once() -> None:
    gone = [RESET]
    api = Api(lambda *_: gone.pop() if gone else stage.ONE)
    result = ran(api, plan([query("one")], [key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result) == {"one ada": Outcome.ALLOWED}
    api = Api(lambda *_: RESET)
    result = ran(api, plan([query("one")], [key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result) == {"one ada": Outcome.NO_VERDICT}
    assert len(api.asked) == 2


def test_a_mutation_whose_connection_broke_off_is_not_sent_again() -> None:
    api = Api(lambda _, what, __: RESET if what == "change" else stage.ONE)
    change = mutation("change", safety=Safety.FULL, harmless=True)
    result = ran(api, plan([change], [key("ada")], declared=declared(change__ada=stage.ALLOWED)))
    assert outcomes(result) == {"change ada": Outcome.NO_VERDICT}
    assert api.asked.count(("ada", "change")) == 1


def test_what_was_sent_is_masked_wherever_the_answer_holds_it() -> None:
    secret = "da2-abcdefghijklmnopqrstuvwxyz"
    api = Api(lambda who, *_: stage.answer({"data": {"one": f"you are {who}"}}, 200, {"x-amzn-requestid": f"r-{who}"}))
    result = ran(api, plan([query("one")], [key(secret)], declared={}))
    (seen,) = result.cells.values()
    answer = result.evidence[CellId("one", secret)].call.answer
    assert answer
    assert secret not in answer.text + seen.request_id + str(answer.headers)
    assert seen.request_id.startswith("r-")


def _tokens(pool: Pool, clock: Clock) -> Callable[[], Credentials]:
    """Hands out what lives an hour from when it is asked."""
    return lambda: Token(pool.token("id"))


@pytest.mark.parametrize("refused", [stage.DEAD, stage.NO_MODE], ids=["by its time", "in general words"])
def test_a_credential_that_ends_during_the_run_is_renewed_once_and_the_call_made_again(refused: Answer) -> None:
    clock = Clock()
    pool = Pool(clock=clock)
    first = pool.token("id").reveal()

    def says(who: str, what: str, _: object) -> Answer:
        if what == "one":
            clock.time = NOON + timedelta(hours=2)
            return stage.ONE
        return refused if who == first else stage.ONE

    api = Api(says)
    operations = [query("one"), query("two", after=("one",))]
    told = declared(one__ada=stage.ALLOWED)
    result = ran(api, plan(operations, [token("ada", _tokens(pool, clock))], declared=told), now=clock)
    assert outcomes(result) == {"one ada": Outcome.ALLOWED, "two ada": Outcome.ALLOWED}
    assert len(api.asked) == 3
    assert {who for who, _ in api.asked} == {first, pool.token("id").reveal()}


def test_a_credential_that_stays_dead_is_no_verdict_and_is_not_tried_for_ever() -> None:
    dead = Pool().token("id", exp=int(NOON.timestamp()) - 60)
    api = Api(lambda *_: stage.NO_MODE)
    told = declared(one__ada=stage.BY_MODE)
    result = ran(api, plan([query("one")], [token("ada", lambda: Token(dead))], declared=told))
    assert outcomes(result) == {"one ada": Outcome.NO_VERDICT}
    assert "expired" in result.cells[CellId("one", "ada")].why
    assert len(api.asked) == 1


def test_a_fresh_credential_that_is_refused_as_expired_too_is_not_renewed_for_ever() -> None:
    count = iter(range(1000))
    fresh = [Token(Pool().token("id", jti=str(next(count)))) for _ in range(9)]
    api = Api(lambda *_: stage.DEAD)
    told = declared(one__ada=stage.ALLOWED)
    result = ran(api, plan([query("one")], [token("ada", fresh.pop)], declared=told))
    assert outcomes(result) == {"one ada": Outcome.NO_VERDICT}
    assert len(api.asked) == 2


def test_a_credential_that_ended_after_it_was_first_looked_at_gives_no_verdict_from_then_on() -> None:
    clock = Clock()
    sent = Token(Pool(clock=clock).token("id"))

    def says(_: str, what: str, __: object) -> Answer:
        if what == "three":
            clock.time = NOON + timedelta(hours=2)
        return stage.ONE if what == "one" else stage.NO_MODE

    operations = [query("one"), query("two"), query("three", after=("two",))]
    told = declared(one__ada=stage.ALLOWED, two__ada=stage.BY_MODE)
    result = ran(Api(says), plan(operations, [token("ada", lambda: sent)], declared=told), now=clock)
    assert outcomes(result) == {
        "one ada": Outcome.ALLOWED, "two ada": Outcome.REFUSED_BY_MODE, "three ada": Outcome.NO_VERDICT,
    }  # fmt: skip


def test_an_expired_token_that_is_meant_to_be_one_is_not_renewed() -> None:
    dead, fetched = Token(Pool().token("id", exp=int(NOON.timestamp()) - 60)), []

    def fetch() -> Credentials:
        fetched.append(1)
        return dead

    spoilt = token("spoilt", fetch)
    spoilt = replace(spoilt, identity=replace(spoilt.identity, broken=True), facts=replace(spoilt.facts, good=False))
    api = Api(lambda who, *_: stage.DEAD if who == dead.token.reveal() else stage.ONE)
    callers = [replace(spoilt, control="ada"), key("ada")]
    result = ran(api, plan([query("one")], callers, declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result)["one spoilt"] is Outcome.REFUSED_BY_MODE
    assert len(fetched) == 1


def test_credentials_are_fetched_once_for_each_identity() -> None:
    fetched = []

    def fetch() -> Credentials:
        fetched.append(1)
        return ApiKey(Secret("ada"))

    ran(Api(lambda *_: stage.ONE), plan([query(f"q{n}") for n in range(30)], [key("ada", fetch)]))
    assert len(fetched) == 1


def test_an_identity_whose_credentials_break_down_is_no_verdict_and_nobody_else_is() -> None:
    def fail() -> Credentials:
        raise LookupError("secret")

    told = declared(one__ada=stage.ALLOWED)
    result = ran(Api(lambda *_: stage.ONE), plan([query("one")], [key("otto", fail), key("ada")], declared=told))
    assert outcomes(result) == {"one otto": Outcome.NO_VERDICT, "one ada": Outcome.ALLOWED}
    assert "LookupError" in result.cells[CellId("one", "otto")].why
    assert "secret" not in repr(result)


def test_what_breaks_down_inside_is_no_verdict_in_its_cell_and_nobody_elses() -> None:
    api = Api(lambda who, what, _: ValueError(f"secret of {who}") if what == "two" else stage.ONE)
    result = ran(api, plan([query("one"), query("two")], [key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result) == {"one ada": Outcome.ALLOWED, "two ada": Outcome.NO_VERDICT}
    assert "secret of" not in repr(result)


def test_a_call_is_given_the_time_that_the_suite_allows() -> None:
    api = Api(lambda *_: stage.ONE)
    ran(api, plan([query("one")], [key("ada")], limits=Limits(timeout=7)))
    assert {seconds for _, _, seconds in api.sent} == {7}


def test_an_operation_without_the_values_that_it_needs_is_not_sent() -> None:
    asking = SavedOperation("get", "users", document="query ($id: ID!) { get(id: $id) { id } }")
    api = Api(lambda *_: stage.ONE)
    result = ran(api, plan([asking], [nobody()]))
    seen = result.cells[CellId("get", "nobody")]
    assert (seen.verdict.outcome, seen.progress) == (Outcome.NO_VERDICT, Progress.NOT_RUN)
    assert "no value for id" in seen.why
    assert api.asked == []
