"""Admin calls carry the operator's own credentials: the cloud itself refuses what their group may not do."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services import permissions
from services.application import Application, open_application
from services.authorization.examination import prepare
from services.authorization.suite.reading import read_suite
from services.authorization.suite.saved import Safety
from services.directory import Directory
from services.errors import Refused
from services.group_members import Change, GroupMembers
from services.group_values import GroupDraft
from services.groups import Groups
from services.passwords import Passwords
from services.permissions import Permission, Role
from services.secret import Secret
from services.sessions import Session, SessionEnded
from services.settings_values import Authority
from tests import who_may
from tests.integration.stage import PASSWORD, Live
from tests.stand_ins import Record


def session(live: Live, name: str) -> Session:
    """A demo person's sign-in."""
    tokens = live.caller(name).tokens
    return live.app.sessions.open(tokens)


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dashboard that asks nobody for a permission: what is refused now, the cloud refuses."""
    monkeypatch.setattr(permissions, "GRANTS", dict.fromkeys(Role, frozenset(Permission)))


def groups(live: Live, who: Session) -> Groups:
    return Groups(live.app.clients_of(who).user_pool, live.pool_id, "admins")


def members(live: Live, who: Session) -> GroupMembers:
    return GroupMembers(live.app.clients_of(who).user_pool, live.pool_id, "admins")


def passwords(live: Live, who: Session) -> Passwords:
    return Passwords(live.app.clients_of(who).user_pool, live.pool_id)


def directory(live: Live, who: Session) -> Directory:
    return Directory(live.app.clients_of(who).user_pool, live.pool_id)


def new_group(live: Live) -> str:
    name = f"own-{secrets.token_hex(4)}"
    live.admin.create_group(UserPoolId=live.pool_id, GroupName=name)
    return name


def done(changes: tuple[Change, ...]) -> None:
    """Raise what went wrong with the one person."""
    (change,) = changes
    if change.error:
        raise change.error


def add_member(live: Live, who: Session) -> None:
    done(members(live, who).add(who.operator, new_group(live), [live.new_person()]))


def remove_member(live: Live, who: Session) -> None:
    group, person = new_group(live), live.new_person()
    live.admin.admin_add_user_to_group(UserPoolId=live.pool_id, GroupName=group, Username=person.username)
    done(members(live, who).remove(who.operator, group, [person]))


def delete_group(live: Live, who: Session) -> None:
    name = new_group(live)
    groups(live, who).delete(who.operator, name, name)


CHANGES: dict[str, Callable[[Live, Session], object]] = {
    "create a group": lambda live, who: groups(live, who).create(
        who.operator, f"own-{secrets.token_hex(4)}", GroupDraft()
    ),
    "change a group": lambda live, who: groups(live, who).update(who.operator, new_group(live), GroupDraft("x")),
    "delete a group": delete_group,
    "add a member": add_member,
    "remove a member": remove_member,
    "set a password": lambda live, who: passwords(live, who).set(
        who.operator, live.new_person(), Secret(PASSWORD), permanent=True
    ),
    "send a code": lambda live, who: passwords(live, who).send_code(who.operator, live.confirmed(), ("email",)),
}
# The services read before they write, which a viewer is refused as well; so each write is tried by itself, too.
WRITES: dict[str, dict[str, object]] = {
    "create_group": {"GroupName": "own-nobodys"},
    "update_group": {"GroupName": "viewers", "Description": "mine"},
    "delete_group": {"GroupName": "viewers"},
    "admin_add_user_to_group": {"GroupName": "admins", "Username": "vera"},
    "admin_remove_user_from_group": {"GroupName": "admins", "Username": "ada"},
    "admin_set_user_password": {"Username": "ada", "Password": PASSWORD, "Permanent": True},
    "admin_reset_user_password": {"Username": "ada"},
}


READS: dict[str, Callable[[Live, Session], object]] = {
    "list the groups": lambda live, who: groups(live, who).list(who.operator),
    "read a group": lambda live, who: groups(live, who).get(who.operator, "viewers"),
    "page through members": lambda live, who: members(live, who).page(who.operator, "viewers", 5),
    "find people": lambda live, who: directory(live, who).find(who.operator, "a"),
    "read a person": lambda live, who: directory(live, who).get(who.operator, "ada"),
    "read the password rules": lambda live, who: passwords(live, who).rules(who.operator),
}


@pytest.fixture(scope="module")
def after_the_end(live: Live) -> dict[str, dict[str, str]]:
    """What an admin gets of each act when the services are called with a session that has ended; for the report."""
    found = {}
    for name, act in (READS | CHANGES).items():
        ada = session(live, "ada")
        live.app.sign_out(ada)
        try:
            act(live, ada)
        except SessionEnded as error:
            found[name] = {"session ended": f"refused: {error.why}"}
        else:
            found[name] = {"session ended": "done"}
    who_may.write("act under own credentials", found)
    return found


@pytest.mark.parametrize("act", READS | CHANGES)
def test_nothing_is_done_by_the_services_for_a_session_that_has_ended(
    act: str, after_the_end: dict[str, dict[str, str]]
) -> None:
    assert after_the_end[act] == {"session ended": "refused: It was signed out"}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("change", CHANGES)
def test_a_viewers_own_credentials_are_refused_every_change_by_the_cloud_itself(live: Live, change: str) -> None:
    with pytest.raises(Refused) as refused:
        CHANGES[change](live, session(live, "vera"))
    assert refused.value.code == "AccessDeniedException"


@pytest.mark.parametrize("write", WRITES)
def test_a_viewers_own_credentials_are_refused_every_single_write(live: Live, write: str) -> None:
    client = live.app.clients_of(session(live, "vera")).user_pool
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        getattr(client, write)(UserPoolId=live.pool_id, **WRITES[write])


@pytest.mark.parametrize("change", CHANGES)
def test_an_admins_own_credentials_make_every_change(live: Live, change: str) -> None:
    CHANGES[change](live, session(live, "ada"))


def test_a_viewer_reads_the_directory_under_her_own_credentials(live: Live) -> None:
    vera = session(live, "vera")
    assert "admins" in [group.name for group in groups(live, vera).list(vera.operator).groups]
    assert "vera" in [who.username for who in members(live, vera).page(vera.operator, "viewers", 60).people]
    assert Directory(live.app.clients_of(vera).user_pool, live.pool_id).get(vera.operator, "ada")
    assert passwords(live, vera).rules(vera.operator).policy.minimum_length == 12


def test_somebody_without_a_group_reads_nothing_even_unchecked(live: Live, unchecked: None) -> None:
    otto = session(live, "otto")
    with pytest.raises(Refused):
        groups(live, otto).list(otto.operator)


def test_the_record_names_the_person_and_the_request_that_the_cloud_answered(live: Live, record: Record) -> None:
    ada = session(live, "ada")
    name = f"own-{secrets.token_hex(4)}"
    groups(live, ada).create(ada.operator, name, GroupDraft())
    act = record()[-1]
    assert (act.begun.who, act.begun.act, act.begun.target, act.outcome) == ("ada", "group.create", name, "done")
    assert act.begun.sub == ada.operator.sub
    assert act.request_ids


def test_after_the_sign_out_nothing_is_called_under_those_credentials_any_more(live: Live) -> None:
    ada = session(live, "ada")
    clients = live.app.clients_of(ada)
    live.app.sign_out(ada)
    with pytest.raises(SessionEnded):
        clients.user_pool.list_groups(UserPoolId=live.pool_id)


def test_the_servers_credential_is_used_where_it_is_configured_so(live: Live) -> None:
    assert live.app.own_clients is not None
    environment = replace(live.app.environment, admin_calls=Authority.SERVER)
    server: Application = open_application(environment)
    ada = session(live, "ada")
    assert server.clients_of(ada) is server.clients
    assert live.app.clients_of(ada) is not live.app.clients


def test_a_suite_that_a_viewer_runs_leaves_out_what_changes_data(live: Live) -> None:
    suite = read_suite(Path("suites/modes.yaml"), {})
    changing = {each.id: each.safety for each in suite.operations if each.changes_data}
    assert set(changing.values()) == {Safety.FULL}
    vera = session(live, "vera").operator
    prepared = prepare(live.app, suite, operator=vera)
    assert {each.safety for each in prepared.operations if each.changes_data} == {Safety.SKIP}
    assert {each.id for each in prepared.operations} > set(changing)
