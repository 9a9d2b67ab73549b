"""Suite files as text, small enough to see what a test changes in them."""

from collections.abc import Mapping
from pathlib import Path

from services.authorization.suite.model import Suite
from services.authorization.suite.reading import parse_suite
from services.authorization.suite.saved import SavedOperation

PATH = Path("suites/some.yaml")
ONE_OPERATION = "operations:\n  - {id: a, document: '{ a }'}\n"


def read(text: str, variables: Mapping[str, str] | None = None) -> Suite:
    """The suite of a text."""
    return parse_suite(text, PATH, variables or {})


def suite(more: str = "", operations: str = ONE_OPERATION, variables: Mapping[str, str] | None = None) -> Suite:
    """A suite with these operations and more sections."""
    return read(f"name: some\napi: modes\n{operations}{more}", variables)


def operation(text: str, more: str = "") -> SavedOperation:
    """The first operation of a suite whose one entry is this flow mapping."""
    return suite(more, f"operations:\n  - {text}\n").operations[0]
