"""Managed login: pages that ask for all that the API asks for, codes that are good once, tokens that end."""

import base64
import hashlib
import html
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from tests.authenticator import unused, wrong
from tests.cloud import Cloud
from tests.contract import codes, wire
from tests.contract.directories import FLOWS, PASSWORD, Directory, new_directory

CALLBACK = "https://example.com/back"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PAGES: dict[str, Any] = {
    "CallbackURLs": [CALLBACK],
    "LogoutURLs": ["https://example.com/bye"],
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "SupportedIdentityProviders": ["COGNITO"],
}


@pytest.fixture
def directory(local_cloud: Cloud) -> Directory:
    """A pool whose client has pages, and somebody in it."""
    made = new_directory(local_cloud, mfa="OPTIONAL", **PAGES)
    made.add("mara")
    return made


def asked(directory: Directory, **other: str) -> dict[str, str]:
    """Return what an app asks of the pages."""
    return {
        "client_id": directory.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "state": "as-sent",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **other,
    }


def authorize(cloud: Cloud, parameters: dict[str, str]) -> wire.Reply:
    return wire.send(cloud, "GET", f"/oauth2/authorize?{urlencode(parameters)}")


def post(cloud: Cloud, path: str, fields: dict[str, str]) -> wire.Reply:
    return wire.send(cloud, "POST", path, FORM, urlencode(fields).encode())


def filled(page: wire.Reply, **answers: str) -> dict[str, str]:
    """Return the hidden fields of a page, and the answers."""
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.body.decode())
    return {html.unescape(name): html.unescape(value) for name, value in hidden} | answers


def sign_in(cloud: Cloud, directory: Directory, name: str = "mara", **other: str) -> wire.Reply:
    page = authorize(cloud, asked(directory, **other))
    return post(cloud, "/login", filled(page, username=name, password=PASSWORD))


def code_of(reply: wire.Reply) -> str:
    assert reply.status == 302, reply.body
    return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]


def redeem(cloud: Cloud, directory: Directory, code: str, **other: str) -> wire.Reply:
    fields = {
        "grant_type": "authorization_code",
        "client_id": directory.client_id,
        "redirect_uri": CALLBACK,
        "code": code,
        "code_verifier": VERIFIER,
    }
    return post(cloud, "/oauth2/token", {**fields, **other})


def renew(cloud: Cloud, directory: Directory, token: str) -> wire.Reply:
    fields = {"grant_type": "refresh_token", "refresh_token": token, "client_id": directory.client_id}
    return post(cloud, "/oauth2/token", fields)


def test_name_and_password_lead_back_with_a_code_that_is_good_once(local_cloud: Cloud, directory: Directory) -> None:
    reply = sign_in(local_cloud, directory)
    assert reply.headers["location"].startswith(f"{CALLBACK}?code=")
    assert reply.headers["location"].endswith("&state=as-sent")
    tokens = redeem(local_cloud, directory, code_of(reply)).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (claims["cognito:username"], claims["aud"]) == ("mara", directory.client_id)
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert access["scope"] == "openid"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert wire.send(local_cloud, "GET", "/oauth2/userInfo", bearer).json()["username"] == "mara"
    assert redeem(local_cloud, directory, code_of(reply)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "wrong",
    [{"code_verifier": "another"}, {"code_verifier": ""}, {"code_verifier": "ä"}, {"redirect_uri": CALLBACK + "/"}],
)
def test_a_code_is_only_for_whoever_asked_for_it(
    local_cloud: Cloud, directory: Directory, wrong: dict[str, str]
) -> None:
    code = code_of(sign_in(local_cloud, directory))
    refused = redeem(local_cloud, directory, code, **wrong)
    assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")
    assert redeem(local_cloud, directory, code).status == 200


