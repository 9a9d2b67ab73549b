"""The one condition that ListUsers takes: `email ^= "ada"`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_cloud.cognito.answers import Refused

SEARCHABLE = frozenset(
    {
        "cognito:user_status",
        "email",
        "family_name",
        "given_name",
        "name",
        "phone_number",
        "preferred_username",
        "status",
        "sub",
        "username",
    }
)
CASE_SENSITIVE = frozenset({"status", "username"})
LONGEST = 256
FORM = re.compile(r'\s*("?)(?P<name>[\w:]+)\1\s*(?P<operator>\^?=)\s*"(?P<value>(?:[^"\\]|\\.)*)"\s*', re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one attribute."""

    name: str
    value: str
    prefix: bool
    """Whether it is enough that the attribute begins with the value."""

    def value_of(self, user: Mapping[str, Any]) -> str | None:
        """Return what a user has in the attribute, ready to be compared; None for nothing."""
        found = _attribute(user, self.name)
        return found if found is None or self.name in CASE_SENSITIVE else found.casefold()

    def admits(self, user: Mapping[str, Any]) -> bool:
        """Tell whether a user meets the condition."""
        found = self.value_of(user)
        if found is None:
            return False
        wanted = self.value if self.name in CASE_SENSITIVE else self.value.casefold()
        return found.startswith(wanted) if self.prefix else found == wanted


def parse(text: str) -> Filter | None:
    """Return the condition that a filter states, None for an empty one; raises Refused for a wrong one."""
    if not text.strip():
        return None
    found = FORM.fullmatch(text)
    if found is None or len(text) > LONGEST:
        raise Refused("InvalidParameterException", "Error while parsing filter.")
    if found["name"] not in SEARCHABLE:
        raise Refused("InvalidParameterException", f"Users can't be filtered by {found['name']}.")
    return Filter(found["name"], ESCAPED.sub(r"\1", found["value"]), prefix=found["operator"] == "^=")


def _attribute(user: Mapping[str, Any], name: str) -> str | None:
    match name:
        case "username":
            return str(user["Username"])
        case "status":
            return "Enabled" if user["Enabled"] else "Disabled"
        case "cognito:user_status":
            return str(user["UserStatus"])
    return next((str(held["Value"]) for held in user["Attributes"] if held["Name"] == name), None)
