"""The baseline file: what is written is what is read, and accepting changes one line."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.authorization.agreed.agreement import Accepted, Agreement
from services.authorization.agreed.baseline import VERSION, Baseline
from services.authorization.cells import CellId, Verdict
from services.authorization.outcomes import Outcome
from services.errors import Invalid

WHY = Accepted("Guests", "ada", date(2026, 12, 31))
ALLOWED = Agreement(Verdict(Outcome.ALLOWED), WHY)
LIST = CellId("all-users", "guest/iam")

texts = st.text(max_size=12)
words = st.text(min_size=1, max_size=12)
said = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() != "")
accepted = st.builds(Accepted, said, said, st.none() | st.dates())
refused = st.frozensets(texts, max_size=3)
verdicts = st.builds(Verdict, st.sampled_from([each for each in Outcome if each.is_evidence]), refused).filter(
    lambda verdict: verdict.outcome is not Outcome.PARTIAL or bool(verdict.refused)
)
agreements = st.builds(Agreement, verdicts, accepted)
cells = st.dictionaries(st.builds(CellId, words, words), agreements, max_size=6)
ids = st.text("0123456789abcdef", min_size=12, max_size=12)


def baseline(*rows: str) -> Baseline:
    return Baseline.parse("\n".join([VERSION, *rows]) + "\n")


@given(cells, st.dictionaries(ids, accepted, max_size=3))
def test_what_is_written_is_read_back_and_written_the_same(
    listed: dict[CellId, Agreement], aside: dict[str, Accepted]
) -> None:
    made = Baseline.empty().accepting(listed)
    for finding, why in aside.items():
        made = made.suppressing(finding, why)
    read = Baseline.parse(made.text)
    assert (dict(read.agreed.cells), dict(read.agreed.suppressed)) == (listed, aside)
    assert read.text == made.text


@given(cells, st.randoms())
def test_the_order_of_accepting_leaves_no_trace(listed: dict[CellId, Agreement], random: object) -> None:
    shuffled = list(listed.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    at_once, one_by_one = Baseline.empty().accepting(listed), Baseline.empty()
    for cell, agreement in shuffled:
        one_by_one = one_by_one.accepting({cell: agreement})
    assert at_once.text == one_by_one.text


def test_a_line_reads_as_the_field_writes_it() -> None:
    made = Baseline.empty().accepting(
        {
            LIST: Agreement(Verdict(Outcome.PARTIAL, frozenset({"users.email", "users.id"})), WHY),
            CellId("all-users", "nobody"): Agreement(Verdict(Outcome.REFUSED_BY_MODE)),
        }
    )
    assert made.text.splitlines()[2:] == [
        'all-users  guest/iam  partial  refused: users.email, users.id  reason="Guests" owner=ada until=2026-12-31',
        "all-users  nobody  refused by mode",
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("all-users", "operation and an identity"),
        ("all-users guest/iam", "no outcome"),
        ("all-users guest/iam allowable", "no outcome"),
        ("all-users guest/iam no verdict", "no outcome"),
        ('all-users guest/iam partial reason="x" owner=ada', "refused fields"),
        ("all-users guest/iam allowed", "without saying why"),
        ('all-users guest/iam allowed reason=" " owner=ada', "without saying why"),
        ('all-users guest/iam allowed reason="x" owner=ada until=soon', "no date"),
        ('all-users guest/iam allowed reason="x" owner=ada until=2026-02-30', "no day"),
        ('all-users guest/iam allowed reason="x" owner=ada owner=eve', "twice"),
        ('all-users guest/iam allowed reason="x"owner=ada', "is none of"),
        ('all-users guest/iam allowed reason="x" owner=ada because', "is none of"),
        ('all-users guest/iam allowed reason="\\q" owner=ada', "quoted"),
        ("<<<<<<< HEAD", "no outcome"),
    ],
)
def test_a_malformed_line_is_refused_by_its_number(row: str, words: str) -> None:
    with pytest.raises(Invalid, match="Line 3 of") as caught:
        baseline("# a remark", row)
    assert words in caught.value.why


def test_a_cell_that_stands_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="Line 3 of"):
        baseline("all-users nobody refused by mode", "all-users nobody refused by rule")


@pytest.mark.parametrize("text", ["", "all-users nobody refused by mode\n", "gatehouse-baseline 2\n"])
def test_a_file_without_the_known_version_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="Line 1 of"):
        Baseline.parse(text)


def test_accepting_changes_one_line_and_leaves_remarks_and_order_as_they_are() -> None:
    rows = ["# by hand", "b nobody refused by mode", "", "# why a stands below b", "a  nobody   refused by mode"]
    before = baseline(*rows)
    changed = before.accepting({CellId("b", "nobody"): Agreement(Verdict(Outcome.REFUSED_BY_RULE))})
    assert changed.text.splitlines() == [VERSION, rows[0], "b  nobody  refused by rule", *rows[2:]]
    added = before.accepting({CellId("c", "nobody"): Agreement(Verdict(Outcome.REFUSED_BY_RULE))})
    assert added.text.splitlines() == [VERSION, *rows, "c  nobody  refused by rule"]
    assert before.text == "\n".join([VERSION, *rows]) + "\n"


def test_lines_end_as_they_ended() -> None:
    text = f"{VERSION}\r\nb  nobody  refused by mode\r\n"
    made = Baseline.parse(text).accepting({CellId("c", "x"): Agreement(Verdict(Outcome.REFUSED_BY_RULE))})
    assert made.text == f"{text}c  x  refused by rule\n"


def test_nobody_is_let_in_without_a_reason_and_an_owner() -> None:
    for why in (Accepted(), Accepted("because"), Accepted("", "ada"), Accepted(" ", "ada")):
        with pytest.raises(Invalid, match="Could not accept"):
            Baseline.empty().accepting({LIST: Agreement(Verdict(Outcome.ALLOWED), why)})
        with pytest.raises(Invalid, match="Could not accept"):
            Baseline.empty().suppressing("0" * 12, why)


def test_what_is_no_verdict_can_not_be_agreed_on() -> None:
    with pytest.raises(Invalid, match="Could not accept"):
        Baseline.empty().accepting({LIST: Agreement(Verdict(Outcome.NO_VERDICT), WHY)})


def test_an_acceptance_counts_through_its_last_day() -> None:
    assert ALLOWED.counts(date(2026, 12, 31))
    assert not ALLOWED.counts(date(2027, 1, 1))
    assert Agreement(Verdict(Outcome.ALLOWED), Accepted("x", "ada")).counts(date(2999, 1, 1))


def test_the_line_of_a_cell_is_its_own_or_the_one_before_its_place() -> None:
    found = baseline("a  nobody  refused by mode", "c  nobody  refused by mode")
    assert found.line_of(CellId("c", "nobody")) == 3
    assert found.line_of(CellId("b", "nobody")) == 2
    assert found.line_of(CellId("d", "nobody")) == 3
    assert Baseline.empty().line_of(LIST) >= 1


def test_a_file_is_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "suite.baseline"
    assert not Baseline.read(path).exists
    written = Baseline.read(path).accepting({LIST: ALLOWED}).write(path)
    assert Baseline.read(path) == written
    again = written.accepting({CellId("x", "nobody"): Agreement(Verdict(Outcome.REFUSED_BY_MODE))}).write(path)
    assert Baseline.read(path).agreed == again.agreed
    assert [each.name for each in tmp_path.iterdir()] == ["suite.baseline"]


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "suite.baseline"
    Baseline.empty().write(path)
    mine, hers = Baseline.read(path), Baseline.read(path)
    hers.accepting({LIST: ALLOWED}).write(path)
    kept = path.read_bytes()
    with pytest.raises(Invalid, match="Somebody else changed it"):
        mine.accepting({CellId("b", "nobody"): ALLOWED}).write(path)
    assert path.read_bytes() == kept
    path.unlink()
    with pytest.raises(Invalid, match="Somebody else changed it"):
        mine.write(path)
    assert not path.exists()


def test_a_file_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    path, link = tmp_path / "suite.baseline", tmp_path / "link"
    Baseline.empty().write(path)
    path.chmod(0o640)
    link.symlink_to(path)
    Baseline.read(link).accepting({LIST: ALLOWED}).write(link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert LIST in Baseline.read(path).agreed.cells


def test_a_write_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "suite.baseline"
    read = Baseline.empty().write(path)
    kept = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Invalid, match="Could not write"):
        read.accepting({LIST: ALLOWED}).write(path)
    assert path.read_bytes() == kept
    assert [each.name for each in tmp_path.iterdir()] == ["suite.baseline"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "suite.baseline"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="Could not read"):
        Baseline.read(path)
