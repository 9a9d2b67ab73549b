"""The lab's command on the local cloud: how each run ends, and that nothing secret is in what it writes."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from services import audit
from services.authorization import command_secrets
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Kind
from services.authorization.cells import CellId
from services.authorization.command import main
from services.authorization.command_terminal import Terminal
from services.authorization.outcomes import Outcome
from services.authorization.reports import run_file
from services.authorization.reports.writing import Format
from services.authorization.suite.reading import parse_suite
from services.record.acts import acts_of
from services.secret import Secret
from tests.cloud import ROOT, Cloud
from tests.integration.test_side_by_side import PASSWORD, expired_token

SUITE = """
name: {name}
api: modes
baseline: agreed.baseline
identities:
  - nobody
  - api-key
  - {{person: {person}, password: LAB_PASSWORD, sends: [id]}}
  - {{lambda: demo, token: LAB_TOKEN, denied: [Query.deniedByLambda]}}
{identities}
operations:
  - id: for-admins
    document: "{{ forAdmins }}"
  - id: several
    document: "{{ byEveryMode byUserPool trapUnmarkedType {{ text }} }}"
"""


@dataclass
class Lab:
    """A suite in a folder, somebody who takes part in it, and the command."""

    cloud: Cloud
    folder: Path
    person: str
    more: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    @property
    def suite(self) -> Path:
        return self.folder / "suite.yaml"

    def write(self, identities: str = "") -> None:
        """The suite, with these entries besides."""
        self.suite.write_text(SUITE.format(name=self.person, person=self.person, identities=identities))

    @property
    def variables(self) -> Mapping[str, str]:
        return {
            "GATEHOUSE_LOCAL_CLOUD": str(self.cloud.folder),
            "LAB_PASSWORD": PASSWORD,
            "LAB_TOKEN": self.cloud.demo["lambdaAuthorizerToken"],
            **self.more,
        }

    def run(self, *words: str) -> tuple[int, str, str]:
        """The command's exit code, and what it said on both outputs."""
        out, err = io.StringIO(), io.StringIO()
        before = audit.journal()
        try:
            code = main(words, self.variables, Terminal(out, err))
        finally:
            audit.use(before)
        self.written += [out.getvalue(), err.getvalue()]
        return code, out.getvalue(), err.getvalue()

    def suite_run(self, *more: str) -> int:
        return self.run("run", str(self.suite), *more)[0]

    def accept_all(self) -> None:
        assert self.run("accept", str(self.suite), "--all-new", "--reason", "as it is", "--owner", "ada")[0] == 0

    def join(self, group: str) -> None:
        """Put the person into a group: from the next sign-in on they get what it gets."""
        self.cloud.client("cognito-idp").admin_add_user_to_group(
            UserPoolId=self.cloud.backend["UserPoolId"], Username=self.person, GroupName=group
        )


@pytest.fixture
def lab(local_cloud: Cloud, tmp_path: Path) -> Iterator[Lab]:
    """A suite of four identities, one of them a person of their own."""
    admin, pool, name = local_cloud.client("cognito-idp"), local_cloud.backend["UserPoolId"], f"l-{uuid4().hex[:8]}"
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    admin.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS", UserAttributes=email)
    admin.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
    made = Lab(local_cloud, tmp_path, name)
    made.write()
    yield made
    admin.admin_delete_user(UserPoolId=pool, Username=name)


# --- how a run ends ---------------------------------------------------------------------------------------------------


def test_what_is_accepted_agrees_and_what_changes_afterwards_disagrees(lab: Lab) -> None:
    assert lab.suite_run() == 1
    lab.accept_all()
    code, out, _ = lab.run("run", str(lab.suite))
    assert code == 0
    assert out.splitlines()[-1] == "Agreed: 8 of 8 cells proven, no disagreement."
    lab.join("admins")
    code, out, _ = lab.run("run", str(lab.suite))
    assert code == 1
    assert f"for-admins lets person:{lab.person}/id in, and nobody agreed to it" in out
    cell = f"for-admins person:{lab.person}/id"
    assert lab.run("accept", str(lab.suite), "--cell", cell, "--reason", "she runs it", "--owner", "ada")[0] == 0
    assert lab.suite_run() == 0


def test_accepting_one_cell_changes_one_line(lab: Lab) -> None:
    lab.suite_run()
    lab.accept_all()
    before = (lab.folder / "agreed.baseline").read_text().splitlines()
    lab.join("admins")
    lab.suite_run()
    cell = f"for-admins person:{lab.person}/id"
    lab.run("accept", str(lab.suite), "--cell", cell, "--reason", "r", "--owner", "o", "--until", "2999-12-31")
    after = (lab.folder / "agreed.baseline").read_text().splitlines()
    assert [line for line in after if line not in before] == [
        f'for-admins  person:{lab.person}/id  allowed  reason="r" owner=o until=2999-12-31'
    ]
    assert [line for line in before if line not in after] == []


