"""The connection's checks where no cloud can be asked to go wrong in that way."""

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from services.clients import Clients
from services.doctor import apis, machine, managed_login, network, rights, user_pool
from services.doctor.case import Case, Fetched, fetch
from services.doctor.command import main, table
from services.doctor.opening import files_of
from services.doctor.run import examine
from services.doctor.values import Check, Exit, Report, State
from services.errors import GatehouseError, Refused, Unavailable
from services.record.journal import RecordError, SqliteJournal
from services.secret import Secret
from services.settings import Api, Environment
from services.settings_values import Authority
from tests.ports import free_port
from tests.stand_ins import ENVIRONMENT, NOON
from tests.unit.pool_calls import PoolCalls, failing, group

API = ENVIRONMENT.apis[0]


def answering(status: int = 200, text: str = "", **headers: str) -> Callable[..., Fetched]:
    return lambda *_, **__: Fetched(status, headers, text)


def case(
    answers: Mapping[str, Any] | None = None,
    http: Callable[..., Fetched] | None = None,
    environment: Environment = ENVIRONMENT,
    **more: Any,
) -> Case:
    """A case whose user pool and HTTP answer so."""
    clients = Clients(PoolCalls(answers or {}).client, None, {}, None, None)  # type: ignore[arg-type]
    return Case(
        environment, clients, more.pop("journal", lambda: None), now=lambda: NOON, fetch=http or answering(), **more
    )


def the(check: str, of: Case) -> Check:
    return next(each for each in examine(of).checks if each.id == check)


@pytest.mark.parametrize(
    ("code", "status", "state"),
    [
        ("ResourceNotFoundException", 400, State.PROBLEM),
        ("TooManyRequestsException", 400, State.UNCHECKED),
        ("InternalErrorException", 500, State.UNCHECKED),
        ("ExpiredTokenException", 400, State.PROBLEM),
    ],
)
def test_what_aws_refuses_is_a_problem_only_where_it_proves_one(code: str, status: int, state: State) -> None:
    found = the("user_pool", case({"DescribeUserPool": failing(code, "words", status)}, answering(404)))

    assert found.state is state
    assert found.why
    assert found.mend


def test_a_refused_description_of_a_pool_that_publishes_keys_is_not_held_against_the_pool() -> None:
    found = the("user_pool", case({"DescribeUserPool": failing("AccessDeniedException")}, answering(200)))

    assert (found.state, "user_pool_id" in found.mend) == (State.UNCHECKED, True)


def test_a_check_that_breaks_down_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    def broken(*_: Any, **__: Any) -> Fetched:
        raise ZeroDivisionError("the secret part")

    report = examine(case({"ListGroups": {"Groups": [group("admins"), group("viewers")]}}, broken))

    assert "secret part" not in repr(report)
    assert "ZeroDivisionError" in next(each for each in report.checks if each.id == "clock").why
    assert next(each for each in report.checks if each.id == "groups").state is State.OK


def test_a_rotating_refresh_token_counts_as_renewal() -> None:
    client = {"ClientId": "c", "ExplicitAuthFlows": [], "RefreshTokenRotation": {"Feature": "ENABLED"}}

    found = user_pool.refresh(case({"DescribeUserPoolClient": {"UserPoolClient": client}}))

    assert (found.state, found.found) == (State.OK, "with rotation")


@pytest.mark.parametrize(("flow", "state"), [("USER_SRP_AUTH", State.OK), ("USER_PASSWORD_AUTH", State.PROBLEM)])
def test_flows_by_their_older_names_count_as_well(flow: str, state: State) -> None:
    client = {"ClientId": "c", "ExplicitAuthFlows": [flow]}

    found = user_pool.flow(case({"DescribeUserPoolClient": {"UserPoolClient": client}}))

    assert (found.state, flow in found.found) == (state, True)


def test_a_missing_group_of_viewers_is_a_warning() -> None:
    found = user_pool.groups(case({"ListGroups": {"Groups": [group("admins")]}}))

    assert (found.state, "viewer_group" in found.mend) == (State.WARNING, True)


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, State.OK), (3, State.OK), (29, State.OK), (31, State.WARNING), (-31, State.WARNING), (300, State.PROBLEM)],
)
def test_a_clock_is_judged_by_what_aws_bears(seconds: int, state: State) -> None:
    there = format_datetime(NOON - timedelta(seconds=seconds), usegmt=True)

    assert network.clock(case(http=answering(date=there))).state is state
    assert network.clock(case(http=answering(date=f"{there}, {there}"))).state is state


