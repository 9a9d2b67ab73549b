"""Who saw less than the reference identity: by count, and by the ids of what came."""

from typing import Any

from services.authorization.cells import CellId
from services.authorization.fields import FieldState
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Canary
from services.authorization.suite.saved import Safety, SavedOperation
from services.graphql import Answer
from tests.unit.authorization.lab import stage
from tests.unit.authorization.lab.stage import Api, key, mutation, outcomes, plan, query, ran
from tests.unit.authorization.samples import answer


def things(*ids: str, name: str = "id") -> Answer:
    return answer({"data": {"things": {"items": [{"title": "t", name: each} for each in ids]}}})


def compared(ours: Answer, theirs: Answer, **more: Any) -> dict[str, Outcome]:
    """What `otto` shows beside `ada`, who was allowed more."""
    replies = {("ada", "things"): theirs, ("otto", "things"): ours, ("otto", "more"): stage.NO_RULE}
    api = Api(lambda who, what, _: replies.get((who, what), stage.ONE))
    return outcomes(ran(api, plan([query("things"), query("more")], [key("otto"), key("ada")], **more)))


def test_fewer_elements_than_the_reference_identity_saw_are_filtered() -> None:
    assert compared(things("1"), things("1", "2"))["things otto"] is Outcome.FILTERED


def test_the_evidence_of_a_filtered_cell_names_the_list_that_came_short() -> None:
    replies = {"ada": things("1", "2"), "otto": things("1")}
    asked = SavedOperation("things", "users", document="{ things { items { id title } } }")
    api = Api(lambda who, *_: replies[who])
    result = ran(api, plan([asked], [key("ada"), key("otto")], canaries={who: Canary("things") for who in replies}))
    found = result.evidence[CellId("things", "otto")].findings
    assert found["things", "items"].words == FieldState.FEWER
    assert result.evidence[CellId("things", "ada")].findings["things", "items"].words == FieldState.VALUE


def test_as_many_elements_but_others_are_filtered_too() -> None:
    assert compared(things("1", "3"), things("1", "2"))["things otto"] is Outcome.FILTERED
    assert compared(things("1", "3", name="thingId"), things("1", "2", name="thingId"))["things otto"] is (
        Outcome.FILTERED
    )


def test_the_same_elements_in_another_order_and_more_than_the_reference_are_allowed() -> None:
    assert compared(things("2", "1"), things("1", "2"))["things otto"] is Outcome.ALLOWED
    assert compared(things("1", "2", "3"), things("1", "2"))["things otto"] is Outcome.ALLOWED


def test_elements_without_ids_are_counted_only() -> None:
    assert compared(things("x", name="name"), things("y", name="name"))["things otto"] is Outcome.ALLOWED


def test_the_suite_may_name_the_reference_identity() -> None:
    found = compared(things("1", "2"), things("1"), reference="otto")
    assert (found["things otto"], found["things ada"]) == (Outcome.ALLOWED, Outcome.FILTERED)


def test_the_reference_is_the_first_of_those_that_were_allowed_most_and_is_told() -> None:
    result = ran(Api(lambda *_: stage.ONE), plan([query("one")], [key("otto"), key("ada")]))
    assert result.reference == "otto"
    assert ran(Api(lambda *_: stage.NO_MODE), plan([query("one")], [key("otto")])).reference == ""


def test_nobody_is_compared_with_an_identity_whose_column_proves_nothing() -> None:
    replies = {("ada", "things"): things("1", "2"), ("otto", "things"): things("1")}
    api = Api(lambda who, what, _: replies.get((who, what), stage.NO_MODE if who == "ada" else stage.ONE))
    result = ran(api, plan([query("things")], [key("otto"), key("ada")], reference="ada"))
    assert outcomes(result) == {"things otto": Outcome.ALLOWED, "things ada": Outcome.NO_VERDICT}
    assert result.reference == "otto"


def test_what_a_change_answers_with_is_compared_with_nobody() -> None:
    made = mutation("make", safety=Safety.FULL, harmless=True)
    replies = {
        "ada": answer({"data": {"make": [{"id": "1"}, {"id": "2"}]}}),
        "otto": answer({"data": {"make": [{"id": "3"}]}}),
    }
    api = Api(lambda who, what, _: replies[who] if what == "make" else stage.ONE)
    result = ran(api, plan([query("one"), made], [key("ada"), key("otto")]))
    assert outcomes(result)["make otto"] is Outcome.ALLOWED


def test_the_ids_of_every_list_are_kept_under_its_label() -> None:
    deep = {"data": {"groups": [{"id": 1, "members": [{"userId": "a"}, {"userId": "b"}]}, {"id": 2, "members": []}]}}
    result = ran(Api(lambda *_: answer(deep)), plan([query("groups")], [key("ada")]))
    ids = result.cells[CellId("groups", "ada")].ids
    assert ids == {"groups": {"1", "2"}, "groups[].members": {"a", "b"}}
