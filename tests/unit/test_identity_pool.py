"""Temporary AWS credentials, kept until shortly before they end."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from services.credentials import AwsCredentials
from services.errors import Refused
from services.identity_pool import SPARE, IdentityPool
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, Clock, stubbed

GUEST, ADA = "eu-west-1:guest", "eu-west-1:ada"
LOGINS = {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E": "id-token"}


class Bench:
    """An identity pool over a stub that checks every call, and its clock."""

    def __init__(self) -> None:
        client, self.stub = stubbed("cognito-identity")
        self.clock = Clock()
        self.pool = IdentityPool(client, ENVIRONMENT, self.clock)
        self.stub.activate()

    def gives_identity(self, identity: str, logins: dict[str, str]) -> None:
        sent = {"IdentityPoolId": ENVIRONMENT.identity_pool_id, "Logins": logins}
        self.stub.add_response("get_id", {"IdentityId": identity}, sent)

    def gives_credentials(self, identity: str, logins: dict[str, str], key: str = "AKIA") -> None:
        credentials = {
            "AccessKeyId": key,
            "SecretKey": "secret-key",
            "SessionToken": "session-token",
            "Expiration": self.clock() + timedelta(hours=1),
        }
        answer: Any = {"IdentityId": identity, "Credentials": credentials}
        self.stub.add_response("get_credentials_for_identity", answer, {"IdentityId": identity, "Logins": logins})


@pytest.fixture
def bench() -> Any:
    """A bench whose announced calls all have to come."""
    made = Bench()
    yield made
    made.stub.assert_no_pending_responses()


def test_a_guest_gets_credentials_without_a_token(bench: Bench) -> None:
    bench.gives_identity(GUEST, {})
    bench.gives_credentials(GUEST, {})

    assert bench.pool.guest() == AwsCredentials("AKIA", Secret("secret-key"), Secret("session-token"))


def test_a_person_gets_credentials_for_their_id_token(bench: Bench) -> None:
    bench.gives_identity(ADA, LOGINS)
    bench.gives_credentials(ADA, LOGINS)

    assert bench.pool.signed_in(Secret("id-token"), "1111").access_key_id == "AKIA"


def test_credentials_are_kept_until_five_minutes_before_they_end(bench: Bench) -> None:
    bench.gives_identity(GUEST, {})
    bench.gives_credentials(GUEST, {})
    first = bench.pool.guest()

    bench.clock.time += timedelta(hours=1) - SPARE - timedelta(seconds=1)
    assert bench.pool.guest() is first


def test_new_credentials_are_for_the_same_guest(bench: Bench) -> None:
    bench.gives_identity(GUEST, {})
    bench.gives_credentials(GUEST, {})
    bench.pool.guest()

    bench.clock.time += timedelta(hours=1) - SPARE
    bench.gives_credentials(GUEST, {}, "AKIA2")

    assert bench.pool.guest().access_key_id == "AKIA2"


def test_a_renewed_id_token_brings_new_credentials_since_the_role_may_have_changed(bench: Bench) -> None:
    bench.gives_identity(ADA, LOGINS)
    bench.gives_credentials(ADA, LOGINS)
    bench.pool.signed_in(Secret("id-token"), "1111")

    renewed = dict.fromkeys(LOGINS, "renewed")
    bench.gives_credentials(ADA, renewed, "AKIA2")

    assert bench.pool.signed_in(Secret("renewed"), "1111").access_key_id == "AKIA2"


def test_nobody_is_handed_the_credentials_of_somebody_else(bench: Bench) -> None:
    bench.gives_identity(ADA, LOGINS)
    bench.gives_credentials(ADA, LOGINS, "AKIA-ADA")
    bench.gives_identity(GUEST, {})
    bench.gives_credentials(GUEST, {}, "AKIA-GUEST")
    bench.gives_identity("eu-west-1:otto", LOGINS)
    bench.gives_credentials("eu-west-1:otto", LOGINS, "AKIA-OTTO")

    asked = [bench.pool.signed_in(Secret("id-token"), "1111"), bench.pool.guest()]
    asked.append(bench.pool.signed_in(Secret("id-token"), "2222"))

    assert [each.access_key_id for each in asked] == ["AKIA-ADA", "AKIA-GUEST", "AKIA-OTTO"]


@pytest.mark.parametrize("code", ["NotAuthorizedException", "InvalidIdentityPoolConfigurationException"])
def test_a_refusal_of_the_pool_is_told(bench: Bench, code: str) -> None:
    stub: Stubber = bench.stub
    stub.add_client_error("get_id", code, "Unauthenticated access is not supported for this identity pool.")

    with pytest.raises(Refused) as refused:
        bench.pool.guest()

    assert (refused.value.failed, refused.value.code) == ("Could not get AWS credentials for a guest", code)
