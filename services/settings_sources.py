"""The places that settings come from, each read once: variables, secrets.toml, the CDK outputs file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.errors import SettingsError
from services.settings_environments import Section, UnknownEnvironment, as_text, chosen, in_outputs, read_toml, sections
from services.settings_values import GUEST_STACK, MODES_STACK, Value

SECRETS_FILE = Path(".streamlit/secrets.toml")
OUTPUTS_FILE = Path("cdk-outputs.json")


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources, in the order in which a value is looked for in them.

    Attributes:
        variables: the process environment.
        secrets: `[gatehouse]` of secrets.toml.
        outputs: the outputs file: stack name to output name to value.
        outputs_path: what the outputs file is called.
        sections: the environments that have a name, in their order.
        own: what the environment that is read says itself, which goes before all else.
    """

    variables: Mapping[str, str]
    secrets: Mapping[str, Any]
    outputs: Mapping[str, Any]
    outputs_path: str
    sections: tuple[Section, ...] = ()
    own: Section | None = None

    def find(self, value: Value) -> tuple[str, str]:
        """The text of a value and the place it was found at; both empty when it is nowhere."""
        if self.own and (found := self.own.find(value))[0]:
            return found
        if self.own and not value.inherited:
            return self.own.key, self.own.place
        if text := self.variables.get(value.variable, "").strip():
            return text, f"the environment variable {value.variable}"
        if text := as_text(self.secrets.get(value.key, "")):
            return text, f"{value.key} in [gatehouse] of {SECRETS_FILE}"
        return in_outputs(value, self.outputs, self.outputs_path)

    def looked(self, value: Value) -> str:
        """The places in which a value is looked for, in words."""
        own = [each for each in (self.own.place, self.own.outputs_path) if each] if self.own else []
        shared = [f"the environment variable {value.variable}", f"[gatehouse] of {SECRETS_FILE}"]
        return ", in ".join([*own, *shared]) + f", and in {self.outputs_path}"

    def how_to_set(self, value: Value) -> str:
        """One sentence that says where the value can be written."""
        return value.how_to_set(self.own.place if self.own else "")

    def of(self, key: str, folder: Path) -> "Sources":
        """The sources of one environment; those of an installation with a single one without a name, as they are.

        Raises:
            UnknownEnvironment: there is none of that name.
            SettingsError: its outputs file can't be read.
        """
        if not self.sections:
            if key:
                raise UnknownEnvironment(
                    f"There is no environment named {key}", "The one that is configured has no name", "Leave it out"
                )
            return self
        own = chosen(list(self.sections), key, self.variables)
        if path := as_text(own.values.get("outputs_file", "")):
            own = replace(own, outputs=read_outputs(folder / path), outputs_path=path)
        return replace(self, own=own)


def read_sources(variables: Mapping[str, str], folder: Path) -> Sources:
    """The sources as they are now, with relative paths that start at a folder.

    Raises:
        SettingsError: a file can't be read, or a file that is named isn't there.
    """
    secrets = _read_secrets(folder)
    found = tuple(sections(variables, folder, secrets, SECRETS_FILE))
    named = variables.get("GATEHOUSE_OUTPUTS_FILE", "").strip() or as_text(secrets.get("outputs_file", ""))
    path = folder / (named or OUTPUTS_FILE)
    if not named and not path.exists():
        return Sources(variables, secrets, {}, str(OUTPUTS_FILE), found)
    return Sources(variables, secrets, read_outputs(path), named or str(OUTPUTS_FILE), found)


def _read_secrets(folder: Path) -> Mapping[str, Any]:
    if not (folder / SECRETS_FILE).exists():
        return {}
    section = read_toml(folder / SECRETS_FILE).get("gatehouse", {})
    if not isinstance(section, dict):
        raise SettingsError(f"[gatehouse] in {SECRETS_FILE} is not a section", "", "Write [gatehouse] above the values")
    return section


def read_outputs(path: Path) -> Mapping[str, Any]:
    """What an outputs file holds: stack name to output name to value; `SettingsError` when it is no such file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"The outputs file {path} does not exist",
            "GATEHOUSE_OUTPUTS_FILE or outputs_file names it",
            "Write it with `cdk deploy --all --outputs-file cdk-outputs.json`",
        ) from None
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The outputs file {path} can't be read",
            f"It is not valid JSON ({type(error).__name__})",
            "Write it again with `cdk deploy --all --outputs-file cdk-outputs.json`",
        ) from None
    if not isinstance(content, dict) or not (GUEST_STACK in content or MODES_STACK in content):
        raise SettingsError(
            f"The outputs file {path} does not name {GUEST_STACK}",
            "It is not the outputs file of Gatehouse's stacks",
            "Write it again with `cdk deploy --all --outputs-file cdk-outputs.json`",
        )
    return content
