"""JUnit XML: a test for each cell. What is not proven is an error and never passes; nothing is ever *skipped*."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from services.authorization.agreed.comparison import in_words
from services.authorization.agreed.finding import Class, Finding
from services.authorization.cells import CellId
from services.authorization.reports.record import CellRecord, RunRecord

# What XML 1.0 can't hold, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(record: RunRecord) -> str:
    """A suite of tests for each operation, and one for what concerns the run as a whole."""
    root = ET.Element("testsuites", name=_xml(f"{record.suite} ({record.environment})"))
    for operation in record.operations:
        cells = [(CellId(operation.id, each.id), each.label) for each in record.identities]
        tests = [_cell_test(record, cell, label) for cell, label in cells if _is_test(record, cell)]
        _suite(root, record, operation.id, tests)
    _suite(root, record, "the run as a whole", _run_tests(record))
    _count(root, list(root))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _is_test(record: RunRecord, cell: CellId) -> bool:
    """Whether a cell is a test: one that the suite itself doesn't send is none, unless what is declared disagrees."""
    return cell in record.cells and (cell not in record.left_out or record.disagrees(cell))


def _suite(root: ET.Element, record: RunRecord, name: str, tests: Iterable[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=_xml(name), timestamp=record.started_at.strftime("%Y-%m-%dT%H:%M:%S"))
    suite.extend(tests)
    if len(suite):
        _count(suite, [suite])
    else:
        root.remove(suite)


def _count(element: ET.Element, suites: Iterable[ET.Element]) -> None:
    tests = [test for suite in suites for test in suite.iter("testcase")]
    element.set("tests", str(len(tests)))
    element.set("failures", str(sum(test.find("failure") is not None for test in tests)))
    element.set("errors", str(sum(test.find("error") is not None for test in tests)))
    element.set("skipped", "0")
    element.set("time", f"{sum(float(test.get('time', '0')) for test in tests):.3f}")


def _cell_test(record: RunRecord, cell: CellId, label: str) -> ET.Element:
    each = record.cells[cell]
    test = ET.Element(
        "testcase",
        classname=_xml(f"{record.suite}.{cell.operation}"),
        name=_xml(f"{cell.identity} · {label}" if label != cell.identity else label),
        time=f"{(each.seen.milliseconds or 0) / 1000:.3f}",
    )
    findings = record.of_cell(cell)
    _faults(test, findings)
    if not record.proven(cell) and test.find("error") is None:
        ET.SubElement(test, "error", type="no-verdict", message=_xml(each.seen.why)).text = _xml(each.seen.next_step)
    ET.SubElement(test, "system-out").text = _xml(_told(each, findings))
    return test


def _run_tests(record: RunRecord) -> Iterable[ET.Element]:
    """What concerns no single cell. A run that proved nothing has a test that says so, whatever else it has."""
    found = [finding for finding in record.of_run() if finding.weight is not Class.ADVICE]
    for finding in found:
        test = ET.Element("testcase", classname=_xml(record.suite), name=_xml(finding.title), time="0.000")
        _faults(test, [finding])
        yield test
    if record.assessment.proven == 0 and not any(finding.weight is Class.NO_VERDICT for finding in found):
        test = ET.Element("testcase", classname=_xml(record.suite), name="something was proven", time="0.000")
        ET.SubElement(test, "error", type="nothing-ran", message=record.assessment.words)
        yield test


def _faults(test: ET.Element, findings: Iterable[Finding]) -> None:
    """Failures and errors of a test; consumers read the first of each, so the rest stands in its text."""
    for name, chosen in (
        ("failure", [each for each in findings if each.disagrees]),
        ("error", [each for each in findings if each.weight is Class.NO_VERDICT]),
    ):
        if chosen:
            fault = ET.SubElement(test, name, type=chosen[0].rule, message=_xml(chosen[0].title))
            fault.text = _xml("\n\n".join(_in_full(each) for each in chosen))


def _in_full(finding: Finding) -> str:
    lines = [f"{finding.title} [{finding.id}]", finding.words, f"What to do: {finding.change}"]
    lines += [f"{reason.place}: {reason.line or reason.words}" for reason in finding.reasons if reason.place]
    return "\n".join(line for line in lines if line)


def _told(cell: CellRecord, findings: Iterable[Finding]) -> str:
    lines = [f"Seen: {in_words(cell.seen.verdict)}. {cell.seen.why}"]
    lines.append(f"Agreed: {in_words(cell.agreed)}" if cell.agreed else "Agreed: refused, since it is not listed")
    if cell.declared:
        lines.append(f"Declared: {in_words(cell.declared)}")
    if cell.seen.request_id:
        lines.append(f"Request id: {cell.seen.request_id}")
    for finding in findings:
        if finding.suppressed:
            aside = finding.suppressed
            lines.append(f"Put aside by {aside.owner} ({aside.reason}): {finding.title} [{finding.id}]")
    return "\n".join(lines)


def _xml(text: str) -> str:
    return _NO_XML.sub("�", text)
