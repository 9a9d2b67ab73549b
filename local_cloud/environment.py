"""The process environment that MiniStack reads when it is imported."""

import os
import tempfile
from pathlib import Path

REGION = "us-east-1"
HOST = "127.0.0.1"

SERVICES = (
    "apigateway",
    "appsync",
    "cloudformation",
    "cognito-identity",
    "cognito-idp",
    "dynamodb",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sts",
)


def prepare(port: int, scratch: Path, kept: Path | None) -> None:
    """Set what MiniStack reads, before its first import.

    `scratch` is a private folder for what lasts as long as the process: the unpacked code of functions,
    and the signing keys, unless there is a private folder for state that is `kept`.
    Everything of AWS that the caller's shell holds is dropped first: functions inherit this
    environment, and somebody's real profile has no place in a local stand-in.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    temporary = scratch.resolve() / "tmp"
    temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = str(temporary)
    os.environ.update(
        AUTH="true",
        BIND_HOST=HOST,
        GATEWAY_PORT=str(port),
        IOT_MTLS_ENABLED="0",
        LOG_LEVEL="WARNING",
        MINISTACK_COGNITO_PRETOKEN_STRICT="1",
        MINISTACK_HOST=HOST,
        MINISTACK_REGION=REGION,
        PERSIST_STATE="1" if kept else "0",
        SERVICES=",".join(SERVICES),
        SFTP_ENABLED="0",
        STATE_DIR=str((kept or scratch).resolve()),
        TMPDIR=str(temporary),
        # Functions load SDK clients; without these they would look for a profile or an instance role.
        AWS_CONFIG_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    )
