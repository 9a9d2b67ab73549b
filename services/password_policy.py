"""A user pool's password policy: what it asks for, whether a text meets it, and a strong one that does."""

import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.secret import Secret

if TYPE_CHECKING:
    from types_boto3_cognito_idp.type_defs import PasswordPolicyTypeTypeDef

SYMBOLS = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"
LONGEST = 256
DEFAULT_TEMPORARY_DAYS = 7  # Cognito takes 0 and nothing for this
# What people mix up when they read a password out to each other is left out: 0 O o, 1 l I |, quotes.
_UPPER, _LOWER, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"
_SIGNS = "!#%+-=?@_"
GENERATED_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the checklist: what is asked for, and whether the text has it."""

    words: str
    met: bool


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What a pool asks of a password.

    Attributes:
        minimum_length: in characters, 6 to 99.
        uppercase: whether an uppercase Basic Latin letter is required.
        lowercase: whether a lowercase one is.
        numbers: whether a digit is.
        symbols: whether a symbol is.
        history: how many earlier passwords Cognito refuses; only Cognito can check that.
        temporary_days: how long a temporary password can be used.
    """

    minimum_length: int = 8
    uppercase: bool = False
    lowercase: bool = False
    numbers: bool = False
    symbols: bool = False
    history: int = 0
    temporary_days: int = DEFAULT_TEMPORARY_DAYS

    def rules(self, password: Secret) -> tuple[Rule, ...]:
        """The checklist for a password, line by line."""
        text = password.reveal()
        asked = [
            Rule(f"At least {self.minimum_length} characters", len(text) >= self.minimum_length),
            Rule(
                f"At most {LONGEST} characters, no space at either end",
                0 < len(text) <= LONGEST and text == text.strip(),
            ),
        ]
        kinds = (
            (self.uppercase, "An uppercase letter, A to Z", string.ascii_uppercase),
            (self.lowercase, "A lowercase letter, a to z", string.ascii_lowercase),
            (self.numbers, "A number", string.digits),
            # A space inside counts for Cognito as well.
            (self.symbols, "A symbol, such as ! ? # or -", SYMBOLS + " "),
        )
        asked += [Rule(words, any(c in alphabet for c in text.strip())) for wanted, words, alphabet in kinds if wanted]
        return tuple(asked)

    def meets(self, password: Secret) -> bool:
        """Whether every line of the checklist is met."""
        return all(rule.met for rule in self.rules(password))


def policy(described: "PasswordPolicyTypeTypeDef") -> PasswordPolicy:
    """The policy in a DescribeUserPool answer."""
    return PasswordPolicy(
        minimum_length=described.get("MinimumLength", 8),
        uppercase=described.get("RequireUppercase", False),
        lowercase=described.get("RequireLowercase", False),
        numbers=described.get("RequireNumbers", False),
        symbols=described.get("RequireSymbols", False),
        history=described.get("PasswordHistorySize", 0),
        temporary_days=described.get("TemporaryPasswordValidityDays", 0) or DEFAULT_TEMPORARY_DAYS,
    )


def generate(asked: PasswordPolicy, choice: Callable[[Sequence[str]], str] = secrets.choice) -> Secret:
    """A password of at least 20 characters from letters, digits and signs, with one of each kind.

    It meets every policy that a pool can have, and begins with a letter, so that no shell or
    spreadsheet reads it as something else.

    Args:
        asked: the pool's policy, for its length.
        choice: picks one of some characters; unpredictable by default.
    """
    length = max(GENERATED_LENGTH, asked.minimum_length)
    alphabet = _UPPER + _LOWER + _DIGITS + _SIGNS
    while True:
        text = choice(_UPPER + _LOWER) + "".join(choice(alphabet) for _ in range(length - 1))
        # Drawing again leaves every password that has all four kinds equally likely.
        if all(any(c in kind for c in text) for kind in (_UPPER, _LOWER, _DIGITS, _SIGNS)):
            return Secret(text)
