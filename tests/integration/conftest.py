"""The services of one worker's local cloud."""

import pytest

from tests.cloud import Cloud
from tests.integration.stage import Live


@pytest.fixture(scope="session")
def live(local_cloud: Cloud) -> Live:
    """The dashboard's services: make your own people and groups with it."""
    return Live(local_cloud)
