"""Ways to become somebody else, each of which MiniStack leaves open, or a client might try."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.cloud import Cloud
from tests.contract.appsync import IAM
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.identity_pools import IdentityPool, new_identity_pool
from tests.contract.refusals import INVALID_SESSION, refusal
from tests.contract.workshop import Pool, Workshop

NEW_PASSWORD = "Taken-over-horse-7"
INVENTED = "c2Vzc2lvbg" * 8


@pytest.fixture
def victim(directory: Directory) -> Directory:
    """A pool with somebody who is confirmed and has nothing to do with what happens."""
    directory.add("victim")
    return directory


@pytest.fixture(scope="module")
def identities(local_cloud: Cloud) -> IdentityPool:
    """An identity pool that lets guests in, with somebody in its user pool."""
    pool = new_identity_pool(local_cloud, guests=True)
    pool.directory.add("mara")
    return pool


def admins_answer(directory: Directory, challenge: str, session: str, **responses: str) -> Any:
    """Answer a challenge as the administrator's call does."""
    return directory.admin.admin_respond_to_auth_challenge(
        UserPoolId=directory.pool_id,
        ClientId=directory.client_id,
        ChallengeName=challenge,
        Session=session,
        ChallengeResponses={"USERNAME": "victim", **responses},
    )


def test_mfa_setup_with_an_invented_session_gives_nobodys_tokens(victim: Directory) -> None:
    """The first take-over: MiniStack returns the tokens of any user who is named."""
    assert refusal(victim.answer, "MFA_SETUP", INVENTED, "victim") == INVALID_SESSION
    assert refusal(admins_answer, victim, "MFA_SETUP", INVENTED) == INVALID_SESSION


def test_a_new_password_with_an_invented_session_replaces_nobodys(victim: Directory) -> None:
    """The second take-over: MiniStack sets a confirmed user's password, past the policy, and signs in."""
    for password in (NEW_PASSWORD, "x"):
        taken = {"NEW_PASSWORD": password}
        assert refusal(victim.answer, "NEW_PASSWORD_REQUIRED", INVENTED, "victim", **taken) == INVALID_SESSION
        assert refusal(admins_answer, victim, "NEW_PASSWORD_REQUIRED", INVENTED, **taken) == INVALID_SESSION
    assert refusal(victim.srp, "victim", NEW_PASSWORD)[1] == "NotAuthorizedException"
    assert victim.srp("victim", PASSWORD)["AuthenticationResult"]


def test_ones_own_session_takes_over_nobody_else(victim: Directory) -> None:
    """MiniStack looks at the name in the answer and not at the session."""
    victim.add("mara", permanent=False)
    session = victim.srp("mara")["Session"]
    taken = refusal(victim.answer, "NEW_PASSWORD_REQUIRED", session, "victim", NEW_PASSWORD=NEW_PASSWORD)
    assert taken == INVALID_SESSION
    assert victim.srp("victim", PASSWORD)["AuthenticationResult"]


def forgeries(token: str) -> dict[str, str]:
    """Return what somebody makes of their token to be an administrator."""
    said = jwt.decode(token, options={"verify_signature": False})
    claims = said | {"cognito:groups": ["admins"], "exp": int(time.time()) + 3600}
    header = {"kid": jwt.get_unverified_header(token)["kid"]}
    head, _, signature = token.split(".")
    own_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = {
        "alg none": jwt.encode(claims, "", algorithm="none", headers=header),
        "alg none that keeps the signature": jwt.encode(claims, "", algorithm="none", headers=header) + signature,
        "a key of one's own": jwt.encode(claims, own_key, algorithm="RS256", headers=header),
        "a shared secret": jwt.encode(claims, "x" * 32, algorithm="HS256", headers=header),
    }
    body = forged["a shared secret"].split(".")[1]
    return {**forged, "a group under the old signature": f"{head}.{body}.{signature}"}


FORGERIES = [
    "alg none",
    "alg none that keeps the signature",
    "a key of one's own",
    "a shared secret",
    "a group under the old signature",
]


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_access_token_is_nobodys(directory: Directory, kind: str) -> None:
    directory.add("mara")
    forged = forgeries(directory.srp("mara")["AuthenticationResult"]["AccessToken"])[kind]
    for call in (directory.public.get_user, directory.public.global_sign_out, directory.public.delete_user):
        assert refusal(call, AccessToken=forged)[:2] == (400, "NotAuthorizedException")
    change = {"PreviousPassword": PASSWORD, "ProposedPassword": NEW_PASSWORD}
    assert refusal(directory.public.change_password, AccessToken=forged, **change)[1] == "NotAuthorizedException"
    assert directory.srp("mara")["AuthenticationResult"]


