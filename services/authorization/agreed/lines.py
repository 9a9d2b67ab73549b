"""One line of the baseline file: how it is read and how it is written.

A cell:       `all-users  guest/iam  partial  refused: listUsers.items[].email  reason="…" owner=ada until=2026-12-31`
Put aside:    `5f0c2a9be1d4  reason="…" owner=ada until=2026-12-31`
"""

import re
from collections.abc import Iterable
from datetime import date

from services.authorization.agreed import tokens
from services.authorization.agreed.agreement import Accepted, Agreement, lets_in
from services.authorization.cells import CellId, Verdict
from services.authorization.outcomes import Outcome

_GAP = "  "
_OUTCOMES = "|".join(outcome for outcome in Outcome if outcome.is_evidence)
_CELL = re.compile(rf"({tokens.WORD})[ \t]+({tokens.WORD})(?:[ \t]+(.*))?")
_OUTCOME = re.compile(rf"({_OUTCOMES})(?![^\s])[ \t]*(.*)")
_REFUSED = re.compile(rf"refused:[ \t]*((?:{tokens.WORD})(?:,[ \t]*(?:{tokens.WORD}))*)[ \t]*(.*)")
_FINDING = re.compile(r"([0-9a-f]{12})(?:[ \t]+(.*))?")
_NOTE = re.compile(rf"(reason|owner|until)=({tokens.WORD})(?:[ \t]+|$)")


class Malformed(ValueError):
    """A line that is none; its text says what is wrong with it."""


def cell_line(cell: CellId, agreement: Agreement) -> str:
    """The line of a cell; equal values give equal lines."""
    parts = [tokens.written(cell.operation), tokens.written(cell.identity), agreement.verdict.outcome.value]
    if agreement.verdict.refused:
        parts.append("refused: " + ", ".join(tokens.written(each) for each in sorted(agreement.verdict.refused)))
    return _GAP.join([*parts, *_notes(agreement.accepted)])


def suppressed_line(finding: str, accepted: Accepted) -> str:
    """The line of a finding that is put aside."""
    return _GAP.join([finding, *_notes(accepted)])


def _notes(accepted: Accepted) -> Iterable[str]:
    notes = []
    if accepted.reason:
        notes.append(f"reason={tokens.quoted(accepted.reason)}")
    if accepted.owner:
        notes.append(f"owner={tokens.written(accepted.owner)}")
    if accepted.until:
        notes.append(f"until={accepted.until.isoformat()}")
    return [" ".join(notes)] if notes else []


def read_cell(line: str) -> tuple[CellId, Agreement]:
    """The cell that a line agrees on; raises `Malformed`."""
    head = _CELL.fullmatch(line)
    if head is None:
        raise Malformed("it does not begin with an operation and an identity")
    cell = CellId(_text(head[1]), _text(head[2]))
    found = _OUTCOME.fullmatch(head[3] or "")
    if found is None:
        raise Malformed(f"no outcome stands after {head[2]}: {_OUTCOMES.replace('|', ', ')}")
    outcome, rest = Outcome(found[1]), found[2]
    refused: frozenset[str] = frozenset()
    if fields := _REFUSED.fullmatch(rest):
        refused = frozenset(_text(word) for word in re.findall(tokens.WORD, fields[1]))
        rest = fields[2]
    agreement = Agreement(Verdict(outcome, refused), _read_notes(rest))
    if outcome is Outcome.PARTIAL and not refused:
        raise Malformed("a partial answer names its refused fields: refused: a, b")
    if lets_in(agreement.verdict):
        _wants_reason(agreement.accepted, "it lets somebody in")
    return cell, agreement


def read_suppressed(line: str) -> tuple[str, Accepted]:
    """The finding that a line puts aside; raises `Malformed`."""
    found = _FINDING.fullmatch(line)
    if found is None:
        raise Malformed("it does not begin with the id of a finding, twelve characters of 0-9 a-f")
    accepted = _read_notes(found[2] or "")
    _wants_reason(accepted, "it puts a finding aside")
    return found[1], accepted


def _wants_reason(accepted: Accepted, what: str) -> None:
    if not (accepted.reason.strip() and accepted.owner.strip()):
        raise Malformed(f'{what} without saying why and who answers for it: reason="…" owner=…')


def _read_notes(text: str) -> Accepted:
    notes: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _NOTE.match(text, at)
        if found is None:
            raise Malformed(f'{text[at:]!r} is none of refused: a, b   reason="…"   owner=…   until=2026-12-31')
        if found[1] in notes:
            raise Malformed(f"{found[1]}= stands in it twice")
        notes[found[1]] = _text(found[2])
        at = found.end()
    return Accepted(notes.get("reason", ""), notes.get("owner", ""), _date(notes.get("until")))


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Malformed(f"until={text} is no date such as 2026-12-31")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(f"until={text} is no day of the calendar") from None


def _text(word: str) -> str:
    try:
        return tokens.read(word)
    except ValueError:
        raise Malformed(f"{word} is not quoted as JSON quotes a text") from None
