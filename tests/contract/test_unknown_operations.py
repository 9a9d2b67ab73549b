"""Operations that nobody here knows are answered as AWS answers what it doesn't know."""

import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.directories import Directory
from tests.contract.refusals import refusal


@pytest.mark.parametrize(
    ("service", "target"),
    [
        ("cognito-idp", "AWSCognitoIdentityProviderService.GetCSVHeader"),
        ("cognito-idp", "AWSCognitoIdentityProviderService.NoSuchOperation"),
        ("cognito-identity", "AWSCognitoIdentityService.NoSuchOperation"),
    ],
)
def test_an_unknown_operation_is_named_so(local_cloud: Cloud, service: str, target: str) -> None:
    """MiniStack says `InvalidAction`."""
    headers = wire.sign(local_cloud, service, wire.call_headers(target), b"{}")
    reply = wire.send(local_cloud, "POST", "/", headers, b"{}")
    assert (reply.status, reply.json()) == (400, {"__type": "UnknownOperationException"})


@pytest.mark.row("5.3 Flows and challenges")
def test_a_flow_that_is_not_there_is_refused_by_its_name(directory: Directory) -> None:
    directory.add("mara")
    client = {"ClientId": directory.client_id}
    start = directory.public.initiate_auth
    refused = refusal(start, **client, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "mara"})
    assert refused[1:] == ("InvalidParameterException", "Unsupported AuthFlow: USER_AUTH")
