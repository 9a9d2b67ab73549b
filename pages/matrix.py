"""Matrix: every operation of a suite by every identity, held against what was declared and agreed."""

from pathlib import Path

import streamlit as st

from pages._app import application, require
from pages._asking import hindrance
from pages._matrix_accept import show_accept_declared
from pages._matrix_before import show_before
from pages._matrix_cell import show_cell
from pages._matrix_coverage import show_coverage
from pages._matrix_exports import show_command, show_exports
from pages._matrix_findings import show_findings
from pages._matrix_grid import show_grid, unselect
from pages._matrix_identities import show_identities
from pages._matrix_live import show_live
from pages._matrix_open import opened
from pages._matrix_person import choose_person
from pages._matrix_state import matrix
from pages._matrix_summary import show_summary
from pages._matrix_toolbar import buttons, choose, own_columns, wanted_of
from pages._news import show_news
from pages._ui import caption, page_header, show_error
from services.authorization.examination import prepare
from services.authorization.suite.reading import read_suite
from services.errors import GatehouseError
from services.legible import legible
from services.permissions import Permission
from services.settings import variables

session = require(Permission.RUN_CALLS)
app = application()
here = matrix(session)

page_header("Matrix", ":material/grid_on:")
if hindered := hindrance(session.operator, Permission.MAKE_STAND_INS):
    caption(f"Stand-ins can't be made. {hindered} Columns of groups show no verdict; your own columns can be added.")
elif app.own_clients:
    caption("What is declared is read, and stand-ins are made and removed, under the dashboard's credential.")
show_news()
folder = Path(app.environment.suites_folder)
suite, place = choose(folder)
if suite is None:
    st.text(legible(f"There is no suite in {folder.resolve()}."))
    caption(
        "Make one with `python -m services.authorization generate`, or name another folder in GATEHOUSE_SUITES_FOLDER."
    )
    st.stop()

if here.running and here.running.done:
    try:
        here.finish()
    except GatehouseError as error:
        show_error(error)
reload = place.button("Read again", key="matrix_read", icon=":material/refresh:", disabled=bool(here.running))
if not here.take_up(suite) or reload:
    try:
        with st.spinner("Reading the suite, the schema, the modes and the policies"):
            here.read(suite, prepare(app, read_suite(suite, variables()), operator=session.operator))
    except GatehouseError as error:
        here.forget()
        show_error(error)
        st.stop()

prepared = here.prepared
if prepared is None:
    st.stop()
with st.container(horizontal=True, vertical_alignment="center"):
    person = choose_person(here, app.environment, session)
    me = own_columns(session)
wanted = wanted_of(app, prepared, person, me, session)
buttons(here, place, wanted, session)
if here.running:
    show_live(here)

shown = here.concluded
if shown is None:
    if not here.running:
        show_before(here, session.operator)
    st.stop()
show_summary(here, shown, wanted)
show_accept_declared(here, session.operator)
grid, findings, identities, covered, reports = st.tabs(
    ["Grid", f"Findings {len(shown.findings)}", f"Identities {len(shown.callers)}", "Coverage", "Reports and CI"]
)
with grid:
    left = show_grid(shown.record, shown)
with findings:
    show_findings(here, shown.findings, session.operator)
with identities:
    show_identities(shown)
with covered:
    show_coverage(shown)
with reports:
    show_command(shown, suite)
    show_exports(shown)
if (cell := opened()) and not here.running:
    show_cell(here, cell, left, session.operator, unselect)
