"""`make run`: the local cloud and the dashboard together, and nothing left of them afterwards."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.cloud import ROOT
from tests.ports import free_port
from tools.run import KEEP_SECONDS, start, stop

START_SECONDS = 120
STOP_SECONDS = 60


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def command(folder: Path, port: int, dashboard_port: int) -> list[str]:
    ports = [f"--port={port}", f"--dashboard-port={dashboard_port}"]
    return [sys.executable, str(ROOT / "tools/run.py"), *ports, "--users=3", f"--folder={folder}"]


def members(groups: set[int]) -> list[int]:
    """Return the processes that are alive in any of the process groups."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = each.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it has just ended
        if int(group) in groups and state != "Z":
            found.append(int(each.parent.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_both_serve_until_a_signal_and_nothing_of_them_stays(tmp_path: Path, number: signal.Signals) -> None:
    port, dashboard_port = free_port(), free_port()
    folder = tmp_path / "folder"
    with (tmp_path / "words").open("w") as words:
        run = subprocess.Popen(
            command(folder, port, dashboard_port), cwd=ROOT, stdout=subprocess.PIPE, stderr=words, text=True
        )
    assert run.stdout is not None
    try:
        said = ""
        while "Stop with" not in said:
            line = run.stdout.readline()
            assert line, (tmp_path / "words").read_text()
            said += line
        assert f"http://127.0.0.1:{dashboard_port}" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{dashboard_port}/_stcore/health", timeout=60) as answer:
            assert answer.status == 200
        assert json.loads((folder / "ready.json").read_text())["endpoint"] == f"http://127.0.0.1:{port}"
        children = {int(pid) for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()}
        assert len(members(children)) >= 2
        run.send_signal(number)
        assert run.wait(STOP_SECONDS) == 0
        assert members(children) == []
        assert is_free(port)
        assert is_free(dashboard_port)
        assert not (folder / "ready.json").exists()
    finally:
        if run.poll() is None:
            run.send_signal(signal.SIGTERM)
            run.wait(STOP_SECONDS)
        run.stdout.close()


def ending(tmp_path: Path, name: str, seconds: float) -> "subprocess.Popen[str]":
    """Start a process that takes some seconds to end, and writes a file then."""
    script = (
        "import signal, sys, time\n"
        "def end(*_): time.sleep(float(sys.argv[2])); open(sys.argv[1], 'w').close(); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\nprint(flush=True)\nsignal.pause()\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / name), str(seconds)]
    child = start(words, dict(os.environ), stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()  # it heeds the signal from here on
    return child


def test_a_cloud_that_keeps_its_state_is_given_the_time_to_write_it(tmp_path: Path) -> None:
    cloud, dashboard = ending(tmp_path, "kept", 1), ending(tmp_path, "lost", 60)
    stop([(cloud, KEEP_SECONDS), (dashboard, 0.2)])
    assert (cloud.returncode, (tmp_path / "kept").exists()) == (0, True)
    assert (dashboard.returncode, (tmp_path / "lost").exists()) == (-signal.SIGKILL, False)
    for child in (cloud, dashboard):
        assert child.stdout is not None
        child.stdout.close()


def test_a_port_of_the_dashboard_that_is_taken_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            command(tmp_path / "folder", free_port(), port),
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert f"The dashboard's port {port} can't be used" in done.stderr
    assert "DASHBOARD_PORT" in done.stderr
    assert not (tmp_path / "folder").exists()
