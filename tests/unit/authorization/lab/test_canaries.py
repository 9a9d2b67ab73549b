"""Control calls: a column whose control call fails proves nothing, whole, and says why in every cell."""

from collections.abc import Mapping

import pytest

from services.authorization.cells import CellId, Progress
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Canary
from services.authorization.suite.saved import SavedOperation
from services.credentials import ApiKey, AwsCredentials, Credentials
from services.errors import Refused
from services.secret import Secret
from tests.unit.authorization.lab import stage
from tests.unit.authorization.lab.stage import Api, Reply, declared, key, nobody, outcomes, plan, query, ran

OPERATIONS = [query("one"), query("two"), query("three")]


def by(replies: Mapping[tuple[str, str], Reply], others: Reply = stage.ONE) -> Api:
    return Api(lambda who, what, _: replies.get((who, what), others))


def test_a_column_whose_granted_call_is_refused_is_no_verdict_in_every_cell_with_the_reason() -> None:
    api = by({("ada", "one"): stage.NO_MODE, ("ada", "two"): stage.NO_MODE})
    named = {"ada": Canary(granted="one", refused="two")}
    result = ran(api, plan(OPERATIONS, [key("ada"), key("otto")], canaries=named))
    ada = [seen for cell, seen in result.cells.items() if cell.identity == "ada"]
    assert {seen.verdict.outcome for seen in ada} == {Outcome.NO_VERDICT}
    assert all("one had to be granted" in seen.why for seen in ada)
    assert not result.canaries["ada"].passed
    assert result.canaries["otto"].passed
    assert outcomes(result)["three otto"] is Outcome.ALLOWED


def test_a_column_whose_refused_call_is_granted_is_no_verdict_whole() -> None:
    named = {"ada": Canary(granted="one", refused="two")}
    result = ran(by({}), plan(OPERATIONS, [key("ada")], canaries=named))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}
    assert "two had to be refused and was allowed" in result.canaries["ada"].failure


def test_a_control_call_that_is_let_in_where_it_had_to_be_refused_proves_that_much_by_itself() -> None:
    named = {"ada": Canary(granted="one", refused="two")}
    result = ran(by({}), plan(OPERATIONS, [key("ada")], canaries=named))
    assert {str(cell): seen.verdict.outcome for cell, seen in result.proofs.items()} == {"two ada": Outcome.ALLOWED}


@pytest.mark.parametrize(
    ("reply", "proven"),
    [(stage.NO_RULE, True), (stage.NO_MODE, False), (stage.DEAD, False), (stage.BROKEN, False)],
    ids=["by rule", "by mode", "dead", "500"],
)
def test_a_control_call_that_is_refused_where_it_had_to_be_granted_proves_it_by_a_rule_alone(
    reply: Reply, *, proven: bool
) -> None:
    named = {"ada": Canary(granted="one")}
    result = ran(by({("ada", "one"): reply}), plan(OPERATIONS, [key("ada")], canaries=named))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}
    assert list(map(str, result.proofs)) == (["one ada"] if proven else [])


@pytest.mark.parametrize("reply", [stage.BROKEN, stage.DEAD, stage.THROTTLED], ids=["500", "dead", "throttled"])
def test_a_granted_call_that_gives_no_verdict_fails_as_well(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.authorization.lab.pace._FIRST_PAUSE", 0.001)
    named = {"ada": Canary(granted="one")}
    result = ran(by({("ada", "one"): reply}), plan(OPERATIONS, [key("ada")], canaries=named))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}


def test_a_named_control_call_that_is_not_part_of_the_run_fails() -> None:
    result = ran(by({}), plan(OPERATIONS, [key("ada")], canaries={"ada": Canary(granted="gone")}))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}
    assert "no operation of this run" in result.canaries["ada"].failure


def test_without_named_ones_those_declared_to_be_granted_and_refused_stand_in() -> None:
    api = by({("ada", "two"): stage.NO_RULE})
    told = declared(one__ada=stage.ALLOWED, two__ada=stage.BY_RULE)
    result = ran(api, plan(OPERATIONS, [key("ada")], declared=told))
    canary = result.canaries["ada"]
    assert (canary.granted, canary.refused, canary.passed) == (CellId("one", "ada"), CellId("two", "ada"), True)
    assert len(api.asked) == 3


def test_one_wrong_prediction_does_not_silence_a_column_that_another_one_proves() -> None:
    api = by({("ada", "one"): stage.NO_RULE})
    told = declared(one__ada=stage.ALLOWED, two__ada=stage.ALLOWED)
    result = ran(api, plan(OPERATIONS, [key("ada")], declared=told))
    assert outcomes(result)["one ada"] is Outcome.REFUSED_BY_RULE
    assert result.canaries["ada"].granted == CellId("two", "ada")


