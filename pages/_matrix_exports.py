"""The run as files, and as the command that runs it in CI."""

from functools import partial
from pathlib import Path

import streamlit as st

from pages._download import hand_out
from pages._ui import caption
from services.authorization.examination import Concluded
from services.authorization.reports.sarif import Places
from services.authorization.reports.writing import Format, Writer
from services.legible import legible

_FILES = {
    Format.HTML: ("HTML", "html", "text/html"),
    Format.MARKDOWN: ("Markdown", "md", "text/markdown"),
    Format.CSV: ("CSV", "csv", "text/csv"),
    Format.JUNIT: ("JUnit", "xml", "application/xml"),
    Format.SARIF: ("SARIF", "sarif", "application/json"),
    Format.JSON: ("Run file", "json", "application/json"),
}


def show_command(concluded: Concluded, suite: Path) -> None:
    """The command that does the same in CI, and how it ends now."""
    caption("The same run on the command line, for CI")
    st.code(legible(f"python -m services.authorization run {suite}"), language="bash")
    caption(
        f"It would end with {int(concluded.record.assessment.exit)}"
        " (0 agreed, 1 disagreement, 2 no verdict, 3 could not be used)."
    )


def show_exports(concluded: Concluded) -> None:
    """One button for each kind of report; each is looked through for secrets before it is handed out."""
    baseline = concluded.prepared.baseline
    suite = concluded.prepared.suite
    writer = Writer(
        concluded.record, Places(suite.path, suite.baseline_path, baseline.line_of, Path.cwd()), concluded.secrets
    )
    caption("Reports: without bodies, tokens or keys")
    with st.container(horizontal=True):
        wanted = [
            kind
            for kind, (label, _, _) in _FILES.items()
            if st.button(f"Download {label}", key=f"matrix_download_{kind}", icon=":material/download:")
        ]
    for kind in wanted:
        _, ending, mime = _FILES[kind]
        name = f"{concluded.record.suite}-{concluded.record.started_at:%Y%m%dT%H%M%SZ}.{ending}".replace(" ", "-")
        hand_out(partial(writer.text, kind), name, mime)
