"""The second factor after a password: which one is asked for, and what the challenge says.

MiniStack asks for TOTP alone, and lets in without any whoever hasn't set one up where the pool requires it.
"""

import base64
import json
import secrets
from collections.abc import Mapping

from local_cloud.cognito.answers import Data, Refused
from local_cloud.cognito.destinations import masked
from local_cloud.cognito.records import Record, attributes_of

TOTP = "SOFTWARE_TOKEN_MFA"
SMS = "SMS_MFA"
EMAIL = "EMAIL_OTP"
CHOICE = "SELECT_MFA_TYPE"
SET_UP = "MFA_SETUP"

ADDRESSES: Mapping[str, str] = {SMS: "phone_number", EMAIL: "email"}
"""The attribute that a factor's codes are sent to."""
ANSWERS: Mapping[str, str] = {TOTP: "SOFTWARE_TOKEN_MFA_CODE", SMS: "SMS_MFA_CODE", EMAIL: "EMAIL_OTP_CODE"}
"""The response that brings a factor's code."""
MEDIUMS: Mapping[str, str] = {SMS: "SMS", EMAIL: "EMAIL"}


def challenge(pool: Record, user: Record, _pool_id: str, username: str) -> Data | None:
    """Return the challenge that follows a right password, None when no second factor is asked for.

    Raises Refused where the pool requires one and the user has no way to set one up.
    """
    setting = pool.get("MfaConfiguration", "OFF")
    if setting == "OFF":
        return None
    usable = factors(pool, user)
    if not usable:
        return _set_up(pool, username) if setting == "ON" else None
    preferred = user.get("_preferred_mfa")
    if preferred in usable:
        return asked(preferred, user, username)
    if len(usable) == 1:
        return asked(usable[0], user, username)
    return _put(CHOICE, username, MFAS_CAN_CHOOSE=json.dumps(usable))


def factors(pool: Record, user: Record) -> list[str]:
    """Return the factors that a user can be asked for.

    Where the pool requires a factor and the user turned none on, an address that codes can go to is one.
    """
    own = user.get("_mfa_enabled") or []
    usable = [factor for factor in (SMS, EMAIL, TOTP) if factor in own and _works(pool, user, factor)]
    if not usable and pool.get("MfaConfiguration") == "ON":
        usable = [factor for factor in ADDRESSES if _works(pool, user, factor)]
    return usable


def asked(factor: str, user: Record, username: str) -> Data:
    """Return the challenge that asks for one factor."""
    if factor not in ADDRESSES:
        return _put(factor, username, FRIENDLY_DEVICE_NAME="TOTP device")
    destination = masked(attributes_of(user)[ADDRESSES[factor]])
    medium = MEDIUMS[factor]
    return _put(factor, username, CODE_DELIVERY_DELIVERY_MEDIUM=medium, CODE_DELIVERY_DESTINATION=destination)


def chosen(pool: Record, user: Record, answer: object) -> Data:
    """Return the challenge of the factor that a user chose; raises Refused for one that wasn't offered."""
    if answer not in factors(pool, user):
        raise Refused("InvalidParameterException", f"{answer} is none of the factors to choose from.")
    return asked(str(answer), user, user["Username"])


def offers(pool: Record, factor: str) -> bool:
    """Tell whether a pool sends codes for a factor; TOTP works in every pool."""
    if factor == SMS:
        return bool((pool.get("SmsMfaConfiguration") or {}).get("SmsConfiguration"))
    return factor == TOTP or pool.get("EmailMfaConfiguration") is not None


def _works(pool: Record, user: Record, factor: str) -> bool:
    has_it = user.get("_totp_secret") if factor == TOTP else attributes_of(user).get(ADDRESSES[factor])
    return bool(has_it) and offers(pool, factor)


def _set_up(pool: Record, username: str) -> Data:
    possible = [factor for factor in (SMS, EMAIL) if offers(pool, factor)]
    if not possible or pool.get("SoftwareTokenMfaConfiguration", {}).get("Enabled"):
        possible.append(TOTP)
    if possible == [SMS]:
        raise Refused("MFAMethodNotFoundException", "No MFA mechanism is registered in the account.")
    return _put(SET_UP, username, MFAS_CAN_SETUP=json.dumps(possible))


def _put(name: str, username: str, **parameters: str) -> Data:
    return {
        "ChallengeName": name,
        "Session": base64.b64encode(secrets.token_bytes(32)).decode(),
        "ChallengeParameters": {**parameters, "USER_ID_FOR_SRP": username},
    }
