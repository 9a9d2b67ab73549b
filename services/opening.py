"""Where sessions and the record are kept, as the settings say: in this process and a file, or in shared tables."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from services.clients import open_dynamodb
from services.operators import Identify
from services.record.dynamodb import DynamoDbJournal
from services.record.journal import Journal, SqliteJournal
from services.renewal import Renewal
from services.session_table import SessionTable
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
    store = None
    if environment.sessions_table:
        place = f"{environment.issuer} {environment.client_id} {environment.name}"
        store = SessionTable(
            open_dynamodb(environment),
            environment.sessions_table,
            environment.sessions_keys,
            place,
            identify.known,
        )
    idle = timedelta(minutes=environment.idle_minutes)
    return Sessions(identify, Renewal(user_pool, environment), now, store=store, idle=idle)


@cache
def _file(path: Path) -> SqliteJournal:
    """The record in a file, opened once: it is the same for all environments of an installation."""
    return SqliteJournal(path)
