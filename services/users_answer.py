"""What one answer to listUsers says: rows, none, some of it refused, all of it refused, or a failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.authorization.evidence import errors_of, evidence_of, keys_of
from services.authorization.outcomes import Outcome, outcome_of
from services.authorization.refusals import REFUSED, Cause, cause_of, head_of
from services.graphql import Answer


class Verdict(StrEnum):
    """What came of one call."""

    ROWS = "rows"
    EMPTY = "empty"
    PARTIAL = "partial"
    REFUSED_BY_MODE = "refused by mode"
    REFUSED_BY_RULE = "refused by rule"
    TOKEN_REFUSED = "page token refused"  # noqa: S105 (a word for the screen)
    FAILED = "failed"


_BY_CAUSE: Mapping[Cause, Verdict] = {
    **dict.fromkeys(REFUSED, Verdict.REFUSED_BY_MODE),
    Cause.POLICY: Verdict.REFUSED_BY_RULE,  # the mode was admitted, the caller's policy was not
}


@dataclass(frozen=True, slots=True)
class User:
    """One row of the users API; a field that was refused or is null is None."""

    user_id: str | None
    firstname: str | None
    lastname: str | None
    picture: str | None


@dataclass(frozen=True, slots=True)
class UsersPage:
    """One page of listUsers.

    Attributes:
        verdict: what came of the call.
        users: the rows that came.
        next_token: asks for the next page; None on the last.
        reason: the API's own words for what was refused or failed, as they came.
        error_type: the API's name for it.
        missing: the fields that were refused or failed, e.g. `listUsers.items.picture`.
        answer: the whole answer.
    """

    verdict: Verdict
    users: tuple[User, ...]
    next_token: str | None
    reason: str
    error_type: str
    missing: tuple[str, ...]
    answer: Answer


def read(answer: Answer, *, sent_token: bool) -> UsersPage:
    """The page that an answer holds.

    Args:
        answer: what the API sent.
        sent_token: whether the call carried a page token, which the API may have refused.
    """
    data = answer.body.get("data")
    found = data.get("listUsers") if isinstance(data, dict) else None
    connection = found if isinstance(found, dict) else {}
    items = connection.get("items")
    users = tuple(_user(row) for row in items if isinstance(row, dict)) if isinstance(items, list) else ()
    token = connection.get("nextToken")
    next_token = token if isinstance(token, str) and token else None
    head = head_of(answer)
    return UsersPage(
        verdict=_verdict(answer, users, next_token, has_list=isinstance(found, dict), sent_token=sent_token),
        users=users,
        next_token=next_token,
        reason=head.message,
        error_type=head.error_type,
        missing=tuple(dict.fromkeys(".".join(keys_of(error.path)) for error in errors_of(answer) if error.path)),
        answer=answer,
    )


def _verdict(
    answer: Answer, users: tuple[User, ...], next_token: str | None, *, has_list: bool, sent_token: bool
) -> Verdict:
    cause = cause_of(answer)
    if cause is not None:
        return _BY_CAUSE.get(cause, Verdict.FAILED)
    outcome, errors = outcome_of(evidence_of(answer)), errors_of(answer)
    if outcome is Outcome.REFUSED_BY_RULE:
        return Verdict.REFUSED_BY_RULE
    if outcome is Outcome.PARTIAL or (errors and users):
        return Verdict.PARTIAL
    if outcome is Outcome.NO_VERDICT:
        named = any("token" in error.message.casefold() for error in errors)
        return Verdict.TOKEN_REFUSED if sent_token and named else Verdict.FAILED
    if not has_list:
        return Verdict.FAILED  # null without an error: the field has no resolver
    return Verdict.ROWS if users or next_token else Verdict.EMPTY


def _user(row: Mapping[str, Any]) -> User:
    fields = (row.get(name) for name in ("userId", "firstname", "lastname", "picture"))
    return User(*(None if value is None else str(value) for value in fields))
