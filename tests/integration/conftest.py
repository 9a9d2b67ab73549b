"""The services of one worker's local cloud."""

import pytest

from tests.cloud import Cloud
from tests.integration.stage import Live


@pytest.fixture(scope="session")
def live(local_cloud: Cloud) -> Live:
    """The dashboard's services: make your own people and groups with it."""
    made = Live(local_cloud)
    made.app  # noqa: B018 - now, since to open it puts its record in place of the one that a test may have put there
    return made
