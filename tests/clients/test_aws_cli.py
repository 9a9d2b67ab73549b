"""The AWS command line, unmodified: it needs the credentials file that the local cloud wrote and nothing more."""

import json
from typing import Any

import pytest

from tests.clients.conftest import CommandLine
from tests.cloud import Cloud


def shown(aws: CommandLine, *words: str) -> Any:
    done = aws(*words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_aws_cli_lists_users_and_follows_the_pages(local_cloud: Cloud, aws: CommandLine) -> None:
    pool = local_cloud.backend["UserPoolId"]
    found = shown(aws, "cognito-idp", "list-users", "--user-pool-id", pool, "--filter", 'email ^= "ad"')
    assert "ada" in {user["Username"] for user in found["Users"]}
    everybody = shown(aws, "cognito-idp", "list-users", "--user-pool-id", pool)
    assert len(everybody["Users"]) > 60


def test_the_aws_cli_shows_one_user(local_cloud: Cloud, aws: CommandLine) -> None:
    pool = local_cloud.backend["UserPoolId"]
    ada = shown(aws, "cognito-idp", "admin-get-user", "--user-pool-id", pool, "--username", "ada")
    assert (ada["Username"], ada["UserStatus"]) == ("ada", "CONFIRMED")


def test_the_aws_cli_gets_a_guests_identity_and_lists_both_kinds_of_apis(local_cloud: Cloud, aws: CommandLine) -> None:
    backend = local_cloud.backend
    identity = shown(aws, "cognito-identity", "get-id", "--identity-pool-id", backend["IdentityPoolId"])
    assert identity["IdentityId"].startswith(f"{backend['Region']}:")
    graphql = shown(aws, "appsync", "list-graphql-apis")["graphqlApis"]
    assert backend["GraphQLApiId"] in {api["apiId"] for api in graphql}
    rest = shown(aws, "apigateway", "get-rest-apis")["items"]
    assert any(f"/{api['id']}/" in backend["RestApiUrl"] for api in rest)


@pytest.mark.parametrize("words", [("list-users",), ("admin-get-user", "--username", "olga")])
def test_the_aws_cli_is_refused_in_a_pool_that_the_profile_has_no_rights_to(
    local_cloud: Cloud, aws: CommandLine, words: tuple[str, ...]
) -> None:
    pool = ("--user-pool-id", local_cloud.auth_modes["OidcUserPoolId"])
    done = aws("cognito-idp", *words, *pool, profile="gatehouse")
    assert done.returncode != 0
    assert "(AccessDeniedException)" in done.stderr


def test_the_aws_cli_is_refused_with_a_wrong_password(local_cloud: Cloud, aws: CommandLine) -> None:
    backend = local_cloud.backend
    pool = ("--user-pool-id", backend["UserPoolId"], "--client-id", backend["UserPoolClientId"])
    flow = ("--auth-flow", "ADMIN_USER_PASSWORD_AUTH")
    for password, refused in ((local_cloud.password("ada"), False), ("Wrong-horse-9", True)):
        who = ("--auth-parameters", json.dumps({"USERNAME": "ada", "PASSWORD": password}))
        done = aws("cognito-idp", "admin-initiate-auth", *pool, *flow, *who)
        assert ("(NotAuthorizedException)" in done.stderr, done.returncode != 0) == (refused, refused)


def test_the_aws_cli_is_refused_with_a_root_like_access_key(aws: CommandLine, local_cloud: Cloud) -> None:
    where = ("--endpoint-url", local_cloud.endpoint, "--region", local_cloud.backend["Region"])
    line = ("cognito-idp", "list-users", "--user-pool-id", local_cloud.backend["UserPoolId"], *where)
    done = aws(*line, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    assert done.returncode != 0
    assert "(UnrecognizedClientException)" in done.stderr
