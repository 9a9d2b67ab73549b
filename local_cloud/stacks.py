"""Deploying the committed templates, as `cdk deploy` would, and reading their outputs."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BACKEND = "GuestUserBackendStack"
AUTH_MODES = "AuthModesStack"
SUFFIX = ".template.json"
BUCKET = "gatehouse-templates"
LARGEST_INLINE = 51_200
"""In bytes: what CreateStack takes as a text; a larger template goes by way of S3."""
POLL_SECONDS = 0.01
LONGEST_SECONDS = 60.0

Outputs = dict[str, dict[str, str]]


class DeploymentFailed(Exception):
    """A template is missing or CloudFormation did not complete it."""


def templates(folder: Path) -> dict[str, Path]:
    """Return the templates of a folder by stack name, the stack that others build on first."""
    found = {path.name.removesuffix(SUFFIX): path for path in folder.glob(f"*{SUFFIX}")}
    if BACKEND not in found:
        raise DeploymentFailed(f"{folder} has no {BACKEND}{SUFFIX}; run from the project's root.")
    return {name: found[name] for name in sorted(found, key=lambda name: (name != BACKEND, name))}


def deploy(clients: Any, name: str, template: Path, values: Mapping[str, str]) -> dict[str, str]:
    """Create a stack and wait for it (CreateStack, DescribeStacks); returns its outputs.

    Parameters that the template declares without a default are taken from `values` by name.
    Raises DeploymentFailed with CloudFormation's own reason when the stack does not complete.
    """
    text = json.dumps(json.loads(template.read_text(encoding="utf-8")), separators=(",", ":"))
    cloudformation = clients.of("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        Parameters=_parameters(name, json.loads(text), values),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        **_body(clients, name, text),
    )
    return _outputs(cloudformation, name)


def _parameters(name: str, template: Mapping[str, Any], values: Mapping[str, str]) -> list[dict[str, str]]:
    declared: Mapping[str, Mapping[str, Any]] = template.get("Parameters", {})
    needed = [key for key, parameter in declared.items() if "Default" not in parameter]
    unknown = [key for key in needed if key not in values]
    if unknown:
        raise DeploymentFailed(f"{name} asks for parameters without a value: {', '.join(unknown)}.")
    return [{"ParameterKey": key, "ParameterValue": values[key]} for key in needed]


def _body(clients: Any, name: str, text: str) -> dict[str, str]:
    if len(text.encode()) <= LARGEST_INLINE:
        return {"TemplateBody": text}
    store = clients.of("s3")
    store.create_bucket(Bucket=BUCKET)
    store.put_object(Bucket=BUCKET, Key=f"{name}.json", Body=text.encode())
    return {"TemplateURL": f"{store.meta.endpoint_url}/{BUCKET}/{name}.json"}


def _outputs(cloudformation: Any, name: str) -> dict[str, str]:
    give_up = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < give_up:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        status = stack["StackStatus"]
        if status == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        if not status.endswith("_IN_PROGRESS"):
            raise DeploymentFailed(f"{name} ended as {status}: {_first_failure(cloudformation, name)}")
        time.sleep(POLL_SECONDS)
    raise DeploymentFailed(f"{name} was not complete after {LONGEST_SECONDS:.0f} s.")


def _first_failure(cloudformation: Any, name: str) -> str:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failures = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failures:
        return "no reason given."
    first = min(failures, key=lambda event: event["Timestamp"])
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given.')}"
