"""All that is declared about one API, and what of it could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.authorization.cells import Reason
from services.authorization.declared.configuration import ApiConfiguration, Key
from services.authorization.declared.policies import Role
from services.authorization.declared.roles import GroupRole, IdentityPoolRoles
from services.authorization.declared.schema import ApiSchema


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read: nothing is predicted that rests on it.

    Attributes:
        what: the thing, e.g. `the schema`.
        why: why not, as a sentence.
        call: the AWS operation that gives it, e.g. `appsync:GetIntrospectionSchema`.
    """

    what: str
    why: str
    call: str = ""

    @property
    def reason(self) -> Reason:
        """The reason why nothing is predicted."""
        words = f"{self.what[:1].upper()}{self.what[1:]} could not be read, so nothing is predicted."
        return Reason(f"{words} {self.why}".strip(), place=self.call)


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """What is declared about one API. None stands for what was not read; `unread` says why.

    Attributes:
        api: its name in the environment.
        configuration: its modes.
        schema: its types and directives.
        keys: its API keys.
        pool: the identity pool's roles.
        groups: the user pool's groups.
        roles: what each role may do, by its ARN.
        unread: what could not be read.
        at: when it was read, UTC.
    """

    api: str
    configuration: ApiConfiguration | None = None
    schema: ApiSchema | None = None
    keys: tuple[Key, ...] | None = None
    pool: IdentityPoolRoles | None = None
    groups: tuple[GroupRole, ...] | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    at: datetime | None = None

    def missing(self, what: str) -> Reason:
        """Why a thing isn't there, by its name in `unread`."""
        found = next((each for each in self.unread if each.what == what), None)
        return (found or Unread(what, "It was not asked for.")).reason


CONFIGURATION = "the API's configuration"
SCHEMA = "the schema"
KEYS = "the API's keys"
POOL = "the identity pool's roles"
GROUPS = "the user pool's groups"


def role_named(arn: str) -> str:
    """What `Unread.what` calls a role."""
    return f"the role {arn.rpartition('/')[2] or arn}"
