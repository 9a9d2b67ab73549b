"""Acts on a password: what is sent, what is refused before it is sent, and what is never written down."""

import logging
from typing import Any

import pytest

from services.errors import GatehouseError, Invalid, NotFound, NotPermitted, TooManyRequests
from services.passwords import Passwords, code_destination, masked_email, masked_phone
from services.people import Person
from services.secret import Secret
from tests.unit.people import ADA, OTTO, someone
from tests.unit.pool_calls import POOL_ID, PoolCalls, failing

PASSWORD = Secret("Correct-horse-9")
EMAIL_ONLY = ("email",)


def passwords(calls: PoolCalls) -> Passwords:
    """The passwords that the calls answer for."""
    return Passwords(calls.client, POOL_ID)


@pytest.mark.parametrize("permanent", [True, False])
def test_a_password_is_set_as_asked(permanent: bool) -> None:
    calls = PoolCalls({"AdminSetUserPassword": {}})

    passwords(calls).set(ADA, someone("bea"), PASSWORD, permanent=permanent)

    assert calls.requests("AdminSetUserPassword") == [
        {"UserPoolId": POOL_ID, "Username": "bea", "Password": "Correct-horse-9", "Permanent": permanent}
    ]


def test_an_external_user_gets_no_password() -> None:
    calls = PoolCalls()
    with pytest.raises(Invalid, match="external user"):
        passwords(calls).set(ADA, someone("bea", "EXTERNAL_PROVIDER"), PASSWORD, permanent=True)
    assert calls.asked == []


@pytest.mark.parametrize("code", ["InvalidPasswordException", "UserNotFoundException", "InternalErrorException"])
def test_neither_the_record_nor_a_failure_shows_the_password(code: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    calls = PoolCalls({"AdminSetUserPassword": failing(code, "Password did not conform with policy")})

    with pytest.raises(GatehouseError) as failed:
        passwords(calls).set(ADA, someone("bea"), PASSWORD, permanent=True)

    assert '"act": "password.set"' in caplog.text
    shown = caplog.text + str(failed.value) + repr(failed.value) + repr(failed.value.__cause__)
    assert PASSWORD.reveal() not in shown


def test_a_password_that_was_used_before_is_told_as_that() -> None:
    calls = PoolCalls({"AdminSetUserPassword": failing("PasswordHistoryPolicyViolationException")})
    with pytest.raises(Invalid, match="used before"):
        passwords(calls).set(ADA, someone("bea"), PASSWORD, permanent=True)


def test_a_code_goes_to_the_verified_address_which_is_told_masked() -> None:
    calls = PoolCalls({"AdminResetUserPassword": {}})

    sent = passwords(calls).send_code(ADA, someone("bea"), EMAIL_ONLY)

    assert sent.masked == "b•••@example.com"
    assert calls.requests("AdminResetUserPassword") == [{"UserPoolId": POOL_ID, "Username": "bea"}]


WITH_PHONE = {"phone_number": "+4912345678", "phone_number_verified": "true"}


@pytest.mark.parametrize(
    ("person", "recovery", "masked"),
    [
        (someone("bea"), ("email",), "b•••@example.com"),
        (someone("bea", **WITH_PHONE), ("phone", "email"), "+•••78"),
        (someone("bea", **WITH_PHONE), ("email", "phone"), "b•••@example.com"),
        (someone("bea", **WITH_PHONE | {"phone_number_verified": "false"}), ("phone", "email"), "b•••@example.com"),
        (someone("bea", "RESET_REQUIRED"), ("email",), "b•••@example.com"),
    ],
)
def test_the_pools_order_of_recovery_decides_where_a_code_goes(
    person: Person, recovery: tuple[str, ...], masked: str
) -> None:
    assert code_destination(person, recovery).masked == masked


@pytest.mark.parametrize(
    ("person", "recovery", "why"),
    [
        (someone("bea", email_verified="false"), ("email",), "No verified e-mail address"),
        (someone("bea", email=""), ("phone", "email"), "No verified phone number or e-mail address"),
        (someone("bea"), (), "only administrators"),
        (someone("bea", "FORCE_CHANGE_PASSWORD"), ("email",), "temporary password"),
        (someone("bea", "UNCONFIRMED"), ("email",), "confirmed account"),
        (someone("bea", "EXTERNAL_PROVIDER"), ("email",), "external user"),
        (someone("bea", enabled=False), ("email",), "disabled user"),
        (someone("bea", "COMPROMISED"), ("email",), "may not accept"),
    ],
)
def test_a_code_that_could_not_be_used_is_refused_before_the_call(
    person: Person, recovery: tuple[str, ...], why: str
) -> None:
    calls = PoolCalls()
    with pytest.raises(Invalid, match=why):
        passwords(calls).send_code(ADA, person, recovery)
    assert calls.asked == []


@pytest.mark.parametrize(
    ("code", "error", "why"),
    [
        ("NotAuthorizedException", Invalid, "present state"),
        ("InvalidParameterException", Invalid, "no verified address"),
        ("LimitExceededException", TooManyRequests, "Too many codes"),
        ("UserNotFoundException", NotFound, "no such user"),
    ],
)
def test_cognitos_refusals_of_a_code_have_their_own_words(code: str, error: type[Exception], why: str) -> None:
    calls = PoolCalls({"AdminResetUserPassword": failing(code)})
    with pytest.raises(error, match=why):
        passwords(calls).send_code(ADA, someone("bea"), EMAIL_ONLY)


def described(**pool: Any) -> PoolCalls:
    """A pool that describes itself so."""
    return PoolCalls({"DescribeUserPool": {"UserPool": pool}})


def test_the_pools_rules_are_read_best_recovery_first() -> None:
    mechanisms = [{"Priority": 2, "Name": "verified_phone_number"}, {"Priority": 1, "Name": "verified_email"}]
    calls = described(
        Policies={"PasswordPolicy": {"MinimumLength": 15}}, AccountRecoverySetting={"RecoveryMechanisms": mechanisms}
    )

    rules = passwords(calls).rules(ADA)

    assert rules.policy.minimum_length == 15
    assert rules.recovery == ("email", "phone")


def test_a_pool_that_only_administrators_recover_sends_no_codes() -> None:
    only = [{"Priority": 1, "Name": "admin_only"}]
    assert passwords(described(AccountRecoverySetting={"RecoveryMechanisms": only})).rules(ADA).recovery == ()


def test_a_pool_without_the_setting_sends_to_the_phone_before_the_mailbox() -> None:
    assert passwords(described()).rules(ADA).recovery == ("phone", "email")


def test_somebody_without_the_right_reaches_no_call() -> None:
    calls = PoolCalls()
    with pytest.raises(NotPermitted):
        passwords(calls).rules(OTTO)
    with pytest.raises(NotPermitted):
        passwords(calls).set(OTTO, someone(), PASSWORD, permanent=True)
    with pytest.raises(NotPermitted):
        passwords(calls).send_code(OTTO, someone(), EMAIL_ONLY)
    assert calls.asked == []


@pytest.mark.parametrize(
    ("address", "masked"), [("bea@example.com", "b•••@example.com"), ("b@x", "b•••@x"), ("@x", "•••@x")]
)
def test_a_masked_address_keeps_one_character_and_the_domain(address: str, masked: str) -> None:
    assert masked_email(address) == masked


def test_a_masked_number_keeps_two_digits() -> None:
    assert masked_phone("+4912345678") == "+•••78"
