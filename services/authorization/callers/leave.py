"""Whether stand-ins may be made: they are users of the pool, so a production pool wants its name typed."""

from services import permissions
from services.errors import NotPermitted
from services.permissions import Operator, Permission
from services.settings import Environment

_FAILED = "Could not make stand-ins"


def check_leave(environment: Environment, operator: Operator, typed_name: str) -> None:
    """Raise `NotPermitted` unless this operator may make stand-ins in this environment now.

    Args:
        environment: where they would be made.
        operator: who asks.
        typed_name: the environment's name as the operator typed it; looked at in production alone.
    """
    permissions.check(operator, Permission.MAKE_STAND_INS, environment.admin_group)
    if environment.read_only:
        raise NotPermitted(
            _FAILED,
            f"The environment {environment.name} is read-only",
            "Let people of the groups sign in for their columns, or run in another environment",
        )
    if environment.production and typed_name != environment.name:
        raise NotPermitted(
            _FAILED,
            f"{environment.name} is a production environment, and its name was not typed",
            f"Type {environment.name}, or let people of the groups sign in for their columns",
        )
