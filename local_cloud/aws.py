"""Clients of the local cloud itself: the start uses the same door as everybody else."""

import threading
from dataclasses import dataclass, field
from typing import Any

# botocore alone: boto3 adds a tenth of a second to the start.
import botocore.loaders  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from local_cloud.environment import REGION

MODELS = botocore.loaders.create_loader()
"""The services' models, each read once: some are large."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-term access key of an IAM user."""

    key_id: str
    secret: str = field(repr=False)


class Clients:
    """SDK clients for one endpoint and one access key, each made once."""

    def __init__(self, endpoint: str, key: AccessKey) -> None:
        """Prepare clients for `endpoint` that sign with `key`."""
        self._endpoint = endpoint
        self._session = botocore.session.get_session()
        self._session.register_component("data_loader", MODELS)
        self._session.set_credentials(key.key_id, key.secret)
        self._made: dict[str, Any] = {}
        self._making = threading.Lock()

    def of(self, service: str) -> Any:
        """Return the client of a service (`cognito-idp`)."""
        with self._making:
            if service not in self._made:
                self._made[service] = self._session.create_client(
                    service,
                    region_name=REGION,
                    endpoint_url=self._endpoint,
                    config=Config(retries={"total_max_attempts": 1}),
                )
            return self._made[service]
