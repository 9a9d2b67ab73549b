"""What the command line asks for."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HIGHEST_PORT = 65_535
MOST_USERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, checked."""

    port: int
    """Port to listen on; 0 takes a free one."""
    users: int
    """How many ordinary people the user pool and the users table get each."""
    folder: Path
    """Where the outputs, the credentials and the demo passwords are written."""
    state: Path | None
    """Where the state is kept from one run to the next; None: in memory only."""
    templates: Path
    """Where the synthesised CloudFormation templates lie."""


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Return the checked options; a bad argument prints what is wrong and exits with 2."""
    parser = argparse.ArgumentParser(
        prog="python -m local_cloud",
        description="Run a local stand-in for AWS on 127.0.0.1, with both stacks deployed and demo people in them.",
    )
    parser.add_argument("--port", type=_within(0, HIGHEST_PORT), default=4566, help="0 takes a free port")
    parser.add_argument("--users", type=_within(0, MOST_USERS), default=250, help="ordinary people to make")
    parser.add_argument("--folder", type=Path, default=Path(".local_cloud"), help="where its files are written")
    parser.add_argument("--state", type=Path, help="keep the state in this folder; without it a stop forgets all")
    parser.add_argument("--templates", type=Path, default=Path("infra/templates"), help="CloudFormation templates")
    given = parser.parse_args(arguments)
    return Options(given.port, given.users, given.folder, given.state, given.templates)


class _within:  # noqa: N801 - argparse names the type in its messages
    """Turn an argument into a whole number between two bounds."""

    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest = lowest
        self._highest = highest

    def __call__(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not self._lowest <= int(text) <= self._highest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {self._lowest} to {self._highest}")
        return int(text)
