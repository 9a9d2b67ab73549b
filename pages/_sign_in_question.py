"""The pool's own challenge: what its triggers tell, as plain text, and an answer."""

import streamlit as st

from pages import _app
from pages._sign_in_steps import sent, take, turn, wrong
from pages._ui import caption
from services.legible import legible
from services.sign_in_challenges import Question


def ask_question(challenge: Question) -> str:
    """What the triggers tell, and a field for the answer; returns the field's key."""
    if challenge.again:
        caption(f"The user pool asks {challenge.username} again: the answer was not right, or there is more to answer.")
    else:
        caption(f"The user pool has a question of its own for {challenge.username}.")
    for name, text in challenge.told:
        st.text(legible(f"{name}: {text}" if len(challenge.told) > 1 else text))
    key = f"sign_in_answer_{turn()}"
    answer = st.text_input("Answer", key=key, autocomplete="off").strip()
    if sent("Send answer"):
        if answer:
            take(lambda: _app.application().sign_in.answer(challenge, answer), challenge.username)
        wrong("Could not send the answer", "It is empty", "Type it and try again")
    return key
