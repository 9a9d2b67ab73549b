"""Plain words for what AppSync answers: the reason, and what to do next, as data."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.authorization.identity import Kind
from services.authorization.refusals import Cause


@dataclass(frozen=True, slots=True)
class Words:
    """A reason as a sentence, and the next step as another; the step may be empty."""

    why: str
    next_step: str = ""


_TURNED_AWAY = "it turned the call away before any resolver"

BY_CAUSE: Mapping[Cause, Words] = {
    Cause.MODE: Words(f"The API does not admit this kind of caller: {_TURNED_AWAY}."),
    Cause.CREDENTIAL_UNKNOWN: Words(f"The API does not know this credential: {_TURNED_AWAY}."),
    Cause.CLIENT: Words(
        "The token was issued for an app client that this API does not admit.",
        "Compare the token's client with the API's app client expression.",
    ),
    Cause.POLICY: Words(
        "The signature is good, but no IAM policy of this role allows any of the requested root fields.",
        "To admit the role, allow it appsync:GraphQL on the field's ARN (…/types/Query/fields/…).",
    ),
    Cause.TOKEN_UNREADABLE: Words(f"The API could not read or verify the token: {_TURNED_AWAY}."),
    Cause.TOKEN_EXPIRED: Words("The token has expired, so nobody was judged.", "Sign this person in again."),
    Cause.SIGNATURE: Words(
        "The signature does not fit the request: the secret key is wrong, or the request was changed on its way.",
        "Fetch the credentials anew; if it stays, look for a proxy that rewrites requests.",
    ),
    Cause.SIGNATURE_TIME: Words(
        "The signature's time is more than five minutes away from the API's clock.",
        "Set this machine's clock, then run again.",
    ),
    Cause.SIGNATURE_SCOPE: Words(
        "The request was signed for another Region or service than the API's.",
        "Check the Region that is configured for this environment.",
    ),
    Cause.ACCESS_KEY_UNKNOWN: Words(
        "AWS does not know this access key, or the session token belongs to another one.",
        "Fetch the credentials anew.",
    ),
    Cause.SESSION_EXPIRED: Words("The temporary AWS credentials have expired.", "Fetch the credentials anew."),
    Cause.FIREWALL: Words(
        "A web application firewall blocked the call; the API itself was not asked.",
        "Look at the firewall's rules, or run from an address that it lets through.",
    ),
    Cause.MALFORMED: Words("The API could not read the request as GraphQL.", "Correct the operation and run it again."),
    Cause.BAD_REQUEST: Words("The API could not handle the request as it was sent.", "Read its message below."),
    Cause.THROTTLED: Words("The API had too many requests and did not look at this one.", "Wait, then run again."),
    Cause.REDIRECTED: Words(
        "The address answered with a redirect, which is not followed: credentials go to the configured address alone.",
        "Check the API's address in the settings.",
    ),
    Cause.NO_SUCH_API: Words("There is no API at this address.", "Check the API's address in the settings."),
    Cause.FAILED: Words(
        "The service itself failed, which says nothing about who may call it.",
        "Run again; if it stays, look at the API's configuration and logs.",
    ),
    Cause.STRANGE: Words(
        "The answer is not in the shape that AppSync answers in; something else on the way may have sent it.",
        "Check the API's address, and proxies on the way.",
    ),
}

BY_KIND: Mapping[tuple[Cause, Kind], Words] = {
    (Cause.MODE, Kind.NO_CREDENTIALS): Words(
        "Nothing was sent to say who asks, and this API admits nobody without a credential."
    ),
    (Cause.MODE, Kind.API_KEY): Words(
        "This API has no API key mode: it turned the call away without looking at the key."
    ),
    (Cause.MODE, Kind.IAM): Words(f"This API has no IAM mode: {_TURNED_AWAY}."),
    (Cause.TOKEN_UNREADABLE, Kind.IAM): Words("This API has no IAM mode: it took the signature for a token."),
    (Cause.MODE, Kind.JWT): Words(f"This API takes no tokens of this issuer: {_TURNED_AWAY}."),
    (Cause.MODE, Kind.LAMBDA_TOKEN): Words(f"This API has no mode for such a token: {_TURNED_AWAY}."),
    (Cause.CREDENTIAL_UNKNOWN, Kind.API_KEY): Words(
        "The API does not accept this key: it has expired, was deleted, or belongs to another API.",
        "Make a new key for this API and put it into the settings.",
    ),
    (Cause.CREDENTIAL_UNKNOWN, Kind.LAMBDA_TOKEN): Words(
        f"The API's Lambda authorizer did not let this token in: {_TURNED_AWAY}."
    ),
    (Cause.BAD_REQUEST, Kind.LAMBDA_TOKEN): Words(
        "The API could not ask its Lambda authorizer.",
        "Check that the function allows appsync.amazonaws.com to invoke it.",
    ),
}


def words_for(cause: Cause, kind: Kind) -> Words:
    """The words for a cause, more exact where the kind of credential tells more."""
    return BY_KIND.get((cause, kind)) or BY_CAUSE[cause]


FAULTS: Mapping[str, str] = {
    "Lambda:": "the function behind it failed",
    "DynamoDB:": "the table behind it failed",
    "MappingTemplate": "its mapping template failed",
    "QueryDepthLimitReached": "the operation is nested deeper than the API allows",
    "ResolverExecutionLimitReached": "the operation needs more resolvers than the API allows",
}
"""How `errorType` of a fault begins, and what it means."""


def fault_in_words(error_type: str) -> str:
    """What a fault of that type means; types that aren't listed name themselves."""
    for beginning, meaning in FAULTS.items():
        if error_type.startswith(beginning):
            return meaning
    return f"it failed with {error_type}"
