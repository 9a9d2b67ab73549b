"""What the Users page says when there are no rows to show, or not all of them."""

import json

import streamlit as st

from pages._app import still_signed_in
from pages._ui import plain
from services.legible import legible
from services.users_answer import UsersPage, Verdict
from services.users_api import DOCUMENT, Mode

_HEADINGS = {
    Verdict.EMPTY: "There are no users yet",
    Verdict.REFUSED_BY_MODE: "⊘ Refused by mode",
    Verdict.REFUSED_BY_RULE: "✕ Refused by rule",
    Verdict.TOKEN_REFUSED: "The page token was not accepted",
    Verdict.FAILED: "The users could not be read",
}
_NEXT_STEPS = {
    Verdict.EMPTY: "Fill the table: run the seed function of the stack, or wait for its schedule.",
    Verdict.REFUSED_BY_MODE: "Choose another mode above, or open the API's settings to see which modes it admits.",
    Verdict.REFUSED_BY_RULE: "Look at the schema's directives on listUsers and on the types that it returns,"
    " and for IAM at the role's policy.",
    Verdict.TOKEN_REFUSED: "It has expired, or the table was made anew since. Start again at page 1.",
    Verdict.FAILED: "Try again. If it stays, look at the API's resolvers and their logs.",
}
SENDS = {
    Mode.ID_TOKEN: "Authorization: the ID token of the signed-in operator (not shown)",
    Mode.ACCESS_TOKEN: "Authorization: the access token of the signed-in operator (not shown)",
    Mode.GUEST: "Authorization: AWS4-HMAC-SHA256 signature of the guest role (not shown)",
    Mode.SIGNED_IN: "Authorization: AWS4-HMAC-SHA256 signature of the signed-in role (not shown)",
    Mode.API_KEY: "x-api-key: an API key (not shown)",
}


def show_state(page: UsersPage) -> None:
    """What came instead of rows, in the API's own words too, and what to do next."""
    st.subheader(_HEADINGS[page.verdict], anchor=False)
    if page.verdict is not Verdict.EMPTY:
        kind = f" · {page.error_type}" if page.error_type else ""
        st.text(legible(f"The API answered HTTP {page.answer.status}{kind}."))
    if page.reason:
        st.code(legible(page.reason), language=None, wrap_lines=True)
    st.caption(_NEXT_STEPS[page.verdict])


def show_end() -> None:
    """That the page before was the last: its rows ended where the table did, or the rest is gone since."""
    st.subheader("No more users", anchor=False)
    st.caption("The page before this one was the last. Go back to it, or start again at page 1.")


def show_partial(page: UsersPage) -> None:
    """Which fields did not come, and why."""
    fields = ", ".join(page.missing) or "some fields"
    st.markdown(f"**◑ Partial:** {plain(fields)} did not come\\. {plain(page.reason)}")
    if not page.users and page.next_token:
        st.caption("The rows were refused, yet the API gives a token of the next page: there is more behind it.")


@st.dialog("Raw response", position="right", width="medium", icon=":material/data_object:")
@still_signed_in
def show_raw(page: UsersPage, mode: Mode, url: str, variables: dict[str, object]) -> None:
    """The whole exchange, without what would let somebody else repeat it."""
    answer = page.answer
    st.text(legible(f"HTTP {answer.status} · {answer.milliseconds:.0f} ms · {len(answer.text.encode()):,} bytes"))
    response, request, headers = st.tabs(["Response", "Request", "Headers"])
    with response:
        st.code(legible(_pretty(answer.text)), language="json", wrap_lines=True)
    with request:
        st.caption("Address")
        st.code(legible(f"POST {url}"), language=None, wrap_lines=True)
        st.caption("Credential")
        st.code(SENDS[mode], language=None, wrap_lines=True)
        st.caption("Operation")
        st.code(DOCUMENT, language="graphql")
        st.caption("Variables")
        st.code(legible(json.dumps(variables, indent=2)), language="json", wrap_lines=True)
    with headers:
        told = {name: "(not shown)" if name == "set-cookie" else value for name, value in answer.headers.items()}
        st.code(legible("\n".join(f"{name}: {value}" for name, value in sorted(told.items()))), language=None)


def _pretty(text: str) -> str:
    """The body as indented JSON; as it came when it isn't JSON."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text or "(empty)"
