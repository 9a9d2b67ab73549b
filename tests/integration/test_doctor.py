"""The connection's checks against the local cloud: all is well, then one value at a time is broken and named."""

import io
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services import audit
from services.clients import open_clients
from services.doctor.case import Case
from services.doctor.command import main
from services.doctor.opening import case_of
from services.doctor.rights import IDENTITY_POOL_READS, READS
from services.doctor.run import examine
from services.doctor.values import Check, Exit, Report, State
from services.secret import Secret
from services.settings import Api, Environment
from services.settings_values import Authority, SignInFlow
from tests.cloud import Cloud
from tests.integration.roles import granted_to, group_role, pool_arn, trial_role
from tests.integration.stage import Live
from tests.ports import free_port
from tests.ways_in import own_pool


def checked(live: Live, now: Any = None, **changed: Any) -> Report:
    """What is found of the environment with these values changed, under the dashboard's own credential."""
    environment = replace(live.app.environment, **changed)
    case = case_of(environment, open_clients(environment), {})
    return examine(replace(case, now=now) if now else case)


def with_api(live: Live, name: str, **changed: Any) -> tuple[Api, ...]:
    return tuple(replace(api, **changed) if api.name == name else api for api in live.app.environment.apis)


def problem(report: Report, key: str) -> Check:
    """The one check that is meant; it has to say why and what to do."""
    (found,) = [check for check in report.checks if check.id == key]
    assert found.state is State.PROBLEM, found
    assert found.why
    assert found.mend
    return found


def test_everything_is_well_on_a_fresh_stack(live: Live) -> None:
    report = checked(live)

    assert [check for check in report.checks if check.state is not State.OK] == []
    assert report.exit_code is Exit.WELL
    assert {"user_pool", "client_secret", "users_api_keys", "modes_api_schema", "clock"} <= {
        check.id for check in report.checks
    }


def test_a_wrong_user_pool_is_named_with_the_setting(live: Live) -> None:
    report = checked(live, user_pool_id="us-east-1_Nowhere00")

    assert "user_pool_id" in problem(report, "user_pool").mend
    assert "user_pool_id" in problem(report, "signing_keys").mend
    assert report.exit_code is Exit.PROBLEMS


def test_a_wrong_app_client_is_named_with_the_setting(live: Live) -> None:
    assert "client_id" in problem(checked(live, client_id="nosuchclient"), "client").mend


def test_an_app_client_of_another_pool_is_none_of_this_one(live: Live) -> None:
    problem(checked(live, client_id=own_pool(live.cloud).client_id), "client")


