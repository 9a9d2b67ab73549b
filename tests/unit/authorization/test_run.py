"""One operation by every identity at once, and what the run shows."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from services.authorization.calls import Run
from services.authorization.expectations import checks
from services.authorization.identity import Identity, Kind
from services.authorization.judged import Grid, judge
from services.authorization.masking import MASK
from services.authorization.operations import operation_of
from services.authorization.outcomes import Outcome
from services.authorization.report import as_markdown
from services.authorization.run import run, start_run
from services.credentials import ApiKey, AwsCredentials, Credentials, NoCredentials, Token
from services.errors import NotPermitted, Refused, Unavailable
from services.graphql import CALLS_AT_ONCE, Answer
from services.permissions import Operator, Place, Role
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, NOON, Pool, Record
from tests.unit.authorization.samples import answer, fault, turned_away

API = ENVIRONMENT.apis[0]
ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)
OPERATION = operation_of("query Q { items { id } }", "")
REFUSED = turned_away(401, "UnauthorizedException", "Valid authorization header not provided.")


@dataclass
class Api:
    """An API that gives each credential the answer that is laid down for it."""

    answers: Mapping[type[Credentials], Answer | Exception]
    together: threading.Barrier | None = None
    late: float = 0.0
    before_leaving: bool = False
    ready: float = 0.0
    calls: list[Credentials] = field(default_factory=list)

    def call(
        self,
        document: str,
        credentials: Credentials,
        variables: Any = None,
        operation_name: Any = None,
        leave: Callable[[], None] = lambda: None,
    ) -> Answer:
        assert (document, variables, operation_name) == (OPERATION.document, {}, "Q")
        found = self.answers[type(credentials)]
        if isinstance(found, Exception) and self.before_leaving:
            raise found
        if isinstance(credentials, ApiKey):
            time.sleep(self.late)
            self.ready = time.perf_counter()
        leave()
        self.calls.append(credentials)
        if self.together:
            self.together.wait(timeout=30)
        if isinstance(found, Exception):
            raise found
        return found


def who(name: str, credentials: Credentials, kind: Kind = Kind.NO_CREDENTIALS) -> Identity:
    return Identity(name, name.capitalize(), kind, lambda: credentials)


def go(api: Api, *identities: Identity, operator: Operator = ADA) -> Run:
    return run(api, API, OPERATION, identities, operator=operator, now=lambda: NOON)


def judged(api: Api, *identities: Identity) -> Grid:
    return judge(go(api, *identities), ENVIRONMENT, lambda _: Pool().keys())


def test_all_calls_are_under_way_at_the_same_time() -> None:
    api = Api({NoCredentials: answer({"data": {"items": []}})}, threading.Barrier(20))
    assert len(go(api, *(who(f"n{number}", NoCredentials()) for number in range(20))).calls) == 20


def test_no_call_leaves_before_the_last_one_is_ready() -> None:
    api = Api({NoCredentials: REFUSED, ApiKey: REFUSED}, late=0.2)
    ran = go(api, who("key", ApiKey(Secret("k")), Kind.API_KEY), who("nobody", NoCredentials()))
    assert ran.prepared_ms >= 200
    assert ran.wall_ms <= (time.perf_counter() - api.ready) * 1000


def test_a_call_that_never_leaves_keeps_nobody_waiting() -> None:
    api = Api({NoCredentials: REFUSED, ApiKey: Unavailable("Could not reach the API")}, before_leaving=True)
    found = judged(api, who("nobody", NoCredentials()), who("key", ApiKey(Secret("k")), Kind.API_KEY))
    assert [each.outcome for each in found.columns] == [Outcome.REFUSED_BY_MODE, Outcome.NO_VERDICT]


def test_more_calls_than_can_leave_together_are_all_sent() -> None:
    api = Api({NoCredentials: REFUSED})
    go(api, *(who(f"n{number}", NoCredentials()) for number in range(CALLS_AT_ONCE + 6)))
    assert len(api.calls) == CALLS_AT_ONCE + 6


def test_results_stand_in_the_order_of_the_identities() -> None:
    api = Api({NoCredentials: REFUSED, ApiKey: answer({"data": {"items": [{"id": 1}]}})})
    found = judged(api, who("nobody", NoCredentials()), who("key", ApiKey(Secret("k")), Kind.API_KEY))
    assert [(each.identity.id, each.outcome) for each in found.columns] == [
        ("nobody", Outcome.REFUSED_BY_MODE),
        ("key", Outcome.ALLOWED),
    ]


def test_credentials_that_can_not_be_had_are_that_columns_failure_and_nobody_elses() -> None:
    def refuse() -> Credentials:
        raise Refused("Could not get AWS credentials for a guest", "The pool allows no guests", code="NotAuthorized")

    api = Api({NoCredentials: REFUSED})
    found = judged(api, Identity("guest", "Guest", Kind.IAM, refuse), who("nobody", NoCredentials()))
    guest, nobody = found.columns
    assert guest.outcome is Outcome.NO_VERDICT
    assert "allows no guests" in guest.explanation.why
    assert guest.head.error_type == "NotAuthorized"
    assert guest.call.request == ""
    assert nobody.outcome is Outcome.REFUSED_BY_MODE
    assert len(api.calls) == 1


def test_a_call_that_times_out_is_no_verdict_in_every_field() -> None:
    api = Api({NoCredentials: Unavailable("Could not reach the API", "No answer within 30 s", code="Timeout")})
    (column,) = judged(api, who("nobody", NoCredentials())).columns
    assert column.outcome is Outcome.NO_VERDICT
    assert {each.outcome for each in column.findings.values()} == {Outcome.NO_VERDICT}


def test_nobody_without_the_permission_sends_a_call() -> None:
    api = Api({})
    with pytest.raises(NotPermitted):
        go(api, who("nobody", NoCredentials()), operator=Operator("otto", "2222", (), Role.NONE))
    assert api.calls == []


def test_a_viewer_sends_queries_and_no_mutation() -> None:
    api = Api({NoCredentials: REFUSED})
    viewer = Operator("vera", "3333", ("viewers",), Role.VIEWER)
    with pytest.raises(NotPermitted, match="may not send operations that change data"):
        start_run(api, API, operation_of("mutation { echo }", ""), who("nobody", NoCredentials()), operator=viewer)
    assert api.calls == []
    go(api, who("nobody", NoCredentials()), operator=viewer)
    assert len(api.calls) == 1


def test_a_column_is_there_as_soon_as_its_answer_is_while_the_others_are_still_under_way() -> None:
    hold = threading.Event()

    class Slow(Api):
        def call(self, document: str, credentials: Credentials, *rest: Any, **named: Any) -> Answer:
            found = super().call(document, credentials, *rest, **named)
            if isinstance(credentials, ApiKey):
                hold.wait(10)
            return found

    def refuse() -> Credentials:
        raise Refused("Could not get AWS credentials for a guest")

    columns = [
        who("key", ApiKey(Secret("k")), Kind.API_KEY),
        who("nobody", NoCredentials()),
        Identity("guest", "Guest", Kind.IAM, refuse),
    ]
    running = start_run(Slow({NoCredentials: REFUSED, ApiKey: REFUSED}), API, OPERATION, columns, operator=ADA)
    try:
        while sum(call is not None for call in running.finished()) < 2:
            time.sleep(0.005)
        slow, fast, failed = running.finished()
        assert (slow, running.done) == (None, False)
        assert fast
        assert fast.answer
        assert failed
        assert failed.failure
        assert [call.identity.id for call in running.so_far().calls] == ["nobody", "guest"]
        with pytest.raises(TimeoutError):
            running.wait(0.01)
    finally:
        hold.set()
    assert [call.identity.id for call in running.wait(10).calls] == ["key", "nobody", "guest"]
    assert running.done


def test_a_run_is_recorded_with_its_identities_and_by_whom(record: Record) -> None:
    go(Api({NoCredentials: REFUSED}), who("nobody", NoCredentials()))
    (act,) = record()
    assert (act.begun.act, act.begun.who, act.begun.detail["identities"]) == ("calls.run", "ada", ["nobody"])
    assert act.outcome == "done"


def test_a_read_only_environment_lets_queries_run_and_no_mutation() -> None:
    reader = replace(ADA, place=Place("live", read_only=True))
    api = Api({NoCredentials: REFUSED})
    go(api, who("nobody", NoCredentials()), operator=reader)
    mutation = operation_of("mutation M { change { id } }", "")
    with pytest.raises(NotPermitted):
        start_run(api, API, mutation, [who("nobody", NoCredentials())], operator=reader)
    assert len(api.calls) == 1


def test_the_reference_identity_decides_who_saw_fewer() -> None:
    full, short = answer({"data": {"items": [{"id": 1}, {"id": 2}]}}), answer({"data": {"items": [{"id": 1}]}})
    api = Api({Token: full, ApiKey: short})
    token = Token(Pool().token("id"))
    found = judged(api, who("me-id", token, Kind.JWT), who("key", ApiKey(Secret("k")), Kind.API_KEY))
    assert [each.outcome for each in found.columns] == [Outcome.ALLOWED, Outcome.FILTERED]
    assert found.columns[1].findings[("items",)].outcome is Outcome.FILTERED


def test_without_evidence_from_the_reference_identity_nobody_is_compared() -> None:
    failed = answer({"data": {"items": [{"id": 1}, {"id": 2}], "other": None}, "errors": [fault("other")]})
    api = Api({Token: failed, ApiKey: answer({"data": {"items": [{"id": 1}]}})})
    token = Token(Pool().token("id"))
    found = judged(api, who("me-id", token, Kind.JWT), who("key", ApiKey(Secret("k")), Kind.API_KEY))
    assert [each.outcome for each in found.columns] == [Outcome.NO_VERDICT, Outcome.ALLOWED]


def test_a_tokens_claims_are_read_for_showing() -> None:
    found = judged(Api({Token: REFUSED}), who("otto", Token(Pool().token("id", sub="77")), Kind.JWT))
    assert found.columns[0].claims["sub"] == "77"


def test_no_secret_that_was_sent_stays_in_what_is_shown() -> None:
    secrets = {name: Secret(f"{name}-{'x' * 30}") for name in ("key", "secret", "session", "token")}
    quoted = answer("".join(secret.reveal() for secret in secrets.values()), 400)
    api = Api({ApiKey: quoted, Token: quoted, AwsCredentials: quoted})
    ran = go(
        api,
        who("key", ApiKey(secrets["key"]), Kind.API_KEY),
        who("token", Token(secrets["token"]), Kind.LAMBDA_TOKEN),
        who("iam", AwsCredentials("AKIAEXAMPLE", secrets["secret"], secrets["session"]), Kind.IAM),
    )
    own = {"key": ("key",), "token": ("token",), "iam": ("secret", "session")}
    for call in ran.calls:
        assert call.answer
        for name in own[call.identity.id]:
            assert secrets[name].reveal() not in call.request + call.answer.text + repr(call)
        assert MASK in call.request
        assert MASK in call.answer.text
    assert "Credential=AKIAEXAMPLE/" in ran.calls[2].request
    assert f"Signature={MASK}" in ran.calls[2].request


def test_a_credential_of_a_few_letters_does_not_tear_the_answer_apart() -> None:
    api = Api({Token: answer({"data": {"items": [{"id": "1"}]}})})
    (column,) = judged(api, who("pasted", Token(Secret("i")), Kind.LAMBDA_TOKEN)).columns
    assert column.outcome is Outcome.ALLOWED


def test_the_request_is_shown_with_address_operation_and_name() -> None:
    request = go(Api({NoCredentials: REFUSED}), who("nobody", NoCredentials())).calls[0].request
    assert request.startswith(f"POST {API.url}\n")
    assert '"operationName": "Q"' in request


def test_an_expectation_is_met_missed_or_not_judged() -> None:
    api = Api({NoCredentials: REFUSED, ApiKey: answer({}, 503)})
    found = judged(api, who("nobody", NoCredentials()), who("key", ApiKey(Secret("k")), Kind.API_KEY))
    (met,) = checks({"nobody": Outcome.REFUSED_BY_MODE}, found)
    (missed,) = checks({"nobody": Outcome.ALLOWED}, found)
    (dead,) = checks({"key": Outcome.REFUSED_BY_MODE}, found)
    (absent,) = checks({"absent": Outcome.REFUSED_BY_MODE}, found)
    assert (met.agrees, met.status) == (True, 401)
    assert missed.agrees is False
    assert dead.agrees is None
    assert absent.agrees is None


def test_the_markdown_table_names_outcomes_and_escapes_what_came_from_outside() -> None:
    api = Api({NoCredentials: REFUSED})
    nasty = Identity("nobody", "a|b <i>*x*", Kind.NO_CREDENTIALS, NoCredentials)
    text = as_markdown(judged(api, nasty))
    assert "a\\|b \\<i\\>\\*x\\*" in text
    assert "| The whole call | ⊘ refused by mode |" in text
    assert "| items.id | ⊘ refused by mode |" in text
    assert "| HTTP status | 401 |" in text


def test_the_slowest_call_of_a_run_without_answers_is_zero() -> None:
    ran = go(Api({NoCredentials: Unavailable("Could not reach the API")}), who("nobody", NoCredentials()))
    assert ran.slowest_ms == 0
