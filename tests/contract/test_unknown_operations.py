"""Operations that nobody here knows are answered as AWS answers what it doesn't know."""

import pytest

from tests.cloud import Cloud
from tests.contract import wire


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
