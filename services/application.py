"""Everything that one process makes once, for one environment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services import audit
from services.attempts import Attempts
from services.clients import Clients, open_clients
from services.handouts import Handouts
from services.identity_pool import IdentityPool
from services.keys import PoolKeys
from services.managed_login import ManagedLogin
from services.opening import open_journal, open_sessions
from services.operators import Identify
from services.own_clients import OwnClients
from services.recovery import Recovery
from services.sessions import Session, Sessions
from services.settings import Environment
from services.settings_values import Authority
from services.sign_in import SignIn
from services.sign_up import SignUp


@dataclass(frozen=True, slots=True)
class Application:
    """The services of one environment, ready to use; all of them are safe for threads.

    Attributes:
        identity_pool: `None` where the environment names none.
        managed_login: `None` where the environment names no domain for it.
        own_clients: `None` where admin calls run under the dashboard's own credential.
    """

    environment: Environment
    clients: Clients
    identify: Identify
    sign_in: SignIn
    sign_up: SignUp
    recovery: Recovery
    attempts: Attempts
    sessions: Sessions
    identity_pool: IdentityPool | None
    managed_login: ManagedLogin | None = None
    own_clients: OwnClients | None = None
    handouts: Handouts = field(default_factory=Handouts)

    def clients_of(self, session: Session) -> Clients:
        """The clients for what this person does: under their own credentials where these are configured."""
        return self.own_clients.of(session) if self.own_clients else self.clients

    def sign_out(self, session: Session, *, everywhere: bool = False) -> None:
        """End a session, or every one of its person, and forget its credentials.

        Raises:
            SignInError: as `Sessions.close_all` does.
            ServiceError: as `Sessions.close` does.
        """
        if self.own_clients and everywhere:
            self.own_clients.forget_person(session.operator.sub)
        elif self.own_clients:
            self.own_clients.forget(session.id)
        if everywhere:
            self.sessions.close_all(session)
        else:
            self.sessions.close(session)


def _now() -> datetime:
    return datetime.now(UTC)


def open_application(environment: Environment, now: Callable[[], datetime] = _now) -> Application:
    """The services of an environment.

    Raises:
        SettingsError: the AWS profile that it names isn't there.
        RecordError: the record of acts can't be opened.
    """
    audit.use(open_journal(environment))
    clients = open_clients(environment)
    identify = Identify(environment, PoolKeys(environment.jwks_url, now), now)
    pool = IdentityPool(clients.identity_pool, environment, now) if environment.identity_pool_id else None
    own = environment.admin_calls is Authority.OPERATOR
    sessions = open_sessions(environment, identify, clients.user_pool, now)
    return Application(
        environment=environment,
        clients=clients,
        identify=identify,
        sign_in=SignIn(clients.user_pool, environment),
        sign_up=SignUp(clients.user_pool, environment, now),
        recovery=Recovery(clients.user_pool, environment),
        attempts=Attempts(now),
        sessions=sessions,
        managed_login=ManagedLogin(environment, now) if environment.managed_login_domain else None,
        identity_pool=pool,
        handouts=Handouts(now),
        own_clients=OwnClients(environment, clients, pool, now, sessions.is_open) if pool and own else None,
    )
