"""Refuses a suite file that holds a password, a token or a key: it names environment variables instead."""

import re
from collections.abc import Mapping
from pathlib import Path

from services.authorization.suite.yaml_parts import Part, refusal
from services.secret import Secret

VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
"""The name of an environment variable, with an underscore in it: hardly a password looks like that."""

_HOW = (
    "Put it into an environment variable and write that variable's name, in capitals and with an underscore in it,"
    " such as GATEHOUSE_LAB_TOKEN"
)
_SHAPES = (
    ("a JWT", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")),
    ("an API key", re.compile(r"\bda2-[a-z0-9]{10,}")),
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
)
_NAMES = frozenset(
    {"password", "passwd", "secret", "token", "apikey", "xapikey", "authorization", "idtoken", "accesstoken",
     "refreshtoken", "sessiontoken", "secretkey", "secretaccesskey", "clientsecret", "cookie"}
)  # fmt: skip


def refuse_secret_shapes(text: str, path: Path) -> None:
    """Raise `Invalid` for a text, comments included, that holds what looks like a credential; never quote it."""
    for what, shape in _SHAPES:
        if found := shape.search(text):
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            raise refusal(path, f"line {line}, column {column}: this looks like {what}", _HOW)


def refuse_secret_names(suite: Part) -> None:
    """Raise `Invalid` for a value under a name such as `password` that is not the name of a variable."""
    for part in suite.walk():
        if _names_secret(part.name) and part.is_scalar and not VARIABLE.fullmatch(part.raw):
            raise part.refused(f"{part.name} holds a value, and secrets don't belong into a suite file", _HOW)


def looks_secret(name: str, value: object) -> bool:
    """Whether a value is a credential by its name or its look, or holds one."""
    match value:
        case None:
            return False
        case dict():
            return any(looks_secret(str(key), below) for key, below in value.items())
        case list():
            return any(looks_secret(name, below) for below in value)
    return _names_secret(name) or any(shape.search(str(value)) for _, shape in _SHAPES)


def _names_secret(name: str) -> bool:
    return re.sub(r"[^a-z]", "", name.lower()) in _NAMES


def secret_of(part: Part, variables: Mapping[str, str]) -> Secret | None:
    """The secret that an environment variable holds; None when it is not set, or is empty.

    Raises:
        Invalid: what stands here is not the name of a variable.
    """
    name = part.text()
    if not VARIABLE.fullmatch(name):
        raise part.refused(f"{part.name} has to be the name of an environment variable", _HOW)
    value = variables.get(name, "").strip()
    return Secret(value) if value else None
