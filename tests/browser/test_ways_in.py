"""Every way in that a pool may ask for, in a browser, each by the pool that asks for it."""

import base64
import io
import re
import secrets
from collections.abc import Callable, Iterator

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import Page, expect

from tests.authenticator import unused
from tests.browser import server
from tests.browser.impatience import click_twice, slow_once
from tests.browser.people import new_person
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.cloud import Cloud
from tests.ways_in import PASSWORD, OwnPool, asking_pool, strict_pool

OTHER = "Another-horse-8"
MARGIN = 2  # squares around the QR code
HER = {"given_name": "Mara", "birthdate": "1990-01-31"}
MAIL = {"email": "mara@example.com", "email_verified": "true"}
PHONE = {"phone_number": "+491701234567", "phone_number_verified": "true"}

Start = Callable[[dict[str, str]], Server]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts dashboards of this module's own."""
    running: list[Server] = []

    def started(settings: dict[str, str]) -> Server:
        folder = tmp_path_factory.mktemp("dashboard")
        running.append(server.start("dashboard.py", folder, settings | {"GATEHOUSE_DATA_FOLDER": str(folder)}))
        return running[-1]

    yield started
    for each in running:
        each.stop()


@pytest.fixture(scope="module")
def strict(local_cloud: Cloud) -> OwnPool:
    return strict_pool(local_cloud)


@pytest.fixture(scope="module")
def strict_door(start: Start, strict: OwnPool) -> Server:
    """A dashboard on the strict pool, by user-password; its app client has a secret."""
    return start(strict.settings("password"))


@pytest.fixture
def stranger(page: Page, strict_door: Server) -> Operator:
    """Somebody at the door of the strict pool."""
    return at(page, strict_door)


@pytest.fixture
def visitor(page: Page, dashboard: Server) -> Operator:
    """Somebody at the door of the stack's pool."""
    return at(page, dashboard)


def at(page: Page, door: Server) -> Operator:
    operator = Operator(page, door.address)
    operator.open("/users")
    return operator


def test_a_code_by_text_message(stranger: Operator, strict: OwnPool) -> None:
    name = strict.add("SMSMfaSettings", **HER, **PHONE)
    stranger.sign_in(name, PASSWORD)
    stranger.sees("by text message")
    stranger.sees("4567")
    stranger.fill("Code", "000000")
    stranger.press("Sign in")
    stranger.sees("The code is not right")
    stranger.fill("Code", strict.code(name))
    stranger.press("Sign in")
    stranger.sees_title("Users")


def test_a_code_by_e_mail(stranger: Operator, strict: OwnPool) -> None:
    name = strict.add("EmailMfaSettings", **HER, **MAIL)
    stranger.sign_in(name, PASSWORD)
    stranger.sees("by e-mail")
    stranger.fill("Code", strict.code(name))
    with slow_once(strict.cloud, "RespondToAuthChallenge"):
        click_twice(stranger, stranger.page.get_by_role("button", name="Sign in", exact=True))
        stranger.sees_title("Users")


def test_a_choice_between_factors(stranger: Operator, strict: OwnPool) -> None:
    name = strict.add("SMSMfaSettings", "EmailMfaSettings", **HER, **MAIL, **PHONE)
    stranger.sign_in(name, PASSWORD)
    stranger.page.get_by_text("Code by e-mail", exact=True).click()
    stranger.press("Go on with this factor")
    stranger.sees("It was sent to m")
    stranger.fill("Code", strict.code(name))
    stranger.press("Sign in")
    stranger.sees_title("Users")


