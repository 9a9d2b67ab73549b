"""Every refusal of the HTTP data plane: status, error type and text, in one place.

Texts that AWS documents or that were captured from it are used word for word. Those marked
OPEN are the safer guess where nothing was captured; change them here and nowhere else.
"""

from http import HTTPStatus

INVALID_AUTHORIZATION = "Valid authorization header not provided."
NOT_AUTHORIZED_TO_CALL = "You are not authorized to make this call."
UNPARSABLE_JWT = "Unable to parse JWT token."
EXPIRED_JWT = "Token has expired."
CLIENT_NOT_ADMITTED = "Unauthorized"
PERMISSION_DENIED = "Permission denied"
SIGNATURE_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
INVALID_SECURITY_TOKEN = "The security token included in the request is invalid."  # noqa: S105
EMPTY_BODY = "Request body is empty."
UNPARSABLE_QUERY = "Unable to parse GraphQL query."
MISSING_OPERATION_NAME = "Missing operation name."
NO_SCHEMA = "No schema definition exists."

# OPEN: no capture was found for these.
EXPIRED_SECURITY_TOKEN = "The security token included in the request is expired"  # noqa: S105
QUERY_TOO_LONG = "Maximum char length exceeded"
INTERNAL_FAILURE = "An internal failure occurred."
UNKNOWN_API = "GraphQL API not found."
SUBSCRIPTION_OVER_HTTP = "Subscriptions aren't served over HTTP."


class Refused(Exception):
    """A request that ends before any field is resolved: the whole answer is one error."""

    def __init__(self, status: HTTPStatus, error_type: str, message: str | None) -> None:
        super().__init__(message or error_type)
        self.status = status
        self.error_type = error_type
        self.message = message


def unauthorized(message: str = INVALID_AUTHORIZATION) -> Refused:
    """Return the 401 that ends requests whose credentials prove nothing."""
    return Refused(HTTPStatus.UNAUTHORIZED, "UnauthorizedException", message)


def unproven_token(*, single_mode: bool) -> Refused:
    """Return the refusal of a JWT that can't be read or doesn't verify.

    With one mode AWS names the token; with several it can't tell which mode was meant.
    OPEN for a bad signature or a foreign issuer with one mode.
    """
    return unauthorized(UNPARSABLE_JWT if single_mode else INVALID_AUTHORIZATION)


def bad_request(message: str | None) -> Refused:
    """Return the 400 for requests that can't be evaluated as they were sent."""
    return Refused(HTTPStatus.BAD_REQUEST, "BadRequestException", message)


def malformed(message: str) -> Refused:
    """Return the 400 for bodies that hold no GraphQL request."""
    return Refused(HTTPStatus.BAD_REQUEST, "MalformedHttpRequestException", message)


def unknown_credentials() -> Refused:
    """Return the 403 for an unknown access key, or a session token that isn't its own."""
    return Refused(HTTPStatus.FORBIDDEN, "UnrecognizedClientException", INVALID_SECURITY_TOKEN)


def expired_credentials() -> Refused:
    """Return the 403 for temporary credentials past their end. OPEN: type and text."""
    return Refused(HTTPStatus.FORBIDDEN, "ExpiredTokenException", EXPIRED_SECURITY_TOKEN)


def schema_fault(message: str = NO_SCHEMA) -> Refused:
    """Return the 502 for an API whose schema is missing or broken."""
    return Refused(HTTPStatus.BAD_GATEWAY, "GraphQLSchemaException", message)


def internal_failure(message: str = INTERNAL_FAILURE) -> Refused:
    """Return the 500 for faults of the service, and for an API that trusts a pool that isn't there."""
    return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalFailureException", message)


def unknown_api() -> Refused:
    """Return the 404 for an API ID that isn't here. OPEN: on AWS its host name doesn't resolve."""
    return Refused(HTTPStatus.NOT_FOUND, "NotFoundException", UNKNOWN_API)
