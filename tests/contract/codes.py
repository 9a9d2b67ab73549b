"""Codes as people read them: in the outbox, where the local cloud puts what it would have sent."""

from typing import Any

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.directories import Directory
from tests.contract.faults import authorization


def messages(cloud: Cloud, directory: Directory, name: str) -> list[dict[str, Any]]:
    """Return what was sent to somebody, the newest first."""
    headers = {**authorization(cloud), "Accept": "application/json"}
    every = wire.send(cloud, "GET", "/_local_cloud/outbox", headers).json()["messages"]
    return [each for each in every if (each["pool"], each["username"]) == (directory.pool_id, name)]


def code(cloud: Cloud, directory: Directory, name: str) -> str:
    """Return the newest code that was sent to somebody."""
    return str(messages(cloud, directory, name)[0]["secret"])


def invitations(cloud: Cloud, directory: Directory, name: str) -> list[str]:
    """Return the temporary passwords that were sent to somebody, the oldest first."""
    return [str(each["secret"]) for each in reversed(messages(cloud, directory, name)) if each["kind"] == "invitation"]


def another(code: str) -> str:
    """Return a code that is surely not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
