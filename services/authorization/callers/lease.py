"""The user names of stand-ins: each says which process made it and until when it may be used.

So a later run can tell a killed run's leftovers from what another run uses right now, by the name alone.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.authorization.callers.processes import Process

PREFIX = "gatehouse-stand-in-"
TERM = timedelta(hours=1)
GRACE = timedelta(minutes=5)  # what the clocks of two hosts may differ by
DOMAIN = "stand-in.invalid"  # no mail is ever delivered to a name that ends in .invalid (RFC 2606)

_NAME = re.compile(
    re.escape(PREFIX)
    + r"([0-9a-f]{8})-(\d{1,10})-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{6}(?:@"
    + re.escape(DOMAIN)
    + ")?"
)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may use a stand-in, and how long: nobody uses one after `until`, whatever happens."""

    holder: Process
    until: datetime

    @classmethod
    def begin(cls, holder: Process, now: datetime) -> "Lease":
        """A lease of one hour for this process."""
        return cls(holder, now + TERM)

    def new_name(self) -> str:
        """A user name that carries this lease and that nobody else has; at most 63 characters."""
        who = self.holder
        return f"{PREFIX}{who.host}-{who.pid}-{who.start}-{int(self.until.timestamp()):08x}-{secrets.token_hex(3)}"

    def is_over(self, here: Process, now: datetime) -> bool:
        """Whether nobody can be using what carries this lease.

        Args:
            here: any process of this host; of the processes of other hosts only the time is known.
            now: the time, with a zone.
        """
        if self.holder.host == here.host and not self.holder.alive:
            return True
        return now > self.until + GRACE


def lease_in(name: str) -> Lease | None:
    """The lease that a user name or e-mail address carries; None for everybody who is no stand-in."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    host, pid, start, until = found.groups()
    return Lease(Process(host, int(pid), start), datetime.fromtimestamp(int(until, 16), UTC))
