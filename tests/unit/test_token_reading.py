"""Reading a token: whatever is pasted, it is read as far as it can be, and judged by the dashboard's own rule."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Unavailable
from services.secret import Secret
from services.token_acceptance import acceptances
from services.token_claims import claims_in_words
from services.token_reading import LONGEST, read_token
from services.tokens import Fault, Use
from tests.stand_ins import ENVIRONMENT, NOON, Pool


def test_a_live_token_of_the_pool_holds() -> None:
    pool = Pool()
    reading = read_token(pool.tokens().id_token, ENVIRONMENT, pool.for_key, NOON)
    assert (reading.holds, reading.use, reading.why) == (True, Use.ID, "")
    assert reading.header["alg"] == "RS256"


@pytest.mark.parametrize(
    "around",
    [
        "  Bearer {}\n",
        '"{}"',
        "'{}',"[:-1],
        "Authorization: Bearer {}",
        "authorization:bearer {}",
        '"Authorization: {}"',
    ],
)
def test_what_comes_along_with_a_token_is_dropped(around: str) -> None:
    pool = Pool()
    token = pool.tokens().access_token.reveal()
    for text in (token, "\n".join(token[start : start + 64] for start in range(0, len(token), 64))):
        assert read_token(Secret(around.format(text)), ENVIRONMENT, pool.for_key, NOON).holds is True


def test_an_encrypted_token_and_an_endless_text_are_told_for_what_they_are() -> None:
    pool = Pool()
    refresh = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.AAAA.BBBB.CCCC.DDDD"
    assert "encrypted" in read_token(Secret(refresh), ENVIRONMENT, pool.for_key, NOON).why
    endless = read_token(Secret("a.b." + "c" * LONGEST), ENVIRONMENT, pool.for_key, NOON)
    assert "no token has that many" in endless.why


def test_a_token_of_another_use_is_neither() -> None:
    pool = Pool()
    reading = read_token(pool.tokens(token_use="refresh").id_token, ENVIRONMENT, pool.for_key, NOON)
    assert (reading.holds, reading.why) == (False, "It is neither an ID token nor an access token")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["iss", "aud", "exp", "iat", "nbf", "token_use", "scope", "cognito:groups", "cognito:roles", "client_id", "x"]
)


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ"]), ANYTHING), st.dictionaries(NAMES, ANYTHING))
def test_a_token_that_says_anything_is_read_and_told_without_failing(
    header: dict[str, object], claims: dict[str, object]
) -> None:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    reading = read_token(Secret(".".join([*parts, "AAAA"])), ENVIRONMENT, Pool().for_key, NOON)
    assert reading.holds is not True
    assert reading.use in {None, *Use}
    assert len(claims_in_words(reading.claims, NOON)) == len(reading.claims)
    assert acceptances(reading, ENVIRONMENT)


def test_a_changed_token_does_not_hold_and_is_read_all_the_same() -> None:
    pool = Pool()
    head, payload, signature = pool.tokens().id_token.reveal().split(".")
    reading = read_token(Secret(f"{head}.{payload}.{signature[::-1]}"), ENVIRONMENT, pool.for_key, NOON)
    assert (reading.holds, reading.fault) == (False, Fault.SIGNATURE)
    assert reading.claims["sub"]


def test_a_token_of_another_issuer_is_not_judged_and_its_keys_are_not_asked_for() -> None:
    def never(_: str) -> dict[str, object]:
        raise AssertionError

    token = Pool().tokens(iss="https://elsewhere.example").id_token
    reading = read_token(token, ENVIRONMENT, never, NOON)  # type: ignore[arg-type]
    assert (reading.holds, reading.fault) == (None, Fault.ISSUER)
    assert "https://elsewhere.example" in reading.why


def test_without_the_pools_keys_nothing_is_judged() -> None:
    def unavailable(_: str) -> dict[str, object]:
        raise Unavailable("Could not read the user pool's signing keys", "no answer")

    reading = read_token(Pool().tokens().id_token, ENVIRONMENT, unavailable, NOON)  # type: ignore[arg-type]
    assert reading.holds is None
    assert "no answer" in reading.why


@given(st.text(max_size=200))
def test_any_text_is_told_to_be_no_token_without_failing(text: str) -> None:
    reading = read_token(Secret(text), ENVIRONMENT, Pool().for_key, NOON)
    assert reading.holds is not True


@pytest.mark.parametrize("text", ["", "a.b.c", "eyJhbGciOiJub25lIn0.W10.", "Bearer", "." * 3])
def test_what_has_no_claims_is_malformed(text: str) -> None:
    assert read_token(Secret(text), ENVIRONMENT, Pool().for_key, NOON).fault is Fault.MALFORMED
