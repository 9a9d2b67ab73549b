"""Credentials that prove nothing: the refusals of the GraphQL data plane, word for word."""

import base64
import json
import time
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import IAM, KEY, Api, tampered
from tests.contract.workshop import Person, Pool, Workshop

GENERIC = (401, "UnauthorizedException", "Valid authorization header not provided.")
UNPARSABLE = (401, "UnauthorizedException", "Unable to parse JWT token.")
NOT_AUTHORIZED = (401, "UnauthorizedException", "You are not authorized to make this call.")
EXPIRED = (401, "UnauthorizedException", "Token has expired.")
CLIENT = (401, "UnauthorizedException", "Unauthorized")
SDL = "type Query { open: String @aws_cognito_user_pools @aws_oidc @aws_iam @aws_api_key @aws_lambda }"
QUERY = "{ open }"
DAY = 86_400


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def pool(workshop: Workshop) -> Pool:
    return workshop.pool()


@pytest.fixture(scope="module")
def ada(pool: Pool) -> Person:
    return pool.person("ada", "admins")


@pytest.fixture(scope="module")
def pools_only(workshop: Workshop, pool: Pool) -> Api:
    return workshop.api(SDL, pool.default(), resolve=("Query.open",))


@pytest.fixture(scope="module")
def pools_and_iam(workshop: Workshop, pool: Pool) -> Api:
    return workshop.api(SDL, pool.default(), IAM, resolve=("Query.open",))


@pytest.fixture(scope="module")
def keys_only(workshop: Workshop) -> Api:
    return workshop.api(SDL, KEY, resolve=("Query.open",))


@pytest.mark.row("3.1 No credentials")
@pytest.mark.row("2.5 Introspection still needs a valid credential")
@pytest.mark.parametrize("query", [QUERY, "{ __typename }"])
def test_a_request_without_credentials_is_refused(
    pools_only: Api, pools_and_iam: Api, keys_only: Api, query: str
) -> None:
    for api in (pools_only, pools_and_iam, keys_only):
        assert api.ask(query).refusal == GENERIC


@pytest.mark.row("3 The header `x-amzn-errortype`")
@pytest.mark.row("3 Transport-level failures: the wire form")
def test_a_refusal_has_the_wire_form_of_appsync(pools_only: Api) -> None:
    reply = pools_only.ask(QUERY)
    assert reply.text == (
        '{\n  "errors" : [ {\n    "errorType" : "UnauthorizedException",\n'
        '    "message" : "Valid authorization header not provided."\n  } ]\n}'
    )


@pytest.mark.row("3.4 Every response carries x-amzn-appsync-TokensConsumed")
def test_every_answer_tells_its_tokens_and_its_request_id(pools_only: Api, ada: Person) -> None:
    for reply in (pools_only.ask(QUERY), pools_only.ask(QUERY, ada.by_id)):
        assert reply.headers["x-amzn-appsync-tokensconsumed"] == "1"
        assert len(reply.headers["x-amzn-requestid"]) == 36


@pytest.mark.row("1.2 `x-api-key` is API_KEY")
@pytest.mark.row("1.4 API_KEY: key exists on this API and is not past `expires`")
def test_a_key_opens_its_own_api_and_no_other(workshop: Workshop, keys_only: Api) -> None:
    key = workshop.key(keys_only)
    assert keys_only.ask(QUERY, key).data == {"open": "open"}
    assert workshop.api(SDL, KEY).ask(QUERY, key).refusal == NOT_AUTHORIZED


@pytest.mark.row("3.1 Unknown API key")
def test_an_unknown_key_is_refused(keys_only: Api) -> None:
    assert keys_only.ask(QUERY, {"x-api-key": "da2-unknown"}).refusal == NOT_AUTHORIZED


@pytest.mark.row("1.4 API_KEY: key exists on this API and is not past `expires`")
@pytest.mark.row("3.1 Expired API key")
@pytest.mark.row("6 Expired key: revived by UpdateApiKey until deleted")
def test_an_expired_key_is_refused_until_it_is_revived(workshop: Workshop, keys_only: Api) -> None:
    key = workshop.key(keys_only, expires=int(time.time()) - 1)
    assert keys_only.ask(QUERY, key).refusal == NOT_AUTHORIZED
    later = int(time.time()) + 2 * DAY
    workshop.appsync.update_api_key(apiId=keys_only.api_id, id=key["x-api-key"], expires=later)
    assert keys_only.ask(QUERY, key).data == {"open": "open"}
    workshop.appsync.delete_api_key(apiId=keys_only.api_id, id=key["x-api-key"])
    assert keys_only.ask(QUERY, key).refusal == NOT_AUTHORIZED


@pytest.mark.row("3.1 `x-api-key` on an API without API_KEY mode")
@pytest.mark.row("1.2 Credential for a mode that is not configured")
def test_a_key_on_an_api_without_keys_is_refused(
    workshop: Workshop, keys_only: Api, pools_only: Api, pools_and_iam: Api
) -> None:
    key = workshop.key(keys_only)
    assert pools_only.ask(QUERY, key).refusal == GENERIC
    assert pools_and_iam.ask(QUERY, key).refusal == GENERIC


