"""What a finished run hands out: times, evidence, and nothing secret."""

import pickle

import pytest
import requests

from services.authorization.cells import CellId
from services.authorization.fields import FieldState
from services.authorization.lab.result import Result
from services.authorization.masking import MASK
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Canary
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.rules import Rule, StatusIs
from services.authorization.suite.saved import SavedOperation
from services.credentials import ApiKey, Credentials, Token
from services.errors import Unavailable
from services.graphql import Answer
from services.secret import Secret
from tests.stand_ins import Pool
from tests.unit.authorization.lab import stage
from tests.unit.authorization.lab.stage import Api, key, outcomes, plan, query, ran, token
from tests.unit.authorization.samples import answer, refusal


def timed(*milliseconds: float, refused: float = 0) -> Result:
    """A run in which ada's calls took so long, and otto's refusals as long as is said."""
    body, no = stage.ONE, stage.NO_RULE

    def says(who: str, what: str, _: object) -> Answer:
        if who == "otto":
            return Answer(no.status, no.headers, no.text, refused)
        took = milliseconds[int(what[1:])]
        return Answer(body.status, body.headers, body.text, took)

    operations = [query(f"q{number}") for number in range(len(milliseconds))]
    named = {"ada": Canary("q0"), "otto": Canary(refused="q0")}
    told = stage.declared(q0__otto=Outcome.REFUSED_BY_RULE)
    return ran(Api(says), plan(operations, [key("ada"), key("otto")], canaries=named, declared=told))


def test_the_times_of_an_identity_are_its_median_and_its_95th_percentile() -> None:
    found = timed(*range(1, 101)).latency("ada")
    assert found
    assert (found.p50, found.p95, found.calls, found.slow_refusals) == (50.5, 95, 100, False)


def test_an_identity_whose_calls_were_not_answered_has_no_times() -> None:
    result = ran(Api(lambda *_: Unavailable("Could not reach the API")), plan([query("one")], [key("ada")]))
    assert result.latency("ada") is None
    assert result.latency("nobody that took part") is None


@pytest.mark.parametrize(("refused", "slow"), [(4.0, False), (5.0, False), (5.1, True)])
def test_refusals_slower_than_granted_calls_are_told(refused: float, slow: bool) -> None:
    found = timed(1, 2, 3, 4, 5, refused=refused).latency("otto")
    assert found
    assert found.slow_refusals is slow


def test_evidence_is_judged_field_by_field_when_it_is_looked_at() -> None:
    half = answer({"data": {"one": {"a": "x", "b": None, "c": None}}, "errors": [refusal("one", "b")]})
    asked = SavedOperation("one", "users", document="{ one { a b c } }")
    result = ran(Api(lambda *_: half), plan([asked], [key("ada")], canaries={"ada": Canary("one")}))
    judged = result.evidence[CellId("one", "ada")]
    assert judged.outcome is Outcome.PARTIAL
    words = {".".join(keys): finding.words for keys, finding in judged.findings.items()}
    assert words["one.a"] == FieldState.VALUE
    assert words["one.b"] == FieldState.REFUSED
    assert words["one.c"] == FieldState.EMPTY
    assert judged.refused == ("one.b",)


def test_evidence_holds_request_answer_and_claims_without_the_token() -> None:
    pool = Pool()
    sent = pool.token("id", sub="77")
    echo = answer({"data": {"one": sent.reveal()}})
    result = ran(Api(lambda *_: echo), plan([query("one")], [token("ada", lambda: Token(sent))]))
    judged = result.evidence[CellId("one", "ada")]
    assert judged.claims["sub"] == "77"
    assert MASK in judged.call.request
    assert judged.call.answer
    assert sent.reveal() not in judged.call.request + judged.call.answer.text + repr(judged) + repr(result)


def test_no_credential_can_be_written_down_with_a_result() -> None:
    sent = ApiKey(Secret("very-secret-key-of-ada"))
    result = ran(Api(lambda *_: stage.ONE), plan([query("one")], [key("ada", lambda: sent)]))
    assert "very-secret-key-of-ada" not in repr(result) + repr(result.evidence[CellId("one", "ada")])
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps({name: seen.sent for name, seen in result.evidence.seen.items()})


def test_a_cell_for_which_nothing_was_sent_has_no_evidence() -> None:
    lacking = SavedOperation("get", "users", document="query ($id: ID!) { get(id: $id) }")
    result = ran(Api(lambda *_: stage.ONE), plan([query("one"), lacking], [key("ada")]))
    assert set(result.evidence) == {CellId("one", "ada")}
    with pytest.raises(KeyError):
        result.evidence[CellId("get", "ada")]


def test_a_rule_of_the_suite_judges_answers_that_refuse_in_a_shape_of_their_own() -> None:
    rule = Rule("not-found is a refusal", StatusIs(404), Outcome.REFUSED_BY_RULE)
    api = Api(lambda _, what, __: answer({}, 404) if what == "two" else stage.ONE)
    planned = plan([query("one"), query("two")], [key("ada")], rules=(rule,), canaries={"ada": Canary("one")})
    assert outcomes(ran(api, planned))["two ada"] is Outcome.REFUSED_BY_RULE


class Rest:
    """A REST API that lets in who sends the key `ada`."""

    def prepared(self, request: RestRequest, credentials: Credentials) -> requests.PreparedRequest:
        made = requests.Request(
            request.method, f"https://rest.example/{request.path}", headers=dict(credentials.headers())
        )
        return made.prepare()

    def call(self, request: RestRequest, credentials: Credentials, *_: object, seconds: float = 30) -> Answer:
        assert seconds == 30
        if isinstance(credentials, ApiKey) and credentials.key == Secret("ada"):
            return answer({"hello": request.path}, headers={"x-amzn-requestid": "r"})
        return answer(
            {"message": "Unauthorized"}, 401, {"x-amzn-requestid": "r", "x-amzn-errortype": "UnauthorizedException"}
        )


def test_rest_requests_stand_beside_graphql_operations() -> None:
    hello = SavedOperation("hello", "users", rest=RestRequest("GET", "hello"))
    planned = plan([query("one"), hello], [key("ada"), key("otto")])
    result = ran(Api(lambda *_: stage.ONE), planned, rest=Rest())
    assert outcomes(result)["hello ada"] is Outcome.ALLOWED
    assert outcomes(result)["hello otto"] is Outcome.REFUSED_BY_MODE
    judged = result.evidence[CellId("hello", "ada")]
    assert judged.call.request.startswith("GET https://rest.example/hello\n")
    assert judged.findings == {}


def test_a_rest_request_without_a_rest_api_is_not_run() -> None:
    hello = SavedOperation("hello", "users", rest=RestRequest("GET", "hello"))
    result = ran(Api(lambda *_: stage.ONE), plan([hello], [key("ada")]))
    assert "names no REST API" in result.cells[CellId("hello", "ada")].why
