"""Random calls of a service, near enough to its model to get somewhere."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import botocore.session
from botocore.model import Shape
from hypothesis import strategies as st

from tests.cloud import Cloud

DEEPEST = 5
NOT_LEFT_TO_CHANCE = {"DeleteIdentityPool", "DeleteStack", "DeleteTable", "DeleteUserPool"}
"""What would leave the calls after it nothing to act on."""

_text = st.text(max_size=12) | st.sampled_from(["", "x", "*", "sub", "userId", 'name = "x"', "a" * 3000])
_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _text | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_text, inner, max_size=2),
    max_leaves=4,
)


def put_out(cloud: Cloud) -> list[str]:
    """Return what the stack put out, by name: the values are others in each run, and examples would be, too."""
    return [cloud.backend[name] for name in sorted(cloud.backend)]


def calls(service: str, cloud: Cloud) -> st.SearchStrategy[tuple[str, str, Any]]:
    """Return a strategy of the target, the content type and the content of one call."""
    model = botocore.session.get_session().get_service_model(service)
    names = sorted(set(model.operation_names) - NOT_LEFT_TO_CHANCE)
    prefix, kind = model.metadata["targetPrefix"], f"application/x-amz-json-{model.metadata['jsonVersion']}"
    known = st.sampled_from([*put_out(cloud), *sorted(cloud.demo["people"])])

    def of(name: str) -> st.SearchStrategy[tuple[str, str, Any]]:
        shape = model.operation_model(name).input_shape
        given = values(shape, known) if shape else st.just({})
        return st.tuples(st.just(f"{prefix}.{name}"), st.just(kind), given | _junk)

    return st.sampled_from(names).flatmap(of)


def forms(service: str, cloud: Cloud) -> st.SearchStrategy[bytes]:
    """Return a strategy of calls of a service whose operations are parameters of a form (the Query protocol)."""
    model = botocore.session.get_session().get_service_model(service)
    documents = ["{}", "[]", '{"Statement": 5}', '{"Resources": {}}', '{"Version": "2012-10-17", "Statement": [5]}']
    known = st.sampled_from([*put_out(cloud), *sorted(cloud.outputs), *documents])

    def of(name: str) -> st.SearchStrategy[bytes]:
        shape = model.operation_model(name).input_shape
        given = values(shape, known) if shape else st.just({})
        said = [("Action", name), ("Version", model.api_version)]
        return given.map(lambda value: urlencode([*said, *_fields("", value)]).encode())

    return st.sampled_from(sorted(set(model.operation_names) - NOT_LEFT_TO_CHANCE)).flatmap(of)


def _fields(place: str, value: Any) -> Iterator[tuple[str, bytes]]:
    """Yield a value as fields of a form: `Tags.member.1.Key`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _fields(f"{place}.{name}".lstrip(".").encode(errors="replace").decode(), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _fields(f"{place}.member.{number}", inner)
    else:
        yield place, str(value).encode(errors="replace")


def values(shape: Shape, known: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return a strategy of values of a shape; what `known` gives is there."""
    return _values(shape, known, 0)


def _values(shape: Shape, known: st.SearchStrategy[str], depth: int) -> st.SearchStrategy[Any]:
    kind = shape.type_name
    if kind == "structure" and depth < DEEPEST:
        members = {name: _member(member, known, depth) for name, member in shape.members.items()}
        needed = {name: members.pop(name) for name in shape.required_members}
        return st.fixed_dictionaries(needed, optional=members)
    if kind == "list" and depth < DEEPEST:
        return st.lists(_member(shape.member, known, depth), max_size=2)
    if kind == "map" and depth < DEEPEST:
        return st.dictionaries(_text, _member(shape.value, known, depth), max_size=2)
    if kind == "string":
        return st.sampled_from(shape.enum) | _text if shape.enum else known | _text
    plain = {
        "boolean": st.booleans(),
        "integer": st.integers(-1, 2**31),
        "long": st.integers(-1, 2**63),
        "blob": st.binary(max_size=8).map(lambda content: base64.b64encode(content).decode()),
    }
    return plain.get(kind, st.floats(allow_nan=False, allow_infinity=False))


def _member(shape: Shape, known: st.SearchStrategy[str], depth: int) -> st.SearchStrategy[Any]:
    """Return a value as the model has it, or one in eight times anything at all."""
    return st.integers(0, 7).flatmap(lambda dice: _junk if dice == 7 else _values(shape, known, depth + 1))
