"""Fixtures that several kinds of tests use."""

from collections.abc import Iterator

import pytest

from tests.cloud import Cloud, running_cloud


@pytest.fixture(scope="session")
def local_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A running local cloud, one for each worker: make your own users, groups and pools in it."""
    with running_cloud(tmp_path_factory.mktemp("cloud") / "folder") as cloud:
        yield cloud