def test_a_dead_credential_proves_nothing_and_is_not_agreed_with(lab: Lab, local_cloud: Cloud) -> None:
    lab.suite_run()
    lab.accept_all()
    lab.write("  - {oidc: olga, token: LAB_OIDC}")
    lab.more["LAB_OIDC"] = expired_token(local_cloud).reveal()
    code, out, _ = lab.run("run", str(lab.suite))
    assert code == 2
    assert "Nothing is proven about for-admins by oidc:olga" in out
    del lab.more["LAB_OIDC"]
    assert lab.suite_run() == 2


def test_a_run_in_which_nothing_is_proven_fails(lab: Lab) -> None:
    lab.suite.write_text(
        "name: dead\napi: modes\nidentities: [{lambda: gone, token: LAB_NONE}]\n"
        "operations: [{id: a, document: '{ byEveryMode }'}]\n"
    )
    assert lab.suite_run() == 2


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["run", "nowhere.yaml"],
        ["run", "{suite}", "--operation", "gone"],
        ["run", "{suite}", "--identity", "gone"],
        ["run", "{suite}", "--password", "x"],
        ["accept", "{suite}", "--all-new", "--reason", "r", "--owner", "o", "--run", "nowhere.json"],
        ["accept", "{suite}", "--cell", "x y", "--owner", "o"],
        ["accept", "{suite}", "--cell", "x y", "--reason", "r", "--owner", "o", "--until", "2001-01-01"],
        ["suppress", "{suite}", "--finding", "no-id", "--reason", "r", "--owner", "o"],
        ["compare", "nowhere.json", "nowhere.json"],
        ["explain", "{suite}", "--cell", "one-word"],
        ["generate", "--api", "gone"],
        ["dance"],
    ],
)
def test_bad_usage_has_an_exit_code_of_its_own(lab: Lab, words: list[str]) -> None:
    try:
        code = lab.run(*(word.replace("{suite}", str(lab.suite)) for word in words))[0]
    except SystemExit as end:
        code = end.code  # type: ignore[assignment]
    assert code == 3


def test_a_part_of_a_suite_can_be_run_and_calls_nothing_else_gone(lab: Lab) -> None:
    lab.suite_run()
    lab.accept_all()
    path = lab.folder / "part.json"
    assert lab.suite_run("--operation", "several", "--identity", "nobody", "--json", str(path)) == 0
    assert set(run_file.read(path).cells) == {CellId("several", "nobody")}


def test_a_part_of_a_suite_runs_with_the_control_calls_that_the_suite_names(lab: Lab) -> None:
    lab.write()
    with lab.suite.open("a") as file:
        file.write("canaries: {api-key: {granted: several, refused: for-admins}}\n")
    assert lab.suite_run("--operation", "for-admins", "--identity", "api-key") == 0


def test_a_finding_that_is_put_aside_decides_nothing(lab: Lab) -> None:
    path = lab.folder / "run.json"
    lab.suite_run("--json", str(path))
    for finding in run_file.read(path).findings:
        if finding.disagrees:
            lab.run("suppress", str(lab.suite), "--finding", finding.id, "--reason", "known", "--owner", "ada")
    code, out, _ = lab.run("run", str(lab.suite))
    assert code == 0
    assert "Put aside:" in out


# --- what is written --------------------------------------------------------------------------------------------------


def test_no_output_holds_a_secret_of_the_run(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Secret] = []
    watched = command_secrets.Watched

    def kept() -> command_secrets.Watched:
        return watched(secrets=sent)

    monkeypatch.setattr("services.authorization.command_run.Watched", kept)
    lab.write("  - guest\n  - {stand_in: [viewers]}\n  - {broken: [tampered, alg-none, wrong-secret, made-up-key]}")
    files = {what: lab.folder / f"report.{what}" for what in Format}
    code = lab.suite_run(*(word for what, path in files.items() for word in (f"--{what}", str(path))))
    assert code == 1
    revealed = [secret.reveal() for secret in sent]
    assert len(revealed) > 10
    revealed += [PASSWORD, lab.variables["LAB_TOKEN"], lab.cloud.auth_modes["ApiKey"]]
    texts = {str(what): path.read_text() for what, path in files.items()} | {"outputs": "".join(lab.written)}
    texts |= {str(path): path.read_text() for path in (lab.cloud.folder / "dashboard" / "runs").rglob("*.json")}
    assert len(texts) > len(Format) + 1
    found = {name for name, text in texts.items() for secret in revealed if len(secret) > 5 and secret in text}
    assert found == set()


def test_reports_of_a_run_tell_the_same(lab: Lab) -> None:
    paths = [lab.folder / f"deep/report.{what}" for what in (Format.JSON, Format.SARIF)]
    lab.suite_run("--json", str(paths[0]), "--sarif", str(paths[1]))
    record, log = run_file.read(paths[0]), json.loads(paths[1].read_text())
    assert record.operator == "command line"
    assert [each["partialFingerprints"]["gatehouseFinding/v1"] for each in log["runs"][0]["results"]] == [
        finding.id for finding in record.findings
    ]


