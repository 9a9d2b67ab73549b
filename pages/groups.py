"""The groups of the user pool; with `?group=` in the address, one of them and its members."""

import streamlit as st

from pages._app import clients_of, environment, require
from pages._groups_detail import show_group
from pages._groups_list import show_list
from pages._groups_members import show_members
from pages._history import show_history
from pages._news import show_news
from pages._ui import page_header
from services.directory import Directory
from services.group_members import GroupMembers
from services.groups import Groups
from services.permissions import Permission

session = require(Permission.READ_GROUPS)
env, client = environment(), clients_of(session).user_pool
groups = Groups(client, env.user_pool_id, env.admin_group)

show_news("groups")
if name := st.query_params.get("group"):
    if show_group(groups, session.operator, name):
        members = GroupMembers(client, env.user_pool_id, env.admin_group)
        show_members(members, Directory(client, env.user_pool_id), session.operator, name)
        show_history(session.operator, name, group=True)
else:
    page_header("Groups", ":material/groups:")
    show_list(groups, session.operator)
