"""Passwords for people that nobody has chosen one for."""

import secrets
import string

LENGTH = 20
SIGNS = "!#%*+-.:=?@_"
CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits, SIGNS)


def strong_password() -> str:
    """Return a random password that has every class of character a user pool can ask for."""
    signs = [secrets.choice(alphabet) for alphabet in CLASSES]
    everything = "".join(CLASSES)
    signs += [secrets.choice(everything) for _ in range(LENGTH - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)