@pytest.mark.row("3.1 JWT on an API that had no JWT mode")
def test_a_jwt_on_an_api_without_a_jwt_mode_is_refused(keys_only: Api, ada: Person) -> None:
    assert keys_only.ask(QUERY, ada.by_id).refusal == GENERIC


@pytest.mark.row("3.1 SigV4 on a Cognito-only API")
def test_a_signature_on_a_pools_only_api_is_no_jwt(workshop: Workshop, pools_only: Api) -> None:
    assert pools_only.signed(QUERY, workshop.iam_user(f"{pools_only.arn}/*")).refusal == UNPARSABLE


@pytest.mark.row("3.1 Malformed JWT or `Bearer` + JWT, single JWT mode")
@pytest.mark.parametrize("value", ["abc", "a.b.c", "Bearer abc", "Basic YTpi"])
def test_a_malformed_token_is_named_where_one_mode_could_be_meant(pools_only: Api, value: str) -> None:
    assert pools_only.ask(QUERY, {"Authorization": value}).refusal == UNPARSABLE


@pytest.mark.row("3.1 Malformed JWT, user pools + IAM")
@pytest.mark.parametrize("value", ["abc", "a.b.c", "Bearer abc"])
def test_a_malformed_token_is_not_named_where_several_could(pools_and_iam: Api, value: str) -> None:
    assert pools_and_iam.ask(QUERY, {"Authorization": value}).refusal == GENERIC


@pytest.mark.row("3.1 Well-formed JWT, bad signature, several modes")
def test_a_tampered_token_is_refused(pools_only: Api, pools_and_iam: Api, ada: Person) -> None:
    for token in (ada.id_token, ada.access_token):
        assert pools_and_iam.ask(QUERY, {"Authorization": tampered(token)}).refusal == GENERIC
        assert pools_only.ask(QUERY, {"Authorization": tampered(token)}).refusal == UNPARSABLE


def _with_claims(token: str, **changes: Any) -> str:
    head, claims, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))
    written = base64.urlsafe_b64encode(json.dumps({**read, **changes}).encode()).rstrip(b"=").decode()
    return f"{head}.{written}.{signature}"


@pytest.mark.row("1.4 USER_POOLS: issuer, RS256 signature, `exp`")
def test_claims_changed_after_signing_are_refused(pools_and_iam: Api, ada: Person) -> None:
    raised = _with_claims(ada.id_token, **{"cognito:groups": ["admins", "owners"]})
    assert pools_and_iam.ask(QUERY, {"Authorization": raised}).refusal == GENERIC


@pytest.mark.row("1.4 USER_POOLS: issuer, RS256 signature, `exp`")
@pytest.mark.row("3.1 Expired JWT")
def test_an_expired_token_is_told_so(workshop: Workshop, pool: Pool, pools_only: Api, pools_and_iam: Api) -> None:
    brief = workshop.client(
        pool.pool_id,
        AccessTokenValidity=1,
        IdTokenValidity=1,
        TokenValidityUnits={"AccessToken": "seconds", "IdToken": "seconds"},
    )
    person = pool.person("brief", client_id=brief)
    time.sleep(1.1)
    for api in (pools_only, pools_and_iam):
        assert api.ask(QUERY, person.by_id).refusal == EXPIRED
        assert api.ask(QUERY, person.by_access).refusal == EXPIRED


@pytest.mark.row("1.4 USER_POOLS: issuer, RS256 signature, `exp`")
@pytest.mark.row("3.1 JWT of another pool / unknown issuer")
def test_a_token_of_another_pool_is_refused(workshop: Workshop, pools_only: Api, pools_and_iam: Api) -> None:
    stranger = workshop.pool().person("stranger", "admins")
    assert pools_and_iam.ask(QUERY, stranger.by_id).refusal == GENERIC
    assert pools_only.ask(QUERY, stranger.by_access).refusal == UNPARSABLE


@pytest.mark.row("5.1 AppSync accepts both ID and access tokens")
def test_a_refresh_token_is_no_credential_of_an_api(
    workshop: Workshop, pool: Pool, ada: Person, pools_only: Api, pools_and_iam: Api
) -> None:
    """MiniStack signs it with the pool's keys, as it does the other two; AWS encrypts it."""
    trusting = workshop.api(SDL, pool.oidc())
    for prefix in ("", "Bearer "):
        token = {"Authorization": prefix + ada.refresh_token}
        assert pools_and_iam.ask(QUERY, token).refusal == GENERIC
        assert pools_only.ask(QUERY, token).refusal == UNPARSABLE
        assert trusting.ask(QUERY, token).refusal == UNPARSABLE


