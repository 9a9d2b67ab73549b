"""Acts in words, as the record shows them."""

from services.acts import ACTS


def words_of(act: str) -> str:
    """What was done, in words; an act without any is named as it is recorded."""
    kind = ACTS.get(act)
    return kind.done if kind else act
