"""An outcome with its reason."""

from dataclasses import dataclass

from services.authorization.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one call showed.

    Attributes:
        outcome: one of the six.
        why: the reason, in sentences.
        next_step: what to do about it; may be empty.
    """

    outcome: Outcome
    why: str
    next_step: str = ""
