"""Which mode a request is judged under, from what it sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.appsync.model import Mode
from local_cloud.appsync.modes import Claim, classify
from local_cloud.appsync.refusals import INVALID_AUTHORIZATION, UNPARSABLE_JWT, Refused
from tests.local_cloud.appsync.fakes import make_api, request

KEY, IAM, POOLS, OIDC, LAMBDA = Mode.API_KEY, Mode.IAM, Mode.USER_POOLS, Mode.OIDC, Mode.LAMBDA
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20270101/us-east-1/appsync/aws4_request, Signature=0"


def claim(*modes: Mode, **headers: str) -> Claim:
    return classify(request({}, {name.replace("_", "-"): value for name, value in headers.items()}), make_api(*modes))


def refusal(*modes: Mode, **headers: str) -> str:
    with pytest.raises(Refused) as raised:
        claim(*modes, **headers)
    assert (raised.value.status, raised.value.error_type) == (401, "UnauthorizedException")
    return str(raised.value.message)


@pytest.mark.parametrize("modes", [(POOLS,), (POOLS, IAM), (KEY,), (LAMBDA,), (IAM,), (OIDC, KEY)])
def test_a_request_without_credentials_is_refused_whatever_the_modes(modes: tuple[Mode, ...]) -> None:
    assert refusal(*modes) == INVALID_AUTHORIZATION


@pytest.mark.row("1.2 Both `x-api-key` and `Authorization`")
@pytest.mark.parametrize("modes", [(POOLS,), (POOLS, IAM), (LAMBDA,), (IAM,)])
def test_an_api_key_where_keys_are_no_mode_is_refused_and_never_ignored(modes: tuple[Mode, ...]) -> None:
    assert refusal(*modes, x_api_key="da2-x") == INVALID_AUTHORIZATION
    assert refusal(*modes, x_api_key="da2-x", authorization=JWT) == INVALID_AUTHORIZATION


def test_a_signature_is_iam_even_beside_a_lambda_authorizer() -> None:
    assert claim(LAMBDA, IAM, authorization=SIGNED).mode is IAM


def test_a_signature_without_iam_mode_gets_the_words_of_the_one_jwt_mode() -> None:
    assert refusal(POOLS, authorization=SIGNED) == UNPARSABLE_JWT
    assert refusal(POOLS, KEY, authorization=SIGNED) == INVALID_AUTHORIZATION
    assert refusal(KEY, authorization=SIGNED) == INVALID_AUTHORIZATION


def test_a_signature_where_lambda_is_the_one_mode_is_a_token_like_any_other() -> None:
    assert claim(LAMBDA, authorization=SIGNED) == Claim(LAMBDA, SIGNED)


def test_a_jwt_never_reaches_the_lambda_authorizer_of_an_api_with_a_jwt_mode() -> None:
    assert claim(LAMBDA, POOLS, authorization=JWT) == Claim(None, JWT)
    assert claim(LAMBDA, OIDC, authorization=JWT).mode is None


def test_a_jwt_where_no_jwt_mode_exists_is_a_lambda_token() -> None:
    assert claim(LAMBDA, KEY, authorization=JWT) == Claim(LAMBDA, JWT)


def test_a_jwt_with_a_prefix_of_its_own_is_a_lambda_token() -> None:
    assert claim(LAMBDA, POOLS, authorization=f"custom-{JWT}").mode is LAMBDA
    assert claim(LAMBDA, POOLS, authorization=f"{JWT}.custom").mode is LAMBDA


@pytest.mark.parametrize("prefix", ["Bearer ", "bearer ", "BEARER  "])
def test_a_bearer_prefix_is_taken_off_a_jwt(prefix: str) -> None:
    assert claim(POOLS, authorization=prefix + JWT) == Claim(None, JWT)


@pytest.mark.parametrize("value", ["Bearer opaque", f"Bearer {JWT}"])
def test_a_bearer_value_never_reaches_a_lambda_authorizer(value: str) -> None:
    assert refusal(LAMBDA, authorization=value) == INVALID_AUTHORIZATION
    assert claim(LAMBDA, POOLS, authorization=value).mode is None


def test_a_value_that_is_no_jwt_is_named_so_with_one_jwt_mode_only() -> None:
    assert refusal(POOLS, authorization="abc") == UNPARSABLE_JWT
    assert refusal(OIDC, authorization="abc") == UNPARSABLE_JWT
    assert refusal(POOLS, IAM, authorization="abc") == INVALID_AUTHORIZATION


def test_a_jwt_without_any_mode_that_takes_it_gets_the_general_words() -> None:
    assert refusal(KEY, authorization=JWT) == INVALID_AUTHORIZATION
    assert refusal(IAM, KEY, authorization=JWT) == INVALID_AUTHORIZATION


@pytest.mark.row("1.2 Both `x-api-key` and `Authorization`")
def test_a_signature_counts_before_a_key_and_a_key_before_a_token() -> None:
    assert claim(KEY, IAM, x_api_key="k", authorization=SIGNED).mode is IAM
    assert claim(KEY, POOLS, x_api_key="k", authorization=JWT) == Claim(KEY, "k")


@given(
    st.lists(st.sampled_from(list(Mode)), min_size=1, max_size=5, unique=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
    st.sampled_from(["", "k"]),
)
def test_what_is_claimed_is_always_a_mode_of_the_api(modes: list[Mode], authorization: str, key: str) -> None:
    headers = {"authorization": authorization, "x_api_key": key}
    try:
        found = claim(*modes, **headers)
    except Refused:
        return
    assert found.mode in modes or (found.mode is None and {POOLS, OIDC} & set(modes))


def test_a_claim_keeps_its_value_out_of_its_repr() -> None:
    assert "da2-secret" not in repr(Claim(KEY, "da2-secret"))
