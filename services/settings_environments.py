"""Several environments in one installation: where they are written, and what is an environment's own.

They stand in `[gatehouse.environments.NAME]` of secrets.toml, or, as `[NAME]`, in the TOML file that the variable
GATEHOUSE_ENVIRONMENTS names. What an environment doesn't say itself, it has from `[gatehouse]`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.errors import SettingsError
from services.settings_values import VALUES, Value

VARIABLE = "GATEHOUSE_ENVIRONMENTS"
CHOICE = "GATEHOUSE_ENVIRONMENT"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_OWN_KEYS = frozenset(value.key for value in VALUES if not value.common) | {"outputs_file"}


@dataclass(frozen=True, slots=True)
class Section:
    """What one environment says itself.

    Attributes:
        key: its name in the file, in addresses and in the cookie's name.
        place: where it stands, e.g. `[gatehouse.environments.staging] of .streamlit/secrets.toml`.
        values: its own values.
        outputs: its own outputs file: stack name to output name to value.
        outputs_path: what that file is called; empty where it names none.
    """

    key: str
    place: str
    values: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    outputs_path: str = ""

    def find(self, value: Value) -> tuple[str, str]:
        """The text of a value and the place it was found at; both empty where the environment doesn't say it."""
        if text := as_text(self.values.get(value.key, "")):
            return text, f"{value.key} in {self.place}"
        return in_outputs(value, self.outputs, self.outputs_path)


class UnknownEnvironment(SettingsError):
    """There is no environment of that name."""


def sections(
    variables: Mapping[str, str], folder: Path, secrets: Mapping[str, Any], secrets_file: Path
) -> list[Section]:
    """The environments that are configured, in their order; empty for one without a name.

    Args:
        variables: the process environment.
        folder: where relative paths start.
        secrets: `[gatehouse]` of secrets.toml.
        secrets_file: what that file is called.

    Raises:
        SettingsError: the file can't be read, or a section is no environment.
    """
    if path := variables.get(VARIABLE, "").strip():
        written, prefix, file = read_toml(folder / path), "", path
    else:
        written, prefix, file = secrets.get("environments", {}), "gatehouse.environments.", str(secrets_file)
    if not isinstance(written, Mapping):
        raise SettingsError(f"environments in {file} is not a section", "", f"Write [{prefix}NAME] above its values")
    found = [_section(key, values, f"[{prefix}{key}] of {file}") for key, values in written.items()]
    names = [as_text(section.values.get("name", "")) or section.key for section in found]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise SettingsError(
            f"Two environments are called {twice}", f"Both stand in {file}", "Give each a name of its own"
        )
    return found


def chosen(found: list[Section], key: str, variables: Mapping[str, str]) -> Section:
    """The environment of that name; without a name, the one that GATEHOUSE_ENVIRONMENT says.

    Raises:
        UnknownEnvironment: there is none, or it isn't said which of several.
    """
    key = key or variables.get(CHOICE, "").strip()
    names = ", ".join(section.key for section in found)
    if not key:
        raise UnknownEnvironment("Several environments are configured", names, f"Name one of them in {CHOICE}")
    for section in found:
        if section.key == key:
            return section
    raise UnknownEnvironment(f"There is no environment named {key}", f"Configured are: {names}", "Choose one of these")


def read_toml(path: Path) -> Mapping[str, Any]:
    """What a TOML file holds; raises `SettingsError` without a word of what stands in it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # The parser's own message may quote the line that it stumbled on, and that line may be a secret.
        why = "It does not exist" if isinstance(error, FileNotFoundError) else "It is not valid TOML"
        raise SettingsError(
            f"{path} can't be read",
            f"{why} ({type(error).__name__})",
            "Compare it with .streamlit/secrets.example.toml",
        ) from None


def in_outputs(value: Value, outputs: Mapping[str, Any], path: str) -> tuple[str, str]:
    """The text of a value in an outputs file, and its place there; both empty when it isn't there."""
    for stack, output in value.outputs:
        section = outputs.get(stack)
        if isinstance(section, dict) and (text := str(section.get(output, "")).strip()):
            return text, f"{stack}.{output} in {path}"
    return "", ""


def as_text(value: object) -> str:
    """A value of a TOML file as an environment variable would hold it."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _section(key: str, values: object, place: str) -> Section:
    if not _NAME.fullmatch(key):
        raise SettingsError(
            f"{key!r} can't name an environment",
            f"It stands in {place}",
            "Use small letters, digits and hyphens, 30 at most; the setting name may hold any text for the screen",
        )
    if not isinstance(values, Mapping):
        raise SettingsError(f"{place} is not a section", "", "Write its values below it")
    for name in values:
        if name not in _OWN_KEYS:
            common = any(name == value.key for value in VALUES)
            why = "It counts for all environments" if common else "There is no such setting"
            step = "Move it to [gatehouse]" if common else "Look for it in the README's table of settings"
            raise SettingsError(f"The setting {name} can't stand in {place}", why, step)
    return Section(key, place, values)
