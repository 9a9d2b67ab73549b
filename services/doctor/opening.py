"""A case made of what a running dashboard, or a command, has."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from services import audit
from services.clients import Clients
from services.doctor.case import Case
from services.opening import reach_sessions
from services.settings import Environment
from services.settings_environments import VARIABLE
from services.settings_sources import OUTPUTS_FILE, SECRETS_FILE


def case_of(environment: Environment, clients: Clients, variables: Mapping[str, str]) -> Case:
    """The case of an environment.

    Args:
        environment: whose values are checked.
        clients: under the credential whose rights are checked.
        variables: the process environment.
    """
    return Case(
        environment,
        clients,
        audit.journal,
        partial(reach_sessions, environment),
        variables,
        files_of(environment, variables),
    )


def files_of(environment: Environment, variables: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that settings and credentials of an environment may stand in, as far as they exist."""
    named = [variables.get(name, "") for name in ("GATEHOUSE_OUTPUTS_FILE", VARIABLE)]
    if environment.source == "local cloud":
        credentials = Path(environment.credentials_file)
        candidates = [credentials, credentials.parent / "outputs.json"]
    else:
        candidates = [SECRETS_FILE, *sorted(Path().glob(f"{OUTPUTS_FILE.stem}*.json")), *map(Path, filter(None, named))]
    return tuple(path for path in candidates if path.is_file())
