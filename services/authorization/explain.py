"""What one call by one identity showed, with the reason in plain words.

A credential that should be good and is not (expired, forged, signed wrongly, an unknown key) gives *no verdict*: nobody
was judged, so the refusal is no evidence that this kind of caller is kept out. Where the same credential is broken on
purpose, its refusal is just what was to be shown, and counts as *refused by mode*.
"""

from services.authorization.evaluated import explain_evaluated
from services.authorization.evidence import lengths
from services.authorization.explanation import Explanation
from services.authorization.identity import Identity, Kind
from services.authorization.outcomes import Outcome
from services.authorization.refusals import DEAD, REFUSED, Cause, cause_of
from services.authorization.token_facts import TokenFacts
from services.authorization.words import words_for
from services.errors import GatehouseError
from services.graphql import Answer
from services.tokens import Fault

# A token with one of these may still be a good one: of another issuer, or for another app client.
_UNJUDGED = frozenset({Fault.ISSUER, Fault.CLIENT})
_LET_IN = frozenset({Outcome.ALLOWED, Outcome.FILTERED, Outcome.PARTIAL})


def explain(answer: Answer, identity: Identity, facts: TokenFacts | None = None) -> Explanation:
    """What an answer shows about the identity that it came to.

    Args:
        answer: what came back.
        identity: who asked.
        facts: what is known of the token that was sent, where one was.
    """
    cause = cause_of(answer)
    if cause is not None:
        return _turned_away(cause, identity, facts)
    explanation = explain_evaluated(answer)
    if identity.broken and explanation.outcome in _LET_IN:
        return Explanation(
            explanation.outcome,
            f"The API let in what it should turn away: {identity.note}.",
            "Look at the API's authorization modes at once.",
        )
    return explanation


def explain_failure(failure: GatehouseError) -> Explanation:
    """A call that was not sent, or not answered, shows nothing; the failure says why."""
    why = ": ".join(part.rstrip(".") for part in (failure.failed, failure.why) if part)
    step = f"{failure.next_step.rstrip('.')}." if failure.next_step else ""
    return Explanation(Outcome.NO_VERDICT, f"{why}.", step)


def compared(explanation: Explanation, answer: Answer, reference: Answer, reference_label: str) -> Explanation:
    """The same explanation, or *filtered* where an allowed call saw fewer than the reference identity did."""
    if explanation.outcome is not Outcome.ALLOWED:
        return explanation
    ours, theirs = lengths(answer), lengths(reference)
    fewer = [keys for keys, length in ours.items() if length < theirs.get(keys, 0)]
    if not fewer:
        return explanation
    shortest = min(fewer, key=len)
    return Explanation(
        Outcome.FILTERED,
        f"No field was refused, but {'.'.join(shortest)} came with {ours[shortest]} elements,"
        f" and to {reference_label} with {theirs[shortest]}.",
        "Find out whether the resolver keeps some from this caller.",
    )


def _turned_away(cause: Cause, identity: Identity, facts: TokenFacts | None) -> Explanation:
    words = words_for(cause, identity.kind)
    if cause is Cause.POLICY:
        return Explanation(Outcome.REFUSED_BY_RULE, words.why, words.next_step)
    if cause not in DEAD | REFUSED:
        return Explanation(Outcome.NO_VERDICT, words.why, words.next_step)
    if identity.broken and not _without_a_look(cause, identity):
        return Explanation(Outcome.REFUSED_BY_MODE, f"The API turned it away, as it should: {identity.note}.")
    if facts and (judged := _by_token(cause, facts)):
        return judged
    dead = cause in DEAD or (cause is Cause.CREDENTIAL_UNKNOWN and identity.kind is Kind.API_KEY)
    outcome = Outcome.NO_VERDICT if dead else Outcome.REFUSED_BY_MODE
    return Explanation(outcome, words.why, words.next_step)


def _by_token(cause: Cause, facts: TokenFacts) -> Explanation | None:
    """What the token itself tells about its refusal; None where it is good, or where the API's own text says more."""
    if facts.fault is Fault.ISSUER and cause in REFUSED:
        return Explanation(
            Outcome.REFUSED_BY_MODE, f"{facts.why}: this API does not trust that issuer, or the token is not genuine."
        )
    if facts.fault is None or facts.fault in _UNJUDGED:
        return None
    return Explanation(
        Outcome.NO_VERDICT, f"{facts.why}, so nobody was judged.", "Use a token that is live and unchanged."
    )


def _without_a_look(cause: Cause, identity: Identity) -> bool:
    """Whether the API turned the call away for its kind of credential, before it could notice a broken one."""
    return cause is Cause.MODE and identity.kind in {Kind.API_KEY, Kind.IAM}
