"""A suite file, read: `read_suite`. Every mistake is told with its line and column, and nothing is half read."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.authorization.suite.chains import ordered
from services.authorization.suite.model import CoverageTarget, Limits, Suite
from services.authorization.suite.plain_secrets import refuse_secret_names, refuse_secret_shapes
from services.authorization.suite.reading_identities import canaries_of, choices_of
from services.authorization.suite.reading_operations import Subjects, operations_of
from services.authorization.suite.reading_rules import rules_of
from services.authorization.suite.yaml_parts import Part, meant, parse_yaml, read_text
from services.errors import Invalid
from services.graphql import CALLS_AT_ONCE

_KEYS = ("name", "api", "baseline", "identities", "subjects", "canaries", "operations", "rules", "mask", "limits",
         "coverage")  # fmt: skip
_APIS = ("users", "modes")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%")


def read_suite(path: Path, variables: Mapping[str, str]) -> Suite:
    """The suite that a file describes.

    Args:
        path: the file; the baseline's path starts at its folder.
        variables: the process environment, where passwords and tokens are. One that isn't set leaves its identity
            without a credential, which the run then tells.

    Raises:
        Invalid: the file can't be read or used; says what is wrong, with line and column.
    """
    return parse_suite(read_text(path), path, variables)


def parse_suite(text: str, path: Path, variables: Mapping[str, str]) -> Suite:
    """The suite that a text describes, as if it stood in that file; raises `Invalid` as `read_suite` does."""
    refuse_secret_shapes(text, path)
    part = parse_yaml(text, path)
    try:
        return _suite(part, path, variables)
    except RecursionError:
        raise part.refused("it is nested too deeply") from None


def _suite(part: Part, path: Path, variables: Mapping[str, str]) -> Suite:
    refuse_secret_names(part)
    table = part.table(_KEYS, required=("name", "api", "operations"))
    api = table["api"].one_of(_APIS)
    operations, generated = operations_of(table["operations"], api, Subjects.of(table.get("subjects")))
    suite = Suite(
        name=_one_line(table["name"]),
        api=api,
        path=path,
        operations=operations,
        generated=generated,
        identities=choices_of(table.get("identities"), variables),
        baseline_path=path.parent / table["baseline"].text() if "baseline" in table else None,
        masks=table["mask"].texts() if "mask" in table else (),
        limits=_limits(table.get("limits")),
        coverage=_coverage(table.get("coverage")),
        canaries=canaries_of(table.get("canaries")),
        rules=rules_of(table.get("rules")),
    )
    # Generated operations have ids once the schema is known: `completed` checks the names then.
    if not generated:
        _refuse_unknown_ids(table, suite)
    return suite


def _refuse_unknown_ids(table: Mapping[str, Part], suite: Suite) -> None:
    known = {operation.id for operation in suite.operations}
    for each in _ids_in(table):
        if each.text() not in known:
            raise each.refused(f"there is no operation {each.text()!r}{meant(each.text(), known)}")
    try:
        ordered(suite.operations)
    except Invalid as error:
        raise table["operations"].refused(f"{error.failed[0].lower()}{error.failed[1:]}: {error.why}") from None


def _ids_in(table: Mapping[str, Part]) -> Iterator[Part]:
    """The places of the file that name operations by their ids."""
    for operation in table["operations"].items():
        if after := operation.entries().get("after"):
            yield from after.items()
    for canary in table["canaries"].entries().values() if "canaries" in table else ():
        yield from canary.entries().values()
    for rule in table["rules"].items() if "rules" in table else ():
        if operations := rule.entries().get("operations"):
            yield from operations.items()


def _one_line(part: Part) -> str:
    text = part.text().strip()
    if not text.isprintable():
        raise part.refused(f"{part.name} has to be on one line, without control characters")
    return text


def _limits(part: Part | None) -> Limits:
    table = part.table(("at_once", "per_second", "timeout")) if part else {}
    usual = Limits()
    return Limits(
        at_once=table["at_once"].whole(1, CALLS_AT_ONCE) if "at_once" in table else usual.at_once,
        per_second=table["per_second"].number(0.1, 10_000) if "per_second" in table else usual.per_second,
        timeout=table["timeout"].number(1, 300) if "timeout" in table else usual.timeout,
    )


def _coverage(part: Part | None) -> CoverageTarget:
    table = part.table(("operations", "identities")) if part else {}
    return CoverageTarget(**{name: _percent(each) for name, each in table.items()})


def _percent(part: Part) -> float:
    if not part.is_text:
        return part.number(0, 100)
    found = _PERCENT.fullmatch(part.text())
    if not found or float(found[1]) > 100:
        raise part.refused(f"{part.name} has to be a share such as 80 %")
    return float(found[1])
