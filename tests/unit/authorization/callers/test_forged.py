"""Forged tokens break the one line of the rule that they are named for."""

from collections.abc import Callable

import pytest

from services.authorization.broken import tampered
from services.authorization.callers import forged
from services.authorization.token_facts import claims_of
from services.secret import Secret
from services.tokens import Expectation, Fault, TokenRefused, Use, key_id, verify
from tests.stand_ins import ENVIRONMENT, Pool

POOL = Pool()
GOOD = POOL.token("id")


def fault_of(token: Secret) -> Fault:
    """Why our own rule refuses the token."""
    expected = Expectation(ENVIRONMENT.issuer, ENVIRONMENT.client_id, Use.ID)
    with pytest.raises(TokenRefused) as refused:
        verify(token, POOL.keys(), expected, POOL.clock())
    return refused.value.fault


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (tampered, Fault.SIGNATURE),
        (lambda token: forged.with_claims(token, {"aud": "other"}), Fault.SIGNATURE),
        (forged.signed_by_another_key, Fault.SIGNATURE),
        (forged.with_spoilt_signature, Fault.SIGNATURE),
        (forged.unsigned, Fault.UNSIGNED),
        (forged.of_another_pool, Fault.UNKNOWN_KEY),
    ],
)
def test_a_forged_token_is_refused_for_what_was_forged(forge: Callable[[Secret], Secret], fault: Fault) -> None:
    assert fault_of(forge(GOOD)) is fault


def test_only_what_is_said_to_be_changed_is_changed() -> None:
    before = claims_of(GOOD)
    assert claims_of(forged.with_claims(GOOD, {"aud": "other"})) == before | {"aud": "other"}
    for forge in (forged.signed_by_another_key, forged.with_spoilt_signature, forged.unsigned):
        assert claims_of(forge(GOOD)) == before
    assert key_id(forged.signed_by_another_key(GOOD)) == key_id(GOOD)


def test_another_pool_is_a_well_formed_one_of_the_same_region() -> None:
    issuer = claims_of(forged.of_another_pool(GOOD))["iss"]
    assert issuer != ENVIRONMENT.issuer
    assert issuer.startswith("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_")