def test_a_code_is_not_for_another_client(local_cloud: Cloud, directory: Directory) -> None:
    other = directory.admin.create_user_pool_client(
        UserPoolId=directory.pool_id, ClientName="other", ExplicitAuthFlows=FLOWS, **PAGES
    )["UserPoolClient"]["ClientId"]
    code = code_of(sign_in(local_cloud, directory))
    assert redeem(local_cloud, directory, code, client_id=other).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": CALLBACK + "/more"},
        {"redirect_uri": "https://example.org/back"},
        {"response_type": "token"},
        {"client_id": "nobody"},
    ],
)
@pytest.mark.parametrize("step", ["page", "form"])
def test_nobody_is_led_where_the_client_does_not_say(
    local_cloud: Cloud, directory: Directory, wrong: dict[str, str], step: str
) -> None:
    if step == "page":
        reply = authorize(local_cloud, asked(directory, **wrong))
    else:
        reply = post(local_cloud, "/login", {**asked(directory, **wrong), "username": "mara", "password": PASSWORD})
    assert reply.status == 400
    assert "location" not in reply.headers


def test_a_plain_challenge_is_refused(local_cloud: Cloud, directory: Directory) -> None:
    reply = authorize(local_cloud, asked(directory, code_challenge_method="plain"))
    assert "error=invalid_request" in reply.headers["location"]


def test_a_client_without_pages_has_none(local_cloud: Cloud) -> None:
    made = new_directory(local_cloud, **{**PAGES, "AllowedOAuthFlowsUserPoolClient": False})
    assert authorize(local_cloud, asked(made)).json()["error"] == "unauthorized_client"


def test_a_wrong_password_is_told_and_in_the_end_waited_for(local_cloud: Cloud, directory: Directory) -> None:
    """MiniStack's page lets a password be guessed without end."""
    page = authorize(local_cloud, asked(directory))
    for seconds in (0, 0, 0, 0, 1.1, 2.1, 0):  # the seventh wrong one makes everybody wait four seconds
        wrong = post(local_cloud, "/login", filled(page, username="mara", password="Wrong-horse-9"))
        assert b"Incorrect username or password." in wrong.body
        time.sleep(seconds)
    assert (
        b"Password attempts exceeded"
        in post(local_cloud, "/login", filled(page, username="mara", password=PASSWORD)).body
    )


def test_nobody_gets_past_a_second_factor_by_a_page(local_cloud: Cloud, directory: Directory) -> None:
    """MiniStack gives an authorization code for the password alone."""
    secret = directory.enrol_totp("mara")
    page = sign_in(local_cloud, directory)
    assert (page.status, page.headers.get("location")) == (200, None)
    again = post(local_cloud, "/login", filled(page, **{"answer.SOFTWARE_TOKEN_MFA_CODE": wrong(secret)}))
    assert b"Invalid code received for user" in again.body
    code = unused(secret)
    right = post(local_cloud, "/login", filled(again, **{"answer.SOFTWARE_TOKEN_MFA_CODE": code}))
    assert redeem(local_cloud, directory, code_of(right)).status == 200
    page = sign_in(local_cloud, directory)
    used = post(local_cloud, "/login", filled(page, **{"answer.SOFTWARE_TOKEN_MFA_CODE": code}))
    assert b"Your software token has already been used once." in used.body
    right = post(local_cloud, "/login", filled(used, **{"answer.SOFTWARE_TOKEN_MFA_CODE": unused(secret)}))
    assert redeem(local_cloud, directory, code_of(right)).status == 200


def test_a_code_by_mail_and_a_choice_are_asked_for(local_cloud: Cloud, directory: Directory) -> None:
    directory.enrol_totp("mara")
    directory.admin.set_user_pool_mfa_config(
        UserPoolId=directory.pool_id, MfaConfiguration="OPTIONAL", EmailMfaConfiguration={"Subject": "Code"}
    )
    on = {"Enabled": True, "PreferredMfa": False}
    directory.admin.admin_set_user_mfa_preference(
        UserPoolId=directory.pool_id, Username="mara", EmailMfaSettings=on, SoftwareTokenMfaSettings=on
    )
    choice = sign_in(local_cloud, directory)
    page = post(local_cloud, "/login", filled(choice, **{"answer.ANSWER": "EMAIL_OTP"}))
    code = codes.code(local_cloud, directory, "mara")
    done = post(local_cloud, "/login", filled(page, **{"answer.EMAIL_OTP_CODE": code}))
    assert redeem(local_cloud, directory, code_of(done)).status == 200


