"""A dashboard of its own for tests: a real server process on a free port, on a given local cloud."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60


@dataclass
class Server:
    """A running Streamlit server: its address, its process, and the file that its words go to."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End it; killed when it doesn't end within five seconds."""
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    script: str, folder: Path, variables: Mapping[str, str], streamlit: Sequence[str] = ("-m", "streamlit")
) -> Server:
    """Run a Streamlit script on a free port and return once it answers.

    Args:
        script: the script, relative to the project.
        folder: where its log is written.
        variables: what the process environment gains; this shell's own settings are left out.
        streamlit: what Python runs as Streamlit.
    """
    port = free_port()
    log = folder / f"streamlit-{port}.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GATEHOUSE_", "AWS_"))}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, *streamlit, "run", script, "--server.port", str(port)],
            cwd=ROOT,
            env={**clean, **variables},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=1) as answer:  # noqa: S310
                if answer.status == 200:
                    return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    server.stop()
    raise AssertionError(f"The server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
