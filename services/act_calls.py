"""The call to AWS that an act makes, as the API's request and as a line of the AWS CLI; holds no secret."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from botocore import xform_name

from services.acts import ACTS
from services.legible import legible
from services.settings import Environment

_OWN_TEXT = "="
_READ_OTHERWISE = ("-", "file://", "fileb://", "http://", "https://")


@dataclass(frozen=True, slots=True)
class ActCall:
    """A call of Cognito user pools.

    Attributes:
        operation: e.g. `AdminAddUserToGroup`.
        arguments: its parameters; placeholders such as `<password>` stand for secrets.
        region: where.
        endpoint_url: another address for AWS; empty for AWS's own.
    """

    operation: str
    arguments: Mapping[str, object]
    region: str
    endpoint_url: str = ""

    @property
    def request(self) -> str:
        """Operation and parameters, as the API takes them."""
        return f"{self.operation}\n{json.dumps(self.arguments, indent=2, ensure_ascii=False)}"

    @property
    def command(self) -> str:
        """The line for the AWS CLI, quoted for a POSIX shell."""
        words = ["aws", "cognito-idp", _kebab(self.operation), "--region", self.region]
        if self.endpoint_url:
            words += ["--endpoint-url", self.endpoint_url]
        if any(map(_needs_json, self.arguments.values())):
            return shlex.join([*words, "--cli-input-json", legible(json.dumps(self.arguments, ensure_ascii=False))])
        for name, value in self.arguments.items():
            words += _option(name, value)
        return shlex.join(words)


def call_of(act: str, environment: Environment, target: str, detail: Mapping[str, object]) -> ActCall | None:
    """The call that an act makes, or made.

    Args:
        act: e.g. `group.add`.
        environment: where.
        target: on whom or what.
        detail: what the act is recorded with; what it doesn't say is left out, as it is of the call.

    Returns:
        None for an act that Cognito has no call for.
    """
    kind = ACTS.get(act)
    if kind is None or not kind.operation:
        return None
    values = {**detail, "pool": environment.user_pool_id, "target": target}
    arguments: dict[str, object] = {}
    for name, source in kind.arguments:
        value = source.removeprefix(_OWN_TEXT) if source.startswith(_OWN_TEXT) else values.get(source)
        if value is not None and (value != "" or name in kind.sent_empty):
            arguments[name] = value
    return ActCall(kind.operation, arguments, environment.region, environment.endpoint_url)


def _needs_json(value: object) -> bool:
    """Whether the CLI would take the value for an option, or fetch what it names; or a reader would not see all of it,
    which JSON can spell out and mean the same."""
    return isinstance(value, str) and (value.lower().startswith(_READ_OTHERWISE) or legible(value) != value)


def _option(name: str, value: object) -> list[str]:
    option = _kebab(name)
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", str(value)]


def _kebab(name: str) -> str:
    return xform_name(name, "-")
