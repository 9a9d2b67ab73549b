"""Fixtures that several kinds of tests use."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services import audit
from services.record.acts import acts_of
from services.record.journal import SqliteJournal
from tests import who_may
from tests.cloud import Cloud, running_cloud

if TYPE_CHECKING:
    from tests.stand_ins import Record  # it needs packages that the stacks' own environment hasn't

with suppress(ImportError):  # the stacks' own environment is without it
    import hypothesis

    # How long an example takes says how busy the machine is, and nothing of the code.
    hypothesis.settings.register_profile(
        "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("unhurried")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So it is for what a shell starts in the background, and for all that it starts: also for what tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def local_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A running local cloud, one for each worker: make your own users, groups and pools in it."""
    with running_cloud(tmp_path_factory.mktemp("cloud") / "folder") as cloud:
        yield cloud


@pytest.fixture(scope="session", autouse=True)
def record_of_all(tmp_path_factory: pytest.TempPathFactory) -> SqliteJournal:
    """Where services record their acts in tests that open no application of their own."""
    journal = SqliteJournal(tmp_path_factory.mktemp("record") / "audit.sqlite")
    audit.use(journal)
    return journal


@pytest.fixture
def record(tmp_path: Path) -> "Iterator[Record]":
    """A record of one's own, for this test alone: its acts, oldest first."""
    before, own = audit.journal(), SqliteJournal(tmp_path / "record" / "audit.sqlite")
    audit.use(own)
    yield lambda: acts_of(own.links())[::-1]
    audit.use(before)
    own.close()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget the table of who may do what that an earlier run has found; workers start after this."""
    if not hasattr(session.config, "workerinput"):
        who_may.forget()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of who may do what, as this run has found it; it stays in build/ as well."""
    for part in who_may.written():
        terminalreporter.section("who may do what")
        terminalreporter.write(part)