def test_a_temporary_password_is_replaced_on_the_way(local_cloud: Cloud, directory: Directory) -> None:
    directory.add("new", permanent=False)
    page = sign_in(local_cloud, directory, "new")
    weak = post(local_cloud, "/login", filled(page, **{"answer.NEW_PASSWORD": "weak"}))
    assert b"Password did not conform with policy" in weak.body
    done = post(local_cloud, "/login", filled(weak, **{"answer.NEW_PASSWORD": "Another-horse-7"}))
    assert redeem(local_cloud, directory, code_of(done)).status == 200


def test_the_code_is_for_whoever_signed_in_and_not_for_a_name_on_the_form(
    local_cloud: Cloud, directory: Directory
) -> None:
    """Somebody calls themselves like another, and answers the last page under that name."""
    directory.add("victim")
    directory.admin.admin_update_user_attributes(
        UserPoolId=directory.pool_id, Username="mara", UserAttributes=[{"Name": "nickname", "Value": "victim"}]
    )
    directory.admin.admin_update_user_attributes(
        UserPoolId=directory.pool_id,
        Username="mara",
        UserAttributes=[{"Name": "preferred_username", "Value": "victim"}],
    )
    secret = directory.enrol_totp("mara")
    page = sign_in(local_cloud, directory)
    answers = {"answer.SOFTWARE_TOKEN_MFA_CODE": unused(secret), "username": "victim"}
    done = post(local_cloud, "/login", filled(page, **answers))
    tokens = redeem(local_cloud, directory, code_of(done)).json()
    assert jwt.decode(tokens["access_token"], options={"verify_signature": False})["username"] == "mara"


def test_the_pages_show_text_as_text_and_let_nothing_run(local_cloud: Cloud, directory: Directory) -> None:
    nasty = '"><script>alert(1)</script>'
    page = authorize(local_cloud, asked(directory, state=nasty, nonce=nasty))
    assert b"<script" not in page.body
    assert filled(page)["state"] == nasty
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    for asked_again in ("{", "[]", '{"MFAS_CAN_CHOOSE": 7}', '{"requiredAttributes": 7}'):
        for challenge in ("SELECT_MFA_TYPE", "NEW_PASSWORD_REQUIRED", "EMAIL_OTP", nasty):
            form = filled(page, username=nasty, challenge=challenge, session="invented", asked=asked_again)
            reply = post(local_cloud, "/login", form)
            assert reply.status == 200
            assert b"<script" not in reply.body


def test_a_renewal_follows_rotation_and_revocation(local_cloud: Cloud, directory: Directory) -> None:
    """MiniStack's token address knows neither rotation nor the end of a refresh token."""
    token = redeem(local_cloud, directory, code_of(sign_in(local_cloud, directory))).json()["refresh_token"]
    renewed = renew(local_cloud, directory, token).json()
    assert {"access_token", "id_token"} <= set(renewed)
    assert "refresh_token" not in renewed
    directory.public.revoke_token(Token=token, ClientId=directory.client_id)
    assert renew(local_cloud, directory, token).json()["error"] == "invalid_grant"

    flows = [flow for flow in FLOWS if flow != "ALLOW_REFRESH_TOKEN_AUTH"]
    setting = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    rotating = new_directory(local_cloud, **PAGES, ExplicitAuthFlows=flows, RefreshTokenRotation=setting)
    rotating.add("mara")
    first = redeem(local_cloud, rotating, code_of(sign_in(local_cloud, rotating))).json()["refresh_token"]
    second = renew(local_cloud, rotating, first).json()["refresh_token"]
    assert renew(local_cloud, rotating, first).json()["error"] == "invalid_grant"
    assert renew(local_cloud, rotating, second).status == 200


def test_a_sign_out_leads_only_where_the_client_says(local_cloud: Cloud, directory: Directory) -> None:
    """MiniStack leads anywhere where the client names no address."""
    to = {"client_id": directory.client_id, "logout_uri": PAGES["LogoutURLs"][0]}
    reply = wire.send(local_cloud, "GET", f"/logout?{urlencode(to)}")
    assert (reply.status, reply.headers["location"]) == (302, to["logout_uri"])
    plain = new_directory(local_cloud)
    for client, address in ((directory, "https://example.org"), (plain, "https://example.com/bye")):
        elsewhere = {"client_id": client.client_id, "logout_uri": address}
        refused = wire.send(local_cloud, "GET", f"/logout?{urlencode(elsewhere)}")
        assert (refused.status, refused.headers.get("location")) == (400, None)
