"""The tree of what can go wrong."""

import inspect
import re

import pytest

from services import errors
from services.errors import GatehouseError, NotFound, SettingsError


def test_an_error_reads_as_sentences() -> None:
    error = NotFound("Could not delete the group billing", "It does not exist.", "Reload the page")

    assert str(error) == "Could not delete the group billing. It does not exist. Reload the page."


def test_an_error_without_a_reason_reads_as_one_sentence() -> None:
    assert str(SettingsError("Gatehouse is not configured")) == "Gatehouse is not configured."


def test_two_errors_of_the_same_words_are_two_errors() -> None:
    one, other = NotFound("Could not read it"), NotFound("Could not read it")

    assert len({one, other}) == 2


def test_an_error_is_raised_and_caught_by_any_of_its_kinds() -> None:
    with pytest.raises(GatehouseError):
        raise NotFound("Could not read it")


def test_the_tree_drawn_at_the_top_names_every_error_there_is() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
    defined = {name for name, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, GatehouseError)}

    assert drawn == defined - {"GatehouseError"}
