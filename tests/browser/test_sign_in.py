"""Signing in, in a browser: each way, and each refusal in its own words."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import PASSWORD, new_person
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]
PAGES = ("/", "/users", "/groups", "/passwords", "/side-by-side")


@pytest.fixture
def operator(page: Page, dashboard: Server) -> Operator:
    """Somebody at the sign-in page."""
    visitor = Operator(page, dashboard.address)
    visitor.open("/users")
    return visitor


def totp(secret: str) -> str:
    """The six digits that an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def enrolled(cloud: Cloud, name: str) -> str:
    """Enrol a person's authenticator app; returns its secret."""
    client = cloud.client("cognito-idp")
    tokens = client.initiate_auth(
        ClientId=cloud.backend["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    secret: str = client.associate_software_token(AccessToken=tokens["AccessToken"])["SecretCode"]
    client.verify_software_token(AccessToken=tokens["AccessToken"], UserCode=totp(secret))
    client.admin_set_user_mfa_preference(
        UserPoolId=cloud.backend["UserPoolId"],
        Username=name,
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    )
    return secret


@pytest.mark.parametrize("path", PAGES)
def test_every_address_asks_a_visitor_to_sign_in(page: Page, dashboard: Server, path: str) -> None:
    visitor = Operator(page, dashboard.address)
    visitor.open(path)
    visitor.sees_title("Sign in to Gatehouse")
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)


def test_an_admin_lands_on_the_page_that_was_asked_for(operator: Operator, local_cloud: Cloud) -> None:
    operator.open("/groups")
    operator.sign_in("ada", local_cloud.password("ada"))
    operator.sees_title("Groups")


def test_a_reload_keeps_the_operator_signed_in_and_sign_out_ends_it(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")
    operator.sees_title("Groups")
    operator.page.reload()
    operator.sees_title("Groups")
    operator.press("Sign out")
    operator.sees_title("Sign in to Gatehouse")
    operator.page.reload()
    operator.sees_title("Sign in to Gatehouse")


@pytest.mark.parametrize("name", ["ada", "nobody-of-this-name"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(operator: Operator, name: str) -> None:
    operator.sign_in(name, "Wrong-password-1")
    operator.sees("user name or the password")
    operator.settled()
    expect(operator.page.get_by_label("User name or e-mail")).to_have_value(name)
    expect(operator.page.get_by_label("Password", exact=True)).to_have_value("")


def test_who_has_begun_to_type_keeps_the_cursor_when_the_page_would_place_it(page: Page, dashboard: Server) -> None:
    held: list[Route] = []
    page.route("**/BidiComponent*.js", lambda route: held.append(route))  # noqa: PLW0108 (what would place it comes late)
    operator = Operator(page, dashboard.address)
    operator.open("/users")
    password = page.get_by_label("Password", exact=True)
    password.click()
    operator.settled()
    while not held:
        page.wait_for_timeout(100)
    for route in held:
        route.continue_()
    page.wait_for_timeout(2000)
    expect(password).to_be_focused()


def test_a_disabled_user_is_told_so(operator: Operator, local_cloud: Cloud) -> None:
    name = new_person(local_cloud, "admins")
    local_cloud.client("cognito-idp").admin_disable_user(UserPoolId=local_cloud.backend["UserPoolId"], Username=name)
    operator.sign_in(name, PASSWORD)
    operator.sees("disabled")


def test_a_temporary_password_is_changed_before_anything_else(operator: Operator, local_cloud: Cloud) -> None:
    name, pool = new_person(local_cloud, "admins"), local_cloud.backend["UserPoolId"]
    local_cloud.client("cognito-idp").admin_set_user_password(
        UserPoolId=pool, Username=name, Password="Temporary-horse-8", Permanent=False
    )
    operator.sign_in(name, "Temporary-horse-8")
    operator.sees("temporary")
    operator.page.get_by_label("New password", exact=True).fill("Chosen-horse-9")
    operator.page.get_by_label("New password again", exact=True).fill("Chosen-horse-9")
    operator.press("Set password and sign in")
    operator.sees_title("Users")


def test_an_authenticator_code_is_asked_for_and_a_wrong_one_refused(operator: Operator, local_cloud: Cloud) -> None:
    name = new_person(local_cloud, "admins")
    secret = enrolled(local_cloud, name)
    operator.sign_in(name, PASSWORD)
    operator.sees("authenticator app")
    right = totp(secret)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    operator.page.get_by_label("Code", exact=True).fill(wrong)
    operator.press("Sign in")
    operator.sees("code")
    expect(operator.page.get_by_test_id("stAlert").first).to_be_visible()
    if operator.page.get_by_label("Code", exact=True).count() == 0:
        operator.sign_in(name, PASSWORD)
    operator.page.get_by_label("Code", exact=True).fill(totp(secret))
    operator.press("Sign in")
    operator.sees_title("Users")


@pytest.mark.parametrize("path", PAGES)
def test_somebody_in_neither_group_is_told_so_and_sees_nothing(as_operator: AsOperator, path: str) -> None:
    operator = as_operator("otto", path)
    operator.sees("not a member of the group admins or viewers")
    operator.settled()
    expect(operator.page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(operator.page.get_by_test_id("stSidebarNav")).to_have_count(0)
    assert "@example.com" not in operator.page.content()
