"""Where the clients that nobody here wrote are installed, and how they are run."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import ROOT, Cloud

SCRIPTS = Path(__file__).parent / "scripts"
AWS = ROOT / ".venvs" / "awscli" / "bin" / "aws"
SECONDS = 60

Script = Callable[..., dict[str, Any]]
CommandLine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def script(local_cloud: Cloud) -> Script:
    """Runs a Node script of this folder against the local cloud; returns what it printed."""

    def run(name: str, **asked: Any) -> dict[str, Any]:
        backend = local_cloud.backend
        everything = {
            "endpoint": local_cloud.endpoint,
            "region": backend["Region"],
            "userPoolId": backend["UserPoolId"],
            "clientId": backend["UserPoolClientId"],
            "identityPoolId": backend["IdentityPoolId"],
            "graphqlUrl": backend["GraphQLApiUrl"],
            **asked,
        }
        done = subprocess.run(
            ["node", str(SCRIPTS / f"{name}.mjs")],
            check=False,
            input=json.dumps(everything),
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        # Amplify says on standard output that it was given an endpoint of its own; the answer comes last.
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said

    return run


@pytest.fixture(scope="session")
def aws(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """Runs the AWS command line as a profile of the local cloud's credentials file, or with other keys."""
    nothing = tmp_path_factory.mktemp("aws") / "none"

    def run(*words: str, profile: str = "local-admin", **keys: str) -> "subprocess.CompletedProcess[str]":
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        given = {
            "AWS_SHARED_CREDENTIALS_FILE": str(local_cloud.credentials),
            "AWS_CONFIG_FILE": str(nothing),
            **(keys or {"AWS_PROFILE": profile}),
        }
        line = [str(AWS), *words, "--output", "json"]
        return subprocess.run(line, check=False, env=own | given, capture_output=True, text=True, timeout=SECONDS)

    return run
