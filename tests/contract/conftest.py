"""What many contract tests start from."""

import pytest

from tests.cloud import Cloud
from tests.contract.directories import Directory, new_directory


@pytest.fixture
def directory(local_cloud: Cloud) -> Directory:
    """A user pool of the test's own, without people."""
    return new_directory(local_cloud)
