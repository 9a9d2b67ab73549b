"""A second click, while what the first one began is under way: Streamlit ends a run where it next looks for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner


@contextmanager
def clicked_again(place: int, since: Callable[[], object]) -> Iterator[Callable[[], bool]]:
    """Have the click that is made inside come a second time, as it was sent: the browser shows the old page still.

    Args:
        place: at the n-th place at which the run, or one that follows it, may be ended.
        since: tells from where on places are counted.

    Yields:
        tells afterwards whether there are so many places.
    """
    check = ScriptRunner._maybe_handle_execution_control_request
    first: list[object] = []
    passed: list[ScriptRunner] = []

    def at_a_place(runner: ScriptRunner) -> None:
        if runner._execing and runner._is_in_script_thread():
            first.append(runner._requests._rerun_data)
            if len(passed) < place and since():
                passed.append(runner)
                if len(passed) == place:
                    runner._requests.request_rerun(first[0])
        check(runner)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", at_a_place)
        yield lambda: len(passed) == place
