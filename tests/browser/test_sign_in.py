"""Signing in, in a browser: each way, and each refusal in its own words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.authenticator import unused, wrong
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


def enrolled(cloud: Cloud, name: str) -> tuple[str, str]:
    """Enrol a person's authenticator app; returns its secret, and the code that is used up."""
    client = cloud.client("cognito-idp")
    tokens = client.initiate_auth(
        ClientId=cloud.backend["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    secret: str = client.associate_software_token(AccessToken=tokens["AccessToken"])["SecretCode"]
    code = unused(secret)
    client.verify_software_token(AccessToken=tokens["AccessToken"], UserCode=code)
    client.admin_set_user_mfa_preference(
        UserPoolId=cloud.backend["UserPoolId"],
        Username=name,
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    )
    return secret, code


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


def test_an_authenticator_code_is_asked_for_and_a_wrong_or_used_one_refused(
    operator: Operator, local_cloud: Cloud
) -> None:
    name = new_person(local_cloud, "admins")
    operator.settled()
    secret, used = enrolled(local_cloud, name)  # only now: the used code still has to be one of this minute
    operator.sign_in(name, PASSWORD)
    operator.sees("authenticator app")
    operator.fill("Code", wrong(secret))
    operator.press("Sign in")
    operator.sees("The code is not right")
    operator.fill("Code", used)
    operator.press("Sign in")
    operator.sees("each code of an authenticator app counts once")
    operator.sees("Wait for the next code of the authenticator app")
    operator.fill("Code", unused(secret))
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
