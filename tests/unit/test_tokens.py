"""The rule by which a token is taken or refused."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.secret import Secret
from services.tokens import LEEWAY, Expectation, Fault, TokenRefused, Use, ends_at, key_id, verify
from tests.stand_ins import ENVIRONMENT, NOON, Pool, private_key

POOL = Pool()
ID = Expectation(ENVIRONMENT.issuer, ENVIRONMENT.client_id, Use.ID)
ACCESS = Expectation(ENVIRONMENT.issuer, ENVIRONMENT.client_id, Use.ACCESS)
TOKEN = POOL.token("id").reveal()


def refusal(token: Secret, expected: Expectation = ID, now: Any = NOON) -> TokenRefused:
    """The refusal of a token that has to be refused."""
    with pytest.raises(TokenRefused) as refused:
        verify(token, POOL.keys(), expected, now)
    return refused.value


def encoded(content: object) -> str:
    """An object as a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def test_an_id_token_of_the_pool_is_taken_with_what_it_says() -> None:
    claims = verify(POOL.token("id"), POOL.keys(), ID, NOON)

    assert (claims.username, claims.sub, claims.groups) == ("ada", "1111", ("admins",))
    assert claims.expires_at == NOON + timedelta(hours=1)


def test_an_access_token_of_the_pool_is_taken_by_its_own_claims() -> None:
    assert verify(POOL.token("access"), POOL.keys(), ACCESS, NOON).username == "ada"


def test_a_token_without_groups_names_none() -> None:
    assert verify(POOL.token("id", **{"cognito:groups": None}), POOL.keys(), ID, NOON).groups == ()


def test_a_token_with_at_hash_is_taken() -> None:
    assert verify(POOL.token("id", at_hash="x"), POOL.keys(), ID, NOON).username == "ada"


@settings(deadline=None)  # the first example pays for making a key
@given(place=st.integers(0, len(TOKEN) - 1), sign=st.characters(codec="ascii"))
def test_a_token_with_any_one_sign_changed_is_refused(place: int, sign: str) -> None:
    changed = TOKEN[:place] + sign + TOKEN[place + 1 :]
    if changed != TOKEN:
        refusal(Secret(changed))


@settings(deadline=None)
@given(place=st.integers(0, len(TOKEN)), sign=st.characters(codec="ascii"))
def test_a_token_with_any_sign_added_is_refused(place: int, sign: str) -> None:
    refusal(Secret(TOKEN[:place] + sign + TOKEN[place:]))


@settings(deadline=None)
@given(st.text())
def test_what_is_no_token_is_refused_as_malformed(text: str) -> None:
    assert refusal(Secret(text)).fault is Fault.MALFORMED


def test_the_other_spelling_of_the_same_signature_is_refused() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = TOKEN[:-1] + alphabet[alphabet.index(TOKEN[-1]) ^ 1]

    assert refusal(Secret(twin)).fault is Fault.SIGNATURE


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_an_unsigned_token_is_refused(algorithm: str) -> None:
    header, claims = encoded({"alg": algorithm, "kid": "key1"}), encoded(POOL.claims("id"))

    refused = refusal(Secret(f"{header}.{claims}."))

    assert (refused.fault, refused.why) == (Fault.UNSIGNED, "The token is not signed")


def test_a_token_signed_with_the_public_key_as_a_password_is_refused() -> None:
    modulus = POOL.document()["keys"][0]["n"]
    token = jwt.encode(POOL.claims("id"), modulus, "HS256", {"kid": "key1"})

    assert refusal(Secret(token)).fault is Fault.ALGORITHM


def test_a_token_signed_by_another_key_of_the_same_name_is_refused() -> None:
    token = jwt.encode(POOL.claims("id"), private_key("forged"), "RS256", {"kid": "key1"})

    refused = refusal(Secret(token))

    assert (refused.fault, refused.why) == (
        Fault.SIGNATURE,
        "The token's signature does not match the user pool's keys",
    )


def test_a_token_signed_with_a_key_that_the_pool_does_not_publish_is_refused() -> None:
    assert refusal(Pool(key_id="other").token("id")).fault is Fault.UNKNOWN_KEY


def test_claims_of_one_token_under_the_signature_of_another_are_refused() -> None:
    head, _, signature = TOKEN.split(".")

    assert refusal(Secret(f"{head}.{encoded(POOL.claims('id', sub='2222'))}.{signature}")).fault is Fault.SIGNATURE


@pytest.mark.parametrize(
    ("use", "changed", "fault", "why"),
    [
        ("id", {"iss": "https://other"}, Fault.ISSUER, "The token was issued by another user pool"),
        ("id", {"aud": "client2"}, Fault.CLIENT, "The token was issued for another app client"),
        (
            "id",
            {"aud": [ENVIRONMENT.client_id, "client2"]},
            Fault.CLIENT,
            "The token was issued for another app client",
        ),
        ("id", {"aud": None}, Fault.CLIENT, "The token was issued for another app client"),
        ("access", {}, Fault.USE, "The token is not an ID token"),
        ("id", {"exp": None}, Fault.MALFORMED, "The token has no time in its claim exp"),
        ("id", {"exp": "4070908800"}, Fault.MALFORMED, "The token has no time in its claim exp"),
        ("id", {"exp": 1e30}, Fault.MALFORMED, "The token has no time in its claim exp"),
        ("id", {"sub": None}, Fault.MALFORMED, "The token has no claim sub"),
        ("id", {"cognito:username": 7}, Fault.MALFORMED, "The token has no claim cognito:username"),
    ],
)
def test_a_signed_token_that_says_something_else_is_refused(
    use: str, changed: dict[str, Any], fault: Fault, why: str
) -> None:
    refused = refusal(POOL.token(use, **changed))

    assert (refused.fault, refused.why) == (fault, why)


def test_an_id_token_is_refused_where_an_access_token_is_expected() -> None:
    assert refusal(POOL.token("id"), ACCESS).why == "The token is not an access token"


def test_an_access_token_of_another_app_client_is_refused() -> None:
    assert refusal(POOL.token("access", client_id="client2"), ACCESS).fault is Fault.CLIENT


@pytest.mark.parametrize("groups", ["admins", "not-admins", {"admins": 1}, [["admins"]]])
def test_groups_that_are_not_a_list_of_names_are_refused(groups: Any) -> None:
    assert refusal(POOL.token("id", **{"cognito:groups": groups})).fault is Fault.MALFORMED


def test_a_token_is_taken_until_the_leeway_after_its_end_and_then_refused_with_the_time() -> None:
    end = NOON + timedelta(hours=1)

    verify(POOL.token("id"), POOL.keys(), ID, end + LEEWAY - timedelta(seconds=1))
    refused = refusal(POOL.token("id"), now=end + LEEWAY)

    assert (refused.fault, refused.why) == (Fault.EXPIRED, "The token expired at 2030-06-01 13:00:00 UTC")


def test_a_token_from_the_future_is_refused() -> None:
    verify(POOL.token("id"), POOL.keys(), ID, NOON - LEEWAY)

    assert refusal(POOL.token("id"), now=NOON - LEEWAY - timedelta(seconds=1)).fault is Fault.FUTURE


def test_a_refusal_never_shows_the_token() -> None:
    refused = refusal(Secret(TOKEN), now=NOON + timedelta(days=1))

    assert not any(part in f"{refused} {refused!r}" for part in TOKEN.split("."))


def test_key_and_end_of_a_token_are_read_before_it_is_verified() -> None:
    assert (key_id(Secret(TOKEN)), ends_at(Secret(TOKEN))) == ("key1", NOON + timedelta(hours=1))
