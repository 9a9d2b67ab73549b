"""The stable names of identities, the same in every run, in baseline files and in addresses."""

from collections.abc import Iterable

NOBODY = "nobody"
API_KEY = "api-key"
GUEST = "guest/iam"
ME = "me"
NO_GROUP = "no-group"
GROUP, PERSON, OIDC, LAMBDA, BROKEN = "group:", "person:", "oidc:", "lambda:", "broken:"
ID, ACCESS, IAM = "/id", "/access", "/iam"
"""How the names end of what a signed-in person can send: the ID token, the access token, or IAM credentials."""


def numbered_key(number: int) -> str:
    """The name of the API's n-th key, from 1."""
    return API_KEY if number == 1 else f"{API_KEY}:{number}"


def members_of(groups: Iterable[str]) -> str:
    """What the names begin with of somebody in exactly these groups: `group:admins`, `group:a+b`, `no-group`."""
    names = sorted(set(groups))
    return GROUP + "+".join(names) if names else NO_GROUP
