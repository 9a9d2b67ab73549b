"""The command's words: options, the table that it prints, and what its exit codes mean.

0: everything is well. 1: there are problems. 2: something could not be checked. 3: the arguments or the settings are no
good. A problem outweighs what could not be checked.
"""

import argparse
import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import NoReturn, TextIO

from services.application import open_application
from services.doctor.opening import case_of
from services.doctor.run import examine
from services.doctor.values import Check, Exit, Report, State
from services.errors import GatehouseError
from services.settings import keys, load
from services.settings import variables as process_environment

WIDTH = 100
_SIGNS = {State.OK: "ok", State.WARNING: "warning", State.PROBLEM: "PROBLEM", State.UNCHECKED: "not checked"}


class _Parser(argparse.ArgumentParser):
    """Ends with this command's own code for bad usage: argparse's 2 would read as *not checked*."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"Error: {message}\n")


def main(words: Sequence[str], variables: Mapping[str, str] | None = None, out: TextIO | None = None) -> int:
    """Check one environment, or all of them; the exit code.

    Args:
        words: the arguments.
        variables: the process environment by default.
        out: standard output by default.
    """
    told, out = process_environment() if variables is None else variables, out or sys.stdout
    parser = _Parser(prog="python -m services.doctor", description=__doc__, allow_abbrev=False)
    parser.add_argument("--env", default="", metavar="NAME", help="this environment; all of them by default")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(words)
    try:
        chosen = (options.env,) if options.env else keys(told) or ("",)
        reports = [_examined(key, told) for key in chosen]
    except GatehouseError as error:
        sys.stderr.write(f"{error}\n")
        return Exit.USAGE
    if options.json:
        out.write(json.dumps([asdict(report) for report in reports], default=str, ensure_ascii=False, indent=2) + "\n")
    else:
        out.write("\n\n".join(map(table, reports)) + "\n")
    codes = [report.exit_code for report in reports]
    return next((code for code in (Exit.PROBLEMS, Exit.UNCHECKED) if code in codes), Exit.WELL)


def table(report: Report) -> str:
    """The report as plain text: a line for each check, and below it why it isn't well and what to do."""
    wide = max(len(check.title) for check in report.checks)
    lines = [f"{report.environment}, {report.at:%Y-%m-%d %H:%M:%S} UTC, {report.milliseconds:.0f} ms", ""]
    for check in report.checks:
        lines += _lines(check, wide)
    counts = [f"{len(found)} {state}" for state in State if (found := report.of(state))]
    return "\n".join([*lines, "", ", ".join(counts)])


def _lines(check: Check, wide: int) -> list[str]:
    margin = " " * (wide + 15)
    head = f"{_SIGNS[check.state]:<13}{check.title:<{wide}}  {check.found}"
    below = [text for text in (check.why, check.mend and f"→ {check.mend}") if text]
    return [
        head,
        *(
            line
            for text in below
            for line in textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin)
        ),
    ]


def _examined(key: str, variables: Mapping[str, str]) -> Report:
    environment = load(variables, key=key)
    return examine(case_of(environment, open_application(environment).clients, variables))
