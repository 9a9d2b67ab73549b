"""The run as one HTML file: no network, no cookie, everything from outside escaped, readable without scripts."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape as escape_html
from importlib.resources import files

from services.authorization.agreed.comparison import in_words
from services.authorization.agreed.finding import Class, Finding
from services.authorization.cells import CellId
from services.authorization.reports.record import CellRecord, Named, RunRecord
from services.legible import legible

_HERE = files("services.authorization.reports")


def as_html(record: RunRecord) -> str:
    """The page: the result, the grid with its filters, the findings and the times."""
    style, script = (_HERE.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none';"
        " form-action 'none'"
    )
    title = f"{record.suite}: {record.assessment.exit.name.lower().replace('_', ' ')}"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            _head(record),
            _filters(record),
            _grid(record),
            _findings(record),
            _times(record),
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _head(record: RunRecord) -> str:
    facts = [
        f"{record.api} API",
        f"environment {record.environment}",
        f"{record.started_at:%Y-%m-%d %H:%M:%S} UTC",
    ]
    if record.coverage:
        facts.append(f"evidence about {record.coverage}")
    if record.operator:
        facts.append(f"run by {record.operator}")
    if record.cancelled:
        facts.append("cancelled before its end")
    if not record.has_baseline:
        facts.append("no baseline yet: everything is agreed to be refused")
    return (
        f"<h1>{escape(record.suite)}</h1>"
        f'<p class="result">{escape(record.assessment.words)}</p>'
        f'<p class="faint">{escape(" · ".join(facts))}</p>'
    )


def _filters(record: RunRecord) -> str:
    """The filters; they show once the script runs, since they do nothing without it."""
    assessment = record.assessment
    strange = any(_strange(record, cell) for cell in record.cells)
    checked = " checked" if record.has_baseline and strange else ""
    boxes = "".join(
        f'<label><input type="checkbox" name="outcome" value="{escape(outcome)}" checked> '
        f"{outcome.sign} {escape(outcome)} ({count})</label>"
        for outcome, count in assessment.outcomes.items()
        if count
    )
    return (
        "<form hidden>"
        f'<label><input type="checkbox" name="only"{checked}> Only disagreements and what is not proven</label>'
        '<label>Find <input type="search" name="text" placeholder="operation or identity"></label>'
        f"{boxes}"
        f'<output id="count" data-all="{assessment.cells}"></output>'
        "</form>"
    )


def _grid(record: RunRecord) -> str:
    heads = "".join(
        f'<th scope="col" data-text="{escape(f"{each.id} {each.label}".lower())}">{_name(each)}</th>'
        for each in record.identities
    )
    rows = "".join(
        f'<tr data-text="{escape(f"{operation.id} {operation.label}".lower())}">'
        f'<th scope="row">{_name(operation)}</th>'
        + "".join(_cell(record, CellId(operation.id, each.id)) for each in record.identities)
        + "</tr>"
        for operation in record.operations
    )
    return (
        '<h2 id="matrix">Who gets what</h2><div class="grid" role="region" aria-labelledby="matrix" tabindex="0">'
        f'<table><thead><tr><th scope="col">Operation</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _name(named: Named) -> str:
    """What the screen calls it, and its id where that is something else."""
    return escape(named.label) + (f"<code>{escape(named.id)}</code>" if named.id != named.label else "")


def _cell(record: RunRecord, cell: CellId) -> str:
    each = record.cells.get(cell)
    if each is None:
        return "<td></td>"
    outcome = each.seen.verdict.outcome
    wrong = record.disagrees(cell)
    agreed = escape(in_words(each.agreed) if each.agreed else "refused")
    mark = (
        f'<br><span class="wrong-word">‼ disagrees</span><br><span class="faint">agreed: {agreed}</span>'
        if wrong
        else ""
    )
    return (
        f'<td class="o-{outcome.replace(" ", "-")}{" wrong" if wrong else ""}" data-outcome="{outcome}"'
        f' data-strange="{"yes" if _strange(record, cell) else "no"}">'
        f"<details><summary>{outcome.sign} {escape(outcome)}{mark}</summary>{_details(record, cell, each)}</details>"
        "</td>"
    )


def _details(record: RunRecord, cell: CellId, each: CellRecord) -> str:
    seen = each.seen
    facts = [
        ("Agreed", in_words(each.agreed) if each.agreed else "refused, since it is not listed"),
        ("Declared", in_words(each.declared) if each.declared else "not predicted"),
        ("Refused fields", ", ".join(sorted(seen.verdict.refused))),
        ("Why", seen.why),
        ("What to do", seen.next_step),
        ("HTTP status", str(seen.status) if seen.status is not None else "no answer"),
        ("Error type", seen.error_type),
        ("Time", f"{seen.milliseconds:.0f} ms" if seen.milliseconds is not None else ""),
        ("Request id", seen.request_id),
    ]
    facts += [(reason.place, reason.line or reason.words) for reason in each.reasons if reason.place]
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    links = "".join(f'<dt>Finding</dt><dd><a href="#{f.id}">{escape(f.title)}</a></dd>' for f in record.of_cell(cell))
    return f"<dl>{told}{links}</dl>"


def _strange(record: RunRecord, cell: CellId) -> bool:
    return record.disagrees(cell) or not record.proven(cell)


def _findings(record: RunRecord) -> str:
    parts = []
    for title, chosen in (
        ("Disagreements", [each for each in record.findings if each.disagrees]),
        ("Not proven", [each for each in record.findings if each.weight is Class.NO_VERDICT]),
        ("Worth knowing", [each for each in record.findings if each.weight is Class.ADVICE and not each.suppressed]),
        ("Put aside", [each for each in record.findings if each.suppressed]),
    ):
        if chosen:
            parts.append(f"<h2>{title} ({len(chosen)})</h2><ul>{_items(chosen)}</ul>")
    return "".join(parts)


def _items(findings: Iterable[Finding]) -> str:
    return "".join(
        f'<li id="{each.id}"><strong>{escape(each.title)}</strong> <code>{each.id}</code>'
        f"<p>{escape(each.words)}</p><p>{escape(each.change)}</p>{_aside(each)}{_lines(each)}</li>"
        for each in findings
    )


def _aside(finding: Finding) -> str:
    if finding.suppressed is None:
        return ""
    aside = finding.suppressed
    until = f", until {aside.until}" if aside.until else ""
    return f'<p class="faint">{escape(f"Put aside by {aside.owner}{until}: {aside.reason}")}</p>'


def _lines(finding: Finding) -> str:
    return "".join(
        f'<p class="faint">{escape(each.place)}: <code>{escape(each.line or each.words)}</code></p>'
        for each in finding.reasons
        if each.place
    )


def _times(record: RunRecord) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.label)}</td><td>{times.p50:.0f} ms</td><td>{times.p95:.0f} ms</td>"
        f"<td>{times.calls}</td><td>{'yes' if times.slow_refusals else 'no'}</td></tr>"
        for each in record.identities
        if (times := record.times.get(each.id))
    )
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{each}</th>' for each in ("Identity", "p50", "p95", "Calls", "Refusals are slow"))
    return f"<h2>Times</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def escape(text: str) -> str:
    """The text as HTML shows it, invisible signs spelt out."""
    return escape_html(legible(text))
