"""One person of a user pool, as ListUsers and ListUsersInGroup tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.user_states import STANDINGS, Standing, State, state_of

if TYPE_CHECKING:
    from types_boto3_cognito_idp.type_defs import UserTypeTypeDef


@dataclass(frozen=True, slots=True)
class Person:
    """One person.

    Attributes:
        username: the name that never changes.
        attributes: every attribute by its Cognito name, e.g. `email`, `sub`, `custom:team`.
        status: Cognito's constant, e.g. `FORCE_CHANGE_PASSWORD`.
        enabled: whether sign-in is allowed at all.
        created: when the account was made.
        modified: when it was last changed.
    """

    username: str
    attributes: Mapping[str, str]
    status: str
    enabled: bool
    created: datetime
    modified: datetime

    @property
    def sub(self) -> str:
        """The pool's unchanging id of this person."""
        return self.attributes.get("sub", "")

    @property
    def email(self) -> str:
        """The e-mail address, empty when there is none."""
        return self.attributes.get("email", "")

    @property
    def phone(self) -> str:
        """The phone number, empty when there is none."""
        return self.attributes.get("phone_number", "")

    @property
    def email_verified(self) -> bool:
        """Whether the e-mail address was proved by a code."""
        return self.attributes.get("email_verified", "").lower() == "true"

    @property
    def phone_verified(self) -> bool:
        """Whether the phone number was proved by a code."""
        return self.attributes.get("phone_number_verified", "").lower() == "true"

    @property
    def state(self) -> State:
        """The state in words."""
        return state_of(self.status, enabled=self.enabled)

    @property
    def standing(self) -> Standing:
        """What the state means for a sign-in and for the password."""
        return STANDINGS[self.state]


def person(user: "UserTypeTypeDef") -> Person:
    """The person in one entry of a ListUsers or ListUsersInGroup answer."""
    return Person(
        username=user["Username"],
        attributes={a["Name"]: a.get("Value", "") for a in user.get("Attributes", [])},
        status=user.get("UserStatus", "UNKNOWN"),
        enabled=user.get("Enabled", True),
        created=user["UserCreateDate"],
        modified=user["UserLastModifiedDate"],
    )
