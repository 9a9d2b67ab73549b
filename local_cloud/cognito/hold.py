"""Where our operations take the place of MiniStack's.

MiniStack looks its operations up by name at every call, so replacing the names is enough,
for calls over the wire and for CloudFormation alike.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from botocore import xform_name  # type: ignore[import-untyped]
from ministack.core.concurrency import run_reentrant
from ministack.services import cognito
from ministack.services.cloudformation import provisioners

from local_cloud.cognito import (
    attributes,
    challenges,
    client_secrets,
    codes,
    deployed_mappings,
    destinations,
    flows,
    groups,
    guests,
    lifetimes,
    lockout,
    managed_login,
    mfa,
    mfa_preferences,
    mfa_settings,
    names,
    pools,
    records,
    recovery,
    refresh,
    role_settings,
    token_claims,
    token_roles,
    users,
    verification,
)
from local_cloud.cognito.answers import Answer, Data, Operation
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Dispatch = Callable[[str, Data], Awaitable[Answer]]

REPLACED: dict[str, Callable[..., Any]] = {
    "_admin_list_groups_for_user": groups.admin_list_groups_for_user,
    "_client_secret": client_secrets.fresh,
    "_confirmation_code_error": codes.refusal,
    "_list_groups": groups.list_groups,
    "_list_users": users.list_users,
    "_list_users_in_group": groups.list_users_in_group,
    "_masked_destination": destinations.masked,
    "_mfa_challenge_for_user": mfa.challenge,
    "_send_verification_email": codes.send,
}
WRAPPED: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "_admin_confirm_sign_up": (recovery.confirmed_by_administrator,),
    "_admin_create_user": (recovery.invited, attributes.of_new_user),
    "_admin_initiate_auth": (challenges.started,),
    "_admin_remove_user_from_group": (groups.left,),
    "_admin_reset_user_password": (recovery.reset_by_administrator,),
    "_admin_respond_to_auth_challenge": (challenges.answered,),
    "_admin_set_user_mfa_preference": (mfa_preferences.set_by_administrator,),
    "_admin_update_user_attributes": (attributes.written_by_administrator,),
    "_apply_pretoken_trigger": (token_roles.with_roles, token_claims.completed),
    "_associate_software_token": (challenges.secret_given,),
    "_auth_flow_error": (flows.refused, refresh.flow_refused),
    "_build_auth_result": (token_claims.of_one_event, managed_login.withheld),
    "_confirm_forgot_password": (recovery.recovered,),
    "_confirm_sign_up": (recovery.confirmed,),
    "_create_group": (groups.create_group,),
    "_create_user_pool": (pools.created,),
    "_create_user_pool_client": (refresh.client_kept, lifetimes.client_checked),
    "_delete_user_pool": (pools.deleted,),
    "_forgot_password": (recovery.forgotten,),
    "_get_credentials_for_identity": (guests.credentials,),
    "_get_id": (guests.identity,),
    "_get_open_id_token": (guests.open_id_token,),
    "_get_tokens_from_refresh_token": (refresh.renewed,),
    "_initiate_auth": (challenges.started,),
    "_password_signin_refused": (lockout.refused,),
    "_record_auth_event": (lockout.noted,),
    "_oauth2_token": (managed_login.renewed,),
    "_refresh_auth_result": (token_claims.renewed,),
    "_refresh_auth_user": (refresh.user_of_token,),
    "_resend_confirmation_code": (recovery.asked_again,),
    "_resolve_user": (names.in_any_letters,),
    "_respond_to_auth_challenge": (challenges.answered,),
    "_revoke_token": (refresh.revoked,),
    "_set_identity_pool_roles": (role_settings.checked, deployed_mappings.by_provider),
    "_set_user_mfa_preference": (mfa_preferences.set_by_owner,),
    "_set_user_pool_mfa_config": (mfa_settings.configured,),
    "_signed_jwt": (token_claims.stamped,),
    "_sign_up": (attributes.signed_up,),
    "_update_user_attributes": (attributes.written_by_owner,),
    "_update_user_pool_client": (refresh.client_kept, lifetimes.client_checked),
    "_verify_software_token": (challenges.secret_proved,),
    "handle_login_submit": (managed_login.submitted,),
    "handle_logout": (managed_login.left,),
    "handle_oauth2_authorize": (managed_login.authorized,),
}
"""What stands around MiniStack's own, the innermost first."""

