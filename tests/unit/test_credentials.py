"""What a call carries to say who asks."""

import requests

from services.credentials import ApiKey, AwsCredentials, NoCredentials, Token
from services.secret import Secret

TEMPORARY = AwsCredentials("ASIAEXAMPLE", Secret("secret-key"), Secret("session-token"))


def signed(credentials: AwsCredentials, body: bytes = b"{}") -> requests.PreparedRequest:
    """A request to the users API, signed."""
    request = requests.Request("POST", "https://api.example/graphql", data=body).prepare()
    return credentials.signer("eu-west-1")(request)


def test_no_credentials_add_nothing() -> None:
    request = requests.Request("POST", "https://api.example/graphql").prepare()

    assert NoCredentials().headers() == {}
    assert dict(NoCredentials().signer("eu-west-1")(request).headers) == dict(request.headers)


def test_an_api_key_goes_into_its_header() -> None:
    assert ApiKey(Secret("da2-x")).headers() == {"x-api-key": "da2-x"}


def test_a_token_goes_into_the_authorization_header_as_it_is() -> None:
    assert Token(Secret("a.b.c")).headers() == {"Authorization": "a.b.c"}


def test_aws_credentials_sign_for_appsync_in_the_region() -> None:
    request = signed(TEMPORARY)

    assert "/eu-west-1/appsync/aws4_request" in str(request.headers["Authorization"])
    assert "ASIAEXAMPLE" in str(request.headers["Authorization"])
    assert request.headers["x-amz-security-token"] == "session-token"


def test_aws_credentials_sign_for_a_rest_api_where_they_are_told_to() -> None:
    request = requests.Request("GET", "https://rest.example/prod/hello").prepare()

    signed_request = TEMPORARY.signer("eu-west-1", "execute-api")(request)

    assert "/eu-west-1/execute-api/aws4_request" in str(signed_request.headers["Authorization"])


def test_a_signature_covers_the_body() -> None:
    assert signed(TEMPORARY).headers["Authorization"] != signed(TEMPORARY, b"[]").headers["Authorization"]


def test_long_lived_credentials_carry_no_session_token() -> None:
    request = signed(AwsCredentials("AKIAEXAMPLE", Secret("secret-key")))

    assert "x-amz-security-token" not in request.headers


def test_none_of_them_shows_its_secret() -> None:
    shown = f"{TEMPORARY!r} {ApiKey(Secret('da2-x'))!r} {Token(Secret('a.b.c'))!r}"

    assert not any(secret in shown for secret in ("secret-key", "session-token", "da2-x", "a.b.c"))
