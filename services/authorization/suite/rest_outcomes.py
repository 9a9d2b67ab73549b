"""What an answer of API Gateway shows about who is let in.

API Gateway names its own refusals in the header `x-amzn-errortype`; what comes without one was answered by the function
behind it. A 403 of API Gateway's is told apart by that name: it also answers 403 for a path that it doesn't have, which
is no refusal of anybody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from services.authorization.explanation import Explanation
from services.authorization.identity import Identity
from services.authorization.outcomes import Outcome
from services.authorization.token_facts import TokenFacts
from services.graphql import Answer
from services.tokens import Fault

_GATEWAY = ("x-amzn-requestid", "x-amz-apigw-id")
# An ID token where an access token is wanted, or one of another pool or client, is a live token all the same.
_UNJUDGED = frozenset({Fault.ISSUER, Fault.CLIENT, Fault.USE})


@dataclass(frozen=True, slots=True)
class _Known:
    """What one answer means; `dead` says that the credential was no good to begin with."""

    outcome: Outcome
    why: str
    next_step: str = ""
    dead: bool = False


_EXPIRED = _Known(
    Outcome.NO_VERDICT, "The token has expired, so nobody was judged.", "Sign this person in again.", dead=True
)
_BAD_SIGNATURE = _Known(
    Outcome.NO_VERDICT, "API Gateway could not verify the signature, so nobody was judged.",
    "Fetch the credentials anew, and check the configured Region.", dead=True,
)  # fmt: skip
_ON_THE_WAY = _Known(
    Outcome.NO_VERDICT,
    "The answer does not come from API Gateway, but from something on the way.",
    "Check the API's address and the network.",
)
_ANSWERED = _Known(Outcome.ALLOWED, "The API answered.")
_EMPTY = _Known(Outcome.FILTERED, "The API let the call in, and answered with nothing in it.")
_UNREADABLE = _Known(
    Outcome.NO_VERDICT, "The answer breaks off: it says that it is JSON, and can't be read as such.", "Run again."
)
_BY_TYPE: Mapping[str, _Known] = {
    "MissingAuthenticationTokenException": _Known(
        Outcome.NO_VERDICT,
        "The REST API has no such path or method, or wants a signature that was not sent; its answer is the same.",
        "Compare the method and the path with the API's.",
    ),
    "AccessDeniedException": _Known(
        Outcome.REFUSED_BY_RULE, "API Gateway knows who asks, and a policy or the authorizer refuses them."
    ),
    "ForbiddenException": _Known(
        Outcome.NO_VERDICT,
        "API Gateway said no more than “Forbidden”: a firewall, a lacking API key and an unknown domain all look so.",
        "Look at the firewall's rules and the method's API key setting.",
    ),
    "ExpiredTokenException": _EXPIRED,
    "UnrecognizedClientException": _BAD_SIGNATURE,
    "InvalidSignatureException": _BAD_SIGNATURE,
    "IncompleteSignatureException": _Known(
        Outcome.NO_VERDICT,
        "API Gateway took the credential for a broken signature: it does so for a path that it doesn't have.",
        "Compare the method and the path with the API's.",
    ),
}


def rest_outcome(answer: Answer) -> Outcome:
    """What the answer shows by itself, whoever asked: one of the six outcomes, never *partial*."""
    return _known(answer).outcome


def explain_rest(answer: Answer, identity: Identity, facts: TokenFacts | None = None) -> Explanation:
    """What a REST answer shows about the identity that it came to.

    Args:
        answer: what came back.
        identity: who asked.
        facts: what is known of the token that was sent, where one was.
    """
    known = _known(answer)
    turned_away = known.dead or known.outcome is Outcome.REFUSED_BY_MODE
    if identity.broken and turned_away:
        return Explanation(Outcome.REFUSED_BY_MODE, f"The API turned it away, as it should: {identity.note}.")
    if identity.broken and known.outcome in {Outcome.ALLOWED, Outcome.FILTERED}:
        return Explanation(
            known.outcome,
            f"The API let in what it should turn away: {identity.note}.",
            "Look at the API's authorizers at once.",
        )
    if turned_away and facts and facts.fault and facts.fault not in _UNJUDGED:
        return Explanation(
            Outcome.NO_VERDICT, f"{facts.why}, so nobody was judged.", "Use a token that is live and unchanged."
        )
    return Explanation(known.outcome, known.why, known.next_step)


def _known(answer: Answer) -> _Known:
    if 200 <= answer.status < 300:
        return _let_in(answer)
    if answer.status in {401, 403}:
        return _turned_away(answer)
    if answer.status == 429:
        return _Known(
            Outcome.NO_VERDICT, "The API had too many requests and did not look at this one.", "Wait, then run again."
        )
    if answer.status >= 500:
        return _Known(Outcome.NO_VERDICT, "The API or the function behind it failed.", "Look at its log.")
    return _Known(Outcome.NO_VERDICT, f"HTTP status {answer.status} says nothing about who is let in.")


def _turned_away(answer: Answer) -> _Known:
    if not _from_gateway(answer):
        return _ON_THE_WAY
    error_type = answer.headers.get("x-amzn-errortype", "").split(":")[0]
    if answer.status == 401:
        expired = "token has expired" in answer.text
        return _EXPIRED if expired else _Known(Outcome.REFUSED_BY_MODE, "The API does not admit this kind of caller.")
    if not error_type:
        return _Known(Outcome.REFUSED_BY_RULE, "The function behind the API refused this caller.")
    unknown = _Known(Outcome.NO_VERDICT, f"API Gateway answered {error_type}, which is not known here.")
    return _BY_TYPE.get(error_type, unknown)


def _let_in(answer: Answer) -> _Known:
    if not _from_gateway(answer):
        return _ON_THE_WAY
    if answer.status == 204:
        return _ANSWERED
    if not answer.text.strip():
        return _EMPTY
    try:
        return _EMPTY if json.loads(answer.text) in (None, [], {}) else _ANSWERED
    except (ValueError, RecursionError):
        return _UNREADABLE if _says_json(answer) else _ANSWERED


def _from_gateway(answer: Answer) -> bool:
    return any(name in answer.headers for name in _GATEWAY)


def _says_json(answer: Answer) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
