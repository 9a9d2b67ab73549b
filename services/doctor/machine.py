"""This machine's own part: the data folder, the record, the files that hold settings, and the lab's suites."""

import os
import stat
import tempfile
from pathlib import Path

from services.authorization.suite.reading import read_suite
from services.doctor.case import Case
from services.doctor.values import Finding, listed, ok, problem, warning
from services.errors import Invalid, Refused, ServiceError
from services.record.journal import RecordError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_folder(case: Case) -> Finding:
    """Whether the folder can be written, and by its owner alone."""
    folder = Path(case.environment.data_folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return problem(
            str(folder),
            f"Nothing can be written there ({type(error).__name__}), and an act that can't be recorded isn't done",
            "Make it writable for the dashboard, or name another folder in data_folder",
        )
    if folder.stat().st_mode & _OTHERS:
        return warning(
            f"{folder}, mode {stat.S_IMODE(folder.stat().st_mode):o}",
            "Others on this machine may read the record and the lab's runs",
            f"Run chmod 700 {folder}",
        )
    return ok(str(folder))


def record(case: Case) -> Finding:
    """Whether the chain of the record holds."""
    try:
        faults = case.journal().faults()
    except RecordError as error:
        return problem("not read", error.why or error.failed, error.next_step or "Make the record readable")
    if faults:
        return problem(
            f"{len(faults)} faults; {faults[0]}",
            "Entries were altered, removed or reordered, or the file is damaged",
            "Keep a copy, run python -m services.record check for all of them, and restore the record from a backup",
        )
    return ok("the chain holds")


def sessions(case: Case) -> Finding:
    """Whether the table of the sessions that several dashboards share can be read; raises `ServiceError`."""
    table = case.environment.sessions_table
    if not table:
        return ok("in this process")
    try:
        case.sessions()
    except ServiceError as error:
        if isinstance(error, Refused) or error.code == "ResourceNotFoundException":
            return problem(table, f"{error.why}: nobody can sign in", error.next_step)
        raise
    return ok(f"in the table {table}")


def files(case: Case) -> Finding:
    """Whether others on this machine can read the files with settings: keys and secrets may be in them."""
    readable = [path for path in case.files if path.exists() and path.stat().st_mode & _OTHERS]
    if readable:
        names = listed(str(path) for path in readable)
        return warning(
            names,
            "Others on this machine can read them, and API keys and secrets may be in them",
            f"Run chmod 600 {' '.join(str(path) for path in readable)}",
        )
    return ok(listed(str(path) for path in case.files) or "environment variables alone")


def suites(case: Case) -> Finding:
    """Whether every suite of the lab can be read."""
    folder = Path(case.environment.suites_folder)
    if not os.access(folder, os.R_OK | os.X_OK):
        return warning(str(folder), "There is no such folder, so the matrix has no suite", "Name it in suites_folder")
    paths = sorted(folder.glob("*.yaml"))
    for path in paths:
        try:
            read_suite(path, case.variables)
        except Invalid as error:
            return problem(path.name, f"{error.failed}. {error.why}".strip(), "Correct the suite file")
    return ok(listed(path.name for path in paths) or "none")
