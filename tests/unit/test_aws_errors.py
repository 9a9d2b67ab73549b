"""What boto3 raises, told as this package's own errors."""

import traceback

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError, ParamValidationError

from services.aws_errors import MEANINGS, Meaning, spoken
from services.errors import Invalid, NotFound, Refused, ServiceError, Unavailable


def client_error(code: str, message: str = "said by AWS", status: int = 400) -> ClientError:
    """An error answer of AWS."""
    metadata = {"RequestId": "request-1", "HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "Act")  # type: ignore[typeddict-item]


def told(error: Exception, meanings: dict[str, Meaning] | None = None) -> ServiceError:
    """What an error is told as."""
    with pytest.raises(ServiceError) as raised, spoken("delete the group billing", meanings or {}):
        raise error
    return raised.value


@pytest.mark.parametrize("code", MEANINGS)
def test_a_known_code_is_told_in_words_with_code_and_request_id(code: str) -> None:
    error = told(client_error(code))

    assert type(error) is MEANINGS[code].error
    assert (error.failed, error.code, error.request_id) == ("Could not delete the group billing", code, "request-1")
    assert error.why == MEANINGS[code].why
    assert error.next_step


def test_an_unknown_code_keeps_the_words_of_aws() -> None:
    error = told(client_error("BrandNewException"))

    assert type(error) is ServiceError
    assert (error.why, error.code) == ("said by AWS", "BrandNewException")


def test_a_parameter_that_aws_refuses_keeps_the_words_of_aws() -> None:
    error = told(client_error("InvalidParameterException", "Precedence must be positive"))

    assert isinstance(error, Invalid)
    assert error.why == "Precedence must be positive"


def test_a_service_can_say_what_a_code_means_to_it() -> None:
    meanings = {"ResourceNotFoundException": Meaning(NotFound, "The group is gone", "Reload the list")}

    assert told(client_error("ResourceNotFoundException"), meanings).why == "The group is gone"


def test_an_unknown_code_with_a_server_status_means_that_the_service_failed() -> None:
    assert isinstance(told(client_error("Whatever", status=503)), Unavailable)


def test_no_answer_is_told_as_such() -> None:
    error = told(ConnectTimeoutError(endpoint_url="https://cognito-idp.eu-west-1.amazonaws.com"))

    assert (type(error), error.code) == (Unavailable, "ConnectTimeoutError")


def test_a_missing_credential_says_how_to_give_one() -> None:
    error = told(NoCredentialsError())

    assert isinstance(error, Refused)
    assert "AWS_PROFILE" in error.next_step


def test_a_value_that_cannot_be_sent_is_named_and_not_repeated() -> None:
    error = told(ParamValidationError(report="Invalid type for parameter Password, value: hunter2, type: int"))

    assert (type(error), error.why) == (Invalid, "AWS does not take Password in this form")
    assert "hunter2" not in "".join(traceback.format_exception(error))


def test_nothing_is_changed_when_nothing_goes_wrong() -> None:
    with spoken("read"):
        assert True
