"""Setting faults on a running local cloud, over its control endpoint."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.cloud import Cloud
from tests.contract import wire

PATH = "/_local_cloud/faults"


def authorization(cloud: Cloud) -> dict[str, str]:
    """Return the header that the control endpoint believes."""
    return {"Authorization": f"Bearer {json.loads((cloud.folder / 'control.json').read_text())['token']}"}


def put(cloud: Cloud, *faults: dict[str, Any]) -> wire.Reply:
    """Set these faults instead of all others."""
    return wire.send(cloud, "PUT", PATH, authorization(cloud), json.dumps({"faults": faults}).encode())


@contextmanager
def faults(cloud: Cloud, *wanted: dict[str, Any]) -> Iterator[None]:
    """Set faults for as long as the body runs."""
    assert put(cloud, *wanted).status == 200
    try:
        yield
    finally:
        assert wire.send(cloud, "DELETE", PATH, authorization(cloud)).json() == {"faults": []}
