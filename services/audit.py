"""Recording acts: before an act is tried and after it has ended. An act that can't be recorded isn't done.

Each entry also goes to the `gatehouse.audit` log, with its hash: whoever keeps the log can prove the record.
"""

import json
import logging
import secrets
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.errors import GatehouseError, NotPermitted
from services.permissions import Operator
from services.record.entries import Entry, Phase
from services.record.journal import Journal, RecordError

_log = logging.getLogger("gatehouse.audit")
_journal: list[Journal] = []
_reason: ContextVar[str] = ContextVar("reason", default="")
_under_way: set[str] = set()
_request_ids: ContextVar[list[str] | None] = ContextVar("request_ids", default=None)


def use(journal: Journal) -> None:
    """Have every later act of this process recorded there."""
    _journal[:] = [journal]


def journal() -> Journal:
    """Where this process records; raises `RecordError` while it was not told."""
    if not _journal:
        raise RecordError("The record of acts is not open", "The process was started without one", "Start it anew")
    return _journal[0]


def acts_under_way() -> frozenset[str]:
    """The ids of the acts that this process has begun and not ended."""
    return frozenset(_under_way.copy())


def note_request(request_id: str) -> None:
    """Note the id of a request that AWS answered, for the act that is under way in this thread, if one is."""
    ids = _request_ids.get()
    if ids is not None and request_id and request_id not in ids:
        ids.append(request_id)


@contextmanager
def because(reason: str) -> Generator[None]:
    """Give the acts inside the block the operator's reason."""
    token = _reason.set(" ".join(reason.split()))
    try:
        yield
    finally:
        _reason.reset(token)


@dataclass(slots=True)
class Record:
    """What an act may add to its own record while it runs.

    Attributes:
        changed: what was changed: before and after; never a password, a token or a key.
    """

    changed: dict[str, Any] = field(default_factory=dict)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def recorded(
    operator: Operator,
    act: str,
    target: str,
    detail: Mapping[str, object] | None = None,
    now: Callable[[], datetime] = _now,
    *,
    reads: bool = False,
) -> Generator[Record]:
    """Record the act inside the block: who, when (UTC), what, on whom, why, and how it ended.

    Args:
        operator: who acts, and in which environment.
        act: what is done, e.g. `group.delete`.
        target: on whom or what.
        detail: what changes; never a password, a token or a key.
        now: the clock.
        reads: the act changes nothing in the environment (a sign-in, a run of calls): it needs no reason, and a
            read-only environment allows it.

    Raises:
        RecordError: the act can't be recorded, and was not begun.
        NotPermitted: the environment is read-only, or is a production environment and no reason was given.
    """
    reason = _reason.get()
    place = operator.place
    if not reads:
        _check_place(operator, reason)
    begun = Entry(
        act_id=secrets.token_hex(8),
        phase=Phase.BEGUN,
        at=_stamp(now),
        environment=place.name,
        who=operator.username,
        sub=operator.sub,
        act=act,
        target=target,
        reason=reason,
        detail=_plain(detail or {}),
    )
    kept = journal()
    _under_way.add(begun.act_id)
    try:
        _append(kept, begun)
    except BaseException as error:
        _under_way.discard(begun.act_id)
        if isinstance(error, RecordError):
            error.failed = f"{error.failed}, so nothing was done"
        raise
    ids: list[str] = []
    token = _request_ids.set(ids)
    outcome, record = "done", Record()
    try:
        yield record
    except GatehouseError as error:
        outcome = f"failed: {error.code or type(error).__name__}"
        note_request(error.request_id)
        raise
    except BaseException as error:
        outcome = f"failed: {type(error).__name__}"
        raise
    finally:
        _request_ids.reset(token)
        ended = Entry(
            act_id=begun.act_id,
            phase=Phase.ENDED,
            at=_stamp(now),
            environment=place.name,
            who=operator.username,
            sub=operator.sub,
            act=act,
            target=target,
            reason=reason,
            detail=_plain({**(detail or {}), **record.changed}),
            outcome=outcome,
            request_ids=tuple(ids),
        )
        try:
            _append(kept, ended)
        except RecordError as error:
            # What was done can't be undone by saying that it failed: the first entry stays, outcome unknown.
            _log.critical("The end of act %s could not be recorded: %s", begun.act_id, error)
        finally:
            _under_way.discard(begun.act_id)


def _check_place(operator: Operator, reason: str) -> None:
    place = operator.place
    if place.read_only:
        raise NotPermitted(
            f"Nothing can be changed in {place.name}",
            "The environment is read-only",
            "Choose another environment, or have its setting read_only changed",
        )
    if place.production and not reason:
        raise NotPermitted(
            f"A change in {place.name} needs a reason",
            "It is a production environment",
            "Give the reason and try again",
        )


def _stamp(now: Callable[[], datetime]) -> str:
    return now().astimezone(UTC).isoformat(timespec="milliseconds")


def _plain(detail: Mapping[str, object]) -> dict[str, Any]:
    """The detail as JSON knows it, so that it is read back as it was hashed; a secret stays masked."""
    held: dict[str, Any] = json.loads(json.dumps(dict(detail), default=str))
    return held


def _append(kept: Journal, entry: Entry) -> None:
    head = kept.append(entry)
    _log.info("%s", json.dumps({"number": head.number, "hash": head.hash, "entry": json.loads(entry.content())}))
