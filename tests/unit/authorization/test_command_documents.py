"""The chapter on the command and the example workflow say what the command takes."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from services.authorization import command
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Kind
from services.authorization.reports.writing import Format

CHAPTER = Path("docs/authorization-lab.md").read_text(encoding="utf-8")
WORKFLOW = Path("docs/examples/authorization.yml").read_text(encoding="utf-8")
BEGINNING = "python -m services.authorization "


def calls() -> Iterator[str]:
    """Every call of the command that the two documents show."""
    for text in (CHAPTER, WORKFLOW.replace("\\\n", " ")):
        for line in re.findall(rf"^\s*(?:run: )?{re.escape(BEGINNING)}(.*)$", text, re.MULTILINE):
            yield line.split(" > ")[0]


@pytest.mark.parametrize("words", list(calls()))
def test_every_call_that_is_shown_is_one_that_the_command_takes(words: str) -> None:
    command._parser().parse_args(shlex.split(words))


def test_every_act_and_every_report_is_shown() -> None:
    acts = {words.split()[0] for words in calls()}
    assert acts == {"run", "accept", "suppress", "explain", "compare", "static", "generate", "clean"}
    assert all(f"`--{what}`" in CHAPTER for what in Format)


def test_every_kind_of_finding_is_named() -> None:
    static = {Kind.STATIC}  # they go by rules of their own
    assert {kind for kind in set(Kind) - static if f"`{kind}`" not in CHAPTER} == set()


def test_the_baseline_that_is_shown_can_be_read() -> None:
    (shown,) = re.findall(r"```text\n(gatehouse-baseline.*?)```", CHAPTER, re.DOTALL)
    agreed = Baseline.parse(shown).agreed
    assert (len(agreed.cells), len(agreed.suppressed)) == (2, 1)


def test_the_workflow_stores_no_key_and_uploads_what_the_run_writes() -> None:
    job = yaml.safe_load(WORKFLOW)["jobs"]["lab"]
    steps = {step.get("uses", step.get("name", "")).split("@")[0]: step for step in job["steps"]}
    assert set(steps["aws-actions/configure-aws-credentials"]["with"]) == {"role-to-assume", "aws-region"}
    written = steps["Who gets what"]["run"]
    assert steps["github/codeql-action/upload-sarif"]["with"]["sarif_file"] in written
    for name in ("github/codeql-action/upload-sarif", "actions/upload-artifact"):
        assert steps[name]["if"].startswith("always()")
