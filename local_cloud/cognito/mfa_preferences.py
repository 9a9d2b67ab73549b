"""Which second factors somebody turns on: MiniStack knows no e-mail, and takes what can't work."""

from collections.abc import Mapping

from local_cloud.cognito import mfa
from local_cloud.cognito.answers import Data, Operation, Refused, answering
from local_cloud.cognito.records import Record, attributes_of, owner_of, pool_of, user_of

SETTINGS: Mapping[str, str] = {
    "SMSMfaSettings": mfa.SMS,
    "EmailMfaSettings": mfa.EMAIL,
    "SoftwareTokenMfaSettings": mfa.TOTP,
}


def set_by_administrator(_: Operation) -> Operation:
    """AdminSetUserMFAPreference."""

    @answering
    def prefer(call: Data) -> Data:
        _change(user_of(pool_of(call), call.get("Username")), call, "User does not have delivery config set to turn on")
        return {}

    return prefer


def set_by_owner(_: Operation) -> Operation:
    """SetUserMFAPreference."""

    @answering
    def prefer(call: Data) -> Data:
        user = owner_of(call["AccessToken"])
        if user is None:
            raise Refused("NotAuthorizedException", "Invalid Access Token")
        _change(user, call, "User has not set up")
        return {}

    return prefer


def _change(user: Record, call: Data, cannot: str) -> None:
    """Turn factors on and off, all or none; a factor that the call doesn't name stays as it is."""
    given = {SETTINGS[name]: settings for name, settings in call.items() if name in SETTINGS}
    for factor, settings in given.items():
        if settings.get("Enabled") and not _can_prove(user, factor):
            raise Refused("InvalidParameterException", f"{cannot} {factor}")
    preferred = [factor for factor, settings in given.items() if settings.get("PreferredMfa")]
    if len(preferred) > 1:
        raise Refused("InvalidParameterException", "Only one factor can be preferred.")
    enabled = [*user.get("_mfa_enabled", [])]
    for factor, settings in given.items():
        enabled = [each for each in enabled if each != factor] + ([factor] if settings.get("Enabled") else [])
        if user.get("_preferred_mfa") == factor:
            user["_preferred_mfa"] = ""
    user["_mfa_enabled"] = enabled
    if preferred and preferred[0] in enabled:
        user["_preferred_mfa"] = preferred[0]


def _can_prove(user: Record, factor: str) -> bool:
    if factor == mfa.TOTP:
        return bool(user.get("_totp_secret"))
    return bool(attributes_of(user).get(mfa.ADDRESSES[factor]))
