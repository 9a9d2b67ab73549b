"""Clients from PyPI, unmodified: pycognito, gql, requests-aws4auth."""

import json
from typing import Any

import pytest
import requests
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from pycognito import Cognito
from requests_aws4auth import AWS4Auth

from tests.cloud import Cloud

QUERY = "query List($limit: Int) { listUsers(limit: $limit) { items { userId firstname } nextToken } }"


@pytest.fixture
def pycognito(local_cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes pycognito's client for a person; it reads the endpoint where every AWS SDK does."""
    backend = local_cloud.backend
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", local_cloud.endpoint)
    jwks = requests.get(f"{local_cloud.endpoint}/{backend['UserPoolId']}/.well-known/jwks.json", timeout=60)
    # It would fetch the keys from AWS's own address, unless they lie here.
    monkeypatch.setenv("COGNITO_JWKS", jwks.text)
    key = local_cloud.access_key("local-admin")

    def client(name: str) -> Cognito:
        return Cognito(
            backend["UserPoolId"],
            backend["UserPoolClientId"],
            user_pool_region=backend["Region"],
            username=name,
            access_key=key["aws_access_key_id"],
            secret_key=key["aws_secret_access_key"],
        )

    return client


def test_pycognito_signs_in_verifies_reads_and_renews(local_cloud: Cloud, pycognito: Any) -> None:
    ada = pycognito("ada")
    ada.authenticate(password=local_cloud.password("ada"))
    assert ada.id_claims["cognito:groups"] == ["admins"]
    assert ada.get_user().email == "ada@example.com"
    before = ada.access_token
    ada.renew_access_token()
    assert ada.access_token != before
    ada.verify_tokens()


def test_pycognito_is_refused_with_a_wrong_password(pycognito: Any) -> None:
    ada = pycognito("ada")
    with pytest.raises(ada.client.exceptions.NotAuthorizedException, match="Incorrect username or password"):
        ada.authenticate(password="Wrong-horse-9")
    assert ada.id_token is None


def graphql(cloud: Cloud, **transport: Any) -> Any:
    """Ask for five users through gql; returns the data."""
    client = Client(transport=RequestsHTTPTransport(cloud.backend["GraphQLApiUrl"], timeout=60, **transport))
    query = gql(QUERY)
    query.variable_values = {"limit": 5}
    return client.execute(query)


def test_gql_lists_users_with_a_token(local_cloud: Cloud, pycognito: Any) -> None:
    ada = pycognito("ada")
    ada.authenticate(password=local_cloud.password("ada"))
    page = graphql(local_cloud, headers={"Authorization": ada.access_token})["listUsers"]
    assert (len(page["items"]), page["nextToken"] is not None) == (5, True)


def test_gql_is_refused_with_a_token_that_is_none(local_cloud: Cloud) -> None:
    with pytest.raises(TransportQueryError) as raised:
        graphql(local_cloud, headers={"Authorization": "abc"})
    assert raised.value.errors is not None
    assert raised.value.errors[0]["errorType"] == "UnauthorizedException"


def guest(cloud: Cloud) -> dict[str, str]:
    """Return temporary credentials of the guest role."""
    identities = cloud.unsigned("cognito-identity")
    identity = identities.get_id(IdentityPoolId=cloud.backend["IdentityPoolId"])["IdentityId"]
    given: dict[str, str] = identities.get_credentials_for_identity(IdentityId=identity)["Credentials"]
    return given


def signature(cloud: Cloud, credentials: dict[str, str], **changed: str) -> AWS4Auth:
    """Sign for AppSync with a guest's credentials, some of them changed."""
    key = {**credentials, **changed}
    region = cloud.backend["Region"]
    return AWS4Auth(key["AccessKeyId"], key["SecretKey"], region, "appsync", session_token=key["SessionToken"])


def test_requests_aws4auth_signs_a_guests_query(local_cloud: Cloud) -> None:
    answer = requests.post(
        local_cloud.backend["GraphQLApiUrl"],
        data=json.dumps({"query": QUERY, "variables": {"limit": 5}}),
        headers={"Content-Type": "application/json"},
        auth=signature(local_cloud, guest(local_cloud)),
        timeout=60,
    )
    assert answer.status_code == 200
    assert len(answer.json()["data"]["listUsers"]["items"]) == 5
    assert len(graphql(local_cloud, auth=signature(local_cloud, guest(local_cloud)))["listUsers"]["items"]) == 5


def test_requests_aws4auth_is_refused_with_a_wrong_secret(local_cloud: Cloud) -> None:
    answer = requests.post(
        local_cloud.backend["GraphQLApiUrl"],
        data=json.dumps({"query": QUERY}),
        auth=signature(local_cloud, guest(local_cloud), SecretKey="not-the-secret"),
        timeout=60,
    )
    (error,) = answer.json()["errors"]
    assert error["errorType"] == "BadRequestException"
    assert error["message"].startswith("The request signature we calculated does not match")
