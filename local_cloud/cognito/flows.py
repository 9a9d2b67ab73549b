"""Ways of signing in that an app client doesn't allow: MiniStack holds only the flows with a password to that.

It also lets a client for which nothing was said use all of them.
"""

from collections.abc import Callable, Mapping

from ministack.core.responses import error_response_json

from local_cloud.cognito.answers import Answer, Data, Refused, RefusedByMiniStack
from local_cloud.cognito.records import client_of, pool_of

UNLESS_TOLD = frozenset({"ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"})
"""What Cognito allows a client for which nothing was said."""

CHOSEN_BEFORE = frozenset({"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"})
"""Values of the earlier scheme, in which SRP and refreshing are allowed besides what is chosen."""

NEEDED: Mapping[str, frozenset[str]] = {
    "ADMIN_NO_SRP_AUTH": frozenset({"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"}),
    "ADMIN_USER_PASSWORD_AUTH": frozenset({"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"}),
    "CUSTOM_AUTH": frozenset({"ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"}),
    "REFRESH_TOKEN": frozenset({"ALLOW_REFRESH_TOKEN_AUTH"}),
    "REFRESH_TOKEN_AUTH": frozenset({"ALLOW_REFRESH_TOKEN_AUTH"}),
    "USER_PASSWORD_AUTH": frozenset({"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"}),
    "USER_SRP_AUTH": frozenset({"ALLOW_USER_SRP_AUTH"}),
}
"""Settings of which each flow needs one."""

TOLD: Mapping[str, str] = {
    "CUSTOM_AUTH": "CUSTOM_AUTH is not enabled for the client.",
    "USER_PASSWORD_AUTH": "USER_PASSWORD_AUTH flow not enabled for this client",
    "USER_SRP_AUTH": "USER_SRP_AUTH is not enabled for the client.",
}
TOLD_ELSE = "Auth flow not enabled for this client"

Check = Callable[[str, Data], Answer | None]


def refused(ministack: Check) -> Check:
    """InitiateAuth and AdminInitiateAuth: refuse a flow that the app client doesn't allow."""

    def refusal(action: str, call: Data) -> Answer | None:
        flow = str(call.get("AuthFlow"))
        if action.endswith("InitiateAuth") and flow in NEEDED and not NEEDED[flow] & _allowed(call):
            answer: Answer = error_response_json("InvalidParameterException", TOLD.get(flow, TOLD_ELSE), 400)
            return answer
        return ministack(action, call)

    return refusal


def _allowed(call: Data) -> frozenset[str]:
    """Return what the client of a call allows; everything for one that isn't there, which MiniStack refuses."""
    try:
        told = frozenset(client_of(pool_of(call), call.get("ClientId")).get("ExplicitAuthFlows") or UNLESS_TOLD)
    except (Refused, RefusedByMiniStack):
        return frozenset().union(*NEEDED.values())
    return told | UNLESS_TOLD if told <= CHOSEN_BEFORE - {"CUSTOM_AUTH_FLOW_ONLY"} else told
