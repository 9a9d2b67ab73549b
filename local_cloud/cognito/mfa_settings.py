"""Which second factors a pool asks for: none without one that it offers. MiniStack stores what comes."""

from collections.abc import Awaitable, Callable

from local_cloud.cognito.answers import Answer, Data, Operation, Refused, answering, content
from local_cloud.cognito.records import pool_anywhere, pool_of

SOFTWARE_TOKEN = "SoftwareTokenMfaConfiguration"  # noqa: S105 - a setting's name
FACTORS = ("SmsMfaConfiguration", "EmailMfaConfiguration", SOFTWARE_TOKEN)
"""The settings that offer a factor; a passkey is none."""

Dispatch = Callable[[str, Data], Awaitable[Answer]]


def configured(ministack: Operation) -> Operation:
    """SetUserPoolMfaConfig: all settings at once, so that whatever the call doesn't name is off afterwards.

    A factor counts as offered when it is named, even as one that isn't enabled.
    """

    @answering
    def operation(call: Data) -> Data:
        pool = pool_of(call)
        named = [name for name in FACTORS if call.get(name) is not None]
        asked = call.get("MfaConfiguration") or "OFF"
        if asked == "OFF" and named:
            raise _invalid("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
        if asked != "OFF" and not named:
            raise _invalid(
                "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
            )
        for name in FACTORS:
            pool.pop(name, None)
        return content(ministack({**call, "MfaConfiguration": asked}))

    return operation


def at_creation(dispatch: Dispatch) -> Dispatch:
    """CreateUserPool as a client calls it: it knows no factor but text messages.

    CloudFormation makes a pool with the factors that a template names (`EnabledMfas`), and isn't asked here.
    """

    @answering
    def check(call: Data) -> Data:
        if (call.get("MfaConfiguration") or "OFF") != "OFF" and not call.get("SmsConfiguration"):
            raise _invalid(
                "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
            )
        return {}

    async def answer(action: str, call: Data) -> Answer:
        if action == "CreateUserPool":
            refused = check(call)
            if refused[0] != 200:
                return refused
        return await dispatch(action, call)

    return answer


def of_template(pool_id: str, old: Data, new: Data) -> None:
    """Turn the authenticator app on or off as a template does (`EnabledMfas`), and nothing else with it."""
    was, now = ("SOFTWARE_TOKEN_MFA" in (given.get("EnabledMfas") or []) for given in (old, new))
    if was != now:
        pool_anywhere(pool_id)[SOFTWARE_TOKEN] = {"Enabled": now}


def _invalid(why: str) -> Refused:
    return Refused("InvalidParameterException", why)
