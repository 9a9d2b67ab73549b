"""`make run`: the local cloud and the dashboard together, until Ctrl-C; nothing is left behind.

Standard library only, apart from what the two virtual environments hold.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL_CLOUD_PYTHON = ROOT / ".venvs/local_cloud/bin/python"
DASHBOARD_PYTHON = ROOT / ".venvs/dashboard/bin/python"
READY_SECONDS = 60
STOP_SECONDS = 10
KEEP_SECONDS = 120
"""How long the local cloud may take to write a state that it keeps: a hundred thousand people are 80 MB."""


class Stopped(Exception):
    """The person, or the system, asked to stop."""


def start(command: Sequence[str], environment: dict[str, str], **pipes: int) -> subprocess.Popen[str]:
    """A child in a process group of its own, so that one signal ends all that it started."""
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, start_new_session=True, **pipes)


def stop(children: Sequence[tuple[subprocess.Popen[str], float]]) -> None:
    """End every child and what it started: asked first, killed after as many seconds as stand beside it."""
    for child, _ in children:
        end_group(child, signal.SIGTERM)
    asked = time.monotonic()
    for child, seconds in children:
        try:
            child.wait(timeout=max(0.1, asked + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            end_group(child, signal.SIGKILL)
            child.wait()


def end_group(child: subprocess.Popen[str], how: signal.Signals) -> None:
    """Send a signal to the child's whole group; a group that is gone needs none."""
    try:
        os.killpg(child.pid, how)
    except ProcessLookupError:
        return


def cloud_ready(cloud: subprocess.Popen[str]) -> dict[str, object]:
    """The local cloud's ready line; exits when it ends before it is ready."""
    assert cloud.stdout is not None
    line = cloud.stdout.readline()
    if not line:
        sys.exit(f"The local cloud did not start (exit code {cloud.wait()}); its own words are above.")
    # What it might print later must not fill the pipe.
    threading.Thread(target=cloud.stdout.read, daemon=True).start()
    answer: dict[str, object] = json.loads(line)
    return answer


def wait_for_dashboard(dashboard: subprocess.Popen[str], address: str) -> None:
    """Return once the dashboard answers; exits when it ends first or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if dashboard.poll() is not None:
            sys.exit(f"The dashboard did not start (exit code {dashboard.returncode}); its own words are above.")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit(f"The dashboard did not answer at {address} within {READY_SECONDS} s.")


def check_port(port: int) -> None:
    """Exit when something else has the dashboard's port; its answers would pass for the dashboard's."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(
                f"The dashboard's port {port} can't be used: {error.strerror}. "
                "Choose another: make run DASHBOARD_PORT=8600"
            )


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4566, help="the local cloud's port")
    parser.add_argument("--dashboard-port", type=int, default=8501)
    parser.add_argument("--users", type=int, default=250, help="ordinary people in the user pool and the table")
    parser.add_argument("--folder", default=".local_cloud", help="where the local cloud keeps its files")
    parser.add_argument("--state", help="keep the local cloud's state in this folder from one run to the next")
    return parser.parse_args()


def main() -> None:
    """Start both, say where, wait, and end both."""
    asked = arguments()
    signal.signal(signal.SIGTERM, _stop_on_signal)
    signal.signal(signal.SIGHUP, _stop_on_signal)
    signal.signal(signal.SIGINT, _stop_on_signal)
    children: list[subprocess.Popen[str]] = []
    try:
        run(asked, children)
    except Stopped:
        print(f"\nStopping; the state is kept in {asked.state}." if asked.state else "\nStopping.", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        patience = (KEEP_SECONDS if asked.state else STOP_SECONDS, STOP_SECONDS)
        stop(list(zip(children, patience, strict=False)))


def run(asked: argparse.Namespace, children: list[subprocess.Popen[str]]) -> None:
    """Start the local cloud, then the dashboard on it; returns when either ends."""
    check_port(asked.dashboard_port)
    cloud = start(
        [str(LOCAL_CLOUD_PYTHON), "-m", "local_cloud", "--port", str(asked.port), "--users", str(asked.users),
         "--folder", asked.folder, *(["--state", asked.state] if asked.state else [])],
        dict(os.environ),
        stdout=subprocess.PIPE,
    )  # fmt: skip
    children.append(cloud)
    ready = cloud_ready(cloud)
    address = f"http://127.0.0.1:{asked.dashboard_port}"
    # What this shell says about another environment or a real account has no place beside a local cloud.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GATEHOUSE_", "AWS_"))}
    dashboard = start(
        [str(DASHBOARD_PYTHON), "-m", "streamlit", "run", "dashboard.py", "--server.port", str(asked.dashboard_port)],
        {**environment, "GATEHOUSE_LOCAL_CLOUD": asked.folder},
        stdout=subprocess.DEVNULL,
    )
    children.append(dashboard)
    wait_for_dashboard(dashboard, address)
    print(f"\n  Dashboard     {address}", flush=True)
    print(f"  Local cloud   {ready['endpoint']}  (ready in {ready['seconds']} s)", flush=True)
    print(f"  People        ada (admins), vera (viewers), otto (no group); passwords in {asked.folder}/demo.json")
    print("  Stop with     Ctrl-C\n", flush=True)
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    sys.exit("One of the two ended by itself; the other was stopped.")


def _stop_on_signal(number: int, frame: object) -> None:
    raise Stopped


if __name__ == "__main__":
    main()
