"""Signing in to a real user pool over SRP, keeping the session, and ending it."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.application import Application, open_application
from services.errors import Refused, SignInError
from services.permissions import Role
from services.secret import Secret
from services.sessions import RENEW_EVERY, SessionEnded
from services.settings import load
from services.sign_in import SignIn
from services.sign_in_challenges import CodeRequired, NewPasswordRequired
from services.sign_in_refusals import StillOpen
from services.tokens import Fault, TokenRefused, Tokens
from tests import authenticator
from tests.cloud import Cloud

PASSWORD = "Correct-horse-9"


class MovedClock:
    """The real time, moved by a span that grows as a test says."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Directory:
    """The pool as an administrator sees it, and people made for one test each."""

    def __init__(self, cloud: Cloud) -> None:
        self.client = cloud.client("cognito-idp")
        self.pool_id = cloud.backend["UserPoolId"]

    def person(self, *groups: str, password: str = PASSWORD, permanent: bool = True) -> str:
        name = f"test-{secrets.token_hex(6)}"
        email = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
        self.client.admin_create_user(
            UserPoolId=self.pool_id, Username=name, UserAttributes=email, MessageAction="SUPPRESS"
        )
        self.client.admin_set_user_password(
            UserPoolId=self.pool_id, Username=name, Password=password, Permanent=permanent
        )
        for group in groups:
            self.client.admin_add_user_to_group(UserPoolId=self.pool_id, Username=name, GroupName=group)
        return name

    def enrol(self, name: str, tokens: Tokens) -> str:
        """Turn an authenticator app on for a person; the secret that it was given."""
        secret: str = self.client.associate_software_token(AccessToken=tokens.access_token.reveal())["SecretCode"]
        self.client.verify_software_token(
            AccessToken=tokens.access_token.reveal(), UserCode=authenticator.unused(secret)
        )
        self.client.admin_set_user_mfa_preference(
            UserPoolId=self.pool_id, Username=name, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        return secret


@pytest.fixture(scope="module")
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def app(local_cloud: Cloud, clock: MovedClock) -> Application:
    """The services on the local cloud, by the settings that a dashboard would find."""
    clock.ahead = timedelta()
    return open_application(load({"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder)}), clock)


@pytest.fixture(scope="module")
def directory(local_cloud: Cloud) -> Directory:
    return Directory(local_cloud)


def tokens_for(app: Application, name: str, password: str = PASSWORD) -> Tokens:
    """The tokens of a sign-in that asks for no second step."""
    tokens = app.sign_in.start(name, Secret(password))
    assert isinstance(tokens, Tokens)
    return tokens


def test_a_demo_admin_signs_in_and_is_an_admin(app: Application, local_cloud: Cloud) -> None:
    operator = app.identify(tokens_for(app, "ada", local_cloud.password("ada")))

    assert (operator.username, operator.role) == ("ada", Role.ADMIN)
    assert "admins" in operator.groups


@pytest.mark.parametrize(("name", "role"), [("otto", Role.NONE), ("vera", Role.VIEWER)])
def test_the_other_demo_people_sign_in_with_the_role_of_their_groups(
    app: Application, local_cloud: Cloud, name: str, role: Role
) -> None:
    assert app.identify(tokens_for(app, name, local_cloud.password(name))).role is role


def test_an_e_mail_address_signs_in_as_well_as_a_user_name(app: Application, directory: Directory) -> None:
    name = directory.person()

    assert app.identify(tokens_for(app, f"{name}@example.com")).username == name


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_user_are_refused_alike(
    app: Application, directory: Directory, known: bool
) -> None:
    name = directory.person() if known else "nobody-of-that-name"

    with pytest.raises(SignInError) as refused:
        app.sign_in.start(name, Secret("Wrong-horse-9"))

    assert refused.value.why == "The user name or the password is wrong"


def test_a_disabled_user_is_refused_as_disabled(app: Application, directory: Directory) -> None:
    name = directory.person()
    directory.client.admin_disable_user(UserPoolId=directory.pool_id, Username=name)

    with pytest.raises(SignInError) as refused:
        app.sign_in.start(name, Secret(PASSWORD))

    assert refused.value.why == "The account is disabled"


def test_a_temporary_password_is_replaced_by_one_that_meets_the_policy(app: Application, directory: Directory) -> None:
    name = directory.person(permanent=False)
    challenge = app.sign_in.start(name, Secret(PASSWORD))
    assert isinstance(challenge, NewPasswordRequired)

    with pytest.raises(StillOpen):
        app.sign_in.choose_password(challenge, Secret("weak"))
    tokens = app.sign_in.choose_password(challenge, Secret("Chosen-horse-10"))

    assert isinstance(tokens, Tokens)
    assert app.identify(tokens).username == name
    assert app.identify(tokens_for(app, name, "Chosen-horse-10")).username == name


def test_an_authenticator_app_is_asked_and_only_its_code_taken(app: Application, directory: Directory) -> None:
    name = directory.person()
    secret = directory.enrol(name, tokens_for(app, name))
    challenge = app.sign_in.start(name, Secret(PASSWORD))
    assert isinstance(challenge, CodeRequired)

    with pytest.raises(StillOpen):
        app.sign_in.give_code(challenge, authenticator.wrong(secret))
    tokens = app.sign_in.give_code(challenge, authenticator.unused(secret))

    assert isinstance(tokens, Tokens)
    assert app.identify(tokens).username == name


def test_tokens_of_the_other_pool_are_refused(app: Application, local_cloud: Cloud) -> None:
    client = local_cloud.client("cognito-idp")
    other = local_cloud.auth_modes
    name = f"test-{secrets.token_hex(6)}"
    client.admin_create_user(UserPoolId=other["OidcUserPoolId"], Username=name, MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=other["OidcUserPoolId"], Username=name, Password=PASSWORD, Permanent=True)
    environment = replace(app.environment, user_pool_id=other["OidcUserPoolId"], client_id=other["OidcClientId"])
    foreign = SignIn(app.clients.user_pool, environment).start(name, Secret(PASSWORD))
    assert isinstance(foreign, Tokens)

    with pytest.raises(TokenRefused) as refused:
        app.sessions.open(foreign)

    assert refused.value.fault in {Fault.UNKNOWN_KEY, Fault.ISSUER}


def test_a_token_is_refused_after_its_end(app: Application, local_cloud: Cloud, clock: MovedClock) -> None:
    tokens = tokens_for(app, "ada", local_cloud.password("ada"))
    clock.ahead = timedelta(days=1)

    with pytest.raises(TokenRefused) as refused:
        app.identify(tokens)

    assert refused.value.fault is Fault.EXPIRED


def test_a_session_is_renewed_and_brings_the_groups_of_now(
    app: Application, directory: Directory, clock: MovedClock
) -> None:
    name = directory.person("admins")
    session = app.sessions.open(tokens_for(app, name))
    directory.client.admin_remove_user_from_group(UserPoolId=directory.pool_id, Username=name, GroupName="admins")

    clock.ahead = RENEW_EVERY
    renewed = app.sessions.current(session.id)

    assert renewed is not None
    assert renewed.tokens.id_token != session.tokens.id_token
    assert (session.operator.role, renewed.operator.role) == (Role.ADMIN, Role.NONE)


Loss = Callable[[Any, str, str], object]
LOSSES: dict[str, tuple[Loss, str]] = {
    "disabled": (lambda client, pool, name: client.admin_disable_user(UserPoolId=pool, Username=name), "disabled"),
    "deleted": (lambda client, pool, name: client.admin_delete_user(UserPoolId=pool, Username=name), ""),
    "signed out everywhere": (
        lambda client, pool, name: client.admin_user_global_sign_out(UserPoolId=pool, Username=name),
        "revoked",
    ),
}


@pytest.mark.parametrize(("lose", "word"), LOSSES.values(), ids=LOSSES.keys())
def test_an_operator_who_lost_their_access_is_out_at_the_next_renewal(
    app: Application, directory: Directory, clock: MovedClock, lose: Loss, word: str
) -> None:
    name = directory.person("admins")
    session = app.sessions.open(tokens_for(app, name))
    lose(directory.client, directory.pool_id, name)

    clock.ahead = RENEW_EVERY
    with pytest.raises(SessionEnded) as ended:
        app.sessions.current(session.id)

    assert word in ended.value.why


def test_signing_out_everywhere_ends_every_session_and_makes_all_tokens_worthless(
    app: Application, directory: Directory
) -> None:
    name = directory.person("admins")
    here, there = (app.sessions.open(tokens_for(app, name)) for _ in range(2))

    app.sessions.close_all(here)

    for session in (here, there):
        with pytest.raises(SessionEnded):
            app.sessions.current(session.id)
        with pytest.raises(directory.client.exceptions.NotAuthorizedException):
            directory.client.get_user(AccessToken=session.tokens.access_token.reveal())


def test_signing_out_makes_the_refresh_token_worthless(app: Application, directory: Directory) -> None:
    session = app.sessions.open(tokens_for(app, directory.person()))

    app.sessions.close(session)

    refresh = session.tokens.refresh_token
    assert refresh is not None
    with pytest.raises(directory.client.exceptions.NotAuthorizedException, match="revoked"):
        directory.client.get_tokens_from_refresh_token(
            RefreshToken=refresh.reveal(), ClientId=app.environment.client_id
        )


def test_the_identity_pool_gives_a_guest_and_a_person_credentials_of_their_own(
    app: Application, local_cloud: Cloud
) -> None:
    assert app.identity_pool is not None
    tokens = tokens_for(app, "otto", local_cloud.password("otto"))

    guest = app.identity_pool.guest()
    person = app.identity_pool.signed_in(tokens.id_token, "otto")

    assert guest.access_key_id != person.access_key_id
    assert app.identity_pool.guest() is guest


def test_the_identity_pool_takes_no_access_token(app: Application, local_cloud: Cloud) -> None:
    assert app.identity_pool is not None
    tokens = tokens_for(app, "otto", local_cloud.password("otto"))

    with pytest.raises(Refused):
        app.identity_pool.signed_in(tokens.access_token, "otto")
