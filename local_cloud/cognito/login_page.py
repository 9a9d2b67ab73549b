"""The pages of managed login: plain forms, without scripts; everything in them is text, whatever it looks like."""

import json
from collections.abc import Iterable, Mapping
from html import escape

from local_cloud.cognito import mfa
from local_cloud.cognito.answers import Answer, Data

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
ANSWER = "answer."
"""How the fields that answer a challenge begin."""

NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge's name


def first_page(kept: Mapping[str, str], error: str = "") -> Answer:
    """Return the page that asks for name and password; `kept` goes along unseen."""
    fields = '<label>User name <input name="username" autocomplete="username" required></label>' + _password("password")
    return _page("Sign in", kept, fields, error)


def challenge_page(kept: Mapping[str, str], asked: Data, error: str = "") -> Answer:
    """Return the page that puts one challenge."""
    name, parameters = asked["ChallengeName"], asked["ChallengeParameters"]
    more = {"challenge": name, "session": asked["Session"], "asked": json.dumps(parameters)}
    if name == NEW_PASSWORD:
        lacking = json.loads(parameters.get("requiredAttributes") or "[]")
        fields = _password(f"{ANSWER}NEW_PASSWORD") + "".join(_text(each, f"{ANSWER}{each}") for each in lacking)
    elif name == mfa.CHOICE:
        fields = _choice(json.loads(parameters["MFAS_CAN_CHOOSE"]))
    elif name in mfa.ANSWERS:
        fields = _text(f"Code ({parameters.get('CODE_DELIVERY_DESTINATION', 'authenticator app')})", _code(name))
    else:
        return first_page(kept, f"{name} can't be answered on this page.")
    return _page("One more step", {**kept, **more}, fields, error)


def _code(challenge: str) -> str:
    return f"{ANSWER}{mfa.ANSWERS[challenge]}"


def _choice(factors: Iterable[str]) -> str:
    options = "".join(f"<option>{escape(factor)}</option>" for factor in factors)
    return f'<label>Second factor <select name="{ANSWER}ANSWER">{options}</select></label>'


def _password(name: str) -> str:
    return f'<label>Password <input type="password" name="{name}" required></label>'


def _text(label: str, name: str) -> str:
    return f'<label>{escape(label)} <input name="{escape(name)}" autocomplete="off" required></label>'


def _page(title: str, kept: Mapping[str, str], fields: str, error: str) -> Answer:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept.items()
    )
    told = f'<p role="alert">{escape(error)}</p>' if error else ""
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{told}'
        f'<form method="post" action="/login">{hidden}{fields}<button>Continue</button></form></html>'
    )
    return 200, dict(HEADERS), page.encode(errors="replace")
