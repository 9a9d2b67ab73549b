"""Managed login: pages that ask for everything that the API asks for, and tokens for the code that they end with.

MiniStack's pages sign people in past their second factor and past the wait after wrong passwords, and its
token address renews past the rotation and the end of refresh tokens. Addresses to go back to, PKCE and the
codes themselves stay with it.
"""

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

from local_cloud.cognito import login_page, records
from local_cloud.cognito.answers import Answer, Data, Refused
from local_cloud.cognito.records import Record

Page = Callable[..., Answer]

KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
)
"""What an app asks for, carried from page to page."""

TRY_AGAIN = frozenset(
    {"CodeMismatchException", "ExpiredCodeException", "InvalidPasswordException", "InvalidParameterException"}
)
"""Refusals after which the same challenge may be answered again."""

_proved: ContextVar[list[str] | None] = ContextVar("proved", default=None)
"""On a page: the names of the users for whom the API would have made tokens."""


def authorized(ministack: Page) -> Page:
    """GET /oauth2/authorize: the first page, for an app client that may ask for it."""

    def authorize(method: str, path: str, headers: Any, query: Mapping[str, Any]) -> Answer:
        kept = {name: _first(query.get(name, "")) for name in KEPT}
        client = records.client_anywhere(kept["client_id"])
        if client and not client.get("AllowedOAuthFlowsUserPoolClient"):
            return _error("unauthorized_client")
        answer = ministack(method, path, headers, kept)
        return login_page.first_page(kept) if answer[0] == 200 else answer

    return authorize


def submitted(_: Page) -> Page:
    """POST /login: one step of a sign-in; the last one leads back to the app with a code."""

    def submit(_method: str, _path: str, _headers: Any, body: bytes, _query: Any) -> Answer:
        form = _form(body)
        kept = {name: form.get(name, "") for name in KEPT}
        refused = records.authorize(kept)
        if refused[0] != 200:
            return refused
        name, proved = form.get("username", ""), list[str]()
        mark = _proved.set(proved)
        try:
            status, _, said = records.sign_in_step(_call(form, kept["client_id"], name))
        finally:
            _proved.reset(mark)
        answer: Data = json.loads(said)
        if status != 200:
            return _refused(kept, form, answer)
        if "ChallengeName" in answer:
            return login_page.challenge_page({**kept, "username": name}, answer)
        # Not for the name on the form: whoever calls themselves like another isn't the other.
        return records.redirect_with_code(kept, proved[0])

    return submit


def withheld(ministack: Callable[..., Data]) -> Callable[..., Data]:
    """Make no tokens at the end of a page: whoever redeems the code gets them."""

    def tokens(pool_id: str, client_id: str, user: Record, *rest: Any, **named: Any) -> Data:
        proved = _proved.get()
        if proved is None:
            return ministack(pool_id, client_id, user, *rest, **named)
        proved.append(user["Username"])
        return {}

    return tokens


def renewed(ministack: Page) -> Page:
    """POST /oauth2/token: refresh tokens are renewed as GetTokensFromRefreshToken does it."""

    def token(data: Data, query: Any, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        form = _form(body)
        if not form.get("code_verifier", "").isascii():
            return _error("invalid_grant")
        if form.get("grant_type") != "refresh_token":
            return ministack(data, query, body, headers)
        try:
            return 200, dict(JSON), json.dumps(_renewed(form, headers or {})).encode()
        except Refused as refused:
            return _error(refused.code)

    return token


def left(ministack: Page) -> Page:
    """GET /logout: only to an address that the app client names; MiniStack goes anywhere where it names none."""

    def leave(method: str, path: str, headers: Any, query: Mapping[str, Any]) -> Answer:
        client = records.client_anywhere(_first(query.get("client_id", "")))
        if client and _first(query.get("logout_uri", "")) not in (client.get("LogoutURLs") or []):
            return _error("invalid_request")
        return ministack(method, path, headers, query)

    return leave


JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def _renewed(form: Mapping[str, str], headers: Mapping[str, str]) -> Data:
    client_id, secret = records.told_client(headers, form)
    client = records.client_anywhere(client_id)
    if client is None or (client.get("ClientSecret") or "") != secret:
        raise Refused("invalid_client", "The client is unknown, or its secret is another.")
    refresh_token = form.get("refresh_token", "")
    status, _, said = records.renew({"ClientId": client_id, "RefreshToken": refresh_token})
    if status != 200:
        raise Refused("invalid_grant", "The refresh token is not good any more.")
    result = json.loads(said)["AuthenticationResult"]
    scope = records.claims_of(refresh_token).get("scope")
    answer = {"access_token": result["AccessToken"], "token_type": "Bearer", "expires_in": result["ExpiresIn"]}
    if scope is None or "openid" in scope.split():
        answer["id_token"] = result["IdToken"]
    if "RefreshToken" in result:
        answer["refresh_token"] = result["RefreshToken"]
    return answer


def _call(form: Mapping[str, str], client_id: str, name: str) -> Data:
    """Return the call of the API that a form stands for."""
    if challenge := form.get("challenge"):
        answers = {
            field.removeprefix(login_page.ANSWER): value
            for field, value in form.items()
            if field.startswith(login_page.ANSWER)
        }
        responses = {**answers, "USERNAME": name}
        session = form.get("session", "")
        return {
            "ClientId": client_id,
            "ChallengeName": challenge,
            "Session": session,
            "ChallengeResponses": responses,
        }
    parameters = {"USERNAME": name, "PASSWORD": form.get("password", "")}
    return {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}


def _refused(kept: Mapping[str, str], form: Mapping[str, str], answer: Data) -> Answer:
    code, why = str(answer.get("__type", "")).rpartition("#")[2], str(answer.get("message", ""))
    if form.get("challenge") and code in TRY_AGAIN:
        try:
            parameters = json.loads(form.get("asked", ""))
            asked = {"ChallengeName": form["challenge"], "Session": form["session"], "ChallengeParameters": parameters}
            return login_page.challenge_page({**kept, "username": form.get("username", "")}, asked, why)
        except (ValueError, LookupError, TypeError, AttributeError):
            pass  # the form was tampered with
    return login_page.first_page(kept, why)


def _form(body: bytes) -> dict[str, str]:
    given = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[0] for name, values in given.items()}


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def _error(name: str) -> Answer:
    return 400, dict(JSON), json.dumps({"error": name}).encode()