def test_a_temporary_password_what_the_pool_requires_and_the_enrolment_of_an_app(
    stranger: Operator, strict: OwnPool
) -> None:
    name = strict.add(permanent=False, given_name="Mara")
    requested: list[str] = []
    stranger.page.on("request", lambda request: requested.append(request.url))

    stranger.sign_in(name, PASSWORD)
    stranger.sees("was temporary")
    expect(stranger.page.get_by_label("Given name")).to_have_count(0)
    stranger.fill("New password", OTHER)
    stranger.fill("New password again", OTHER)
    stranger.press("Set password and sign in")
    stranger.sees("Date of birth is empty")
    stranger.fill("New password", OTHER)
    stranger.fill("New password again", OTHER)
    stranger.fill("Date of birth", "1990-01-31")
    stranger.press("Set password and sign in")

    picture = stranger.page.get_by_alt_text("QR code with the key for an authenticator app")
    expect(picture).to_be_visible()
    assert str(picture.get_attribute("src")).startswith("data:image/png;base64,")
    key = stranger.page.get_by_test_id("stCode").inner_text().strip()
    told = (
        f"otpauth://totp/Gatehouse%20%28local%20cloud%29%3A{name}?secret={key}&issuer=Gatehouse%20%28local%20cloud%29"
    )
    assert modules(str(picture.get_attribute("src"))) == qr_code(told)
    stranger.fill("Code", "000000")
    stranger.press("Set up authenticator app and sign in")
    stranger.sees("The code is not right")
    stranger.fill("Code", unused(key))
    stranger.press("Set up authenticator app and sign in")
    stranger.sees_title("Users")
    assert not [url for url in requested if key in url or url.startswith(f"{stranger.address}/media/")]
    assert key not in stranger.page.content()

    known = strict.admin.admin_get_user(UserPoolId=strict.pool_id, Username=name)["UserAttributes"]
    assert {"Name": "birthdate", "Value": "1990-01-31"} in known


def modules(source: str) -> list[list[bool]]:
    """The squares of a QR code in a picture that its address holds: dark or not, with the margin."""
    image = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).convert("1")
    size = next(at for at in range(1, image.width) if image.getpixel((at, at)) == 0) // MARGIN
    return [[image.getpixel((x, y)) == 0 for x in range(0, image.width, size)] for y in range(0, image.height, size)]


def qr_code(text: str) -> list[list[bool]]:
    """The squares of the QR code that says this: there is one for each text."""
    code = qrcode.QRCode(border=MARGIN)
    code.add_data(text)
    return [[bool(square) for square in row] for row in code.get_matrix()]


@pytest.fixture(scope="module")
def asking(local_cloud: Cloud) -> OwnPool:
    return asking_pool(local_cloud)


def test_a_question_of_the_pool_s_own(page: Page, start: Start, asking: OwnPool) -> None:
    visitor, name = at(page, start(asking.settings("custom"))), asking.add()
    visitor.fill("User name or e-mail", name)
    visitor.press("Sign in")
    visitor.sees("What is **your name** backwards?")
    visitor.fill("Answer", "wrong")
    visitor.press("Send answer")
    visitor.sees("the answer was not right, or there is more to answer")
    visitor.settled()
    expect(page.get_by_label("Answer", exact=True)).to_have_value("")
    visitor.fill("Answer", name[::-1])
    visitor.press("Send answer")
    visitor.sees_title("Users")


def test_the_flow_of_administrators(page: Page, start: Start, local_cloud: Cloud) -> None:
    outputs = local_cloud.backend
    settings = {
        "GATEHOUSE_OUTPUTS_FILE": str(local_cloud.folder / "outputs.json"),
        "GATEHOUSE_SIGN_IN_FLOW": "admin",
        "AWS_ENDPOINT_URL": local_cloud.endpoint,
        "AWS_SHARED_CREDENTIALS_FILE": str(local_cloud.credentials),
        "AWS_PROFILE": "local-admin",
    }
    operator = at(page, start(settings))
    name = new_person(local_cloud, "admins")
    operator.sign_in(name, "Wrong-password-1")
    operator.sees("user name or the password")
    local_cloud.client("cognito-idp").admin_set_user_password(
        UserPoolId=outputs["UserPoolId"], Username=name, Password="Temporary-horse-8", Permanent=False
    )
    operator.sign_in(name, "Temporary-horse-8")
    operator.fill("New password", OTHER)
    operator.fill("New password again", OTHER)
    operator.press("Set password and sign in")
    operator.sees_title("Users")


def stack_pool(cloud: Cloud) -> OwnPool:
    return OwnPool(cloud, cloud.backend["UserPoolId"], cloud.backend["UserPoolClientId"])


