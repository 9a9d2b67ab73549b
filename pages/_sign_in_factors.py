"""The second factor: which one, its code, and the enrolment of an authenticator app."""

import base64
import io
from urllib.parse import quote, urlencode

import qrcode
import streamlit as st

from pages import _app
from pages._sign_in_fields import code_field
from pages._sign_in_steps import sent, take, turn, wrong
from pages._ui import caption
from services.secret import Secret
from services.sign_in_challenges import CodeRequired, Enrolment, Factor, FactorChoice

_NAMES = {
    Factor.TOTP: "Code of the authenticator app",
    Factor.SMS: "Code by text message",
    Factor.EMAIL: "Code by e-mail",
}
_TOTP_DIGITS = 6
_LONGEST_CODE = 8


def ask_code(challenge: CodeRequired) -> str:
    """The code of the second factor; returns the key of its field."""
    to = f" to {challenge.destination}" if challenge.destination else ""
    by_app = challenge.factor is Factor.TOTP
    match challenge.factor:
        case Factor.TOTP:
            how = "signs in with an authenticator app as well. Type the six digits it shows now."
        case Factor.SMS:
            how = f"signs in with a code as well. It was sent{to} by text message."
        case Factor.EMAIL:
            how = f"signs in with a code as well. It was sent{to} by e-mail."
    caption(f"{challenge.username} {how}")
    key = f"sign_in_code_{turn()}"
    code = code_field(key)
    if sent("Sign in"):
        _check(code, "Could not sign in", by_app=by_app)
        take(lambda: _app.application().sign_in.give_code(challenge, code), challenge.username)
    return key


def ask_factor(challenge: FactorChoice) -> str:
    """Which second factor to use; returns the key of the choice."""
    caption(f"{challenge.username} has several ways to prove a sign-in. Choose the one to use now.")
    chosen = st.radio("Second factor", challenge.factors, format_func=_NAMES.__getitem__, key="sign_in_factor")
    if sent("Go on with this factor"):
        take(lambda: _app.application().sign_in.choose_factor(challenge, chosen), challenge.username)
    return "sign_in_factor"


def ask_enrolment(challenge: Enrolment) -> str:
    """The key for an authenticator app, to scan and to type, and its first code; returns the key of the field."""
    caption(
        f"This user pool requires a second factor. Scan the code with an authenticator app, or type the key into it;"
        f" then type the six digits that it shows for {challenge.username}."
    )
    with st.container(horizontal_alignment="center"):
        st.image(_qr_code(_address(challenge)), width=220, alt="QR code with the key for an authenticator app")
    caption("The key, for typing; the codes are time-based and have six digits:")
    st.code(challenge.key.reveal(), language=None, wrap_lines=True)
    key = f"sign_in_code_{turn()}"
    code = code_field(key)
    if sent("Set up authenticator app and sign in"):
        _check(code, "Could not set up the authenticator app", by_app=True)
        take(lambda: _app.application().sign_in.enrol(challenge, code), challenge.username)
    return key


def _check(code: str, failed: str, *, by_app: bool) -> None:
    """Go no further with what can't be a code: say why, after what it keeps from happening."""
    longest = _TOTP_DIGITS if by_app else _LONGEST_CODE
    if not (code.isascii() and code.isdecimal() and _TOTP_DIGITS <= len(code) <= longest):
        wrong(failed, "The code has six digits" if by_app else "The code has six to eight digits", "Type all of them")


def _address(challenge: Enrolment) -> Secret:
    """What a QR code tells an authenticator app: the key, and what to call the account."""
    issuer = f"Gatehouse ({_app.application().environment.name})"
    query = urlencode({"secret": challenge.key.reveal(), "issuer": issuer}, quote_via=quote)
    return Secret(f"otpauth://totp/{quote(f'{issuer}:{challenge.username}')}?{query}")


def _qr_code(address: Secret) -> str:
    """The QR code as an address that holds the picture itself: it is served to nobody, and kept in no cache."""
    picture = io.BytesIO()
    qrcode.make(address.reveal(), border=2).save(picture)
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"