def test_a_trap_is_found_by_running_too(lab: Lab) -> None:
    path = lab.folder / "run.json"
    lab.suite_run("--json", str(path))
    static = [each for each in run_file.read(path).findings if each.kind is Kind.STATIC]
    unmarked = [each for each in static if each.rule == "GH-S01" and "trapUnmarkedType" in each.words]
    assert unmarked
    assert unmarked[0].seen_by_running
    assert CellId("several", "api-key") in unmarked[0].cells


def test_progress_is_no_part_of_the_result_and_a_file_gets_no_control_characters(lab: Lab) -> None:
    _, out, err = lab.run("run", str(lab.suite))
    assert "Operations: 2, identities: 4" in err
    assert "Operations: 2" not in out
    assert all(char.isprintable() or char == "\n" for char in out + err)


def test_the_record_of_acts_says_that_the_command_line_ran_it(lab: Lab) -> None:
    before = audit.journal()
    try:
        main(["run", str(lab.suite)], lab.variables, Terminal(io.StringIO(), io.StringIO()))
        acts = acts_of(audit.journal().links())
    finally:
        audit.use(before)
    assert any(act.begun.act == "lab.run" and act.begun.who == "command line" for act in acts)


# --- without a run ----------------------------------------------------------------------------------------------------


def test_two_runs_are_compared(lab: Lab) -> None:
    before, after = lab.folder / "a.json", lab.folder / "b.json"
    lab.suite_run("--json", str(before))
    lab.join("admins")
    lab.suite_run("--json", str(after))
    assert lab.run("compare", str(before), str(before))[0] == 0
    code, out, _ = lab.run("compare", str(before), str(after))
    assert code == 1
    cell = f"for-admins person:{lab.person}/id"
    assert f"{cell}: refused by rule (refused: forAdmins) -> allowed (more access)" in out


def test_a_cell_is_explained_with_the_line_that_says_so(lab: Lab) -> None:
    lab.suite_run()
    code, out, _ = lab.run("explain", str(lab.suite), "--cell", f"for-admins person:{lab.person}/id")
    assert code == 0
    assert '@aws_cognito_user_pools(cognito_groups: ["admins"])' in out
    assert "Agreed: refused, since the baseline doesn't list it" in out


def test_a_suite_is_looked_at_without_a_call_and_without_making_anybody(lab: Lab) -> None:
    lab.write("  - {stand_in: [admins]}")
    pool = {"UserPoolId": lab.cloud.backend["UserPoolId"]}
    users = lab.cloud.client("cognito-idp").list_users(**pool)["Users"]
    code, out, _ = lab.run("static", str(lab.suite))
    assert code == 1
    assert "for-admins by group:admins/id: more access is declared than was agreed" in out
    assert "@aws_auth guards nothing here" in out
    names = {user["Username"] for user in users}
    assert {user["Username"] for user in lab.cloud.client("cognito-idp").list_users(**pool)["Users"]} == names


def test_a_generated_suite_can_be_run(lab: Lab) -> None:
    code, out, _ = lab.run("generate", "--api", "modes")
    assert code == 0
    suite = parse_suite(out, lab.suite, {})
    assert {"forAdmins", "byEveryMode"} <= {operation.id for operation in suite.operations}
    lab.suite.write_text(out.replace("operations:", "identities: [nobody]\noperations:", 1))
    assert lab.suite_run() == 0


# --- cut off ----------------------------------------------------------------------------------------------------------


def test_a_run_that_is_interrupted_proves_nothing_and_leaves_nobody_behind(lab: Lab) -> None:
    lab.suite.write_text(
        f"name: {lab.person}\napi: modes\nidentities: [nobody, {{stand_in: [admins]}}]\n"
        "operations: [{generated: queries}]\nlimits: {per_second: 1}\n"
    )
    path = lab.folder / "run.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "services.authorization", "run", str(lab.suite), "--json", str(path)],
        cwd=ROOT,
        env={**os.environ, **lab.variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    while "identities" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 2
    record = run_file.read(path)
    assert record.cancelled
    assert any(each.seen.verdict.outcome is Outcome.NO_VERDICT for each in record.cells.values())
    assert not [each for each in record.findings if each.kind is Kind.NOT_CLEANED_UP]
    users = lab.cloud.client("cognito-idp").list_users(UserPoolId=lab.cloud.backend["UserPoolId"])["Users"]
    assert not [user for user in users if user["Username"].startswith("gatehouse-stand-in")]


def test_the_suites_baseline_is_what_the_command_wrote(lab: Lab) -> None:
    lab.suite_run()
    lab.accept_all()
    agreed = Baseline.read(lab.folder / "agreed.baseline").agreed
    assert CellId("several", "api-key") in agreed.cells
    assert {each.accepted.owner for each in agreed.cells.values()} == {"ada"}
