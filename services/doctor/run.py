"""All checks, side by side; what one of them raises is told in its line, and holds up no other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from services.aws_errors import is_missing_right
from services.doctor import apis, identity_pool, machine, managed_login, network, rights, user_pool
from services.doctor.case import Case
from services.doctor.values import Check, Finding, Report, problem, unchecked
from services.errors import GatehouseError, NotFound, Refused

_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class _Task:
    """One check; `setting` is what it rests on, and what may be wrong where AWS refuses to say."""

    id: str
    title: str
    check: Callable[[Case], Finding]
    setting: str = "user_pool_id"


_BEFORE = (
    _Task("region", "Region", network.region),
    _Task("user_pool", "User pool", user_pool.pool),
    _Task("client", "App client", user_pool.client, "client_id"),
    _Task("sign_in_flow", "Sign-in flow", user_pool.flow, "client_id"),
    _Task("refresh", "Renewal of tokens", user_pool.refresh, "client_id"),
    _Task("client_secret", "Client secret", user_pool.client_secret, "client_id"),
    _Task("managed_login", "Managed login", managed_login.pages, "client_id"),
    _Task("groups", "Groups with a role", user_pool.groups),
    _Task("signing_keys", "Signing keys", network.signing_keys),
    _Task("identity_pool", "Identity pool", identity_pool.found, "identity_pool_id"),
    _Task("identity_pool_roles", "Roles of the identity pool", identity_pool.roles, "identity_pool_id"),
)
_OF_AN_API: tuple[tuple[str, str, Callable[..., Finding]], ...] = (
    ("address", "address", apis.address),
    ("modes", "modes", apis.modes),
    ("schema", "schema", apis.schema),
    ("keys", "API keys", apis.keys),
)
_AFTER = (
    _Task("rest_api", "REST API", network.rest_api),
    _Task("rights", "Rights to read", rights.reads),
    _Task("rights_to_change", "Rights to change", rights.changes),
    _Task("clock", "Clock", network.clock),
    _Task("data_folder", "Data folder", machine.data_folder),
    _Task("record", "Record of acts", machine.record),
    _Task("sessions", "Sessions", machine.sessions),
    _Task("files", "Files with settings", machine.files),
    _Task("suites", "Suites of the lab", machine.suites),
)


def examine(case: Case) -> Report:
    """Check everything; raises nothing."""
    at, started = case.now(), time.perf_counter()
    tasks = _tasks(case)
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        checks = tuple(workers.map(partial(_line, case), tasks))
    return Report(case.environment.name, checks, at, (time.perf_counter() - started) * 1000)


def _tasks(case: Case) -> tuple[_Task, ...]:
    of_apis = (
        _Task(f"{api.name}_api_{key}", f"{api.label}: {words}", partial(check, api=api), f"{api.name}_api_id")
        for api in case.environment.apis
        for key, words, check in _OF_AN_API
    )
    return (*_BEFORE, *of_apis, *_AFTER)


def _line(case: Case, task: _Task) -> Check:
    found = _finding(case, task)
    return Check(task.id, task.title, found.state, found.found, found.why, found.mend)


def _finding(case: Case, task: _Task) -> Finding:
    try:
        return task.check(case)
    except Refused as error:
        if not is_missing_right(error.why):  # there is no credential, or AWS doesn't know it
            return unchecked("not asked", error.why, error.next_step)
        why = f"AWS refuses it to the credential{f' ({error.code})' if error.code else ''}"
        mend = (
            f"Compare {task.setting} with what is deployed; if it is right, the credential lacks the right to read it"
        )
        return unchecked("not allowed", why, mend)
    except NotFound as error:
        return problem("not found", f"{error.failed}: {error.why}", f"Compare {task.setting} with what is deployed")
    except GatehouseError as error:
        return unchecked("no answer", f"{error.failed}: {error.why}" if error.why else error.failed, error.next_step)
    except Exception as error:  # noqa: BLE001 - one check that breaks down must not hide what the others found
        return unchecked("the check itself failed", f"Gatehouse did not expect {type(error).__name__}", "Report it")
