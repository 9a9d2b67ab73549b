"""REST requests on the local cloud's API Gateway: who gets past its authorizer, and past the function behind it."""

import pytest

from services.authorization.broken import tampered
from services.authorization.identity import Identity, Kind
from services.authorization.outcomes import Outcome
from services.authorization.suite.rest import RestApi
from services.authorization.suite.rest_outcomes import explain_rest
from services.authorization.suite.rest_request import RestRequest
from services.authorization.token_facts import TokenFacts, facts_of
from services.credentials import ApiKey, AwsCredentials, Credentials, NoCredentials, Token
from services.graphql import Answer
from services.secret import Secret
from tests.integration.stage import Live

HELLO = RestRequest("GET", "hello")


@pytest.fixture(scope="module")
def api(live: Live) -> RestApi:
    """The REST API of the users stack."""
    environment = live.app.environment
    return RestApi(environment.rest_api_url, environment.region)


def token(live: Live, username: str, kind: str) -> Token:
    """What a demo person sends."""
    result = live.sign_in(username, live.cloud.password(username))["AuthenticationResult"]
    return Token(Secret(result[kind]))


def outcome(answer: Answer, sent: Credentials, facts: TokenFacts | None = None, *, broken: bool = False) -> Outcome:
    """What the answer shows."""
    who = Identity("who", "Who", Kind.JWT, lambda: sent, broken, "it is spoilt")
    return explain_rest(answer, who, facts).outcome


def test_the_function_lets_in_admins_alone(live: Live, api: RestApi) -> None:
    ada, otto = token(live, "ada", "IdToken"), token(live, "otto", "IdToken")

    assert outcome(api.call(HELLO, ada), ada) is Outcome.ALLOWED
    assert outcome(api.call(HELLO, otto), otto) is Outcome.REFUSED_BY_RULE


def test_the_authorizer_turns_away_whatever_is_no_id_token(live: Live, api: RestApi) -> None:
    pool = live.app.identity_pool
    assert pool is not None
    guest: AwsCredentials = pool.guest()
    for sent in (NoCredentials(), ApiKey(Secret("da2-made-up")), guest, token(live, "ada", "AccessToken")):
        assert outcome(api.call(HELLO, sent), sent) is Outcome.REFUSED_BY_MODE


def test_a_tampered_token_is_refused_where_it_is_meant_to_be_and_no_verdict_where_it_is_not(
    live: Live, api: RestApi
) -> None:
    app = live.app
    spoilt = Token(tampered(token(live, "otto", "IdToken").token))
    facts = facts_of(spoilt.token, app.environment, app.identify.keys.for_key, app.sessions._now())
    answer = api.call(HELLO, spoilt)

    assert outcome(answer, spoilt, facts) is Outcome.NO_VERDICT
    assert outcome(answer, spoilt, facts, broken=True) is Outcome.REFUSED_BY_MODE


@pytest.mark.parametrize("request_", [RestRequest("GET", "nothing-here"), RestRequest("DELETE", "hello")])
def test_a_path_or_method_that_is_not_there_refuses_nobody(live: Live, api: RestApi, request_: RestRequest) -> None:
    ada = token(live, "ada", "IdToken")

    assert outcome(api.call(request_, ada), ada) is Outcome.NO_VERDICT
    assert outcome(api.call(request_, NoCredentials()), NoCredentials()) is Outcome.NO_VERDICT