def test_a_forgotten_password(visitor: Operator, local_cloud: Cloud) -> None:
    name = new_person(local_cloud, "admins")
    visitor.fill("User name or e-mail", name)
    visitor.press("Forgot your password?")
    expect(visitor.page.get_by_label("User name or e-mail")).to_have_value(name)
    visitor.press("Send a code")
    visitor.sees("a code is on its way to it")
    sent = stack_pool(local_cloud).code(name)
    visitor.fill("Code", sent)
    visitor.fill("New password", "weak")
    visitor.fill("New password again", "weak")
    visitor.press("Set password and sign in")
    visitor.sees("Choose a password that meets the policy")
    expect(visitor.page.get_by_label("Code", exact=True)).to_have_value(sent)
    visitor.fill("New password", OTHER)
    visitor.fill("New password again", OTHER)
    visitor.press("Set password and sign in")
    visitor.sees_title("Users")


def test_a_forgotten_password_of_nobody_reads_like_any_other(visitor: Operator) -> None:
    visitor.press("Forgot your password?")
    visitor.sees("lets you choose a new password")
    visitor.fill("User name or e-mail", "nobody-of-this-name")
    visitor.press("Send a code")
    visitor.sees("a code is on its way to it")
    visitor.fill("Code", "000000")
    visitor.fill("New password", OTHER)
    visitor.fill("New password again", OTHER)
    visitor.press("Set password and sign in")
    visitor.sees("The code is not right, or it is too old")


def test_a_password_that_an_administrator_reset(visitor: Operator, local_cloud: Cloud) -> None:
    name = new_person(local_cloud, "admins")
    pool = stack_pool(local_cloud)
    pool.admin.admin_reset_user_password(UserPoolId=pool.pool_id, Username=name)
    visitor.sign_in(name, "Original-horse-7")
    visitor.sees("An administrator has reset the password")
    visitor.press("Send another code")
    visitor.sees("a code is on its way to it")
    visitor.fill("Code", pool.code(name))
    visitor.fill("New password", OTHER)
    visitor.fill("New password again", OTHER)
    visitor.press("Set password and sign in")
    visitor.sees_title("Users")


def test_an_account_of_one_s_own(visitor: Operator, local_cloud: Cloud) -> None:
    name, pool = f"new-{secrets.token_hex(4)}", stack_pool(local_cloud)
    visitor.press("Create an account")
    visitor.fill("User name", name)
    visitor.fill("Password", OTHER)
    visitor.fill("Password again", OTHER)
    visitor.fill("E-mail", f"{name}@example.com")
    visitor.press("Create account")
    visitor.sees("is not confirmed yet")
    visitor.press("Send another code")
    visitor.sees("another one is on its way")
    visitor.fill("Code", pool.code(name))
    visitor.press("Confirm account")
    visitor.sees("is confirmed")
    expect(visitor.page.get_by_label("User name or e-mail")).to_have_value(name)
    visitor.fill("Password", OTHER)
    visitor.press("Sign in")
    visitor.sees("not a member of the group admins")


def test_who_left_before_confirming_is_asked_for_the_code_at_the_next_sign_in(
    visitor: Operator, local_cloud: Cloud
) -> None:
    name, pool = f"new-{secrets.token_hex(4)}", stack_pool(local_cloud)
    local_cloud.unsigned("cognito-idp").sign_up(
        ClientId=pool.client_id,
        Username=name,
        Password=OTHER,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )
    visitor.sign_in(name, OTHER)
    visitor.sees("is not confirmed yet")
    visitor.fill("Code", pool.code(name))
    visitor.press("Confirm account")
    visitor.sees("is confirmed")


def test_whoever_guesses_has_to_wait(visitor: Operator, local_cloud: Cloud) -> None:
    name = new_person(local_cloud)
    # Five failures are free, and the wait doubles after that: on a slow machine the first waits are over by themselves.
    for number in range(14):
        visitor.sign_in(name, f"Wrong-password-{number}")
        # For a moment the field of the turn before stands beside the new one.
        expect(visitor.page.locator(f'input[value="Wrong-password-{number}"]')).to_have_count(0)
        visitor.settled()
        if visitor.page.get_by_text(re.compile(r"Wait \d+ second")).count():
            break
        visitor.sees("user name or the password")
    assert number >= 5
    visitor.sees(re.compile(r"Wait \d+ second"))
