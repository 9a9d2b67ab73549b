"""Finding people by the beginning of a name."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.directory import LONGEST_FILTER, Directory, condition, filters_for
from services.errors import Invalid, NotPermitted, Refused, Unavailable
from services.user_states import State
from tests.unit.people import ADA, OTTO
from tests.unit.pool_calls import POOL_ID, PoolCalls, failing, user


def directory(calls: PoolCalls) -> Directory:
    """The directory that the calls answer for."""
    return Directory(calls.client, POOL_ID)


def value_in(asked: str) -> str:
    """What a filter's quotes hold, read as Cognito's documentation says: a backslash takes the next sign as it is."""
    body = asked.split("= ", 1)[1]
    assert body.startswith('"')
    read, signs = [], iter(body[1:])
    for sign in signs:
        if sign == '"':
            assert next(signs, None) is None, "something stands behind the closing quote"
            return "".join(read)
        read.append(next(signs) if sign == "\\" else sign)
    raise AssertionError("the quote is never closed")


@given(st.text())
def test_whatever_is_typed_stays_inside_the_quotes_of_the_filter(text: str) -> None:
    assume(len(text) < 100)
    assert value_in(condition("email", "^=", text)) == text


def test_a_text_longer_than_a_filter_is_refused_before_the_call() -> None:
    with pytest.raises(Invalid, match="too long"):
        condition("email", "^=", "x" * LONGEST_FILTER)


def test_user_name_and_e_mail_are_searched() -> None:
    assert filters_for("ad") == ('username ^= "ad"', 'email ^= "ad"')


def test_a_name_in_capitals_is_searched_in_small_letters_too() -> None:
    assert 'username ^= "ada"' in filters_for("Ada")


def test_a_phone_number_is_searched_as_one() -> None:
    assert 'phone_number ^= "+49"' in filters_for("+49")


def test_whoever_is_hit_by_two_filters_is_found_once() -> None:
    calls = PoolCalls({"ListUsers": {"Users": [user("bea"), user("Abe")]}})

    found = directory(calls).find(ADA, " b ")

    assert [who.username for who in found.people] == ["Abe", "bea"]
    assert found.reading.calls == 2
    assert {request["Filter"] for request in calls.requests("ListUsers")} == {'username ^= "b"', 'email ^= "b"'}


def test_no_text_lists_the_first_people_in_one_call() -> None:
    calls = PoolCalls({"ListUsers": {"Users": [user("bea")], "PaginationToken": "next"}})

    found = directory(calls).find(ADA, "")

    assert found.more
    assert [set(request) for request in calls.requests("ListUsers")] == [{"UserPoolId", "Limit"}]


def test_empty_pages_before_the_first_hit_are_followed() -> None:
    def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
        if "PaginationToken" not in request:
            return {"Users": [], "PaginationToken": "further"}
        return {"Users": [user("bea")]}

    found = directory(PoolCalls({"ListUsers": answer})).find(ADA, "b")

    assert [who.username for who in found.people] == ["bea"]
    assert not found.more


def test_pages_that_stay_empty_are_given_up_and_said_to_go_on() -> None:
    calls = PoolCalls({"ListUsers": {"Users": [], "PaginationToken": "further"}})

    found = directory(calls).find(ADA, "")

    assert found.people == ()
    assert found.more
    assert len(calls.asked) == 5


def test_a_person_is_read_without_being_counted_as_active() -> None:
    calls = PoolCalls({"ListUsers": {"Users": [user("bea", "RESET_REQUIRED")]}})

    found = directory(calls).get(ADA, "bea")

    assert found is not None
    assert found.state is State.MUST_RESET
    assert [name for name, _ in calls.asked] == ["ListUsers"]


def test_nobody_of_that_name_is_nobody() -> None:
    assert directory(PoolCalls({"ListUsers": {"Users": []}})).get(ADA, "bea") is None


def test_somebody_without_the_right_reaches_no_call() -> None:
    calls = PoolCalls()
    with pytest.raises(NotPermitted):
        directory(calls).find(OTTO, "b")
    with pytest.raises(NotPermitted):
        directory(calls).get(OTTO, "bea")
    assert calls.asked == []


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [("AccessDeniedException", 400, Refused), ("InternalErrorException", 500, Unavailable)],
)
def test_a_refusal_and_a_failure_of_aws_are_told_apart(code: str, status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match="search the user pool"):
        directory(PoolCalls({"ListUsers": failing(code, status=status)})).find(ADA, "b")
