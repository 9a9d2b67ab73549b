"""Fields that several forms of the sign-in page share: a new password, and what a pool's schema requires."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages._sign_in_steps import turn, wrong
from pages._ui import plain
from services.secret import Secret


@dataclass(frozen=True, slots=True)
class _Field:
    """How an attribute is asked for: what it is called, how it is written, and what the browser may fill in."""

    label: str
    example: str = ""
    autocomplete: str = ""


_FIELDS: Mapping[str, _Field] = {
    "address": _Field("Address", autocomplete="street-address"),
    "birthdate": _Field("Date of birth", "2001-12-31", "bday"),
    "email": _Field("E-mail", "ada@example.com", "email"),
    "family_name": _Field("Family name", autocomplete="family-name"),
    "gender": _Field("Gender"),
    "given_name": _Field("Given name", autocomplete="given-name"),
    "locale": _Field("Locale", "en-GB"),
    "middle_name": _Field("Middle name", autocomplete="additional-name"),
    "name": _Field("Full name", autocomplete="name"),
    "nickname": _Field("Nickname", autocomplete="nickname"),
    "phone_number": _Field("Phone number", "+491234567890", "tel"),
    "picture": _Field("Address of a picture", "https://example.com/ada.png"),
    "preferred_username": _Field("Preferred user name"),
    "profile": _Field("Address of a profile page", "https://example.com/ada"),
    "updated_at": _Field("Last change, in seconds since 1970", "1767225600"),
    "website": _Field("Website", "https://example.com", "url"),
    "zoneinfo": _Field("Time zone", "Europe/Berlin"),
}


@dataclass(frozen=True, slots=True)
class Twice:
    """A password that was typed twice."""

    first: Secret
    second: Secret

    def check(self, failed: str) -> None:
        """Go no further unless both are the same and not empty: say why, after what it keeps from happening."""
        if not self.first or self.first != self.second:
            why = "The two passwords differ" if self.first else "The password is empty"
            wrong(failed, why, "Type the same new password twice")


def new_password(label: str = "New password") -> Twice:
    """Two fields for a new password; both are empty again after each turn."""
    first, second = (
        st.text_input(text, key=f"{key}_{turn()}", type="password", autocomplete="new-password")
        for text, key in ((label, "sign_in_new"), (f"{label} again", "sign_in_again"))
    )
    return Twice(Secret(first), Secret(second))


def code_field(key: str) -> str:
    """A field for a code that was sent or is shown: what was typed, without the blanks that group its digits."""
    return "".join(st.text_input("Code", key=key, autocomplete="one-time-code").split())


def attributes(names: tuple[str, ...]) -> dict[str, str]:
    """A field for each attribute, and what was typed, without the spaces around it; it is kept when it is refused."""
    return {name: _attribute(name) for name in names}


def check_complete(values: Mapping[str, str], failed: str) -> None:
    """Go no further while an attribute is empty: say which one, after what that keeps from happening."""
    empty = next((name for name, value in values.items() if not value), None)
    if empty is not None:
        wrong(failed, f"{_field(empty).label} is empty", "The user pool requires it: fill it in and try again")


def label_of(name: str) -> str:
    """What an attribute is called here, safe to be shown as a label."""
    return _field(name).label


def _field(name: str) -> _Field:
    return _FIELDS.get(name) or _Field(plain(name.removeprefix("custom:").replace("_", " ").capitalize()))


def _attribute(name: str) -> str:
    field = _field(name)
    return st.text_input(
        field.label,
        key=f"sign_in_attribute_{name}",
        placeholder=field.example or None,
        autocomplete=field.autocomplete or "off",
    ).strip()
