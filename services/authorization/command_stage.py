"""What the command works on: a suite, the environment that is configured, and what is declared about its API."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from services.application import open_application
from services.authorization.agreed.baseline import Baseline
from services.authorization.callers.cast import Cast, callers
from services.authorization.cells import CellId
from services.authorization.examination import Prepared, prepare
from services.authorization.reports.history import History
from services.authorization.suite.model import IdentityKind, Suite
from services.authorization.suite.reading import read_suite
from services.errors import Invalid
from services.permissions import Operator, Role
from services.settings import Environment, load

COMMAND_LINE = "command line"


def operator_of(environment: Environment) -> Operator:
    """Who acts when the command runs.

    Nobody has signed in, and what AWS allows is decided by the credential that the process has: in CI, the role that
    the job took on. So the record of acts says *command line*, and whose credential it was stands in AWS's own trail.
    """
    return Operator(COMMAND_LINE, "", (), Role.ADMIN, environment.place)


def prepared_of(path: Path, variables: Mapping[str, str]) -> Prepared:
    """A suite file on the environment that is configured, with what is declared and agreed.

    Args:
        path: the suite file.
        variables: the process environment.

    Raises:
        Invalid: the suite or its baseline can't be read or used.
        SettingsError: the environment isn't configured, or has no such API.
    """
    suite = read_suite(path, variables)
    environment = load(variables)
    environment.api(suite.api)
    return prepare(open_application(environment), suite, operator=operator_of(environment))


@contextmanager
def foreseen(prepared: Prepared) -> Generator[Cast]:
    """Everybody who would take part, without a sign-in and without making anybody."""
    application = prepared.application
    # A read-only environment makes no stand-ins: they are listed with all that is known of them, and a reason.
    still = replace(application, environment=replace(application.environment, read_only=True))
    choices = [
        replace(choice, secret=None) if choice.kind is IdentityKind.PERSON else choice
        for choice in prepared.suite.identities
    ]
    with callers(still, prepared.api, choices, operator=operator_of(application.environment)) as cast:
        yield cast


def baseline_of(suite: Suite) -> Baseline:
    """What was agreed on; the empty baseline where the suite names none, or its file isn't there yet."""
    return Baseline.read(suite.baseline_path) if suite.baseline_path else Baseline.empty()


def history_of(environment: Environment) -> History:
    """The runs that an environment's data folder keeps."""
    return History(Path(environment.data_folder) / "runs")


def cell_of(text: str) -> CellId:
    """The cell of `OPERATION IDENTITY`; raises `Invalid` where it is not two words."""
    words = text.split(maxsplit=1)
    if len(words) != 2:
        raise Invalid(f"{text!r} is no cell", "", 'Write the operation and the identity: "all-users guest/iam"')
    return CellId(words[0], words[1].strip())
