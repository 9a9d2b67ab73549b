"""User pools as a whole: what can't be made, and what can't be deleted. MiniStack stores the settings only."""

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.records import pool_of


def created(ministack: Operation) -> Operation:
    """CreateUserPool: people sign in by aliases beside their names, or by addresses instead of them."""

    @answering
    def create(call: Data) -> Data:
        if call.get("AliasAttributes") and call.get("UsernameAttributes"):
            raise Refused(
                "InvalidParameterException",
                "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
            )
        return content(ministack(call))

    return create


def deleted(ministack: Operation) -> Operation:
    """DeleteUserPool: not while it is protected."""

    @answering
    def delete(call: Data) -> Data:
        if pool_of(call).get("DeletionProtection") == "ACTIVE":
            raise Refused(
                "InvalidParameterException",
                "The user pool cannot be deleted because deletion protection is activated. "
                "Deletion protection must be inactivated first.",
            )
        return content(ministack(call))

    return delete
