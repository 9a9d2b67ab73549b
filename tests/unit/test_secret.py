"""A value that must not show."""

import copy
import logging
import pickle
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.secret import Secret

TEXT = "correct horse battery staple"


@dataclass
class Holder:
    """Something with a secret in it."""

    secret: Secret


def test_only_revealing_shows_it() -> None:
    secret = Secret(TEXT)

    assert secret.reveal() == TEXT
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, repr(Holder(secret))):  # noqa: UP031
        assert TEXT not in shown


def test_a_log_line_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").error("signed in with %s and %r", Secret(TEXT), {"password": Secret(TEXT)})

    assert TEXT not in caplog.text


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy, lambda secret: asdict(Holder(secret))])
def test_it_cannot_be_written_or_copied(write: object) -> None:
    with pytest.raises(TypeError, match="can't be pickled"):
        write(Secret(TEXT))  # type: ignore[operator]


def test_it_has_no_attributes_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(Secret(TEXT))


@given(st.text(), st.text())
def test_two_are_equal_exactly_when_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert one != other or hash(Secret(one)) == hash(Secret(other))


def test_it_is_never_equal_to_a_plain_text() -> None:
    assert Secret(TEXT) != TEXT


@pytest.mark.parametrize(("text", "truth"), [("", False), (" ", True), ("x", True)])
def test_it_is_true_when_there_is_something_in_it(text: str, truth: bool) -> None:
    assert bool(Secret(text)) is truth
