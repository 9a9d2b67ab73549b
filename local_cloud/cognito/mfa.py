"""The second factor after a password."""

import base64
import json
import secrets
from collections.abc import Callable

from local_cloud.cognito.answers import Data
from local_cloud.cognito.records import Record

Challenge = Callable[[Record, Record, str, str], Data | None]


def required(ministack: Challenge) -> Challenge:
    """Add MFA_SETUP where the pool requires a second factor and the user has none.

    MiniStack lets such a user in without one.
    """

    def challenge(pool: Record, user: Record, pool_id: str, username: str) -> Data | None:
        if pool.get("MfaConfiguration") == "ON" and not user.get("_mfa_enabled"):
            return {
                "ChallengeName": "MFA_SETUP",
                "Session": base64.b64encode(secrets.token_bytes(32)).decode(),
                "ChallengeParameters": {
                    "MFAS_CAN_SETUP": json.dumps(["SOFTWARE_TOKEN_MFA"]),
                    "USER_ID_FOR_SRP": username,
                },
            }
        return ministack(pool, user, pool_id, username)

    return challenge
