"""What the control plane says of a call that it doesn't carry out."""

from ministack.core.responses import error_response_json

Answer = tuple[int, dict[str, str], bytes]


def bad_request(message: str) -> Answer:
    """Return a BadRequestException."""
    return refusal("BadRequestException", message)


def not_found(message: str) -> Answer:
    """Return a NotFoundException."""
    return refusal("NotFoundException", message, 404)


def refusal(code: str, message: str, status: int = 400) -> Answer:
    """Return the answer of an error."""
    answer: Answer = error_response_json(code, message, status)
    return answer
