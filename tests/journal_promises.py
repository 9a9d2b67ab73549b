"""What every journal promises, whatever it keeps the record in: test classes inherit these tests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from services.record.acts import UNKNOWN, acts_of
from services.record.chain import hash_of
from services.record.entries import Entry, Phase
from services.record.journal import Journal


class Tampering(Protocol):
    """What somebody who gets at the record behind its back can do."""

    def alter(self, number: int, old: str, new: str) -> None:
        """Replace a text in an entry."""

    def remove(self, number: int) -> None:
        """Take an entry away."""

    def remove_all(self) -> None:
        """Take every entry away, not the note of the newest."""

    def renumber(self, number: int, new: int) -> None:
        """Put an entry in another place."""

    def forge(self, number: int, content: str, digest: str) -> None:
        """Write an entry with a hash of one's own."""

    def remove_note(self) -> None:
        """Take the note of the newest entry away."""


def entry(target: str, phase: Phase = Phase.BEGUN) -> Entry:
    """An entry about somebody or something."""
    return Entry(target, phase, "2030-06-01T12:00:00.000+00:00", "test", "ada", "1111", "group.delete", target)


class JournalPromises:
    """The tests; a class that inherits them gives the fixtures `journal` (of three acts), `tamper` and `another`."""

    def test_an_untouched_record_holds(self, journal: Journal) -> None:
        assert journal.faults() == ()
        assert [link.number for link in journal.links()] == [1, 2, 3]

    def test_an_altered_entry_shows(self, journal: Journal, tamper: Tampering) -> None:
        tamper.alter(2, "ada", "eve")
        assert "Entry 2 is not what" in " ".join(journal.faults())

    def test_a_removed_entry_shows(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove(2)
        assert "Entry 2 is missing" in " ".join(journal.faults())

    def test_an_end_that_was_cut_off_shows(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove(3)
        assert "ends at entry 2, but entry 3 was written" in " ".join(journal.faults())

    def test_an_emptied_record_shows(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove_all()
        assert "ends at entry 0, but entry 3 was written" in " ".join(journal.faults())

    def test_a_reordered_entry_shows(self, journal: Journal, tamper: Tampering) -> None:
        tamper.renumber(3, -3)
        assert "the order was changed" in " ".join(journal.faults())

    def test_two_entries_in_each_others_places_show(self, journal: Journal, tamper: Tampering) -> None:
        tamper.renumber(2, 9)
        tamper.renumber(3, 2)
        tamper.renumber(9, 3)
        assert "Entry 2 is not what" in " ".join(journal.faults())

    def test_an_end_that_was_computed_anew_shows_by_the_note(self, journal: Journal, tamper: Tampering) -> None:
        before = list(journal.links())[1].hash
        content = entry("forged").content()
        tamper.forge(3, content, hash_of(before, 3, content))
        assert "another than the one that was noted" in " ".join(journal.faults())

    def test_without_its_note_the_record_says_what_would_not_show(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove_note()
        assert "would not show" in " ".join(journal.faults())

    def test_a_cut_off_end_still_shows_after_the_next_entry(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove(3)
        journal.append(entry("d"))
        assert "Entry 3 is missing" in " ".join(journal.faults())

    def test_an_emptied_record_still_shows_after_the_next_entry(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove_all()
        journal.append(entry("d"))
        assert "Entries 1 to 3 are missing" in " ".join(journal.faults())

    def test_an_end_that_was_computed_anew_still_shows_after_the_next_entry(
        self, journal: Journal, tamper: Tampering
    ) -> None:
        before = list(journal.links())[1].hash
        content = entry("forged").content()
        tamper.forge(3, content, hash_of(before, 3, content))
        journal.append(entry("d"))
        assert "Entry 4 is not what was recorded" in " ".join(journal.faults())

    def test_a_removed_first_entry_shows(self, journal: Journal, tamper: Tampering) -> None:
        tamper.remove(1)
        assert "Entry 1 is missing" in " ".join(journal.faults())

    def test_many_threads_and_a_second_writer_write_one_chain(
        self, journal: Journal, another: Callable[[], Journal]
    ) -> None:
        other = another()  # as another process has it
        with ThreadPoolExecutor(8) as workers:
            heads = list(workers.map(lambda n: (journal, other)[n % 2].append(entry(f"t{n}")), range(40)))

        assert sorted(head.number for head in heads) == list(range(4, 44))
        assert len(list(journal.links())) == 43
        assert journal.faults() == ()

    def test_the_newest_entries_are_read_oldest_first(self, journal: Journal) -> None:
        assert [link.number for link in journal.newest(2)] == [2, 3]
        assert [link.number for link in journal.newest(10)] == [1, 2, 3]

    def test_an_act_that_never_ended_reads_as_outcome_unknown(self, journal: Any) -> None:
        assert [act.outcome for act in acts_of(journal.links())] == [UNKNOWN] * 3
        journal.append(entry("b", Phase.ENDED))
        assert [act.outcome for act in acts_of(journal.links())] == [UNKNOWN, "", UNKNOWN]
