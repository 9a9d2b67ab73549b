"""Sign-up, invitation and recovery: who gets a code, who may use one, and what that changes."""

from local_cloud.cognito import aliases, codes, outbox
from local_cloud.cognito.answers import Data, Operation, Refused, RefusedByMiniStack, answering, content
from local_cloud.cognito.records import (
    Record,
    attributes_of,
    hides_unknown_users,
    pool_of,
    renew_invitation,
    set_attributes,
    simulated_delivery,
    user_of,
)

NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"
WRONG_STATE = "User password cannot be reset in the current state."


def invited(ministack: Operation) -> Operation:
    """AdminCreateUser: keep the invitation with the temporary password, which is another one when sent again."""

    @answering
    def invite(call: Data) -> Data:
        if call.get("MessageAction") == "RESEND":
            call = {**call, "Username": _renewed(call)}
        answer = content(ministack(call))
        pool = pool_of(call)
        user = user_of(pool, answer["User"]["Username"])
        by_mail = "EMAIL" in (call.get("DesiredDeliveryMediums") or ["EMAIL"])
        if call.get("MessageAction") != "SUPPRESS" and by_mail and (address := attributes_of(user).get("email")):
            outbox.add(
                pool=pool["Id"],
                username=user["Username"],
                kind=outbox.INVITATION,
                destination=address,
                secret=user["_password"],
            )
        return answer

    return invite


def confirmed(ministack: Operation) -> Operation:
    """ConfirmSignUp: the address that the code went to counts as verified, unless it is somebody else's alias."""

    @answering
    def confirm(call: Data) -> Data:
        user = _found(call)
        if user is None:
            return content(ministack(call))
        pool = pool_of(call)
        address = attributes_of(user).get("email")
        proved = address if "email" in (pool.get("AutoVerifiedAttributes") or []) else None
        if proved and not call.get("ForceAliasCreation"):
            aliases.check_free(pool, user, "email", proved)
        answer = content(ministack(call))
        codes.use_up(pool, user, codes.CONFIRMATION)
        if proved:
            aliases.take_over(pool, user, "email", proved)
            set_attributes(user, {"email_verified": "true"})
        return answer

    return confirm


def confirmed_by_administrator(ministack: Operation) -> Operation:
    """AdminConfirmSignUp: only for somebody who waits for it; MiniStack confirms whoever it is."""

    @answering
    def confirm(call: Data) -> Data:
        status = user_of(pool_of(call), call.get("Username"))["UserStatus"]
        if status != "UNCONFIRMED":
            raise Refused("NotAuthorizedException", f"User cannot be confirmed. Current status is {status}")
        return content(ministack(call))

    return confirm


def asked_again(ministack: Operation) -> Operation:
    """ResendConfirmationCode: not for somebody who is confirmed."""

    @answering
    def resend(call: Data) -> Data:
        user = _found(call)
        if user and user["UserStatus"] != "UNCONFIRMED":
            raise Refused("InvalidParameterException", "User is already confirmed.")
        return content(ministack(call))

    return resend


def forgotten(ministack: Operation) -> Operation:
    """ForgotPassword: a code only for an enabled user with a verified address, told as the app client allows."""

    @answering
    def forget(call: Data) -> Data:
        user = _found(call)
        if user is None:
            return content(ministack(call))
        _check_state(user)
        if refused := _unreachable(user):
            if hides_unknown_users(pool_of(call), call):
                return simulated_delivery(call["Username"])
            raise refused
        return content(ministack(call))

    return forget


def reset_by_administrator(ministack: Operation) -> Operation:
    """AdminResetUserPassword: refused where it would leave somebody without a way back in."""

    @answering
    def reset(call: Data) -> Data:
        user = user_of(pool_of(call), call.get("Username"))
        _check_state(user)
        if not _has_verified_address(user):
            raise Refused("InvalidParameterException", NO_ADDRESS)
        return content(ministack(call))

    return reset


def recovered(ministack: Operation) -> Operation:
    """ConfirmForgotPassword: a code sets one password."""

    @answering
    def recover(call: Data) -> Data:
        answer = content(ministack(call))
        pool = pool_of(call)
        codes.use_up(pool, user_of(pool, call.get("Username")), codes.RESET)
        return answer

    return recover


def _renewed(call: Data) -> str:
    """Give another temporary password to somebody who never replaced the last; return their name.

    MiniStack sends to anybody.
    """
    pool = pool_of(call)
    user = user_of(pool, call.get("Username"))
    if user["UserStatus"] != "FORCE_CHANGE_PASSWORD":
        raise Refused(
            "UnsupportedUserStateException",
            f"Resend not possible. {user['Username']} status is not FORCE_CHANGE_PASSWORD",
        )
    renew_invitation(pool, user, call.get("TemporaryPassword"))
    return str(call["Username"] if pool.get("UsernameAttributes") else user["Username"])


def _found(call: Data) -> Record | None:
    """Return the user of a call; None for nobody, of whom MiniStack tells as much as the app client allows."""
    try:
        return user_of(pool_of(call), call.get("Username"))
    except RefusedByMiniStack:
        return None


def _check_state(user: Record) -> None:
    if user["UserStatus"] == "FORCE_CHANGE_PASSWORD":
        raise Refused("NotAuthorizedException", WRONG_STATE)


def _unreachable(user: Record) -> Refused | None:
    """Return why no code can be sent to a user, or None."""
    if not user["Enabled"]:
        return Refused("NotAuthorizedException", "User is disabled.")
    if not _has_verified_address(user):
        return Refused("InvalidParameterException", NO_ADDRESS)
    return None


def _has_verified_address(user: Record) -> bool:
    attributes = attributes_of(user)
    return any(
        attributes.get(name) and attributes.get(f"{name}_verified") == "true" for name in ("email", "phone_number")
    )
