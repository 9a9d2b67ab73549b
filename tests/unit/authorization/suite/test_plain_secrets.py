"""A suite file names environment variables; a secret in it is refused, and never repeated."""

import pytest

from services.errors import Invalid
from tests.unit.authorization.suite.texts import suite

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
KEY = "da2-abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("identities: [{person: ada, password: hunter2}]", "hunter2"),
        ("identities: [{oidc: olga, token: some-token}]", "some-token"),
        ("identities: [{lambda: demo, token: 12345678}]", "12345678"),
        (f"mask: [{JWT}]", JWT),
        (f"# the key is {KEY}", KEY),
        ("mask: [ASIAABCDEFGHIJKLMNOP]", "ASIAABCDEFGHIJKLMNOP"),
    ],
)
def test_a_secret_in_the_file_is_refused_with_its_place_and_not_repeated(text: str, secret: str) -> None:
    with pytest.raises(Invalid) as refusal:
        suite(text)

    assert refusal.value.why.startswith("line 5, column ")
    assert "environment variable" in refusal.value.next_step
    assert secret not in str(refusal.value)


@pytest.mark.parametrize("name", ["password", "api_key", "Authorization", "secretAccessKey"])
def test_a_variable_of_that_name_may_hold_no_value_either(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        suite(operations=f"operations:\n  - {{id: a, document: '{{ a }}', variables: {{{name}: hunter2}}}}\n")

    assert "hunter2" not in str(refusal.value)


def test_a_page_token_is_no_secret() -> None:
    found = suite(operations="operations:\n  - {id: a, document: '{ a }', variables: {nextToken: abc}}\n")

    assert found.operations[0].variables == {"nextToken": "abc"}
