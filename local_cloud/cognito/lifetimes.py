"""How long tokens live: no longer than Cognito lets them, where MiniStack takes any number.

Cognito's shortest times, five minutes and an hour, aren't held to: a token that ran out couldn't be shown.
"""

from collections.abc import Mapping

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content

UNITS: Mapping[str, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
BOUNDS: Mapping[str, tuple[str, int, int]] = {
    "AccessToken": ("hours", 3600, 86_400),
    "IdToken": ("hours", 3600, 86_400),
    "RefreshToken": ("days", 30 * 86_400, 3650 * 86_400),
}
"""Of each token: the unit unless told, and in seconds the time unless told and the longest."""


def client_checked(ministack: Operation) -> Operation:
    """CreateUserPoolClient and UpdateUserPoolClient: refuse times out of bounds."""

    @answering
    def check(call: Data) -> Data:
        seconds = {token: _seconds(call, token) for token in BOUNDS}
        for token, (_, _, longest) in BOUNDS.items():
            if not 0 < seconds[token] <= min(longest, seconds["RefreshToken"]):
                raise Refused("InvalidParameterException", f"Invalid range for token validity of {token}.")
        return content(ministack(call))

    return check


def _seconds(call: Data, token: str) -> int:
    unit, unless_told, _ = BOUNDS[token]
    value = call.get(f"{token}Validity")
    if not value:
        return unless_told
    told = (call.get("TokenValidityUnits") or {}).get(token) or unit
    if told not in UNITS:
        raise Refused("InvalidParameterException", f"{told} is no unit of time.")
    return int(value) * UNITS[told]
