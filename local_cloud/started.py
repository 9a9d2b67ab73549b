"""What a start made, and what whoever uses the cloud has to know of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from local_cloud.aws import AccessKey

Outputs = Mapping[str, Mapping[str, str]]
Demo = Mapping[str, Any]
"""What demo.json holds: the people with their passwords, and the Lambda authorizer's token."""


@dataclass(frozen=True, slots=True)
class Started:
    """Stacks, people and keys of a local cloud that is ready."""

    outputs: Outputs
    """Of each stack, as CloudFormation gives them."""
    demo: Demo
    keys: Mapping[str, AccessKey]
    """Access keys by the name of their profile."""

    def as_json(self) -> dict[str, Any]:
        """Return what `started_from` takes."""
        keys = {name: asdict(key) for name, key in self.keys.items()}
        return {"outputs": self.outputs, "demo": self.demo, "keys": keys}


def started_from(kept: Mapping[str, Any]) -> Started:
    """Return what `as_json` gave; raises LookupError or TypeError for anything else."""
    keys = {name: AccessKey(**key) for name, key in kept["keys"].items()}
    return Started(kept["outputs"], kept["demo"], keys)
