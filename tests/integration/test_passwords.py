"""Passwords on the real pool: what is set opens the door, what is not does not."""

import pytest
from botocore.exceptions import ClientError

from services.errors import Invalid, NotFound
from services.password_policy import generate
from services.secret import Secret
from services.user_states import State
from tests.integration.stage import ADA, PASSWORD, Live


def test_the_rules_are_those_of_the_deployed_pool(live: Live) -> None:
    rules = live.passwords.rules(ADA)
    asked = rules.policy
    assert (asked.minimum_length, asked.temporary_days) == (12, 3)
    assert asked.uppercase
    assert asked.lowercase
    assert asked.numbers
    assert asked.symbols
    assert rules.recovery == ("email",)


def test_a_permanent_password_signs_in_and_the_old_one_no_longer_does(live: Live) -> None:
    person = live.confirmed()
    password = generate(live.passwords.rules(ADA).policy)

    live.passwords.set(ADA, person, password, permanent=True)

    assert live.person(person.username).state is State.ACTIVE
    assert live.sign_in(person.username, password.reveal())["AuthenticationResult"]
    with pytest.raises(ClientError, match="Incorrect username or password"):
        live.sign_in(person.username, PASSWORD)


def test_a_temporary_password_opens_one_sign_in_that_asks_for_another(live: Live) -> None:
    person = live.confirmed()

    live.passwords.set(ADA, person, Secret("Temporary-horse-7"), permanent=False)

    assert live.person(person.username).state is State.MUST_CHANGE
    assert live.sign_in(person.username, "Temporary-horse-7")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


@pytest.mark.parametrize(
    "weak", ["Short-horse-7"[:11], "lower-horse-seven-7", "UPPER-HORSE-SEVEN-7", "No-number-at-all", "Nosymbolatall77"]
)
def test_checklist_and_pool_agree_on_what_is_too_weak(live: Live, weak: str) -> None:
    person = live.confirmed()
    assert not live.passwords.rules(ADA).policy.meets(Secret(weak))
    with pytest.raises(Invalid, match="does not meet the pool's policy"):
        live.passwords.set(ADA, person, Secret(weak), permanent=True)
    assert live.sign_in(person.username, PASSWORD)["AuthenticationResult"]


def test_after_a_reset_code_the_password_no_longer_signs_in(live: Live) -> None:
    person = live.confirmed(email="rita@example.com")

    sent = live.passwords.send_code(ADA, person, live.passwords.rules(ADA).recovery)

    assert sent.masked == "r•••@example.com"
    assert live.person(person.username).state is State.MUST_RESET
    with pytest.raises(ClientError, match="PasswordResetRequired"):
        live.sign_in(person.username, PASSWORD)


def test_a_person_who_is_gone_is_told_as_that(live: Live) -> None:
    person = live.confirmed()
    live.admin.admin_delete_user(UserPoolId=live.pool_id, Username=person.username)
    with pytest.raises(NotFound, match="no such user"):
        live.passwords.set(ADA, person, Secret("Another-horse-7"), permanent=True)


def test_a_disabled_person_stays_disabled_with_a_new_password(live: Live) -> None:
    person = live.confirmed()
    live.admin.admin_disable_user(UserPoolId=live.pool_id, Username=person.username)
    disabled = live.person(person.username)
    assert disabled.state is State.DISABLED

    live.passwords.set(ADA, disabled, Secret("Another-horse-7"), permanent=True)

    assert live.person(person.username).state is State.DISABLED
    with pytest.raises(ClientError, match="disabled"):
        live.sign_in(person.username, "Another-horse-7")
