"""The smallest app with a button: what Streamlit itself costs on this machine, at this moment."""

import streamlit as st

st.title("Trivial")
if st.button("Count", key="count"):
    st.session_state["n"] = st.session_state.get("n", 0) + 1
st.text(f"clicked {st.session_state.get('n', 0)}")
