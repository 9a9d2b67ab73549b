"""What a token says, for a person: whether it holds, its claims in words, and who takes it."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._ui import badge, plain
from services.legible import legible_value
from services.settings import Environment
from services.token_acceptance import acceptances
from services.token_claims import claims_in_words
from services.token_reading import TokenReading
from services.tokens import Use

WRAPPED = 64
"""The least height of a row, in pixels, in which Streamlit wraps a sentence rather than cut it."""
_TITLES = {Use.ID: "ID token", Use.ACCESS: "Access token", None: "Token"}
_ANSWERS = {True: "✓ takes it", False: "✕ refuses it", None: "? not known"}


def show_pair(id_token: TokenReading, access_token: TokenReading, env: Environment, now: datetime) -> None:
    """Both tokens of a session: claim by claim beside each other, and who takes which."""
    with st.container(horizontal=True, gap="small"):
        for reading in (id_token, access_token):
            _show_verdict(reading)
    # By words: the user name is called `cognito:username` in the one and `username` in the other.
    both = [{said.words: said for said in claims_in_words(each.claims, now)} for each in (id_token, access_token)]
    order = sorted({said.place: said.words for each in both for said in each.values()}.items())
    names = list(dict.fromkeys(words for _, words in order))
    claims = [" / ".join(dict.fromkeys(each[name].claim for each in both if name in each)) for name in names]
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "words": names,
                    "id": [both[0][name].value if name in both[0] else None for name in names],
                    "access": [both[1][name].value if name in both[1] else None for name in names],
                    "claim": claims,
                }
            )
        ),
        key="tokens_claims",
        hide_index=True,
        placeholder="–",
        alt="The claims of the ID token and of the access token",
        height="content",
        column_config={
            "words": st.column_config.TextColumn("What", pinned=True),
            "id": st.column_config.TextColumn("ID token", width="large"),
            "access": st.column_config.TextColumn("Access token", width="large"),
            "claim": st.column_config.TextColumn("Claim"),
        },
    )
    _show_takers([id_token, access_token], ["ID token", "Access token"], env)


def show_reading(reading: TokenReading, env: Environment, now: datetime) -> None:
    """One token, whatever it is."""
    _show_verdict(reading)
    if not reading.claims:
        return
    said = claims_in_words(reading.claims, now)
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "words": [each.words for each in said],
                    "value": [each.value for each in said],
                    "claim": [each.claim for each in said],
                }
            )
        ),
        key="tokens_pasted_claims",
        hide_index=True,
        alt="The claims of the pasted token",
        height="content",
        column_config={
            "words": st.column_config.TextColumn("What", pinned=True),
            "value": st.column_config.TextColumn("It says", width="large"),
            "claim": st.column_config.TextColumn("Claim"),
        },
    )
    _show_takers([reading], [_TITLES[reading.use]], env)
    with st.expander("Header and claims as they are", icon=":material/data_object:"):
        st.json(legible_value({"header": reading.header, "claims": reading.claims}))


def _show_verdict(reading: TokenReading) -> None:
    title = _TITLES[reading.use]
    match reading.holds:
        case True:
            badge(f"{title} holds", "green", ":material/check:")
        case False:
            badge(f"{title} does not hold: {reading.why}", "red", ":material/close:")
        case None:
            badge(f"{title} not judged", "gray", ":material/question_mark:")
            st.caption(plain(reading.why))


def _show_takers(readings: Sequence[TokenReading], titles: Sequence[str], env: Environment) -> None:
    st.subheader("Who takes it", anchor=False)
    answers = [acceptances(reading, env) for reading in readings]
    columns: dict[str, list[str]] = {"part": [each.part for each in answers[0]]}
    for title, answer in zip(titles, answers, strict=True):
        columns[title] = [f"{_ANSWERS[each.accepts]}. {each.why}" for each in answer]
    st.dataframe(
        visible(pd.DataFrame(columns)),
        key=f"tokens_takers_{len(readings)}",
        hide_index=True,
        row_height=WRAPPED,
        alt="Which part of the environment takes which token",
        height="content",
        column_config={
            "part": st.column_config.TextColumn("Part", pinned=True),
            **{title: st.column_config.TextColumn(title, width=370) for title in titles},
        },
    )
