"""Everything that can go wrong, as one tree; pages show it in one way.

GatehouseError
├── SettingsError        a configured value is missing or malformed
├── SignInError          Cognito, or a token check, refused a sign-in
├── NotPermitted         the dashboard itself refuses: the role of this person doesn't allow the act
└── ServiceError         a call to AWS failed
    ├── Refused          AWS says that the caller may not
    ├── NotFound         the thing isn't there (any more)
    ├── AlreadyExists    the name is taken
    ├── Invalid          AWS doesn't accept a value
    ├── TooManyRequests  a quota is spent; try again later
    └── Unavailable      no answer, or an answer that says 5xx
"""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)  # compared by identity, so that it stays hashable as exceptions have to be
class GatehouseError(Exception):
    """One failure, told so that a person can act on it.

    Attributes:
        failed: what was tried and on whom, e.g. "Could not delete the group billing".
        why: the reason in plain words.
        next_step: what to do now.
        code: the AWS error code, where AWS gave one.
        request_id: the AWS request id, where AWS gave one.
    """

    failed: str
    why: str = ""
    next_step: str = ""
    code: str = ""
    request_id: str = ""

    def __str__(self) -> str:
        return " ".join(f"{part.rstrip('.')}." for part in (self.failed, self.why, self.next_step) if part)


class SettingsError(GatehouseError):
    """A configured value is missing or malformed."""


class SignInError(GatehouseError):
    """A sign-in, or one of its steps, was refused."""


class NotPermitted(GatehouseError):
    """The dashboard refuses the act, whatever AWS would say."""


class ServiceError(GatehouseError):
    """A call to AWS failed in a way that has no better name below."""


class Refused(ServiceError):
    """AWS says that the caller may not do this."""


class NotFound(ServiceError):
    """The thing isn't there, or isn't there any more."""


class AlreadyExists(ServiceError):
    """The name is taken."""


class Invalid(ServiceError):
    """AWS doesn't accept a value that was sent."""


class TooManyRequests(ServiceError):
    """A quota is spent for the moment."""


class Unavailable(ServiceError):
    """There was no answer, or one that says that the service itself failed."""
