"""Where sessions and the record are kept, as the settings say: in this process and a file, or in shared tables."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from services.clients import open_dynamodb
from services.operators import Identify
from services.permissions import Operator, Role
from services.record.dynamodb import DynamoDbJournal
from services.record.journal import Journal, SqliteJournal
from services.renewal import Renewal
from services.secret import Secret
from services.session_table import Known, SessionTable
from services.sessions import Sessions
from services.settings import Environment

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def open_journal(environment: Environment) -> Journal:
    """The record of acts; raises `RecordError` where its file can't be opened."""
    if environment.record_table:
        return DynamoDbJournal(open_dynamodb(environment), environment.record_table)
    return _file(Path(environment.data_folder) / "audit.sqlite")


def open_sessions(
    environment: Environment,
    identify: Identify,
    user_pool: "CognitoIdentityProviderClient",
    now: Callable[[], datetime],
) -> Sessions:
    """The sessions of an environment, of this process or of all dashboards that share its table."""
    store = _table(environment, identify.known) if environment.sessions_table else None
    idle = timedelta(minutes=environment.idle_minutes)
    return Sessions(identify, Renewal(user_pool, environment), now, store=store, idle=idle)


def reach_sessions(environment: Environment) -> None:
    """Look for a session that isn't there, in the table that several dashboards share; raises `ServiceError`."""
    if environment.sessions_table:
        _table(environment, _nobody).find(Secret("nobody"))


def _nobody(username: str, sub: str, groups: tuple[str, ...]) -> Operator:
    return Operator(username, sub, groups, Role.NONE)


def _table(environment: Environment, known: Known) -> SessionTable:
    place = f"{environment.issuer} {environment.client_id} {environment.name}"
    return SessionTable(open_dynamodb(environment), environment.sessions_table, environment.sessions_keys, place, known)


@cache
def _file(path: Path) -> SqliteJournal:
    """The record in a file, opened once: it is the same for all environments of an installation."""
    return SqliteJournal(path)
