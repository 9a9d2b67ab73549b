"""The last look at a text before it leaves: it must hold no secret of the run, in none of its spellings."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from services.errors import GatehouseError
from services.secret import Secret

# A shorter text turns up by chance, and would keep honest reports from being written.
SHORTEST = 6
_BACKSLASH = re.compile(r"\\(.)")


class SecretInReport(GatehouseError):
    """A report would have held a secret, and was not written."""


def check(text: str, secrets: Iterable[Secret], what: str) -> None:
    """Raise `SecretInReport` where the text holds one of the secrets.

    Args:
        text: the whole report.
        secrets: every credential of the run: keys, tokens, passwords.
        what: what the report is called; the message names neither the secret nor its place.
    """
    readings = (text, html.unescape(text), _BACKSLASH.sub(r"\1", text))
    for secret in secrets:
        spellings = [each for each in _spellings(secret.reveal()) if len(each) >= SHORTEST]
        if any(spelling in reading for spelling in spellings for reading in readings):
            raise SecretInReport(
                f"The {what} was not written",
                "It would have held a secret of this run",
                "Report this as a fault of Gatehouse; the other reports were looked through in the same way",
            )


def _spellings(text: str) -> Iterator[str]:
    """The text as formats and encodings write it; of a token also the parts that prove or tell something."""
    parts = text.split(".")
    tellers = parts[1:] if len(parts) == 3 and text.startswith("ey") else []
    for part in (text, *tellers):
        yield part
        yield json.dumps(part)[1:-1]
        yield json.dumps(part, ensure_ascii=False)[1:-1]
        yield part.replace('"', '""')
        yield quote(part)
        yield quote(part, safe="")
        yield base64.b64encode(part.encode()).decode().rstrip("=")