@pytest.mark.parametrize("date", ["", "yesterday", "GMT"])
def test_an_answer_without_a_date_proves_no_clock(date: str) -> None:
    assert network.clock(case(http=answering(date=date))).state is State.UNCHECKED


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"keys": []}', '{"keys": 1}', "null"])
def test_what_is_no_document_of_keys_is_a_problem(text: str) -> None:
    assert network.signing_keys(case(http=answering(200, text))).state is State.PROBLEM


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_fails_proves_nothing_about_the_keys(status: int) -> None:
    assert network.signing_keys(case(http=answering(status, "busy"))).state is State.UNCHECKED


@pytest.mark.parametrize(
    ("status", "kind", "state"),
    [
        (401, "UnauthorizedException", State.OK),
        (403, "MissingAuthenticationTokenException", State.OK),
        (403, "ForbiddenException", State.PROBLEM),
        (404, "", State.PROBLEM),
        (502, "", State.PROBLEM),
    ],
)
def test_a_rest_api_is_told_by_what_api_gateway_says_of_unknown_ones(status: int, kind: str, state: State) -> None:
    environment = replace(ENVIRONMENT, rest_api_url="https://rest.example/prod/")
    answer = answering(status, **{"x-amzn-errortype": kind})

    assert network.rest_api(case(http=answer, environment=environment)).state is state


@pytest.mark.parametrize("text", ["", "<html>It works!</html>", "[1]", '"text"', '{"message": "Not Found"}'])
def test_an_answer_that_is_not_appsync_s_is_a_problem(text: str) -> None:
    assert apis.address(case(http=answering(200, text)), API).state is State.PROBLEM


def test_an_api_whose_id_is_not_configured_is_a_warning_with_the_setting() -> None:
    for check in (apis.modes, apis.schema, apis.keys):
        found = check(case(), API)
        assert (found.state, found.mend) == (State.WARNING, "Set users_api_id")


def test_no_line_shows_a_secret_whatever_goes_wrong() -> None:
    secret, key = "hunter2hunter2", "da2-hunter3hunter3"
    environment = replace(
        ENVIRONMENT,
        client_secret=Secret(secret),
        apis=(Api("users", "Users API", "https://api.example/graphql", "eu-west-1", "", Secret(key)),),
    )
    client = {"ClientId": "c", "ClientSecret": "hunter4hunter4", "ExplicitAuthFlows": []}

    report = examine(case({"DescribeUserPoolClient": {"UserPoolClient": client}}, environment=environment))

    assert not [text for text in (secret, key, "hunter4") if text in f"{report!r}{table(report)}"]


def test_a_read_only_environment_needs_no_rights_to_change() -> None:
    assert "read-only" in rights.changes(case(environment=replace(ENVIRONMENT, read_only=True))).found
    assert "cognito-idp:DeleteGroup" in rights.changes(case()).found


def test_the_rights_are_those_that_the_document_gives_the_dashboard() -> None:
    rows = [line.split("|") for line in Path("docs/iam.md").read_text(encoding="utf-8").splitlines()]
    granted = {row[1].strip(" `") for row in rows if len(row) > 8 and row[7].strip() == "yes"}
    ours = {right for right in granted if right.startswith(("cognito-", "iam:PassRole"))}

    assert {*rights.READS, *rights.IDENTITY_POOL_READS, *rights.CHANGES} == ours


def folder_of(path: Path) -> Case:
    return case(environment=replace(ENVIRONMENT, data_folder=str(path), suites_folder=str(path)))


def test_a_data_folder_that_is_not_there_or_open_to_others_is_told(tmp_path: Path) -> None:
    assert machine.data_folder(folder_of(tmp_path / "none")).state is State.PROBLEM
    tmp_path.chmod(0o755)
    assert "chmod 700" in machine.data_folder(folder_of(tmp_path)).mend
    tmp_path.chmod(0o700)
    assert machine.data_folder(folder_of(tmp_path)).state is State.OK
    assert list(tmp_path.iterdir()) == []


