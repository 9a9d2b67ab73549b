"""Stand-ins on the running local cloud: made for a run, and gone after it however it ends."""

import signal

import pytest

from services.authorization.callers.cast import callers
from services.authorization.callers.removal import Remover, Stay
from services.authorization.callers.signed_in import renewing
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.renewal import Renewal
from services.secret import Secret
from tests.integration.casting import (
    ALL,
    IN_NO_GROUP,
    VIEWER,
    another_run,
    called,
    groups_in,
    ids,
    members,
    person,
    stand_ins,
)
from tests.integration.stage import ADA, Live


@pytest.mark.parametrize("groups", [(), ("admins",), ("admins", "viewers")])
def test_testing_as_a_person_is_a_stand_in_with_the_same_groups(live: Live, groups: tuple[str, ...]) -> None:
    somebody = live.new_person("Test-as-").username
    for group in groups:
        live.admin.admin_add_user_to_group(UserPoolId=live.pool_id, GroupName=group, Username=somebody)
    choice = IdentityChoice(IdentityKind.PERSON, name=somebody)
    with callers(live.app, live.app.environment.api("modes"), [choice], operator=ADA) as cast:
        assert ids(cast) == [f"person:{somebody}/{sent}" for sent in ALL]
        assert groups_in(cast, f"person:{somebody}/id") == sorted(groups)
        assert groups_in(cast, f"person:{somebody}/access") == sorted(groups)
        assert {(caller.person, caller.stand_in, caller.facts.groups) for caller in cast.callers} == {
            (somebody, True, frozenset(groups))
        }
        (made,) = stand_ins(live)
        assert made != somebody
    assert stand_ins(live) == set()


def test_a_stand_in_is_removed_after_the_run_and_proven_to_be_gone(live: Live) -> None:
    with callers(live.app, live.app.environment.api("modes"), [VIEWER, IN_NO_GROUP], operator=ADA) as cast:
        made = stand_ins(live)
        assert len(made) == 2
        assert len(made & members(live, "viewers")) == 1
        assert cast.removals == ()
    assert {removal.stay.username for removal in cast.removals} == made
    assert all(removal.proven for removal in cast.removals), cast.removals
    assert [removal.why for removal in cast.removals if removal.stay.groups] == [
        "Cognito knows no such user any more, viewers names it no more."
    ]
    for username in made:
        with pytest.raises(live.admin.exceptions.UserNotFoundException):
            live.admin.admin_get_user(UserPoolId=live.pool_id, Username=username)
    assert not made & members(live, "viewers")


def test_a_user_who_stays_is_not_said_to_be_gone(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = live.new_person().username
    remover = Remover(live.app.clients.user_pool, live.pool_id, ADA)
    monkeypatch.setattr(Remover, "_delete", lambda *_: None)
    (removal,) = remover.remove([Stay(somebody, "no-group")])
    assert (removal.proven, removal.why) == (False, f"Cognito still knows the user {somebody}.")


@pytest.mark.parametrize("ending", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_run_that_breaks_off_leaves_no_stand_in(live: Live, ending: type[BaseException]) -> None:
    def broken_off() -> None:
        with callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA):
            assert len(stand_ins(live)) == 1
            raise ending

    with pytest.raises(ending):
        broken_off()
    assert stand_ins(live) == set()


def test_an_interruption_while_stand_ins_are_made_leaves_none(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        assert len(stand_ins(live)) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr("services.authorization.callers.stand_ins.sign_in_person", interrupted)
    with (
        pytest.raises(KeyboardInterrupt),
        callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA),
    ):
        pass
    assert stand_ins(live) == set()


def test_what_a_killed_run_leaves_behind_the_next_run_removes(live: Live) -> None:
    with another_run(live) as other:
        left = stand_ins(live)
        assert len(left) == 2
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert stand_ins(live) == left
        with callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA) as cast:
            assert {removal.stay.username for removal in cast.swept} == left
            assert all(removal.proven for removal in cast.swept)
            assert len(stand_ins(live)) == 1
            assert not stand_ins(live) & left
    assert stand_ins(live) == set()


