"""Connection: every value of the environment held against the live services, and how to mend what is wrong."""

import streamlit as st

from pages._app import clients_of, environment, require
from pages._connection_report import show_report
from pages._reading import forget, kept
from pages._ui import page_header
from services.doctor.opening import case_of
from services.doctor.run import examine
from services.doctor.values import Report
from services.permissions import Permission
from services.settings import variables

KEY = "connection_report"

session = require(Permission.READ_CONNECTION)
here = environment()


def _read() -> Report:
    with st.spinner("Checking every value against the live services …"):
        return examine(case_of(here, clients_of(session), variables()))


page_header("Connection", ":material/network_check:")
report = kept(KEY, (session.operator.sub, here.key), _read)
st.button("Check again", key="connection_again", icon=":material/refresh:", on_click=forget, args=(KEY,))
show_report(report, session.operator.username)
