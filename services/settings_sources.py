"""The places that settings come from, each read once: variables, secrets.toml, the CDK outputs file."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.errors import SettingsError
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
    """

    variables: Mapping[str, str]
    secrets: Mapping[str, Any]
    outputs: Mapping[str, Any]
    outputs_path: str

    def find(self, value: Value) -> tuple[str, str]:
        """The text of a value and the place it was found at; both empty when it is nowhere."""
        if text := self.variables.get(value.variable, "").strip():
            return text, f"the environment variable {value.variable}"
        if text := _text(self.secrets.get(value.key, "")):
            return text, f"{value.key} in [gatehouse] of {SECRETS_FILE}"
        for stack, output in value.outputs:
            section = self.outputs.get(stack)
            if isinstance(section, dict) and (text := str(section.get(output, "")).strip()):
                return text, f"{stack}.{output} in {self.outputs_path}"
        return "", ""


def read_sources(variables: Mapping[str, str], folder: Path) -> Sources:
    """The sources as they are now, with relative paths that start at a folder.

    Raises:
        SettingsError: a file can't be read, or a file that is named isn't there.
    """
    secrets = _read_secrets(folder / SECRETS_FILE)
    named = variables.get("GATEHOUSE_OUTPUTS_FILE", "").strip() or _text(secrets.get("outputs_file", ""))
    path = folder / (named or OUTPUTS_FILE)
    if not named and not path.exists():
        return Sources(variables, secrets, {}, str(OUTPUTS_FILE))
    return Sources(variables, secrets, read_outputs(path), named or str(OUTPUTS_FILE))


def _read_secrets(path: Path) -> Mapping[str, Any]:
    try:
        section = tomllib.loads(path.read_text(encoding="utf-8")).get("gatehouse", {})
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # The parser's own message may quote the line that it stumbled on, and that line may be a secret.
        raise SettingsError(
            f"{SECRETS_FILE} can't be read",
            f"It is not valid TOML ({type(error).__name__})",
            "Compare it with .streamlit/secrets.example.toml",
        ) from None
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


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
