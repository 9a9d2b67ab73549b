"""The chain: whatever is done to a record afterwards shows."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.record.chain import START, Head, Link, faults, hash_of


def chain(contents: list[str]) -> list[Link]:
    """A chain as it is written."""
    links: list[Link] = []
    for number, content in enumerate(contents, 1):
        links.append(Link(number, content, hash_of(links[-1].hash if links else START, number, content)))
    return links


def head(links: list[Link]) -> Head:
    """Its newest entry, as it was noted."""
    return Head(links[-1].number, links[-1].hash) if links else Head()


CONTENTS = st.lists(st.text(max_size=20), max_size=8)
SOME = st.lists(st.text(max_size=20), min_size=2, max_size=8)


@given(CONTENTS)
def test_what_was_written_holds(contents: list[str]) -> None:
    assert faults(chain(contents), head(chain(contents))) == ()


@given(SOME, st.data())
def test_an_altered_entry_shows(contents: list[str], data: st.DataObject) -> None:
    links = chain(contents)
    place = data.draw(st.integers(0, len(links) - 1))
    links[place] = replace(links[place], content=links[place].content + "!")

    assert f"Entry {place + 1} is not what was recorded" in faults(links)[0]


@given(SOME, st.data())
def test_a_removed_entry_shows_at_the_end_too(contents: list[str], data: st.DataObject) -> None:
    links = chain(contents)
    noted = head(links)
    del links[data.draw(st.integers(0, len(links) - 1))]

    assert faults(links, noted) != ()


@given(SOME, st.data())
def test_two_entries_in_each_others_places_show(contents: list[str], data: st.DataObject) -> None:
    links = chain([f"{number} {content}" for number, content in enumerate(contents)])
    first = data.draw(st.integers(0, len(links) - 2))
    links[first], links[first + 1] = links[first + 1], links[first]
    numbered_anew = [replace(link, number=number) for number, link in enumerate(links, 1)]

    assert faults(links) != ()
    assert faults(numbered_anew) != ()


@given(SOME, st.data())
def test_a_chain_that_was_computed_anew_shows_by_the_noted_head(contents: list[str], data: st.DataObject) -> None:
    noted = head(chain(contents))
    contents[data.draw(st.integers(0, len(contents) - 1))] += "!"
    forged = chain(contents)

    assert faults(forged) == ()
    assert "another than the one that was noted" in faults(forged, noted)[0]