@pytest.mark.row("1.4 USER_POOLS: appIdClientRegex")
@pytest.mark.row("3.1 Pool `appIdClientRegex` not matching")
def test_a_token_of_a_client_that_the_api_does_not_admit_is_refused(workshop: Workshop, pool: Pool) -> None:
    second = workshop.client(pool.pool_id)
    both = workshop.api(SDL, pool.default(appIdClientRegex=f"{pool.client_id}|{second}"), resolve=("Query.open",))
    one = workshop.api(SDL, pool.default(appIdClientRegex=pool.client_id), IAM)
    person = pool.person("second", client_id=second)
    for headers in (person.by_id, person.by_access):
        assert both.ask(QUERY, headers).data == {"open": "open"}
        assert one.ask(QUERY, headers).refusal == CLIENT


@pytest.mark.row("3.1 OIDC `clientId` regex not matching")
def test_a_token_of_a_client_that_the_issuer_does_not_admit_is_refused(workshop: Workshop) -> None:
    issuer = workshop.pool()
    person = issuer.person("olga")
    mine = workshop.api(SDL, issuer.oidc(clientId=issuer.client_id), resolve=("Query.open",))
    assert mine.ask(QUERY, person.by_id).data == {"open": "open"}
    assert workshop.api(SDL, issuer.oidc(clientId="other")).ask(QUERY, person.by_id).refusal == CLIENT


@pytest.mark.row("3.1 Configured pool invalid on the API itself")
def test_an_api_whose_pool_is_gone_fails_with_a_5xx(workshop: Workshop) -> None:
    gone = workshop.pool()
    person = gone.person("last")
    api = workshop.api(SDL, gone.default())
    workshop.cognito.delete_user_pool(UserPoolId=gone.pool_id)
    assert api.ask(QUERY, person.by_id).status // 100 == 5


@pytest.mark.row("1.3 Bearer: accepted with and without")
@pytest.mark.row("5.1 AppSync accepts both ID and access tokens")
def test_id_and_access_tokens_pass_raw_and_with_bearer(pools_only: Api, pools_and_iam: Api, ada: Person) -> None:
    for api in (pools_only, pools_and_iam):
        for token in (ada.id_token, ada.access_token):
            for value in (token, f"Bearer {token}"):
                assert api.ask(QUERY, {"Authorization": value}).data == {"open": "open"}


@pytest.mark.row("5.2 Effect on AppSync: none until `exp`")
def test_a_revoked_or_signed_out_token_works_on_until_it_expires(
    workshop: Workshop, pool: Pool, pools_only: Api
) -> None:
    person = pool.person("leaver")
    cognito = workshop.cloud.unsigned("cognito-idp")
    cognito.revoke_token(Token=person.refresh_token, ClientId=pool.client_id)
    assert pools_only.ask(QUERY, person.by_access).data == {"open": "open"}
    workshop.cognito.admin_user_global_sign_out(UserPoolId=pool.pool_id, Username=person.name)
    workshop.cognito.admin_disable_user(UserPoolId=pool.pool_id, Username=person.name)
    for token in (person.by_access, person.by_id):
        assert pools_only.ask(QUERY, token).data == {"open": "open"}


@pytest.mark.row("1.1 Several user pools are allowed")
@pytest.mark.row("1.2 The `iss` claim is compared with the configured issuers")
def test_each_of_several_pools_is_told_by_its_issuer(workshop: Workshop, pool: Pool, ada: Person) -> None:
    second, issuer = workshop.pool(), workshop.pool()
    api = workshop.api(SDL, pool.default(), second.provider(), issuer.oidc(), resolve=("Query.open",))
    for person in (ada, second.person("bea"), issuer.person("olga")):
        assert api.ask(QUERY, person.by_id).data == {"open": "open"}
    assert api.ask(QUERY, workshop.pool().person("stranger").by_id).refusal == GENERIC


@pytest.mark.row("1.2 `iss` is exact, and skipped with OPENID_CONNECT alone")
def test_an_issuer_with_a_slash_too_many_is_another_issuer_unless_it_is_alone(workshop: Workshop, pool: Pool) -> None:
    port = workshop.cloud.port
    local = {
        "authenticationType": "OPENID_CONNECT",
        "openIDConnectConfig": {"issuer": f"http://127.0.0.1:{port}/{pool.pool_id}"},
    }
    person = pool.person("olga")
    assert workshop.api(SDL, local, resolve=("Query.open",)).ask(QUERY, person.by_id).data == {"open": "open"}
    assert workshop.api(SDL, local, IAM).ask(QUERY, person.by_id).refusal == GENERIC


@pytest.mark.row("1.1 Modes that may appear once in total")
@pytest.mark.parametrize("repeated", [KEY, IAM])
def test_a_mode_that_may_appear_once_is_refused_twice(workshop: Workshop, repeated: dict[str, str]) -> None:
    with pytest.raises(workshop.appsync.exceptions.BadRequestException):
        workshop.api(SDL, repeated, repeated)


@pytest.mark.row("1.1 The same pool may not be repeated")
def test_a_pool_given_twice_is_refused(workshop: Workshop, pool: Pool) -> None:
    with pytest.raises(workshop.appsync.exceptions.BadRequestException):
        workshop.api(SDL, pool.default(), pool.provider())
