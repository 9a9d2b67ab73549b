"""A real local cloud for tests: started as a process of its own, reached only over HTTP."""

import configparser
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venvs" / "local_cloud" / "bin" / "python"
USERS = 250
STOP_SECONDS = 30


@dataclass(frozen=True)
class Cloud:
    """A running local cloud, as its folder describes it."""

    folder: Path
    process: subprocess.Popen[str]
    ready: dict[str, Any]
    """The line that it printed."""
    words: IO[str]
    """The file that its standard error goes to."""

    @property
    def log(self) -> str:
        """What it has said on standard error so far."""
        # Both processes share the file's position, so it must not be moved.
        return os.pread(self.words.fileno(), os.fstat(self.words.fileno()).st_size, 0).decode(errors="replace")

    @property
    def endpoint(self) -> str:
        return str(self.ready["endpoint"])

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    @property
    def credentials(self) -> Path:
        """The AWS shared credentials file, with the profiles `local-admin` and `gatehouse`."""
        return self.folder / "credentials"

    @cached_property
    def outputs(self) -> dict[str, dict[str, str]]:
        """What outputs.json holds: stack name to output name to value."""
        read: dict[str, dict[str, str]] = json.loads((self.folder / "outputs.json").read_text())
        return read

    @property
    def backend(self) -> dict[str, str]:
        """The outputs of the stack with the directory and the users API."""
        return self.outputs["GuestUserBackendStack"]

    @property
    def auth_modes(self) -> dict[str, str]:
        """The outputs of the stack with the all-modes API."""
        return self.outputs["AuthModesStack"]

    @cached_property
    def demo(self) -> dict[str, Any]:
        """What demo.json holds: people with passwords and groups, the Lambda authorizer's token."""
        read: dict[str, Any] = json.loads((self.folder / "demo.json").read_text())
        return read

    def password(self, name: str) -> str:
        """Return the password of a demo person."""
        return str(self.demo["people"][name]["password"])

    def client(self, service: str, profile: str = "local-admin", **settings: Any) -> Any:
        """Return a boto3 client that signs as a profile of the credentials file."""
        key = self.access_key(profile)
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=key["aws_access_key_id"],
            aws_secret_access_key=key["aws_secret_access_key"],
            config=Config(retries={"total_max_attempts": 1}, **settings),
        )

    def unsigned(self, service: str) -> Any:
        """Return a boto3 client that sends no credentials."""
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
        )

    def access_key(self, profile: str) -> dict[str, str]:
        """Return what the credentials file says about a profile."""
        return dict(self._profiles[profile])

    @cached_property
    def _profiles(self) -> dict[str, dict[str, str]]:
        file = configparser.ConfigParser(interpolation=None)
        file.read_string(self.credentials.read_text())
        return {name: dict(file[name]) for name in file.sections()}


def command(folder: Path, *, port: int = 0, users: int = USERS, state: Path | None = None) -> list[str]:
    """Return the command line that starts a local cloud."""
    kept = [f"--state={state}"] if state else []
    return [str(PYTHON), "-m", "local_cloud", f"--port={port}", f"--users={users}", f"--folder={folder}", *kept]


@contextmanager
def running_cloud(folder: Path, *, users: int = USERS, state: Path | None = None) -> Iterator[Cloud]:
    """Start a local cloud on a free port; stop it at the end."""
    # Its own words go to a file: a pipe that nobody reads would stop it when full.
    with tempfile.TemporaryFile("w+") as words:
        process = subprocess.Popen(
            command(folder, users=users, state=state),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                process.wait(STOP_SECONDS)
                words.seek(0)
                raise AssertionError(f"The local cloud did not start:\n{words.read()}")
            yield Cloud(folder, process, json.loads(line), words)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)
            process.stdout.close()
