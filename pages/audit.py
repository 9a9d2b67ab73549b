"""The record of acts: who did what to whom, when, why, and how it ended."""

import streamlit as st

from pages._app import require
from pages._audit_table import filtered, show_check, show_export, show_table
from pages._reading import amount
from pages._ui import caption, page_header, show_error
from services.audit import journal
from services.errors import GatehouseError
from services.permissions import Permission
from services.record.reading import read

session = require(Permission.READ_RECORD)
operator = session.operator

page_header("Audit", ":material/history:")
try:
    record = read(journal(), operator)
except GatehouseError as error:
    show_error(error)
    st.stop()

acts = filtered(record.acts)
if acts:
    show_table(acts)
elif record.acts:
    caption("No act matches. Clear the search and the filters to see all of them.")
else:
    caption("Nothing has been recorded yet. Every change that is made here will be.")
with st.container(horizontal=True, vertical_alignment="center"):
    show_check(journal(), operator)
    show_export(acts, operator)
part = "" if record.complete else " · older acts are in the record and not on this page"
counts = f"{len(acts)} of {amount(len(record.acts), 'act', 'acts')} · {amount(record.entries, 'entry', 'entries')}"
caption(f"{counts} · read as {operator.username}{part}")
