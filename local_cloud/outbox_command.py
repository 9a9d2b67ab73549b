"""`python -m local_cloud outbox`: what Cognito would have mailed, on the terminal."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from local_cloud.folder import CONTROL

SECONDS = 10


def run(arguments: Sequence[str]) -> int:
    """Print the messages, the oldest first; returns the exit code: 1 when no cloud runs."""
    parser = argparse.ArgumentParser(
        prog="python -m local_cloud outbox",
        description="Show the codes and invitations that Cognito would have mailed.",
    )
    parser.add_argument("--folder", type=Path, default=Path(".local_cloud"), help="where the cloud writes its files")
    folder: Path = parser.parse_args(arguments).folder
    try:
        messages = _fetched(json.loads((folder / CONTROL).read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError):
        sys.stderr.write(f"No local cloud answers for {folder}.\n")
        return 1
    for message in reversed(messages):
        sys.stdout.write(line(message) + "\n")
    if not messages:
        sys.stderr.write("Nothing would have been mailed yet.\n")
    return 0


def _fetched(control: Mapping[str, str]) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {control['token']}", "Accept": "application/json"}
    asked = urllib.request.Request(f"{control['endpoint']}/_local_cloud/outbox", headers=headers)  # noqa: S310
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business with the token
    with direct.open(asked, timeout=SECONDS) as answer:
        messages: list[dict[str, Any]] = json.load(answer)["messages"]
    return messages


def line(message: Mapping[str, Any]) -> str:
    """Return one message as a line of text without signs that would steer the terminal."""
    when = datetime.fromtimestamp(message["at"]).astimezone().strftime("%H:%M:%S")
    told = [message[name] for name in ("kind", "username", "destination", "secret", "pool")]
    return "  ".join([when, *("".join(sign if sign.isprintable() else "\ufffd" for sign in text) for text in told)])
