"""The record of acts: one line of JSON for each, to the `gatehouse.audit` log."""

import json
import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from services.errors import GatehouseError
from services.permissions import Operator

_log = logging.getLogger("gatehouse.audit")


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def recorded(
    operator: Operator,
    act: str,
    target: str,
    detail: Mapping[str, object] | None = None,
    now: Callable[[], datetime] = _now,
) -> Generator[None]:
    """Record the act inside the block: who, when (UTC), what, on whom, and how it ended.

    Args:
        operator: who acts.
        act: what is done, e.g. `group.delete`.
        target: on whom or what.
        detail: what changes; never a password, a token or a key.
        now: the clock.
    """
    entry = {
        "at": now().isoformat(timespec="milliseconds"),
        "who": operator.username,
        "sub": operator.sub,
        "act": act,
        "target": target,
        "detail": dict(detail or {}),
    }
    outcome, request_id = "done", ""
    try:
        yield
    except GatehouseError as error:
        outcome, request_id = f"failed: {error.code or type(error).__name__}", error.request_id
        raise
    except BaseException as error:
        outcome = f"failed: {type(error).__name__}"
        raise
    finally:
        _log.info("%s", json.dumps({**entry, "outcome": outcome, "request_id": request_id}, default=str))
