"""A pytest plugin: with `--collect-only`, write which test holds which rows to the file that ROWS_FILE names."""

import json
import os
from pathlib import Path
from typing import Any


def pytest_collection_finish(session: Any) -> None:
    """Write pairs of row and test, in the order of the tests; a parametrised test counts once."""
    pairs = dict.fromkeys(
        (marker.args[0], item.nodeid.partition("[")[0])
        for item in session.items
        for marker in reversed(list(item.iter_markers("row")))
    )
    Path(os.environ["ROWS_FILE"]).write_text(json.dumps(list(pairs)), encoding="utf-8")
