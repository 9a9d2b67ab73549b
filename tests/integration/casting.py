"""A run's cast on the running local cloud: in this process, and in one that can be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from services.authorization.callers.cast import Cast
from services.authorization.callers.lease import PREFIX
from services.authorization.identities import Person
from services.authorization.judged import Grid, judge
from services.authorization.operations import operation_of
from services.authorization.people import sign_in_person
from services.authorization.run import run
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.authorization.token_facts import claims_of
from services.credentials import Token
from services.secret import Secret
from tests.cloud import ROOT
from tests.integration.stage import ADA, Live

ALL = ("id", "access", "iam")
VIEWER = IdentityChoice(IdentityKind.STAND_IN, groups=("viewers",))
IN_NO_GROUP = IdentityChoice(IdentityKind.STAND_IN)
BROKEN = IdentityChoice(IdentityKind.BROKEN)

_RUN = """
import sys, time
from services.application import open_application
from services.authorization.callers.cast import callers
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.permissions import Operator, Role
from services.settings import load

app = open_application(load({"GATEHOUSE_LOCAL_CLOUD": sys.argv[1]}))
choices = [IdentityChoice(IdentityKind.STAND_IN, groups=("viewers",)), IdentityChoice(IdentityKind.STAND_IN)]
operator = Operator("other", "o", ("admins",), Role.ADMIN)
with callers(app, app.environment.api("modes"), choices, operator=operator) as cast:
    print("ready", all(caller.unavailable is None for caller in cast.callers), flush=True)
    time.sleep(600)
"""


@contextmanager
def another_run(live: Live) -> Iterator[subprocess.Popen[str]]:
    """A process that is in the middle of a run with two stand-ins."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, str(live.cloud.folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready True\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def stand_ins(live: Live, pool_id: str = "") -> set[str]:
    """The stand-ins that the user pool holds, by user name."""
    pages = live.admin.get_paginator("list_users").paginate(UserPoolId=pool_id or live.pool_id)
    return {user["Username"] for page in pages for user in page["Users"] if PREFIX in str(user)}


def members(live: Live, group: str) -> set[str]:
    """Whom a group names."""
    pages = live.admin.get_paginator("list_users_in_group").paginate(UserPoolId=live.pool_id, GroupName=group)
    return {user["Username"] for page in pages for user in page["Users"]}


def another_pool(live: Live, **settings: Any) -> Mapping[str, str]:
    """A user pool with these settings and an app client: its `user_pool_id` and `client_id`."""
    pool = live.admin.create_user_pool(PoolName="another", **settings)["UserPool"]["Id"]
    client = live.admin.create_user_pool_client(
        UserPoolId=pool,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    return {"user_pool_id": pool, "client_id": client}


def groups_in(cast: Cast, identity: str) -> list[str]:
    """The groups that a caller's token names."""
    caller = cast.caller(identity)
    assert caller
    sent = caller.identity.credentials()
    assert isinstance(sent, Token)
    return sorted(claims_of(sent.token).get("cognito:groups", []))


def ids(cast: Cast) -> list[str]:
    return [caller.id for caller in cast.callers]


def person(live: Live, username: str) -> Person:
    """A demo person, signed in."""
    password = Secret(live.cloud.password(username))
    return sign_in_person(live.app.sign_in, live.app.identify, username, password, operator=ADA)


def called(live: Live, cast: Cast, document: str, api: str = "modes") -> Grid:
    """The operation by everybody."""
    identities = [caller.identity for caller in cast.callers]
    answers = run(
        live.app.clients.apis[api], live.app.environment.api(api), operation_of(document, ""), identities, operator=ADA
    )
    return judge(answers, live.app.environment, live.app.identify.keys.for_key)
