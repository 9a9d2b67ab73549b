"""Operators and people of a pool, for tests of services and pages."""

from services.people import Person, person
from services.permissions import Operator, Role
from tests.unit.pool_calls import user

ADA = Operator("ada", "sub-ada", ("admins",), Role.ADMIN)
VERA = Operator("vera", "sub-vera", ("viewers",), Role.VIEWER)
OTTO = Operator("otto", "sub-otto", (), Role.NONE)


def someone(username: str = "bea", status: str = "CONFIRMED", *, enabled: bool = True, **attributes: str) -> Person:
    """A person of the pool."""
    return person(user(username, status, enabled=enabled, **attributes))  # type: ignore[arg-type]