def test_a_flow_that_the_client_does_not_allow_is_named(live: Live) -> None:
    pool = own_pool(live.cloud, {"ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]})
    report = admin_checked(live, pool.pool_id, pool.client_id)

    assert "ALLOW_USER_SRP_AUTH" in problem(report, "sign_in_flow").mend


@pytest.mark.parametrize("flow", [SignInFlow.PASSWORD, SignInFlow.ADMIN])
def test_the_flow_that_is_configured_is_the_one_that_is_asked_for(live: Live, flow: SignInFlow) -> None:
    pool = own_pool(live.cloud, {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
    report = admin_checked(live, pool.pool_id, pool.client_id, sign_in_flow=flow)

    assert flow in problem(report, "sign_in_flow").why
    assert "ALLOW_REFRESH_TOKEN_AUTH" in problem(report, "refresh").mend


def admin_checked(live: Live, pool_id: str, client_id: str, **changed: Any) -> Report:
    """What is found of another pool, under the credential that may do everything."""
    return checked(live, user_pool_id=pool_id, client_id=client_id, profile="local-admin", **changed)


def test_a_secret_is_missing_wrong_or_one_too_many(live: Live) -> None:
    keeps, open_one = own_pool(live.cloud, {"GenerateSecret": True}), own_pool(live.cloud)
    wrong = Secret("not-the-secret-of-this-client")

    missing = admin_checked(live, keeps.pool_id, keeps.client_id)
    other = admin_checked(live, keeps.pool_id, keeps.client_id, client_secret=wrong)
    more = admin_checked(live, open_one.pool_id, open_one.client_id, client_secret=wrong)
    right = admin_checked(live, keeps.pool_id, keeps.client_id, client_secret=Secret(keeps.secret))

    assert "Set client_secret" in problem(missing, "client_secret").mend
    assert "once more" in problem(other, "client_secret").mend
    assert "Take client_secret away" in problem(more, "client_secret").mend
    assert next(check for check in right.checks if check.id == "client_secret").state is State.OK
    for report in (missing, other, more, right):
        assert keeps.secret not in repr(report)
        assert wrong.reveal() not in repr(report)


def test_a_group_that_gives_nobody_a_role_is_named(live: Live) -> None:
    assert "admin_group" in problem(checked(live, admin_group="nobodies"), "groups").mend


def test_a_wrong_identity_pool_is_named_with_the_setting(live: Live) -> None:
    other = "us-east-1:00000000-0000-0000-0000-000000000000"
    report = checked(live, identity_pool_id=other, profile="local-admin")

    assert "identity_pool_id" in problem(report, "identity_pool").mend


def test_an_identity_pool_that_trusts_another_client_or_maps_no_groups_is_named(live: Live) -> None:
    pools = live.cloud.client("cognito-identity")
    made = pools.create_identity_pool(
        IdentityPoolName=f"test{secrets.token_hex(4)}",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[
            {"ProviderName": live.app.environment.issuer.removeprefix("https://"), "ClientId": "another"}
        ],
    )["IdentityPoolId"]
    arn = live.cloud.client("iam").get_role(RoleName=group_role(live, "viewers"))["Role"]["Arn"]
    pools.set_identity_pool_roles(IdentityPoolId=made, Roles={"authenticated": arn})

    report = checked(live, identity_pool_id=made, profile="local-admin", admin_calls=Authority.OPERATOR)

    assert live.app.environment.client_id in problem(report, "identity_pool").mend
    assert "Token" in problem(report, "identity_pool_roles").mend


@pytest.mark.parametrize("address", ["/nothing/here", "/_local_cloud/health"])
def test_an_address_where_no_api_is_is_named_with_the_setting(live: Live, address: str) -> None:
    report = checked(live, apis=with_api(live, "modes", url=live.cloud.endpoint + address))

    assert "modes_api_url" in problem(report, "modes_api_address").mend
    assert next(check for check in report.checks if check.id == "users_api_address").state is State.OK


def test_an_id_of_no_api_is_named_with_the_setting(live: Live) -> None:
    report = checked(live, apis=with_api(live, "modes", api_id="nosuchapi"), profile="local-admin")

    assert "modes_api_id" in problem(report, "modes_api_address").mend


def test_address_and_id_of_different_apis_are_told_apart(live: Live) -> None:
    other = live.app.environment.api("users").api_id
    report = checked(live, apis=with_api(live, "modes", api_id=other))

    assert "modes_api_id" in problem(report, "modes_api_address").mend


def test_an_api_that_trusts_another_user_pool_is_named(live: Live) -> None:
    pool = own_pool(live.cloud)
    report = admin_checked(live, pool.pool_id, pool.client_id)

    assert live.pool_id in problem(report, "users_api_modes").why


def test_a_key_that_the_api_refuses_is_named_and_never_shown(live: Live) -> None:
    key = "da2-000000000000000000expired0"
    report = checked(live, apis=with_api(live, "modes", api_key=Secret(key)))

    assert "modes_api_key" in problem(report, "modes_api_keys").mend
    assert key not in repr(report)


def test_keys_that_have_expired_or_soon_will_are_told_by_their_days(live: Live) -> None:
    plain = with_api(live, "modes", api_key=None)
    (near,) = [
        check
        for check in checked(live, lambda: datetime.now(UTC) + timedelta(days=5), apis=plain).checks
        if check.id == "modes_api_keys"
    ]

    assert (near.state, "days left" in near.found) == (State.WARNING, True)
    late = checked(live, lambda: datetime.now(UTC) + timedelta(days=9), apis=plain)
    assert "expired" in problem(late, "modes_api_keys").found


@pytest.mark.parametrize(("minutes", "state"), [(1, State.WARNING), (-1, State.WARNING), (7, State.PROBLEM)])
def test_a_clock_that_is_off_is_told_with_how_far(live: Live, minutes: int, state: State) -> None:
    report = checked(live, lambda: datetime.now(UTC) + timedelta(minutes=minutes))

    (clock,) = [check for check in report.checks if check.id == "clock"]
    assert clock.state is state
    assert "NTP" in clock.mend
    assert ("ahead of" if minutes > 0 else "behind") in clock.found


def test_rest_api_that_is_not_there_is_named_with_the_setting(live: Live) -> None:
    report = checked(live, rest_api_url=live.app.environment.rest_api_url.replace("/prod", "/nothing"))

    assert "rest_api_url" in problem(report, "rest_api").mend


def test_each_right_that_is_missing_is_named(live: Live) -> None:
    granted = granted_to(live, group_role(live, "admins"))
    role = trial_role(live)
    for right in (*READS, *IDENTITY_POOL_READS, "appsync:ListApiKeys"):
        role.grant(grant for grant in granted if grant[0] != right)
        report = examine(Case(live.app.environment, role.acting.clients, audit.journal))
        assert right in problem(report, "rights").found
        assert "OperatorPolicyArn" in problem(report, "rights").mend
        assert problem(report, "rights").found.count(":") == 2, problem(report, "rights")


def test_without_any_right_every_line_still_says_something(live: Live) -> None:
    role = trial_role(live)
    role.grant([("cognito-idp:GetUser", pool_arn(live))])

    report = examine(Case(live.app.environment, role.acting.clients, audit.journal))

    assert report.exit_code is Exit.PROBLEMS
    assert all(check.found for check in report.checks)
    assert all(check.why and check.mend for check in report.checks if check.state is not State.OK)


def configured(live: Live, folder: Path, **changed: str) -> Mapping[str, str]:
    """Variables by which a command finds the stack, with some of them changed."""
    cloud: Cloud = live.cloud
    return {
        "GATEHOUSE_OUTPUTS_FILE": str(cloud.folder / "outputs.json"),
        "GATEHOUSE_DATA_FOLDER": str(folder),
        "AWS_ENDPOINT_URL": cloud.endpoint,
    } | changed


def test_the_command_ends_with_0_when_all_is_well_and_prints_a_line_for_each_value(live: Live) -> None:
    out = io.StringIO()

    assert main([], {"GATEHOUSE_LOCAL_CLOUD": str(live.cloud.folder)}, out) == Exit.WELL
    assert "Client secret" in out.getvalue()
    assert out.getvalue().rstrip().endswith("28 ok")


def test_the_command_ends_with_1_and_says_what_to_mend(live: Live) -> None:
    out = io.StringIO()
    variables = {"GATEHOUSE_LOCAL_CLOUD": str(live.cloud.folder), "GATEHOUSE_CLIENT_ID": "nosuchclient"}

    assert main(["--json"], variables, out) == Exit.PROBLEMS
    (report,) = json.loads(out.getvalue())
    (client,) = [check for check in report["checks"] if check["id"] == "client"]
    assert client["state"] == "problem"
    assert "client_id" in client["mend"]


def test_the_command_ends_with_2_when_nothing_answers(live: Live, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment: Environment = replace(
        live.app.environment,
        endpoint_url=nowhere,
        rest_api_url=nowhere,
        apis=tuple(replace(api, url=nowhere) for api in live.app.environment.apis),
        data_folder=str(tmp_path),
    )
    report = examine(case_of(environment, open_clients(environment), {}))

    assert report.of(State.PROBLEM) == ()
    assert report.exit_code is Exit.UNCHECKED
    assert {check.id for check in report.of(State.UNCHECKED)} >= {"user_pool", "users_api_address", "clock"}
    assert all(check.mend for check in report.of(State.UNCHECKED))


@pytest.mark.parametrize(("words", "changed"), [(["--env", "west"], {}), ([], {"GATEHOUSE_USER_POOL_ID": "no pool"})])
def test_the_command_ends_with_3_when_the_settings_are_no_good(
    live: Live, tmp_path: Path, words: list[str], changed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words, configured(live, tmp_path, **changed)) == Exit.USAGE
    assert "environment named west" in (said := capsys.readouterr().err) or "user_pool_id" in said


def test_the_command_ends_with_3_when_the_words_are_no_good() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--nothing"], {})
    assert ended.value.code == Exit.USAGE
