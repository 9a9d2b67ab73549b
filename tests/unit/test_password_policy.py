"""The checklist of a password policy, and passwords that meet any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.password_policy import LONGEST, SYMBOLS, PasswordPolicy, generate, policy
from services.secret import Secret

STRICT = PasswordPolicy(12, uppercase=True, lowercase=True, numbers=True, symbols=True)
POLICIES = st.builds(
    PasswordPolicy,
    minimum_length=st.integers(6, 99),
    uppercase=st.booleans(),
    lowercase=st.booleans(),
    numbers=st.booleans(),
    symbols=st.booleans(),
)


def unmet(text: str, asked: PasswordPolicy = STRICT) -> list[str]:
    """The lines of the checklist that the text does not meet."""
    return [rule.words for rule in asked.rules(Secret(text)) if not rule.met]


@given(POLICIES)
def test_a_generated_password_meets_every_policy_that_a_pool_can_have(asked: PasswordPolicy) -> None:
    password = generate(asked)
    assert asked.meets(password)
    assert STRICT.meets(password)
    assert 20 <= len(password.reveal()) <= LONGEST
    assert password.reveal()[0].isalpha()


def test_no_two_generated_passwords_are_the_same() -> None:
    assert len({generate(STRICT).reveal() for _ in range(50)}) == 50


def test_generation_draws_again_until_every_kind_is_there() -> None:
    drawn = iter("a" * 20 + "aB3!" * 5)
    assert generate(STRICT, lambda _: next(drawn)).reveal() == "aB3!" * 5


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("aB3!aB3!aB3", "At least 12"),
        ("ab3!ab3!ab3!", "uppercase"),
        ("AB3!AB3!AB3!", "lowercase"),
        ("aBc!aBc!aBc!", "number"),
        ("aB3caB3caB3c", "symbol"),
        (" aB3!aB3!aB3!", "no space"),
        ("aB3!aB3!aB3!\n", "no space"),
        ("aB3!" * 65, "At most 256"),
        ("äÖ3!äÖ3!äÖ3!", "uppercase"),
    ],
)
def test_each_line_of_the_checklist_can_be_unmet(text: str, line: str) -> None:
    assert any(line in words for words in unmet(text))


def test_a_password_that_has_all_of_it_leaves_no_line_unmet() -> None:
    assert unmet("aB3!aB3!aB3!") == []


def test_nothing_typed_meets_no_line() -> None:
    assert len(unmet("")) == len(STRICT.rules(Secret("")))


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_symbol_of_cognitos_list_counts(symbol: str) -> None:
    assert unmet(f"aB3aB3a{symbol}aB3aB3") == []


def test_a_space_inside_counts_as_a_symbol() -> None:
    assert unmet("aB3aB3 aB3aB3") == []


def test_only_what_the_policy_asks_for_stands_on_the_checklist() -> None:
    assert [rule.words.split(",")[0] for rule in PasswordPolicy(6).rules(Secret("x"))] == [
        "At least 6 characters",
        "At most 256 characters",
    ]


def test_a_pool_is_read_as_it_describes_itself() -> None:
    described = policy(
        {
            "MinimumLength": 10,
            "RequireUppercase": True,
            "RequireLowercase": False,
            "RequireNumbers": True,
            "RequireSymbols": False,
            "PasswordHistorySize": 3,
            "TemporaryPasswordValidityDays": 2,
        }
    )
    assert described == PasswordPolicy(10, uppercase=True, numbers=True, history=3, temporary_days=2)


def test_temporary_passwords_live_seven_days_where_the_pool_says_nothing_or_zero() -> None:
    assert policy({}).temporary_days == policy({"TemporaryPasswordValidityDays": 0}).temporary_days == 7
