"""A user's password: find the person, read the state in words, set a password or send a reset code."""

import streamlit as st

from pages._app import clients_of, environment, require
from pages._history import show_history
from pages._passwords_code import show_send_code
from pages._passwords_find import RULES, close, find
from pages._passwords_person import show_person
from pages._passwords_set import show_outcome, show_set_password
from pages._reading import kept
from pages._ui import page_header, plain, show_error
from services.directory import Directory
from services.errors import GatehouseError
from services.passwords import Passwords
from services.permissions import Permission

session = require(Permission.READ_PEOPLE)
operator = session.operator
env, client = environment(), clients_of(session).user_pool
directory = Directory(client, env.user_pool_id)
passwords = Passwords(client, env.user_pool_id)

username = st.query_params.get("user")
if not username:
    page_header("Passwords", ":material/key:")
    find(directory, operator)
    st.stop()

st.button("All users", icon=":material/arrow_back:", key="passwords_back", type="tertiary", on_click=close)
page_header(plain(username), ":material/key:")
try:
    person = directory.get(operator, username)
    rules = kept(RULES, operator.sub, lambda: passwords.rules(operator))
except GatehouseError as error:
    show_error(error)
    st.stop()
if person is None:
    st.text("There is no user of this name in the pool. The account may have been deleted; search again.")
    st.stop()

show_person(person)
show_outcome(person)
setting, sending = st.columns([3, 2], gap="large")
with setting:
    show_set_password(passwords, operator, person, rules.policy)
with sending:
    show_send_code(passwords, operator, person, rules.recovery)
show_history(operator, person.username)