@pytest.mark.row("1.4 USER_POOLS: issuer, RS256 signature, `exp`")
@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_token_opens_no_api(local_cloud: Cloud, directory: Directory, kind: str) -> None:
    """Neither of the field that everybody may read nor of that for a group, with one mode or several."""
    directory.add("mara")
    tokens = directory.srp("mara")["AuthenticationResult"]
    workshop = Workshop(local_cloud)
    sdl = 'type Query { open: String admins: String @aws_cognito_user_pools(cognito_groups: ["admins"]) }'
    pool = Pool(workshop, directory.pool_id, directory.client_id)
    for api in (workshop.api(sdl, pool.default()), workshop.api(sdl, pool.default(), IAM)):
        for token in (tokens["IdToken"], tokens["AccessToken"]):
            assert api.ask("{ open }", {"Authorization": token}).status == 200
            forged = api.ask("{ open admins }", {"Authorization": forgeries(token)[kind]})
            assert forged.refusal[:2] == (401, "UnauthorizedException")


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_id_token_is_no_login_of_an_identity_pool(identities: IdentityPool, kind: str) -> None:
    token = identities.directory.srp("mara")["AuthenticationResult"]["IdToken"]
    logins = identities.logins(forgeries(token)[kind])
    identity = identities.public.get_id(IdentityPoolId=identities.pool_id)["IdentityId"]
    for call, given in (
        (identities.public.get_id, {"IdentityPoolId": identities.pool_id}),
        (identities.public.get_credentials_for_identity, {"IdentityId": identity}),
    ):
        code, message = refusal(call, **given, Logins=logins)[1:]
        assert (code, message.split(".")[0]) == ("NotAuthorizedException", "Invalid login token")


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_refresh_token_renews_nothing(directory: Directory, kind: str) -> None:
    directory.add("mara")
    forged = forgeries(directory.srp("mara")["AuthenticationResult"]["RefreshToken"])[kind]
    client = {"ClientId": directory.client_id}
    assert refusal(directory.public.get_tokens_from_refresh_token, RefreshToken=forged, **client)[1:] == (
        "NotAuthorizedException",
        "Invalid Refresh Token",
    )


def test_a_token_of_another_pool_opens_nothing_in_this_one(local_cloud: Cloud, identities: IdentityPool) -> None:
    """Neither as a login of an identity pool nor for renewing with this pool's client."""
    other = new_directory(local_cloud)
    other.add("mara")
    tokens = other.srp("mara")["AuthenticationResult"]
    logins = identities.logins(tokens["IdToken"])
    assert refusal(identities.public.get_id, IdentityPoolId=identities.pool_id, Logins=logins)[1:] == (
        "NotAuthorizedException",
        "Invalid login token. Issuer doesn't match providerName",
    )
    renew = {"RefreshToken": tokens["RefreshToken"], "ClientId": identities.directory.client_id}
    assert refusal(other.public.get_tokens_from_refresh_token, **renew)[1] == "NotAuthorizedException"


def test_a_token_of_another_app_client_is_no_login(identities: IdentityPool) -> None:
    directory = identities.directory
    other = directory.admin.create_user_pool_client(
        UserPoolId=directory.pool_id, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    tokens = directory.public.initiate_auth(
        ClientId=other, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "mara", "PASSWORD": PASSWORD}
    )["AuthenticationResult"]
    logins = identities.logins(tokens["IdToken"])
    refused = refusal(identities.public.get_id, IdentityPoolId=identities.pool_id, Logins=logins)
    assert refused[1:] == ("NotAuthorizedException", "Token is not from a supported provider of this identity pool.")


def test_what_is_no_token_is_no_login(identities: IdentityPool) -> None:
    refused = refusal(
        identities.public.get_id, IdentityPoolId=identities.pool_id, Logins=identities.logins("not-a-token")
    )
    assert refused[1:] == (
        "NotAuthorizedException",
        "Invalid login token. Not a valid OpenId Connect identity token.",
    )
