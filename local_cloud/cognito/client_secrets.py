"""Secrets of app clients, of the characters that AWS's are of: MiniStack's Base64 is none that its calls would take."""

import secrets
import string

LENGTH = 51
CHARACTERS = string.ascii_lowercase + string.digits


def fresh() -> str:
    """Return a new secret."""
    return "".join(secrets.choice(CHARACTERS) for _ in range(LENGTH))
