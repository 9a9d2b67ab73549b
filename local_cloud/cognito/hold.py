"""Where our operations take the place of MiniStack's.

MiniStack looks its operations up by name at every call, so replacing the names is enough,
for calls over the wire and for CloudFormation alike.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.services import cognito
from ministack.services.cloudformation import provisioners

from local_cloud.cognito import attributes, challenges, groups, guests, mfa, records, users
from local_cloud.cognito.answers import Answer, Data, Operation
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

REPLACED: dict[str, Operation] = {
    "_admin_list_groups_for_user": groups.admin_list_groups_for_user,
    "_list_groups": groups.list_groups,
    "_list_users": users.list_users,
    "_list_users_in_group": groups.list_users_in_group,
}
WRAPPED: dict[str, Callable[[Any], Any]] = {
    "_admin_initiate_auth": challenges.started,
    "_admin_respond_to_auth_challenge": challenges.answered,
    "_admin_update_user_attributes": attributes.written_by_administrator,
    "_associate_software_token": challenges.secret_given,
    "_create_group": groups.create_group,
    "_get_credentials_for_identity": guests.credentials,
    "_get_id": guests.identity,
    "_get_open_id_token": guests.open_id_token,
    "_initiate_auth": challenges.started,
    "_mfa_challenge_for_user": mfa.required,
    "_respond_to_auth_challenge": challenges.answered,
    "_sign_up": attributes.written_by_owner,
    "_update_user_attributes": attributes.written_by_owner,
    "_verify_software_token": challenges.secret_proved,
}
ADDED: dict[str, Operation] = {"UpdateGroup": groups.update_group}
"""Operations that MiniStack doesn't know, by the names that AWS gives them."""


def take_hold() -> None:
    """Replace MiniStack's operations; raises NameGone when this release lacks one of the names."""
    require(cognito, *records.NAMES, *REPLACED, *WRAPPED, "_dispatch_idp", "_run_idp_handler")
    require(provisioners, "_cognito_user_pool_attributes")
    for name, operation in REPLACED.items():
        setattr(cognito, name, operation)
    for name, wrap in WRAPPED.items():
        setattr(cognito, name, wrap(getattr(cognito, name)))
    cognito._dispatch_idp = _with_added(cognito._dispatch_idp)
    provisioners._cognito_user_pool_attributes = _with_provider_url(provisioners._cognito_user_pool_attributes)


def _with_added(dispatch: Callable[..., Any]) -> Callable[..., Any]:
    async def answer(action: str, call: Data) -> Answer:
        operation = ADDED.get(action)
        if operation is None:
            passed: Answer = await dispatch(action, call)
            return passed
        added: Answer = await run_reentrant(cognito._run_idp_handler, operation, action, call)
        return added

    return answer


def _with_provider_url(known_of: Callable[[str], dict[str, str]]) -> Callable[[str], dict[str, str]]:
    """Add the issuer to what `Fn::GetAtt` gives of a user pool."""

    def answer(pool_id: str) -> dict[str, str]:
        known = known_of(pool_id)
        return {**known, "ProviderURL": f"https://{known['ProviderName']}"}

    return answer
