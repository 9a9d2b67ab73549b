"""A suite file of everything that a schema offers, as text to be reviewed and changed."""

from services.authorization.suite.generated import Generated
from services.authorization.suite.saved import Arguments
from services.authorization.suite.writing import suite_text


def as_suite(made: Generated, api: str) -> str:
    """The suite file: every operation that can be sent; what can't be is listed as remarks."""
    sendable = [each for each in made.operations if each.arguments is not Arguments.NEEDS_VALUES]
    unsendable = [each for each in made.operations if each.arguments is Arguments.NEEDS_VALUES]
    remarks = [
        *(f"{each.id}: {each.note}" for each in unsendable),
        *(f"{each.field}: {each.reason}." for each in made.not_covered),
    ]
    return suite_text(api, sendable, remarks)
