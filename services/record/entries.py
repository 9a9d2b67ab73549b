"""What the record is made of: two entries an act, one before it is tried and one when it has ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """Which of the two entries of an act it is."""

    BEGUN = "begun"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as it is kept and hashed; free of secrets.

    Attributes:
        act_id: joins the two entries of an act.
        phase: before the act, or after it.
        at: UTC, ISO 8601.
        environment: the name of the environment that was acted on.
        who: the operator's user name.
        sub: the pool's unchanging id of the operator.
        act: what is done, e.g. `group.delete`.
        target: on whom or what.
        reason: the operator's own words, where one was asked for.
        detail: what changes; in the second entry what was changed, before and after.
        outcome: empty before; then `done`, or `failed: ` and AWS's code.
        request_ids: AWS's ids of the requests that the act made.
    """

    act_id: str
    phase: Phase
    at: str
    environment: str
    who: str
    sub: str
    act: str
    target: str
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    request_ids: tuple[str, ...] = ()

    def content(self) -> str:
        """The entry as one line of JSON: the same text for the same entry, which is what is hashed."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def entry_of(content: str) -> Entry:
    """The entry that a line of JSON holds; raises `ValueError` when it holds none."""
    try:
        held = json.loads(content)
        return Entry(**{**held, "phase": Phase(held["phase"]), "request_ids": tuple(held["request_ids"])})
    except (TypeError, KeyError) as error:
        raise ValueError("It is no entry of the record") from error
