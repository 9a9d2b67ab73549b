"""JUnit, SARIF, Markdown and CSV: everything proven and unproven is told, and text from outside stays text."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from services.authorization.agreed.assessment import Exit
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Class, Kind
from services.authorization.agreed.findings import disagreements
from services.authorization.cells import Declaration, Verdict
from services.authorization.command_summary import summary
from services.authorization.reports import run_file
from services.authorization.reports.junit import as_junit
from services.authorization.reports.markdown import as_markdown
from services.authorization.reports.matrix_csv import HEAD, as_matrix_csv
from services.authorization.reports.record import RunRecord
from services.authorization.reports.sarif import FINGERPRINT, Places, as_sarif
from services.authorization.reports.writing import Format, Writer
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, BY_RULE, NO_VERDICT, Result
from tests.unit.authorization.reports.samples import (
    ADA,
    GUEST,
    LIST,
    MUTE,
    NOBODY,
    NOT_RUN,
    agreeing,
    cell,
    mixed,
    nasty,
    places,
    run_of,
    seen,
)


def junit_tests(record: RunRecord) -> list[ET.Element]:
    return list(ET.fromstring(as_junit(record)).iter("testcase"))  # noqa: S314 (our own text)


# --- JUnit ------------------------------------------------------------------------------------------------------------


def test_junit_has_a_test_for_each_cell_and_none_is_skipped() -> None:
    root = ET.fromstring(as_junit(mixed()))  # noqa: S314
    assert [suite.get("name") for suite in root] == ["all-users", "rename"]
    assert (root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == ("6", "1", "1", "0")
    assert root.find(".//skipped") is None
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase"))) == "3"


def test_junit_fails_on_a_disagreement_and_errs_on_what_is_not_proven() -> None:
    tests = {(test.get("classname"), (test.get("name") or "").split(" · ")[0]): test for test in junit_tests(mixed())}
    failure = tests["users.all-users", "guest/iam"].find("failure")
    assert failure is not None
    assert failure.get("type") == "less-than-agreed"
    assert "schema line 12: email: String @aws_cognito_user_pools" in (failure.text or "")
    error = tests["users.rename", "group:admins/id"].find("error")
    assert error is not None
    assert error.get("type") == "no-verdict"
    passed = tests["users.all-users", "group:admins/id"]
    assert passed.find("failure") is passed.find("error") is None
    aside = tests["users.rename", "nobody"]
    assert aside.find("failure") is None
    assert "Put aside by ada" in (aside.findtext("system-out") or "")


@pytest.mark.parametrize("record", [run_of({}), run_of({}, operations=(), identities=())])
def test_junit_never_passes_a_run_that_proved_nothing(record: RunRecord) -> None:
    tests = junit_tests(record)
    assert tests
    assert all(test.find("error") is not None for test in tests)


def test_junit_tells_a_finding_that_is_about_no_cell() -> None:
    gone = Baseline.parse('gatehouse-baseline 1\nold  nobody  allowed  reason="x" owner=ada\n')
    record = run_of(dict.fromkeys((cell(LIST, GUEST),), seen(ALLOWED)), gone)
    failures = [test.find("failure") for test in junit_tests(record)]
    assert "cell-gone" in {failure.get("type") for failure in failures if failure is not None}


# --- SARIF ------------------------------------------------------------------------------------------------------------


def test_sarif_names_rule_level_fingerprint_and_line_of_every_finding(tmp_path: Path) -> None:
    record, baseline = mixed(), tmp_path / "a b" / "suite.baseline"
    baseline.parent.mkdir()
    baseline.write_text("x")
    log = json.loads(as_sarif(record, Places(tmp_path / "suite.yaml", baseline, lambda _: 3, tmp_path)))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert len(run["results"]) == len(record.findings)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert set(Kind) <= set(rules)
    assert len(rules) == len(set(rules))
    for finding, result in zip(record.findings, run["results"], strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == finding.rule
        assert result["partialFingerprints"] == {FINGERPRINT: finding.id}
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "a%20b/suite.baseline", "uriBaseId": "%SRCROOT%"}
        assert place["region"] == {"startLine": 3}
        proven = finding.weight is not Class.NO_VERDICT
        assert (result["kind"], result["level"] == "none") == ("fail" if proven else "open", not proven)
        assert ("suppressions" in result) == (finding.suppressed is not None)


def test_sarif_says_of_a_run_without_verdict_that_it_did_not_succeed() -> None:
    (run,) = json.loads(as_sarif(run_of({}), places()))["runs"]
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert invocation["toolExecutionNotifications"]
    (run,) = json.loads(as_sarif(agreeing(), places()))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["results"] == []


def test_sarif_tells_no_folder_of_this_machine(tmp_path: Path) -> None:
    outside = Places(tmp_path / "elsewhere" / "suite.yaml", None, lambda _: 1, tmp_path / "root")
    assert str(tmp_path) not in as_sarif(mixed(), outside)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def test_markdown_begins_with_the_result_and_tells_findings_matrix_and_legend() -> None:
    text = as_markdown(mixed())
    assert text.startswith("## users\n\n**Disagreement\\: 1 disagreement, 5 of 6 cells proven.**")
    assert "### Disagreements" in text
    assert "### Not proven" in text
    assert "| all-users | ⊘ | ◑ ‼ | ✓ |" in text
    assert "| rename | ✓ | ✕ | ? |" in text


def test_markdown_can_leave_out_rows_that_are_as_agreed() -> None:
    record = agreeing()
    assert "| rename |" in as_markdown(record)
    assert "### Matrix" not in as_markdown(record, only_disagreements=True)
    assert "| rename | ✓ | ✕ | ? |" in as_markdown(mixed(), only_disagreements=True)


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_csv_has_a_line_for_each_cell() -> None:
    rows = list(csv.DictReader(io.StringIO(as_matrix_csv(mixed()), newline="")))
    assert tuple(rows[0]) == HEAD
    assert [(row["operation"], row["identity"], row["disagreement"]) for row in rows] == [
        ("all-users", "nobody", "no"),
        ("all-users", "guest/iam", "yes"),
        ("all-users", "group:admins/id", "no"),
        ("rename", "nobody", "no"),
        ("rename", "guest/iam", "no"),
        ("rename", "group:admins/id", "not proven"),
    ]
    assert rows[1]["refused fields"] == "listUsers.items[].email"
    assert rows[1]["agreed"] == "allowed"


def test_csv_holds_no_formula() -> None:
    for formula in ("=1+1", "+1", "-1", "@x", "\t=1"):
        record = run_of({cell(LIST, GUEST): seen(ALLOWED, formula)})
        rows = list(csv.reader(io.StringIO(as_matrix_csv(record), newline="")))
        assert not [text for row in rows for text in row if text.startswith(("=", "+", "-", "@", "\t"))]


# --- text from outside ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", list(Format))
def test_every_report_of_texts_that_mean_to_be_something_else_can_be_written(what: Format, tmp_path: Path) -> None:
    Writer(nasty(), places(tmp_path), ()).write([(what, tmp_path / "deep" / "report")])
    assert (tmp_path / "deep" / "report").read_text(encoding="utf-8")


def test_text_from_outside_is_neither_markup_nor_a_new_line_of_markdown() -> None:
    text = as_markdown(nasty())
    assert not re.findall(r"(?<!\\)(?:<|\]\(|javascript:)", text)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {3}


def test_text_from_outside_is_xml_that_can_be_read() -> None:
    (test,) = [test for test in junit_tests(nasty()) if "person" in (test.get("name") or "")]
    assert test.find("failure") is not None
    assert "<script>" in (test.get("name") or "")


# --- what the suite itself doesn't send -------------------------------------------------------------------------------


def unsent(declared: Verdict) -> RunRecord:
    """A run with one cell that was seen to be refused, and one that the suite doesn't send."""
    sent, left = cell(LIST, GUEST), cell(MUTE, GUEST)
    told = {left: Declaration(declared, ())}
    result = Result({sent: seen(BY_RULE), left: NOT_RUN})
    findings = disagreements([sent], told, Baseline.empty(), result, known=[sent, left], left_out=[left])
    record = run_of(result.cells, declarations=told, operations=(LIST, MUTE), identities=(GUEST,))  # type: ignore[arg-type]
    return replace(record, findings=findings, left_out=frozenset({left}))