def test_where_nothing_is_declared_the_name_of_the_query_type_has_to_be_granted() -> None:
    api = Api(lambda who, what, _: stage.NO_MODE if who == "dead" else stage.answer({"data": {what: "x"}}))
    result = ran(api, plan(OPERATIONS, [key("live"), key("dead")]))
    assert outcomes(result)["one live"] is Outcome.ALLOWED
    assert outcomes(result)["one dead"] is Outcome.NO_VERDICT
    assert ("live", "__typename") in api.asked
    assert {cell.operation for cell in result.cells} == {"one", "two", "three"}


def test_a_role_that_may_not_even_ask_for_the_type_by_its_policy_has_a_good_signature() -> None:
    denied = stage.turned_away(401, "UnauthorizedException", "Permission denied")
    role = AwsCredentials("AKIAEXAMPLE", Secret("secret"))
    result = ran(Api(lambda *_: denied), plan(OPERATIONS, [key("role", lambda: role)]))
    assert set(outcomes(result).values()) == {Outcome.REFUSED_BY_RULE}


def test_an_identity_without_credentials_sends_nothing_and_its_control_call_says_why() -> None:
    def refuse() -> Credentials:
        raise Refused("Could not sign in", "The pool said no")

    result = ran(by({}), plan(OPERATIONS, [key("ada", refuse)]))
    assert "The pool said no" in result.canaries["ada"].failure
    assert {seen.progress for seen in result.cells.values()} == {Progress.NOT_RUN}


def test_nobody_needs_no_call_that_is_granted() -> None:
    result = ran(by({}, stage.NO_MODE), plan(OPERATIONS, [nobody()]))
    assert set(outcomes(result).values()) == {Outcome.REFUSED_BY_MODE}
    assert result.canaries["nobody"].refused == CellId("one", "nobody")


def test_nobody_who_is_let_in_is_shown_as_let_in() -> None:
    result = ran(by({}), plan(OPERATIONS, [nobody()]))
    assert set(outcomes(result).values()) == {Outcome.ALLOWED}


def spoilt(control: str = "ada") -> stage.Caller:
    return key("spoilt", lambda: ApiKey(Secret("spoilt")), good=False, control=control)


UNKNOWN = stage.turned_away(401, "UnauthorizedException", "You are not authorized to make this call.")


def test_a_spoilt_credential_is_proven_refused_where_the_good_one_is_let_in() -> None:
    api = Api(lambda who, *_: UNKNOWN if who == "spoilt" else stage.ONE)
    result = ran(api, plan(OPERATIONS, [spoilt(), key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result)["one spoilt"] is Outcome.REFUSED_BY_MODE
    assert result.canaries["spoilt"].control == "ada"


def test_a_spoilt_credential_proves_nothing_on_an_api_that_refuses_the_good_one_too() -> None:
    told = declared(one__ada=stage.ALLOWED)
    result = ran(by({}, UNKNOWN), plan(OPERATIONS, [spoilt(), key("ada")], declared=told))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}
    assert "Its control ada proved nothing" in result.canaries["spoilt"].failure


def test_a_spoilt_credential_whose_control_takes_no_part_proves_nothing() -> None:
    result = ran(by({}, UNKNOWN), plan(OPERATIONS, [spoilt()]))
    assert set(outcomes(result).values()) == {Outcome.NO_VERDICT}


def test_a_spoilt_credential_that_is_let_in_is_shown_as_let_in() -> None:
    result = ran(by({}), plan(OPERATIONS, [spoilt(), key("ada")], declared=declared(one__ada=stage.ALLOWED)))
    assert outcomes(result)["one spoilt"] is Outcome.ALLOWED
    assert "should turn away" in result.cells[CellId("one", "spoilt")].why


def test_control_calls_leave_before_all_others() -> None:
    operations = [query(f"q{number}") for number in range(20)]
    api = by({("ada", "q18"): stage.NO_RULE})
    named = {"ada": Canary(granted="q17", refused="q18")}
    ran(api, plan(operations, [key("ada")], canaries=named, limits=stage.Limits(at_once=1)))
    assert api.asked[:2] == [("ada", "q17"), ("ada", "q18")]
    assert len(api.asked) == 20


def test_the_evidence_of_a_column_that_proves_nothing_has_no_field_that_does() -> None:
    result = ran(by({}), plan([query("one"), query("two")], [key("ada")], canaries={"ada": Canary(refused="two")}))
    judged = result.evidence[CellId("one", "ada")]
    assert judged.outcome is Outcome.NO_VERDICT
    assert {finding.outcome for finding in judged.findings.values()} == {Outcome.NO_VERDICT}


def test_what_was_not_run_in_a_column_that_proves_nothing_keeps_its_own_reason() -> None:
    lacking = SavedOperation("get", "users", document="query ($id: ID!) { get(id: $id) }")
    result = ran(by({}, stage.NO_MODE), plan([query("one"), lacking], [key("ada")], canaries={"ada": Canary("one")}))
    assert "no value for id" in result.cells[CellId("get", "ada")].why