def test_what_another_run_uses_now_is_left_alone(live: Live) -> None:
    with another_run(live):
        theirs = stand_ins(live)
        with callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA) as cast:
            assert cast.swept == ()
            assert len(stand_ins(live)) == 3
        assert stand_ins(live) == theirs
    for username in theirs:
        live.admin.admin_delete_user(UserPoolId=live.pool_id, Username=username)


def test_a_run_that_the_system_ends_removes_its_stand_ins_first(live: Live) -> None:
    with another_run(live) as other:
        assert len(stand_ins(live)) == 2
        other.send_signal(signal.SIGTERM)
        assert other.wait(120) == 128 + signal.SIGTERM
        assert stand_ins(live) == set()


def test_a_person_in_exactly_the_groups_takes_the_place_of_a_stand_in(live: Live) -> None:
    renew = Renewal(live.app.clients.user_pool, live.app.environment).renew
    vera = renewing(person(live, "vera"), renew, live.app.identify.now)
    with callers(
        live.app, live.app.environment.api("modes"), [VIEWER, IN_NO_GROUP], operator=ADA, people=[vera]
    ) as cast:
        assert len(stand_ins(live)) == 1
        viewer, outsider = cast.caller("group:viewers/id"), cast.caller("no-group/id")
        assert viewer
        assert (viewer.person, viewer.stand_in, viewer.group) == ("vera", False, "viewers")
        assert outsider
        assert (outsider.person, outsider.stand_in) == ("", True)
        assert "person:vera/access" in ids(cast)


def test_somebody_with_a_password_signs_in_for_a_column_and_a_wrong_one_is_told(live: Live) -> None:
    right = IdentityChoice(IdentityKind.PERSON, "vera", sends=("id",), secret=Secret(live.cloud.password("vera")))
    wrong = IdentityChoice(IdentityKind.PERSON, "otto", sends=("id",), secret=Secret("Wrong-horse-9"))
    with callers(live.app, live.app.environment.api("modes"), [right, wrong], operator=ADA) as cast:
        assert ids(cast) == ["person:vera/id", "person:otto/id"]
        assert groups_in(cast, "person:vera/id") == ["viewers"]
        otto = cast.caller("person:otto/id")
        assert otto
        assert otto.unavailable
        grid = called(live, cast, "{ byUserPool }")
    assert [each.outcome for each in grid.columns] == [Outcome.ALLOWED, Outcome.NO_VERDICT]
    assert "password is wrong" in grid.columns[1].explanation.why


def test_somebody_whose_password_is_missing_is_not_replaced_by_a_stand_in(live: Live) -> None:
    unset = IdentityChoice(IdentityKind.PERSON, "vera", secret_variable="VERA_PASSWORD")
    with callers(live.app, live.app.environment.api("modes"), [unset], operator=ADA) as cast:
        assert stand_ins(live) == set()
    assert ids(cast) == [f"person:vera/{sent}" for sent in ALL]
    for caller in cast.callers:
        assert caller.unavailable
        assert (caller.unavailable.next_step, caller.facts.groups) == ("Set VERA_PASSWORD", {"viewers"})


def test_a_group_or_person_who_is_not_there_is_listed_with_the_reason(live: Live) -> None:
    choices = [
        IdentityChoice(IdentityKind.STAND_IN, groups=("no-such-group",), sends=("id",)),
        IdentityChoice(IdentityKind.PERSON, "no-such-person", sends=("id",)),
        IdentityChoice(IdentityKind.STAND_IN, sends=("id",)),
    ]
    with callers(live.app, live.app.environment.api("modes"), choices, operator=ADA) as cast:
        told = {caller.id: caller.unavailable.why if caller.unavailable else "" for caller in cast.callers}
    assert told == {
        "group:no-such-group/id": "The group does not exist (any more)",
        "person:no-such-person/id": "There is no such user in the pool",
        "no-group/id": "",
    }
    assert all(removal.proven for removal in cast.removals), cast.removals
    assert stand_ins(live) == set()