def test_files_that_others_can_read_are_named(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.touch(mode=0o644)
    os.chmod(file, 0o644)  # noqa: PTH101 - whatever the umask took away

    found = machine.files(case(files=(file,)))
    assert (found.state, str(file) in found.mend) == (State.WARNING, True)
    file.chmod(0o600)
    assert machine.files(case(files=(file,))).state is State.OK


def test_the_files_of_an_environment_are_those_that_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (".streamlit/secrets.toml", "cdk-outputs.staging.json", "sites.toml", "elsewhere.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    named = {"GATEHOUSE_ENVIRONMENTS": "sites.toml", "GATEHOUSE_OUTPUTS_FILE": "elsewhere.json"}

    assert {path.name for path in files_of(ENVIRONMENT, named)} == {
        "secrets.toml",
        "cdk-outputs.staging.json",
        "sites.toml",
        "elsewhere.json",
    }


def test_a_suite_that_can_not_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("name: x\napi: nothing\noperations: []\n", encoding="utf-8")

    found = machine.suites(folder_of(tmp_path))

    assert (found.state, found.found) == (State.PROBLEM, "broken.yaml")
    assert found.why
    assert machine.suites(folder_of(tmp_path / "none")).state is State.WARNING


def test_a_broken_chain_and_a_record_that_can_not_be_read_are_problems(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "audit.sqlite")

    def unreadable() -> Any:
        raise RecordError("The record of acts can't be read", "disk I/O error", "Make it readable")

    assert machine.record(case(journal=lambda: journal)).state is State.OK
    journal._connection.execute("insert into entries values (7, '{}', 'no hash')")
    assert machine.record(case(journal=lambda: journal)).state is State.PROBLEM
    assert the("record", case(journal=unreadable)).why == "disk I/O error"
    journal.close()


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ((State.OK,), Exit.WELL),
        ((State.OK, State.WARNING), Exit.WELL),
        ((State.OK, State.UNCHECKED), Exit.UNCHECKED),
        ((State.UNCHECKED, State.PROBLEM), Exit.PROBLEMS),
    ],
)
def test_a_problem_outweighs_what_was_not_checked(states: tuple[State, ...], code: Exit) -> None:
    checks = tuple(Check(state, state, state, "found") for state in states)

    assert Report("test", checks, NOON, 1.0).exit_code is code


def test_the_table_says_why_and_what_to_do_below_each_line_that_is_not_well() -> None:
    checks = (
        Check("a", "First", State.OK, "all of it"),
        Check("b", "The second", State.PROBLEM, "nothing", "It is gone", "Bring it back"),
    )
    lines = table(Report("staging", checks, datetime(2030, 1, 1, tzinfo=UTC), 12.0)).splitlines()

    assert lines[0] == "staging, 2030-01-01 00:00:00 UTC, 12 ms"
    assert lines[2].split(maxsplit=2) == ["ok", "First", "all of it"]
    assert [line.strip() for line in lines[3:6]] == [
        "PROBLEM      The second  nothing",
        "It is gone",
        "→ Bring it back",
    ]
    assert lines[-1] == "1 problem, 1 ok"


def test_several_environments_are_all_checked_and_the_worst_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def examined(key: str, _: Mapping[str, str]) -> Report:
        state = State.PROBLEM if key == "south" else State.UNCHECKED
        return Report(key, (Check("a", "A", state, "x"),), NOON, 1.0)

    sites = tmp_path / "sites.toml"
    sites.write_text("[north]\n[south]\n", encoding="utf-8")
    variables = {"GATEHOUSE_ENVIRONMENTS": str(sites)}
    monkeypatch.setattr("services.doctor.command._examined", examined)
    out = io.StringIO()

    assert main([], variables, out) == Exit.PROBLEMS
    assert "north" in out.getvalue()
    assert main(["--env", "north"], variables, io.StringIO()) == Exit.UNCHECKED


