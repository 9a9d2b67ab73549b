"""What Cognito would have mailed or texted: codes and invitations, kept in memory for whoever runs this cloud."""

import time
from collections import deque
from dataclasses import dataclass, field

SIGN_UP_CODE = "sign-up code"
RESET_CODE = "reset code"
INVITATION = "invitation"
SIGN_IN_CODE = "sign-in code"
ADDRESS_CODE = "verification code"
MOST = 1000
"""How many messages are kept; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail or text message that was not sent."""

    at: float
    """Seconds since 1970."""
    pool: str
    """The user pool's id."""
    username: str
    kind: str
    """SIGN_UP_CODE, RESET_CODE, INVITATION, SIGN_IN_CODE or ADDRESS_CODE."""
    destination: str
    """The address or phone number, or nothing when the user has none."""
    secret: str = field(repr=False)
    """The code, or the temporary password of an invitation."""


_sent: deque[Message] = deque(maxlen=MOST)


def sent() -> list[Message]:
    """Return the messages of this process, the oldest first."""
    return list(_sent)


def add(*, pool: str, username: str, kind: str, destination: str, secret: str) -> None:
    """Keep a message with the time of now."""
    _sent.append(Message(time.time(), pool, username, kind, destination, secret))