ADDED: dict[str, Operation] = {
    "AdminDeleteUserAttributes": attributes.admin_delete_user_attributes,
    "DeleteUserAttributes": attributes.delete_user_attributes,
    "GetUserAttributeVerificationCode": verification.get_user_attribute_verification_code,
    "UpdateGroup": groups.update_group,
    "VerifyUserAttribute": verification.verify_user_attribute,
}
"""Operations that MiniStack doesn't know, by the names that AWS gives them."""

BY_OWNER = frozenset({"DeleteUserAttributes", "GetUserAttributeVerificationCode", "VerifyUserAttribute"})
"""Those among them that nobody signs: the access token says whose they are, and in which Region."""

UNKNOWN = b'{"__type":"UnknownOperationException"}'
"""What AWS says of an operation that it doesn't know."""


def take_hold() -> None:
    """Replace MiniStack's operations; raises NameGone when this release lacks one of the names."""
    require(cognito, *records.NAMES, *REPLACED, *WRAPPED, "_dispatch_idp", "_dispatch_identity", "_run_idp_handler")
    require(cognito, "_UNSIGNED_IDP_ACTIONS", "_LOGIN_TOKEN_CLOCK_SKEW")
    require(provisioners, "_cognito_user_pool_attributes", "_cognito_user_pool_software_token_mfa")
    for name, operation in REPLACED.items():
        setattr(cognito, name, operation)
    for name, wraps in WRAPPED.items():
        for wrap in wraps:
            setattr(cognito, name, wrap(getattr(cognito, name)))
    for name, operation in ADDED.items():
        setattr(cognito, f"_{xform_name(name)}", operation)
    cognito._UNSIGNED_IDP_ACTIONS.update(BY_OWNER)
    cognito._LOGIN_TOKEN_CLOCK_SKEW = 0  # whoever issues tokens and whoever checks them have one clock here
    cognito._dispatch_idp = mfa_settings.at_creation(_with_added(_naming_the_unknown(cognito._dispatch_idp)))
    cognito._dispatch_identity = _naming_the_unknown(cognito._dispatch_identity)
    provisioners._cognito_user_pool_software_token_mfa = mfa_settings.of_template
    provisioners._cognito_user_pool_attributes = _with_provider_url(provisioners._cognito_user_pool_attributes)


def _naming_the_unknown(dispatch: Dispatch) -> Dispatch:
    """Answer an operation that nobody here knows as AWS does; MiniStack has words of its own for it."""

    async def answer(action: str, call: Data) -> Answer:
        status, headers, body = await dispatch(action, call)
        if status == 400 and json.loads(body).get("__type") == "InvalidAction":
            return status, headers, UNKNOWN
        return status, headers, body

    return answer


def _with_added(dispatch: Dispatch) -> Dispatch:
    async def answer(action: str, call: Data) -> Answer:
        operation = ADDED.get(action)
        if operation is None:
            return await dispatch(action, call)
        added: Answer = await run_reentrant(cognito._run_idp_handler, operation, action, call)
        return added

    return answer


def _with_provider_url(known_of: Callable[[str], dict[str, str]]) -> Callable[[str], dict[str, str]]:
    """Add the issuer to what `Fn::GetAtt` gives of a user pool."""

    def answer(pool_id: str) -> dict[str, str]:
        known = known_of(pool_id)
        return {**known, "ProviderURL": f"https://{known['ProviderName']}"}

    return answer
