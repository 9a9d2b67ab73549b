"""Acts in words, as the record shows them."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "calls.run": "Ran calls side by side",
    "column.add": "Signed a person in for a column",
    "group.add": "Added to a group",
    "group.create": "Created a group",
    "group.delete": "Deleted a group",
    "group.remove": "Removed from a group",
    "group.update": "Changed a group",
    "password.send_code": "Sent a reset code",
    "password.set": "Set a password",
    "session.close": "Signed out",
    "session.open": "Signed in",
}


def words_of(act: str) -> str:
    """What was done, in words; an act without any is named as it is recorded."""
    return WORDS.get(act, act)
