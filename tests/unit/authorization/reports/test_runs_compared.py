"""Two runs beside each other."""

from dataclasses import replace

from services.authorization.agreed.comparison import Difference
from services.authorization.reports.runs_compared import Compared, compared
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, partial
from tests.unit.authorization.reports.samples import ADA, GUEST, LIST, NOBODY, NOT_RUN, cell, run_of, seen

PLACE = cell(LIST, GUEST)


def test_a_cell_that_shows_something_else_is_told_with_the_way_it_leans() -> None:
    before, after = run_of({PLACE: seen(partial("email"))}), run_of({PLACE: seen(ALLOWED)})
    (change,) = [each for each in compared(before, after).changes if each.cell == PLACE]
    assert change.difference is Difference.MORE
    assert change.words == "all-users guest/iam: partial (refused: email) -> allowed (more access)"
    (change,) = [each for each in compared(after, before).changes if each.cell == PLACE]
    assert change.difference is Difference.LESS


def test_what_one_of_them_does_not_prove_is_never_equal() -> None:
    unproven = run_of({PLACE: NOT_RUN}, operations=(LIST,), identities=(GUEST,))
    proven = run_of({PLACE: seen(BY_MODE)}, operations=(LIST,), identities=(GUEST,))
    for one, other in ((unproven, unproven), (unproven, proven), (proven, unproven)):
        found = compared(one, other)
        assert found.unproven == (PLACE,)
        assert found.equal == 0
    assert compared(proven, proven).equal == 1


def test_a_cell_that_came_or_went_is_a_change() -> None:
    one = run_of({cell(LIST, NOBODY): seen(BY_MODE)}, operations=(LIST,), identities=(NOBODY,))
    two = run_of({cell(LIST, ADA): seen(ALLOWED)}, operations=(LIST,), identities=(ADA,))
    assert [change.words for change in compared(one, two).changes] == [
        "all-users group:admins/id: not in the run -> allowed",
        "all-users nobody: refused by mode -> not in the run",
    ]


def test_what_neither_suite_sends_counts_for_nothing_and_what_one_of_them_sends_does() -> None:
    unsent = replace(run_of({PLACE: NOT_RUN}, operations=(LIST,), identities=(GUEST,)), left_out=frozenset({PLACE}))
    sent = run_of({PLACE: seen(ALLOWED)}, operations=(LIST,), identities=(GUEST,))
    assert compared(unsent, unsent) == Compared((), (), 0)
    assert compared(unsent, sent).unproven == (PLACE,)
