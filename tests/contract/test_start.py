"""What the local cloud promises about its start, its folder and its stop."""

import json
from pathlib import Path

from tests.cloud import Cloud


def test_the_ready_line_names_endpoint_outputs_and_seconds(local_cloud: Cloud) -> None:
    assert set(local_cloud.ready) == {"ready", "endpoint", "outputs", "seconds"}
    assert local_cloud.ready["ready"] is True
    assert local_cloud.endpoint.startswith("http://127.0.0.1:")
    assert Path(local_cloud.ready["outputs"]) == local_cloud.folder / "outputs.json"
    assert json.loads((local_cloud.folder / "ready.json").read_text()) == local_cloud.ready
