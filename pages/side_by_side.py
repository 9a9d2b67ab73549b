"""Side by side: one operation by every identity at once, and what that proves."""

from contextlib import suppress

import streamlit as st

from pages._app import application, require
from pages._asking import hindrance
from pages._side_by_side_columns import add_column, show_added
from pages._side_by_side_editor import changed, choose_api, choose_example, edited
from pages._side_by_side_grid import show_calls, show_checks, show_copy, show_grid, show_timing
from pages._side_by_side_lab import lab
from pages._side_by_side_live import AT_ONCE_SECONDS, show_live
from pages._side_by_side_open import named
from pages._ui import caption, page_header, plain, show_error
from services.audit import because
from services.authorization.broken import broken_identities
from services.authorization.calls import Run
from services.authorization.expectations import checks
from services.authorization.identities import Person, identities
from services.authorization.judged import Grid, judge
from services.authorization.operations import Operation, examples_for, operation_of
from services.authorization.run import start_run
from services.errors import GatehouseError
from services.permissions import Permission

session = require(Permission.RUN_CALLS)
app = application()
env, pool = app.environment, app.identity_pool
here = lab(session)
me = Person(session.operator, session.tokens)


def judged(run: Run) -> Grid:
    """What a run shows, as far as it has come."""
    return judge(run, env, app.identify.keys.for_key)


page_header("Side by side", ":material/view_column:")

with st.container(horizontal=True, vertical_alignment="bottom"):
    api = choose_api(env.apis)
    example = choose_example(api, examples_for(api.name))
    go = st.container(width="content")
with st.container(horizontal=True, vertical_alignment="center"):
    if adding := st.button("Add column", key="side_add", icon=":material/person_add:"):
        add_column(here, session.operator, app)
    show_added(here)
    broken = st.toggle(
        "Broken on purpose",
        key="side_broken",
        bind="query-params",
        help="Adds a made-up key, a tampered token, a wrong secret and a changed body: the API must turn them away.",
    )

columns = identities(api, me, pool, others=here.people, pasted=here.pasted)
if broken:
    columns += broken_identities(me, pool)
document, variables, which = edited(api, example, opened=here.grid is None and here.running is None)

operation: Operation | None = None
try:
    operation = operation_of(document, variables, which)
except GatehouseError as error:
    show_error(error)
agreed, reason = True, ""
hindered = hindrance(session.operator, Permission.SEND_MUTATIONS) if operation and operation.changes_data else ""
if hindered:
    agreed = False
    caption(hindered)
elif operation and operation.changes_data:
    where = " in production" if env.production else ""
    agreed = st.checkbox(
        plain(f"Send this mutation {len(columns)} times{where}: everybody who is let in changes data"),
        key="side_mutation",
    )
    if env.production:
        reason = st.text_input("Reason", key="side_reason", help="It is kept in the record of acts.")
        agreed = agreed and bool(reason.strip())
asked = (api.name, operation, tuple(column.id for column in columns)) if operation else None

if (
    go.button(
        "Run",
        key="side_run",
        type="primary",
        icon=":material/play_arrow:",
        # It would reach through the drawer and the dialog, also from a field of theirs.
        shortcut=None if adding or (here.grid and named()) else "Ctrl+Enter",
        disabled=not agreed,
        help=plain(hindered) or None,
    )
    and operation
):
    first = here.grid is None
    try:
        with because(reason):
            begun = start_run(app.clients.apis[api.name], api, operation, columns, operator=session.operator)
    except GatehouseError as error:
        show_error(error)
        st.stop()
    here.begin(begun, asked, columns)
    with suppress(TimeoutError):
        here.ended(judged(here.waited(AT_ONCE_SECONDS)))
    if first:
        st.rerun()  # drawn anew from the top: the editor folds, and makes room for the grid

if here.running and here.running.done:
    here.ended(judged(here.waited()))
if here.running:
    show_live(here, here.identities, judged)
    st.stop()
grid = here.grid
if grid is None:
    caption(f"Nothing was run yet. Run sends the operation as {len(columns)} identities at once.")
    if named():
        caption("The cell that the address names opens then.")
    st.stop()
if asked is None or here.asked is None or asked[:2] != here.asked[:2]:
    st.badge(
        "The grid is of what was run before. Run again to see this operation.",
        icon=":material/history:",
        color="orange",
    )
elif asked[2] != here.asked[2]:
    st.badge("The columns have changed since this run. Run again.", icon=":material/history:", color="orange")
elif not changed(example, document, variables):
    show_checks(checks(example.expected, grid))
show_grid(grid)
with st.container(horizontal=True, vertical_alignment="center"):
    show_timing(grid, session.operator.username)
    show_copy(grid)
show_calls(grid)