def test_nothing_answering_is_told_without_what_was_sent() -> None:
    with pytest.raises(Unavailable) as told:
        fetch(f"http://127.0.0.1:{free_port()}/", body="{}", headers={"x-api-key": "da2-hunter2"})

    assert isinstance(told.value, GatehouseError)
    assert "hunter2" not in f"{told.value}{told.value!r}{told.value.__cause__}"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"region": "us-west-2"}, "user_pool_id is of eu-west-1"),
        ({"identity_pool_id": "us-west-2:1a2b3c4d-0000-0000-0000-000000000000"}, "identity_pool_id is of us-west-2"),
        ({"rest_api_url": "https://x.execute-api.us-west-2.amazonaws.com/prod/"}, "rest_api_url is of us-west-2"),
        (
            {"apis": (replace(API, url="https://x.appsync-api.us-west-2.amazonaws.com/graphql"),)},
            "users_api_url is of us-west-2",
        ),
    ],
)
def test_a_region_that_is_not_the_one_of_ids_and_addresses_is_a_problem(changed: dict[str, Any], told: str) -> None:
    found = network.region(case(environment=replace(ENVIRONMENT, **changed)))
    assert (found.state is State.PROBLEM, told in found.why) == (bool(told), True)


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException"])
def test_a_credential_that_aws_does_not_know_is_told_as_such_and_not_as_one_without_rights(code: str) -> None:
    refused = {right.removeprefix("cognito-idp:"): failing(code) for right in rights.READS}
    report = examine(case(refused, environment=replace(ENVIRONMENT, identity_pool_id="")))
    lines = {check.id: check for check in report.checks}
    assert (lines["rights"].state, lines["rights"].found) == (State.PROBLEM, code)
    for check in ("client", "groups", "rights"):
        assert "does not accept the credential" in lines[check].why
        assert "access key" in lines[check].mend


def test_an_app_client_that_is_missing_is_the_same_setting_in_every_line() -> None:
    report = examine(case({"DescribeUserPoolClient": failing("ResourceNotFoundException")}))
    for check in report.checks:
        if check.id in {"client", "sign_in_flow", "refresh", "client_secret"}:
            assert (check.state, "client_id" in check.mend) == (State.PROBLEM, True)


def test_a_group_of_operators_without_a_role_is_a_problem_where_calls_are_theirs() -> None:
    there = {"ListGroups": {"Groups": [group("admins", RoleArn="arn:aws:iam::1:role/a"), group("viewers")]}}
    own = replace(ENVIRONMENT, admin_calls=Authority.OPERATOR)
    found = user_pool.groups(case(there, environment=own))
    assert (found.state, found.found) == (State.PROBLEM, "viewers without an IAM role")
    assert user_pool.groups(case(there)).state is State.OK


CODE_FLOW = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://gatehouse.example/managed-login/return"],
}


@pytest.mark.parametrize(
    ("changed", "status", "state", "told"),
    [
        ({}, 400, State.OK, ""),
        ({}, 404, State.PROBLEM, "own pages"),
        ({"AllowedOAuthFlowsUserPoolClient": False}, 400, State.PROBLEM, "code flow"),
        ({"AllowedOAuthFlows": ["implicit"]}, 400, State.PROBLEM, "code flow"),
        ({"AllowedOAuthScopes": ["email"]}, 400, State.PROBLEM, "openid"),
        ({"CallbackURLs": ["https://elsewhere.example/managed-login/return"]}, 400, State.PROBLEM, "callback"),
        ({"CallbackURLs": []}, 400, State.PROBLEM, "callback"),
    ],
)
def test_managed_login_is_held_against_its_domain_and_the_app_client(
    changed: dict[str, Any], status: int, state: State, told: str
) -> None:
    here = replace(ENVIRONMENT, managed_login_domain="https://login.example", public_origin="https://gatehouse.example")
    client = {"DescribeUserPoolClient": {"UserPoolClient": CODE_FLOW | changed}}
    found = managed_login.pages(case(client, answering(status), here))
    assert (found.state, told in found.why) == (state, True)


def test_a_domain_of_managed_login_at_which_nothing_answers_is_a_problem() -> None:
    def silent(*_: Any, **__: Any) -> Fetched:
        raise Unavailable("Could not reach it")

    here = replace(ENVIRONMENT, managed_login_domain="https://login.example")
    client = {"DescribeUserPoolClient": {"UserPoolClient": CODE_FLOW}}
    assert managed_login.pages(case(client, silent, here)).state is State.PROBLEM
    assert managed_login.pages(case()).state is State.OK


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (None, State.OK),
        (Refused("Could not reach the shared sessions", "AWS does not let it", "Attach the policy"), State.PROBLEM),
        (Unavailable("…", "There is no such table", "Check it", "ResourceNotFoundException"), State.PROBLEM),
        (Unavailable("…", "AWS did not answer", "Try again", "EndpointConnectionError"), State.UNCHECKED),
    ],
)
def test_a_table_of_sessions_that_can_not_be_read_is_named(error: GatehouseError | None, state: State) -> None:
    def reach() -> None:
        if error:
            raise error

    here = replace(ENVIRONMENT, sessions_table="shared-sessions")
    assert the("sessions", case(environment=here, sessions=reach)).state is state
    assert machine.sessions(case(sessions=reach)).found == "in this process"