def test_what_is_declared_and_not_agreed_of_an_unsent_cell_is_told_in_every_report(tmp_path: Path) -> None:
    record = unsent(ALLOWED)
    assert record.assessment.exit is Exit.DISAGREEMENT
    (test,) = [test for test in junit_tests(record) if "rename" in (test.get("classname") or "")]
    assert [child.tag for child in test if child.tag in {"failure", "error"}] == ["failure"]
    rows = list(csv.DictReader(io.StringIO(as_matrix_csv(record), newline="")))
    assert [(row["operation"], row["disagreement"]) for row in rows] == [("all-users", "no"), ("rename", "yes")]
    for text in (as_markdown(record), as_sarif(record, places(tmp_path))):
        assert "declared-not-agreed" in text or "more access is declared than was agreed" in text


def test_an_unsent_cell_that_is_declared_as_agreed_is_no_test_and_not_proven_by_anything() -> None:
    record = unsent(BY_MODE)
    assert record.assessment.exit is Exit.AGREED
    assert {test.get("classname") for test in junit_tests(record)} == {"users.all-users"}
    rows = list(csv.DictReader(io.StringIO(as_matrix_csv(record), newline="")))
    assert [row["disagreement"] for row in rows] == ["no", "not sent"]


def test_what_the_run_gave_evidence_about_is_told_and_kept(tmp_path: Path) -> None:
    words = "41 of 63 operations, 5 of 6 identities, 2 subscriptions not covered"
    record = replace(mixed(), coverage=words)
    writer = Writer(record, places(tmp_path), ())
    for what in (Format.MARKDOWN, Format.HTML):
        assert words in writer.text(what)
    assert run_file.parse(writer.text(Format.JSON)).coverage == words
    assert f"Evidence about {words}" in summary(record, ())
    assert not any("Evidence" in line for line in summary(mixed(), ()))


def test_the_summary_tells_once_what_many_cells_have_in_common() -> None:
    dead = [cell(row, column) for row in (LIST, MUTE) for column in (GUEST, NOBODY)]
    shown = {each: seen(NO_VERDICT, "Its control call failed.") for each in dead}
    own = cell(LIST, ADA)
    lines = summary(run_of({**shown, own: seen(NO_VERDICT, "No answer within 30 s.")}), ())
    told = "Nothing is proven about all-users by guest/iam, all-users by nobody, rename by guest/iam and 1 more"
    assert [line.strip() for line in lines].count(told) == 1
    assert [line.strip() for line in lines].count("Its control call failed.") == 1
    assert any(line.endswith("Nothing is proven about all-users by group:admins/id") for line in lines)
    assert any("A run that proves nothing is no agreement." in line for line in lines)
