"""listUsers pages truly: every row once, a null token at the end, and only its own tokens taken."""

import base64
import string

import pytest

from tests.infra.fake_dynamodb import FakeTable, person

URL_SAFE = string.ascii_letters + string.digits + "-_"


@pytest.mark.parametrize("rows", [0, 1, 4, 5, 6, 10, 23, 250])
@pytest.mark.parametrize("limit", [1, 5, 7, 250, 1000])
@pytest.mark.parametrize("page_limit", [3, 1000])
def test_a_walk_over_all_pages_gives_every_row_once_and_no_empty_page(list_users, rows, limit, page_limit):
    call = list_users(rows=rows, page_limit=page_limit)
    pages, token = [], None
    while True:
        answer = call(limit=limit, nextToken=token)
        pages.append(answer["items"])
        token = answer["nextToken"]
        if token is None:
            break
    assert [row for page in pages for row in page] == [person(number) for number in range(rows)]
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages) == max(1, -(-rows // limit))


def test_a_page_has_two_hundred_rows_when_no_limit_is_given(list_users):
    call = list_users(rows=201)
    assert len(call()["items"]) == len(call(limit=None)["items"]) == 200


@pytest.mark.parametrize("limit", [0, -1, 1001, True, 2.5, "5"])
def test_a_limit_that_no_page_can_have_is_refused_by_name(list_users, limit):
    with pytest.raises(Exception, match=r"^limit must be a whole number from 1 to 1000\.$") as refusal:
        list_users(rows=3)(limit=limit)
    assert refusal.typename == "InvalidLimit"


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "garbage",
        "ümlaut",
        "\ud800",
        "=",
        "AAAA",
        base64.urlsafe_b64encode(b"user-0").decode(),
        base64.urlsafe_b64encode(bytes(32) + b"user-0").decode().rstrip("="),
        base64.urlsafe_b64encode(bytes(32)).decode().rstrip("="),
    ],
)
def test_a_forged_token_is_refused_with_a_clear_error(list_users, forged):
    assert_refused(list_users(rows=3), forged)


def test_no_single_altered_character_passes(list_users):
    call = list_users(rows=3)
    token = call(limit=1)["nextToken"]
    for index, character in enumerate(token):
        for other in URL_SAFE.replace(character, ""):
            assert_refused(call, token[:index] + other + token[index + 1 :])


@pytest.mark.parametrize("suffix", ["=", "==", "!", " ", "\n", "A", "AAAA"])
def test_a_token_with_something_added_is_refused(list_users, suffix):
    call = list_users(rows=3)
    token = call(limit=1)["nextToken"]
    assert_refused(call, token + suffix)


def test_a_token_sealed_with_another_key_is_refused(list_users):
    foreign = list_users(rows=3, key="another key")(limit=1)["nextToken"]
    assert_refused(list_users(rows=3), foreign)


def test_a_token_works_whatever_the_limit_of_the_next_page(list_users):
    call = list_users(rows=5)
    token = call(limit=2)["nextToken"]
    assert [row["userId"] for row in call(limit=3, nextToken=token)["items"]] == ["user-2", "user-3", "user-4"]


def test_the_key_is_read_once_and_the_token_does_not_show_it(list_users):
    call = list_users(rows=3, key="the key")
    token = call(limit=1)["nextToken"]
    call(limit=1, nextToken=token)
    assert call.secret_reads == ["the arn"]
    assert "the key" not in base64.urlsafe_b64decode(token + "==").decode(errors="replace")


def assert_refused(call, token):
    """Assert that the function names what is wrong with the token and what to do."""
    message = r"^nextToken was not issued by this query or was altered\. Start again without it\.$"
    with pytest.raises(Exception, match=message) as refusal:
        call(nextToken=token)
    assert refusal.typename == "InvalidNextToken"


@pytest.fixture
def list_users(function):
    """Return a maker of the resolver over a table of so many rows; what it makes takes the field's arguments."""

    def make(*, rows, page_limit=1000, key="k" * 64):
        table = FakeTable(page_limit)
        for number in range(rows):
            item = {name: {"S": value} for name, value in person(number).items()}
            table.rows[item["userId"]["S"]] = item
        secret_reads = []

        class Secrets:
            def get_secret_value(self, **request):
                secret_reads.append(request["SecretId"])
                return {"SecretString": key}

        module = function("list_users", TABLE_NAME="users", TOKEN_KEY_ARN="the arn")
        module.client = {"dynamodb": table, "secretsmanager": Secrets()}.__getitem__

        def call(**arguments):
            return module.handler({"arguments": arguments}, None)

        call.secret_reads = secret_reads
        return call

    return make
