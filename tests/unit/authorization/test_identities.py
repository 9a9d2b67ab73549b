"""Who an environment offers as a column, and what each of them sends."""

from dataclasses import replace

import jwt
import pytest
from requests import PreparedRequest, Request

from services.authorization.broken import broken_identities, tampered
from services.authorization.identities import Pasted, Person, identities, made_up_key
from services.authorization.identity import Identity, Kind
from services.credentials import ApiKey, AwsCredentials, Token
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import Api
from tests.stand_ins import ENVIRONMENT, Pool

ADA = Person(Operator("ada", "1111", ("admins",), Role.ADMIN), Pool().tokens())
OTTO = Person(Operator("otto", "2222", (), Role.NONE), Pool().tokens(sub="2222"))
API = ENVIRONMENT.apis[0]


class Credentials:
    """An identity pool that hands out credentials in which its holder can be seen."""

    def guest(self) -> AwsCredentials:
        return AwsCredentials("GUEST", Secret("secret"), Secret("session"))

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:
        assert jwt.decode(id_token.reveal(), options={"verify_signature": False})["sub"] == who
        return AwsCredentials(f"ROLE-{who}", Secret("secret"), Secret("session"))


def ids(api: Api = API, pool: Credentials | None = None) -> list[str]:
    return [each.id for each in identities(api, ADA, pool)]


def by_id(found: tuple[Identity, ...], wanted: str) -> Identity:
    return next(each for each in found if each.id == wanted)


def sent(identity: Identity) -> PreparedRequest:
    credentials = identity.credentials()
    return Request(
        "POST",
        "https://api.example/graphql",
        json={"query": "{a}"},
        headers=dict(credentials.headers()),
        auth=credentials.signer("eu-west-1"),
    ).prepare()


def test_every_environment_offers_no_one_a_key_and_the_operators_tokens() -> None:
    assert ids() == ["nobody", "api-key", "me-id", "me-access"]


def test_an_identity_pool_adds_guest_and_signed_in_credentials() -> None:
    assert ids(pool=Credentials()) == ["nobody", "api-key", "guest-iam", "me-id", "me-access", "me-iam"]


def test_another_person_gets_three_columns_with_their_own_credentials() -> None:
    found = identities(API, ADA, Credentials(), others=[OTTO])
    assert [each.label for each in found[-3:]] == ["otto · ID token", "otto · access token", "otto · IAM"]
    assert by_id(found, "person-2222-id").credentials() == Token(OTTO.tokens.id_token)
    assert by_id(found, "person-2222-access").credentials() == Token(OTTO.tokens.access_token)
    assert by_id(found, "person-2222-iam").credentials() == Credentials().signed_in(OTTO.tokens.id_token, "2222")


def test_an_api_without_a_key_is_sent_a_made_up_one_that_differs_each_time_and_says_so() -> None:
    first, second = (by_id(identities(API, ADA, None), "api-key") for _ in range(2))
    assert first.broken
    assert "made up" in first.label
    assert first.credentials() != second.credentials()
    assert made_up_key().reveal().startswith("da2-")
    assert len(made_up_key().reveal()) == 30


def test_an_api_is_sent_its_own_key() -> None:
    own = by_id(identities(replace(API, api_key=Secret("da2-own")), ADA, None), "api-key")
    assert own.credentials() == ApiKey(Secret("da2-own"))
    assert not own.broken


def test_a_pasted_credential_is_sent_as_its_kind_says() -> None:
    key = Pasted("pasted-0", "old key", Kind.API_KEY, Secret("da2-old"))
    token = Pasted("pasted-1", "from the issuer", Kind.JWT, Secret("a.b.c"))
    found = identities(API, ADA, None, pasted=[key, token])
    assert sent(found[-2]).headers["x-api-key"] == "da2-old"
    assert sent(found[-1]).headers["Authorization"] == "a.b.c"


def test_a_tampered_token_keeps_its_signature_and_claims_to_be_an_admin() -> None:
    original = OTTO.tokens.id_token
    forged = tampered(original)
    assert forged.reveal().split(".")[2] == original.reveal().split(".")[2]
    claims = jwt.decode(forged.reveal(), options={"verify_signature": False})
    assert "admins" in claims["cognito:groups"]
    assert claims["sub"] == "2222"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged.reveal(), Pool().keys()["key1"], algorithms=["RS256"], audience="client1")


def test_broken_identities_say_what_was_done_to_them() -> None:
    found = broken_identities(ADA, Credentials())
    assert [each.id for each in found] == ["broken-key", "broken-token", "broken-secret", "broken-body"]
    assert all(each.broken for each in found)
    assert len({each.note for each in found}) == len(found)


def test_the_changed_body_is_longer_than_the_one_that_was_signed() -> None:
    found = broken_identities(ADA, Credentials())
    request = sent(by_id(found, "broken-body"))
    assert isinstance(request.body, bytes)
    assert request.body.endswith(b" ")
    assert request.headers["Content-Length"] == str(len(request.body))


def test_a_wrong_secret_keeps_the_access_key_and_the_session_token() -> None:
    wrong = by_id(broken_identities(ADA, Credentials()), "broken-secret").credentials()
    good = Credentials().signed_in(ADA.tokens.id_token, "1111")
    assert isinstance(wrong, AwsCredentials)
    assert (wrong.access_key_id, wrong.session_token) == (good.access_key_id, good.session_token)
    assert wrong.secret_access_key != good.secret_access_key


def test_no_identity_shows_a_secret_when_printed() -> None:
    found = (*identities(API, ADA, Credentials(), others=[OTTO]), *broken_identities(ADA, Credentials()))
    printed = repr([(each, each.credentials()) for each in found]) + repr([ADA, OTTO])
    for secret in (ADA.tokens.id_token, ADA.tokens.access_token, OTTO.tokens.id_token):
        assert secret.reveal() not in printed
    assert "'secret'" not in printed
