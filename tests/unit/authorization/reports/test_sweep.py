"""No report holds a secret of its run, in any spelling."""

import base64
import html
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from services.authorization.reports.junit import as_junit
from services.authorization.reports.markdown import as_markdown
from services.authorization.reports.sweep import SecretInReport, check
from services.authorization.reports.writing import Format, Writer
from services.secret import Secret
from tests.unit.authorization.agreed.samples import ALLOWED
from tests.unit.authorization.reports.samples import GUEST, LIST, cell, places, run_of, seen

PASSWORD = 'Pä"ss<wörd>&\\ /9'
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl-of_it"


@pytest.mark.parametrize(
    "spelt",
    [
        PASSWORD,
        json.dumps(PASSWORD),
        json.dumps(PASSWORD, ensure_ascii=False),
        html.escape(PASSWORD),
        html.escape(PASSWORD, quote=False),
        as_markdown(run_of({}, suite=PASSWORD)),
        as_junit(run_of({}, suite=PASSWORD)),
        quote(PASSWORD),
        quote(PASSWORD, safe=""),
        base64.b64encode(PASSWORD.encode()).decode(),
    ],
)
def test_a_secret_is_found_in_every_spelling(spelt: str) -> None:
    with pytest.raises(SecretInReport) as caught:
        check(f"before {spelt} after", [Secret(PASSWORD)], "report")
    assert PASSWORD not in str(caught.value)
    check("before after", [Secret(PASSWORD)], "report")


@pytest.mark.parametrize("part", [TOKEN, *TOKEN.split(".")[1:]])
def test_what_a_token_tells_and_what_proves_it_are_secret_too(part: str) -> None:
    with pytest.raises(SecretInReport):
        check(f"x{part}y", [Secret(TOKEN)], "report")
    check(TOKEN.partition(".")[0], [Secret(TOKEN)], "report")


def test_a_text_too_short_to_be_a_secret_keeps_no_report_from_being_written() -> None:
    check("allowed", [Secret("all"), Secret("")], "report")


@pytest.mark.parametrize("what", list(Format))
def test_a_report_that_would_hold_a_secret_is_not_written_and_neither_are_the_others(
    what: Format, tmp_path: Path
) -> None:
    record = run_of({cell(LIST, GUEST): seen(ALLOWED, f"The API said {PASSWORD}.")})
    writer = Writer(record, places(tmp_path), (Secret(PASSWORD),))
    wanted = [(Format.CSV if what is not Format.CSV else Format.HTML, tmp_path / "other"), (what, tmp_path / "report")]
    if what in {Format.MARKDOWN, Format.SARIF}:  # they tell why of findings only
        writer = replace(writer, record=run_of({}, suite=PASSWORD))
    with pytest.raises(SecretInReport):
        writer.write(wanted)
    assert list(tmp_path.iterdir()) == []
