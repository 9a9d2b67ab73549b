"""The command's words: subcommands, options, and what its exit codes mean.

0: everything is proven and as agreed. 1: a disagreement is proven. 2: no verdict: something is not proven, or nothing
ran. 3: the arguments, the suite or the settings are no good. A proven disagreement outweighs what is not proven.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from services.authorization.agreed.assessment import Exit
from services.authorization.command_accept import accept, suppress
from services.authorization.command_clean import clean
from services.authorization.command_import import import_requests
from services.authorization.command_looking import generate, static
from services.authorization.command_reading import compare, explain
from services.authorization.command_run import run
from services.authorization.command_terminal import Terminal
from services.authorization.reports.writing import Format
from services.errors import AlreadyExists, GatehouseError, Invalid, NotFound, NotPermitted, SettingsError
from services.record.journal import RecordError

_USAGE = (Invalid, SettingsError, NotPermitted, NotFound, AlreadyExists, RecordError)


class _Parser(argparse.ArgumentParser):
    """Ends with this command's own code for bad usage: argparse's 2 would read as *no verdict*."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"Error: {message}\n")


def main(words: Sequence[str], variables: Mapping[str, str] | None = None, terminal: Terminal | None = None) -> int:
    """Run the command; returns its exit code.

    Args:
        words: the arguments. No secret is ever among them: the suite names the variables that hold secrets.
        variables: the process environment by default.
        terminal: standard output and standard error by default.
    """
    said = terminal or Terminal()
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.act(arguments, os.environ if variables is None else variables, said))
    except GatehouseError as error:
        said.fail(error)
        return Exit.USAGE if isinstance(error, _USAGE) else Exit.NO_VERDICT
    except KeyboardInterrupt:
        said.note("Cancelled before anything was proven")
    except Exception as error:  # noqa: BLE001 - Python's own exit code for it is 1, which reads as a disagreement
        place = traceback.extract_tb(error.__traceback__)[-1]
        said.note(
            f"Error: Gatehouse itself failed ({type(error).__name__}, {Path(place.filename).name}:{place.lineno})"
        )
    return Exit.NO_VERDICT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m services.authorization", description=__doc__, allow_abbrev=False)
    acts = parser.add_subparsers(required=True, metavar="ACT", parser_class=_Parser)

    running = acts.add_parser("run", help="run a suite and hold it against what was agreed", allow_abbrev=False)
    running.set_defaults(act=run)
    _suite(running)
    for what in Format:
        running.add_argument(f"--{what}", type=Path, metavar="FILE", help=f"write the run as {what}")
    running.add_argument("--only-disagreements", action="store_true", help="leave agreeing rows out of the Markdown")
    running.add_argument("--operation", action="append", default=[], metavar="ID", help="run this operation alone")
    running.add_argument("--identity", action="append", default=[], metavar="ID", help="run as this identity alone")
    _production(running)

    accepting = acts.add_parser("accept", help="agree on what cells showed in the newest run", allow_abbrev=False)
    accepting.set_defaults(act=accept)
    _suite(accepting)
    which = accepting.add_mutually_exclusive_group(required=True)
    which.add_argument("--cell", action="append", default=[], metavar='"OPERATION IDENTITY"')
    which.add_argument(
        "--all-new",
        action="store_true",
        help="every cell that lets somebody in and isn't listed; what the suite doesn't send, as it is declared",
    )
    _reason(accepting)
    _from_run(accepting)

    suppressing = acts.add_parser("suppress", help="put a finding aside", allow_abbrev=False)
    suppressing.set_defaults(act=suppress)
    _suite(suppressing)
    suppressing.add_argument("--finding", required=True, metavar="ID")
    _reason(suppressing)

    comparing = acts.add_parser("compare", help="what a run shows otherwise than an earlier one", allow_abbrev=False)
    comparing.set_defaults(act=compare)
    comparing.add_argument("before", type=Path, metavar="BEFORE.json")
    comparing.add_argument("after", type=Path, metavar="AFTER.json")

    explaining = acts.add_parser("explain", help="one cell in all three layers", allow_abbrev=False)
    explaining.set_defaults(act=explain)
    _suite(explaining)
    explaining.add_argument("--cell", required=True, metavar='"OPERATION IDENTITY"')
    _from_run(explaining)

    looking = acts.add_parser("static", help="what schema and settings show without a call", allow_abbrev=False)
    looking.set_defaults(act=static)
    _suite(looking)

    generating = acts.add_parser("generate", help="print a suite of everything the schema offers", allow_abbrev=False)
    generating.set_defaults(act=generate)
    generating.add_argument("--api", required=True, metavar="NAME", help="users or modes")

    importing = acts.add_parser("import", help="print a suite of recorded requests", allow_abbrev=False)
    importing.set_defaults(act=import_requests)
    importing.add_argument("file", type=Path, metavar="FILE", help="a curl command, a HAR file or a Postman collection")
    importing.add_argument("--api", required=True, metavar="NAME", help="users or modes")

    cleaning = acts.add_parser("clean", help="remove stand-ins that killed runs left behind", allow_abbrev=False)
    cleaning.set_defaults(act=clean)
    _production(cleaning)
    return parser


def _suite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("suite", type=Path, metavar="SUITE.yaml")


def _from_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, metavar="FILE.json", help="this run instead of the newest that is kept")


def _reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, help="why, in a sentence")
    parser.add_argument("--owner", required=True, help="who answers for it")
    parser.add_argument("--until", type=_day, metavar="2026-12-31", help="the last day on which it counts")


def _production(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--environment-name-typed",
        default="",
        metavar="NAME",
        help="the environment's name, without which a production environment has no stand-ins made and no data changed",
    )
    parser.add_argument("--because", default="", metavar="REASON", help="why, which production asks for")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day such as 2026-12-31") from None
