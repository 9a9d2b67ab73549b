"""The values that the parts of the lab hand to each other: a cell, what it shows, and who stands behind a column.

A *cell* is one operation by one identity. Three layers speak about it: what is *declared* (predicted without a call),
what was *agreed* (the baseline file) and what was *observed* (a call). All three speak in verdicts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.authorization.outcomes import Outcome


class Mode(StrEnum):
    """An authorization mode of AppSync, spelt as AppSync spells it."""

    API_KEY = "API_KEY"
    IAM = "AWS_IAM"
    USER_POOL = "AMAZON_COGNITO_USER_POOLS"
    OIDC = "OPENID_CONNECT"
    LAMBDA = "AWS_LAMBDA"


@dataclass(frozen=True, slots=True, order=True)
class CellId:
    """The place of a cell: the same in every run, in the baseline file, in reports and in addresses.

    Attributes:
        operation: the operation's id in the suite.
        identity: the identity's id, e.g. `guest/iam` or `group:admins/id`.
    """

    operation: str
    identity: str

    def __str__(self) -> str:
        return f"{self.operation} {self.identity}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cell shows, in the form that can be agreed on.

    Attributes:
        outcome: of the whole call.
        refused: the refused fields as they are read (`listUsers.items[].email`); of a partial answer, and of
            a call whose every field was refused by rule. Empty where the whole call was turned away.
    """

    outcome: Outcome
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an identity before any call: all that a prediction may rest on.

    Attributes:
        mode: what it sends belongs to this mode; None for no credentials.
        good: False for a credential that is spoilt on purpose, which every API has to turn away.
        groups: the user pool groups that its token names.
        issuer: the `iss` of its JWT, empty for other kinds.
        client_id: the app client that its JWT is for.
        token_use: `id` or `access`, for a user pool's JWT.
        guest: IAM credentials of the identity pool's guest role.
        role_arn: the role behind IAM credentials, where it is known before they are fetched.
        denied_fields: what the Lambda authorizer is said to deny this token, as `Type.field`.
    """

    mode: Mode | None
    good: bool = True
    groups: frozenset[str] = frozenset()
    issuer: str = ""
    client_id: str = ""
    token_use: str = ""
    guest: bool = False
    role_arn: str = ""
    denied_fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field or a call is let in or refused, with the line that says so.

    Attributes:
        words: a sentence.
        line: the schema line, policy statement or setting, word by word.
        place: where that stands, e.g. `schema line 12`, `role GuestRole, policy ListUsers`, `API configuration`.
        groups: the groups that decide it, for a link to them.
    """

    words: str
    line: str = ""
    place: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """What schema, modes, policies and groups say a cell must show.

    Attributes:
        verdict: the prediction; *allowed* also stands for *filtered*, which no schema tells. None where nothing
            can be predicted, and `reasons` then says why.
        reasons: what decided it, the whole call's first.
        by_field: the reason of each refused or nulled field, by its label.
    """

    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    by_field: Mapping[str, Reason] = field(default_factory=dict)


class Progress(StrEnum):
    """How far a cell has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a cell's call showed. What was not run is *no verdict*, and says why it wasn't.

    Attributes:
        verdict: what was seen.
        why: the reason in sentences.
        next_step: what to do about it; may be empty.
        progress: DONE, or NOT_RUN.
        status: the HTTP status; None where no answer came.
        error_type: AppSync's error type, or the failure's code.
        request_id: AWS's id of the request.
        milliseconds: of the call; None where no answer came.
        bytes: length of the answer's body.
        ids: for lists, the set of ids that came, by field label; for comparing who sees what.
        at: when it was observed, UTC.
        reached: the labels of the fields that the answer says something about (`declared.labels.reached`); None where
            that is not known. What stands below a null or an empty list was never asked for, and proves nothing.
    """

    verdict: Verdict
    why: str
    next_step: str = ""
    progress: Progress = Progress.DONE
    status: int | None = None
    error_type: str = ""
    request_id: str = ""
    milliseconds: float | None = None
    bytes: int = 0
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    at: datetime | None = None
    reached: frozenset[str] | None = None
