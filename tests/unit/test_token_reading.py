"""Reading a token: whatever is pasted, it is read as far as it can be, and judged by the dashboard's own rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Unavailable
from services.secret import Secret
from services.token_reading import read_token
from services.tokens import Fault, Use
from tests.stand_ins import ENVIRONMENT, NOON, Pool


def test_a_live_token_of_the_pool_holds() -> None:
    pool = Pool()
    reading = read_token(pool.tokens().id_token, ENVIRONMENT, pool.for_key, NOON)
    assert (reading.holds, reading.use, reading.why) == (True, Use.ID, "")
    assert reading.header["alg"] == "RS256"


def test_bearer_and_blanks_around_it_are_dropped() -> None:
    pool = Pool()
    text = f"  Bearer {pool.tokens().access_token.reveal()}\n"
    assert read_token(Secret(text), ENVIRONMENT, pool.for_key, NOON).use is Use.ACCESS


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
