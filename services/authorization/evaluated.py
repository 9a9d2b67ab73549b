"""The reason for the outcome of an operation that AppSync evaluated, in plain words."""

from collections.abc import Collection

from services.authorization.evidence import Evidence, FieldError, Keys, errors_of, evidence_of, keys_of
from services.authorization.explanation import Explanation
from services.authorization.outcomes import Outcome, outcome_of
from services.authorization.words import fault_in_words
from services.graphql import Answer

_NAMED = 5  # more field names than this make a sentence unreadable


def explain_evaluated(answer: Answer) -> Explanation:
    """The outcome of an HTTP 200 with its reason, from data and errors together."""
    evidence, errors = evidence_of(answer), errors_of(answer)
    outcome = outcome_of(evidence)
    match outcome:
        case Outcome.ALLOWED:
            return Explanation(outcome, "Every requested field came, none was refused.")
        case Outcome.FILTERED:
            return Explanation(
                outcome,
                "No field was refused, but nothing came: every field is null or an empty list.",
                "Find out whether there is nothing, or whether the resolver keeps it from this caller.",
            )
        case Outcome.PARTIAL:
            return Explanation(
                outcome,
                f"The caller was let in, but these fields were refused: {_listed(refused_fields(answer))}.",
                "Compare the directives of these fields, and of their types, with this caller's mode and groups.",
            )
        case Outcome.REFUSED_BY_RULE:
            return Explanation(
                outcome,
                f"The credential is good, but the rule of {_listed(refused_fields(answer))} does not admit it.",
                "Compare the field's directives in the schema with this caller's mode and groups.",
            )
        case _:
            return _no_verdict(evidence, [error for error in errors if not error.refused])


def refused_fields(answer: Answer) -> tuple[Keys, ...]:
    """The fields that `Unauthorized` entries name, without list indices, sorted; empty for a refused whole."""
    named = {keys_of(error.path) for error in errors_of(answer) if error.refused}
    return tuple(sorted(named))


def _no_verdict(evidence: Evidence, faults: Collection[FieldError]) -> Explanation:
    if not faults:
        return Explanation(Outcome.NO_VERDICT, "The answer holds neither data nor an error.", "Run again.")
    if invalid := next((fault for fault in faults if not fault.error_type and not fault.path), None):
        return Explanation(
            Outcome.NO_VERDICT,
            f"The operation was not run: {invalid.message.rstrip('.') or 'it does not fit the schema'}.",
            "Correct the operation and run it again.",
        )
    told = sorted({f"{'.'.join(keys_of(fault.path)) or 'the operation'}: {_meaning(fault)}" for fault in faults})
    came = "; what came beside it is judged field by field" if evidence.values else ""
    return Explanation(
        Outcome.NO_VERDICT,
        f"Something other than authorization failed ({'; '.join(told[:_NAMED])}){came}.",
        "Look at the logs of the resolver, then run again.",
    )


def _meaning(fault: FieldError) -> str:
    return fault_in_words(fault.error_type) if fault.error_type else "it failed"


def _listed(fields: Collection[Keys]) -> str:
    names = [".".join(field) for field in fields] or ["the operation"]
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest
