"""The committed templates and the functions' source, as the tests read them."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.infra.template import Template

INFRA = Path(__file__).parents[2] / "infra"


@pytest.fixture(scope="session")
def backend() -> Template:
    """Return the committed template of GuestUserBackendStack."""
    return committed("GuestUserBackendStack")


@pytest.fixture(scope="session")
def auth_modes() -> Template:
    """Return the committed template of AuthModesStack."""
    return committed("AuthModesStack")


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch):
    """Return a loader of one Lambda function's module, as fresh as after a cold start."""

    def load(name: str, **environment: str) -> ModuleType:
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        spec = importlib.util.spec_from_file_location(name, INFRA / "functions" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def committed(stack: str) -> Template:
    """Return the template of `stack` as it lies in the checkout."""
    return Template(json.loads((INFRA / "templates" / f"{stack}.template.json").read_text()))
