"""What every page stands on: the services, made once per process and environment, and the question who is there."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import streamlit as st

from pages import _environment, _session, _ui
from pages._acting import carried_out
from services.application import Application, open_application
from services.clients import Clients
from services.errors import GatehouseError, SettingsError
from services.identity_pool import IdentityPool
from services.permissions import Permission, check
from services.sessions import Session, TimeLeft
from services.settings import Environment, keys, load

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Place:
    """An environment, and its services once somebody asked for them."""

    environment: Environment
    lock: threading.Lock = field(default_factory=threading.Lock)
    application: Application | None = None


_lock = threading.Lock()
_keys: list[tuple[str, ...]] = []
_places: dict[str, _Place] = {}


def environment_keys() -> tuple[str, ...]:
    """What the environments are called, the one to begin with first; empty for one without a name.

    Raises:
        SettingsError: the settings can't be read; the next call tries anew.
    """
    with _lock:
        if not _keys:
            _keys.append(keys())
        return _keys[0]


def application(key: str | None = None) -> Application:
    """The services of an environment, made at the first call that finds the settings in order.

    Args:
        key: which environment; that of the tab that asks by default.

    Raises:
        UnknownEnvironment: there is none of that name.
        SettingsError: a setting is missing or malformed; the next call reads them anew.
    """
    place = _place(_environment.chosen() if key is None else key)
    try:
        with place.lock:  # each environment waits for itself alone
            if place.application is None:
                place.application = open_application(place.environment)
            return place.application
    except SettingsError:
        _forget(place)
        raise


def environment_of(key: str) -> Environment:
    """The settings of an environment; raises `SettingsError` as `application` does."""
    return _place(key).environment


def _place(key: str) -> _Place:
    every = environment_keys()
    key = key or (every[0] if every else "")
    with _lock:
        if key not in _places:
            try:
                _places[key] = _Place(load(key=key))
            except SettingsError:
                _keys.clear()
                raise
        return _places[key]


def _forget(place: _Place) -> None:
    """Have the settings of an environment that could not be opened read anew."""
    with _lock:
        _places.pop(place.environment.key, None)
        _keys.clear()


def environment() -> Environment:
    """The environment that this tab is on."""
    return application().environment


def clients() -> Clients:
    """The AWS clients of the environment, under the dashboard's own credential."""
    return application().clients


def clients_of(session: Session) -> Clients:
    """The AWS clients for what a signed-in person does, under their own credentials where these are configured."""
    return application().clients_of(session)


def identity_pool() -> IdentityPool | None:
    """The identity pool's credentials; `None` where the environment has no identity pool."""
    return application().identity_pool


def current_session(*, used: bool = True) -> Session | None:
    """The session of whoever looks at this page, asked of the store on every run; `None` for a stranger.

    Args:
        used: whether somebody is there, rather than a page that looks for news by itself.

    Raises:
        SessionEnded: there was one, and it is over.
        ServiceError: its tokens have ended and Cognito can't be reached to renew them.
    """
    presented = _session.presented(environment().key)
    return _of_here(application().sessions.current(presented, used=used)) if presented else None


def _of_here(session: Session | None) -> Session | None:
    """Environments that share a store of sessions, or an id that was carried over, open nothing to each other."""
    return session if session and session.operator.place.name == environment().name else None


def require(permission: Permission | None) -> Session:
    """The session of a person who may do this; anybody else reads why not, and the page stops here.

    Args:
        permission: what the page is for; `None` when being signed in is enough.
    """
    try:
        session = current_session()
        if session and permission:
            check(session.operator, permission, environment().admin_group)
    except GatehouseError as error:
        _ui.show_error(error)
        st.stop()
    if session is None:
        st.text("Nobody is signed in. Reload the page to sign in.")
        st.stop()
    return session


def time_left() -> TimeLeft | None:
    """How long the session of this page lasts unless it is used; asking is no use of it. Raises as `current_session`.

    Returns:
        `None` for a stranger.
    """
    presented = _session.presented(environment().key)
    return application().sessions.left(presented) if presented else None


def still_signed_in(draw: Callable[P, T], *, used: bool = True) -> Callable[P, T]:
    """For what draws a dialog or a fragment: Streamlit runs it again without the shell, so it asks by itself.

    Where the session is over, or the operator isn't the one any more that the page was drawn for (other groups, say),
    the whole page runs anew.

    Args:
        draw: what is drawn.
        used: whether somebody is there, rather than a fragment that runs by the clock.
    """

    @wraps(draw)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _is_still_signed_in(used=used):
            st.rerun()
        return draw(*args, **kwargs)

    return checked


def _is_still_signed_in(*, used: bool) -> bool:
    """Whether the person for whom the page was drawn last is signed in, in the groups that they had then."""
    try:
        session = current_session(used=used)
    except GatehouseError:
        return False
    return session is not None and _session.is_shown_to(session.operator)


def sign_out(*, everywhere: bool = False) -> NoReturn:
    """End this session, here and at Cognito, and forget its cookie; the sign-in page tells what went wrong.

    Args:
        everywhere: whether every session of the person ends, on other machines too.
    """

    def end() -> None:
        failed: GatehouseError | None = None
        try:
            presented = _session.presented(environment().key)
            # Also while Cognito is away, which can't vouch for anybody then: who leaves a machine must be out.
            if presented and (session := _of_here(application().sessions.last_known(presented))):
                application().sign_out(session, everywhere=everywhere)
        except GatehouseError as error:
            failed = error
        _session.clear()
        _session.forget()
        if failed:
            st.session_state["sign_in_error"] = failed

    carried_out(end)
    st.rerun()
