"""The seeding function stores whole rows or says why not."""

import io
import json
import urllib.error
import urllib.request

import pytest

from tests.infra.fake_dynamodb import FakeTable, person

RANDOM_PERSON = {
    "results": [
        {
            "login": {"uuid": "5f2c"},
            "name": {"title": "Ms", "first": "Ada", "last": "Byron"},
            "picture": {"large": "https://randomuser.me/portraits/1.jpg"},
        }
    ]
}


@pytest.mark.parametrize("count", [1, 25, 26, 60])
def test_the_people_handed_in_are_stored_in_batches(seed, count):
    assert seed({"people": [person(number) for number in range(count)]}) == {"stored": count}
    rows = [{name: value["S"] for name, value in item.items()} for item in seed.table.rows.values()]
    assert rows == [person(number) for number in range(count)]


def test_rows_that_dynamodb_turns_away_are_sent_again(seed):
    seed.table.refusals = 3
    seed({"people": [person(number) for number in range(25)]})
    assert len(seed.table.rows) == 25
    assert seed.pauses == [0.1, 0.2, 0.4]


def test_it_gives_up_when_dynamodb_keeps_turning_rows_away(seed):
    seed.table.refusals = 99
    with pytest.raises(Exception, match="1 rows were still turned away after 5 attempts") as failure:
        seed({"people": [person(1)]})
    assert failure.typename == "TableBusy"


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ([], "at least one person"),
        (None, "at least one person"),
        ({"userId": "1"}, "at least one person"),
        ([person(1), "ada"], r"people\[1\] must have exactly the fields userId, firstname, lastname, picture"),
        ([person(1) | {"admin": "yes"}], r"people\[0\] must have exactly"),
        ([{"userId": "1"}], r"people\[0\] must have exactly"),
        ([person(1) | {"firstname": ""}], r"people\[0\]: every field"),
        ([person(1) | {"firstname": 1}], r"people\[0\]: every field"),
        ([person(1) | {"picture": "javascript:alert(1)"}], r"people\[0\]: picture must be a web address"),
        ([person(1), person(1)], "userId of their own"),
    ],
)
def test_people_who_cannot_be_rows_are_refused_before_anything_is_stored(seed, people, reason):
    with pytest.raises(Exception, match=reason) as refusal:
        seed({"people": people})
    assert refusal.typename == "InvalidPeople"
    assert seed.table.rows == {}


def test_on_schedule_one_random_person_is_stored(seed, service):
    service(json.dumps(RANDOM_PERSON).encode())
    assert seed({"source": "aws.events", "detail-type": "Scheduled Event"}) == {"stored": 1}
    (row,) = seed.table.rows.values()
    assert row == {
        "userId": {"S": "5f2c"},
        "firstname": {"S": "Ada"},
        "lastname": {"S": "Byron"},
        "picture": {"S": "https://randomuser.me/portraits/1.jpg"},
    }


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b'{"results": []}', b'{"results": [{"login": 3}]}', b"\xff"])
def test_a_bad_answer_of_the_service_is_named_and_stores_nothing(seed, service, answer):
    service(answer)
    with pytest.raises(Exception, match="answered with something else than a person") as failure:
        seed({})
    assert failure.typename == "PersonServiceFailed"
    assert seed.table.rows == {}


@pytest.mark.parametrize(
    "failure",
    [
        TimeoutError("timed out"),
        urllib.error.URLError("no route"),
        urllib.error.HTTPError("https://randomuser.me/api/", 503, "Service Unavailable", {}, None),
        ConnectionResetError("reset"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_service_that_does_not_answer_is_named(seed, service, failure):
    service(failure)
    with pytest.raises(Exception, match=r"randomuser\.me could not be reached") as raised:
        seed({})
    assert raised.typename == "PersonServiceFailed"


@pytest.fixture
def seed(function):
    """Return the function over an empty table, with its table and the pauses that it made."""
    module = function("seed_users", TABLE_NAME="users")
    table, pauses = FakeTable(), []
    module.client = {"dynamodb": table}.__getitem__
    module.time = type("Time", (), {"sleep": staticmethod(pauses.append)})

    def call(event):
        return module.handler(event, None)

    call.table, call.pauses = table, pauses
    return call


@pytest.fixture
def service(monkeypatch):
    """Return a way to say what randomuser.me answers: bytes, or an exception."""

    def answers(outcome):
        def urlopen(url, timeout):
            assert url == "https://randomuser.me/api/"
            assert 0 < timeout <= 10
            if isinstance(outcome, Exception):
                raise outcome
            return io.BytesIO(outcome)

        monkeypatch.setattr(urllib.request, "urlopen", urlopen)

    return answers
