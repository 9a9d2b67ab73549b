"""A CloudFormation template that answers the questions of these tests."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Template:
    """A template as CloudFormation gets it."""

    body: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of every resource of the type `AWS::{kind}`, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.body["Resources"].items()
            if resource["Type"] == f"AWS::{kind}"
        }

    def the(self, kind: str, **matching: Any) -> dict[str, Any]:
        """Return the properties of the one resource of that type whose properties equal `matching`."""
        return self.of_type(kind)[self.id_of(kind, **matching)]

    def id_of(self, kind: str, **matching: Any) -> str:
        """Return the logical id of the one resource of that type whose properties equal `matching`."""
        names = [
            name
            for name, properties in self.of_type(kind).items()
            if all(properties.get(key) == value for key, value in matching.items())
        ]
        assert len(names) == 1, f"{len(names)} resources of type {kind} match {matching}"
        return names[0]

    def source_of(self, function: str) -> str:
        """Return the inline code of the function whose logical id begins with `function`."""
        return self.function(function)["Code"]["ZipFile"]

    def function(self, name: str) -> dict[str, Any]:
        """Return the properties of the function whose logical id is `name` and the CDK's hash."""
        found = [value for key, value in self.of_type("Lambda::Function").items() if key[:-8] == name]
        assert len(found) == 1, f"{len(found)} functions are named {name}"
        return found[0]

    def granted(self, role: Any, action: str) -> list[str]:
        """Return the resources on which `role` (a reference) may do `action`, as text, sorted.

        Policies that this template attaches count; managed policies of AWS do not.
        """
        resources: list[Any] = []
        for policy in self.of_type("IAM::Policy").values():
            if role in policy["Roles"]:
                resources += allowed(policy["PolicyDocument"], action)
        return sorted(as_text(resource) for resource in resources)

    def outputs(self) -> dict[str, Any]:
        """Return the outputs that people read: without those that one stack hands to another."""
        return {
            name: output["Value"]
            for name, output in self.body["Outputs"].items()
            if not name.startswith("ExportsOutput")
        }


def allowed(document: dict[str, Any], action: str) -> list[Any]:
    """Return the resources on which a policy document allows `action`. No document here may deny."""
    resources: list[Any] = []
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        if action in listed(statement["Action"]):
            resources += listed(statement["Resource"])
    return resources


def actions(document: dict[str, Any]) -> set[str]:
    """Return every action that a policy document allows."""
    return {action for statement in document["Statement"] for action in listed(statement["Action"])}


def listed(value: Any) -> list[Any]:
    """Return a list, also of what CloudFormation writes without one."""
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    """Return a template value as one text, with references in braces: `{UserTable.Arn}/index`."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return "{" + name + "}"
        case {"Fn::GetAtt": [name, attribute]}:
            return "{" + f"{name}.{attribute}" + "}"
        case {"Fn::ImportValue": name}:
            return "{import " + name + "}"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(as_text(part) for part in parts)
    raise AssertionError(f"no text for {value}")
