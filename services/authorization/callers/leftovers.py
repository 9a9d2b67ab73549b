"""Stand-ins that a killed run left behind."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from services.authorization.callers.lease import PREFIX, lease_in
from services.authorization.callers.pool_shape import PoolShape
from services.authorization.callers.processes import this_process
from services.authorization.callers.removal import Stay
from services.aws_errors import spoken
from services.directory import condition

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def leftovers(
    client: "CognitoIdentityProviderClient", pool_id: str, shape: PoolShape, now: Callable[[], datetime]
) -> tuple[Stay, ...]:
    """The stand-ins that nobody can be using: of dead processes of this host, and of other hosts past their hour.

    ListUsers by the beginning of the name, all pages.

    Raises:
        ServiceError: Cognito refused or failed.
    """
    here, moment, found = this_process(), now(), []
    # A pool whose people sign in by e-mail address gives every user a random name.
    searched = "email" if shape.names_are_emails else "username"
    with spoken("look for what killed runs left behind"):
        pages = client.get_paginator("list_users").paginate(
            UserPoolId=pool_id, Filter=condition(searched, "^=", PREFIX), PaginationConfig={"PageSize": 60}
        )
        for page in pages:
            for user in page["Users"]:
                email = next((each["Value"] for each in user.get("Attributes", []) if each["Name"] == "email"), "")
                lease = lease_in(email if shape.names_are_emails else user["Username"])
                if lease and lease.is_over(here, moment):
                    found.append(Stay(user["Username"]))
    return tuple(found)
