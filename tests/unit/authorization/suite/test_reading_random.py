"""Whatever a file holds, it is read or refused with a reason: no other exception leaves the reader."""

from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.authorization.suite.model import Suite
from services.errors import Invalid
from tests.unit.authorization.suite.texts import read

NAMES = st.sampled_from(
    ["name", "api", "baseline", "identities", "subjects", "canaries", "operations", "rules", "mask", "limits",
     "coverage", "id", "document", "rest", "variables", "variables_for", "safety", "after", "capture", "undo", "owners",
     "subject", "expected", "generated", "depth", "leave_out", "values", "stand_in", "person", "password", "broken",
     "when", "outcome", "all", "not", "status", "message", "at_once", "everyone", "mine", "method", "path", "body"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["modes", "queries", "mutations", "full", "skip", "not needed", "{ a }", "mutation { a }", "GET x", "nobody",
     "guest", "group:a/id", "a", "mine", "80 %", "a.b[0]", "allowed", "LAB_TOKEN", "all", "2001-99-99", "1:60", "0o8",
     ".inf", "no", "~", "0x", "1_0"]
)  # fmt: skip
SCALARS = st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates())
CONTENT = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES | st.text(max_size=4), below, max_size=5),
    max_leaves=25,
)

steady = settings(deadline=None)  # a machine that does other things as well is no fault of the reader


def read_or_refused(text: str) -> None:
    """Read it; a refusal has to say why."""
    found: Suite | Invalid
    try:
        found = read(text)
    except Invalid as refusal:
        found = refusal
    assert found.why if isinstance(found, Invalid) else (found.operations or found.generated)


@steady
@given(st.text())
@example("a: &x [*x]")
@example("[" * 5000)
@example("? [a]\n: b")
@example("{[a]: b}")
@example("<<: {a: b}")
@example("--- a\n--- b")
@example("name: 0o8\napi: 2001-99-99")
@example("\x00")
@example("name: !!binary x")
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refused(text)


@steady
@given(CONTENT)
def test_any_yaml_is_read_or_refused(content: Any) -> None:
    read_or_refused(yaml.safe_dump(content, allow_unicode=True))


@steady
@given(CONTENT, st.sampled_from(["identities", "subjects", "canaries", "rules", "mask", "limits", "coverage"]))
def test_any_section_in_a_sound_suite_is_read_or_refused(content: Any, section: str) -> None:
    sound = {"name": "some", "api": "modes", "operations": [{"id": "a", "document": "{ a }"}]}
    read_or_refused(yaml.safe_dump({**sound, section: content}, allow_unicode=True))


@steady
@given(st.dictionaries(NAMES, CONTENT, max_size=6))
def test_any_operation_in_a_sound_suite_is_read_or_refused(entry: dict[str, Any]) -> None:
    operation = {"id": "a", "document": "mutation { a }", **entry}
    read_or_refused(yaml.safe_dump({"name": "some", "api": "modes", "operations": [operation]}, allow_unicode=True))
