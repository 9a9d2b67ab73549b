"""What MiniStack's Cognito keeps, and the few of its own steps that our operations use.

Beside `hold`, the only module that knows MiniStack's names; `hold` checks them all at start.
"""

from collections.abc import Mapping
from typing import Any

from ministack.services import cognito

from local_cloud.cognito.answers import Answer, Data, Refused, RefusedByMiniStack, content

# ruff: noqa: SLF001 - MiniStack has no public names for these

NAMES = (
    "_authenticate_client",
    "_attr_list_to_dict",
    "_build_auth_result",
    "_challenge_sessions",
    "_code_delivery_response",
    "_find_pool_by_client_id",
    "_finish_auth_event",
    "_generate_temp_password",
    "_get_pool_unscoped",
    "_group_out",
    "_hides_user_existence",
    "_identity_login_fields",
    "_identity_pools",
    "_initiate_auth",
    "_issue_auth_code_redirect",
    "_masked_destination",
    "_merge_attributes",
    "_mfa_challenge_for_user",
    "_now_epoch",
    "_pin_unsigned_idp_scope",
    "_pool_for_client",
    "_record_auth_event",
    "_resolve_pool",
    "_resolve_user",
    "_respond_to_auth_challenge",
    "_revoked_tokens",
    "_signature_valid",
    "_signed_jwt",
    "_token_claims",
    "_totp_session_secrets",
    "_user_out",
    "_user_pool_for_access_token",
    "_validate_password",
)

Record = dict[str, Any]


def pool_anywhere(pool_id: str) -> Record:
    """Return a user pool of any Region; raises KeyError for an unknown one."""
    record: Record | None = cognito._get_pool_unscoped(pool_id)
    if record is None:
        raise KeyError(pool_id)
    return record


def pool_of(call: Data) -> Record:
    """Return the pool that a call names by its id, its access token or its app client; raises Refused."""
    if "UserPoolId" in call:
        return _found(cognito._resolve_pool(call["UserPoolId"]))
    if token := call.get("AccessToken"):
        owned: Record | None = cognito._user_pool_for_access_token(token)[1]
        if owned is None:
            raise Refused("NotAuthorizedException", "Invalid Access Token")
        return owned
    pool: Record | None = cognito._pool_for_client(call.get("ClientId"))[0]
    if pool is None:
        raise Refused("ResourceNotFoundException", f"User pool client {call.get('ClientId')} does not exist.")
    return pool


def user_of(pool: Record, name: str | None) -> Record:
    """Return a pool's user by name, sub or alias; raises Refused."""
    return _found(cognito._resolve_user(pool, name))


def client_of(pool: Record, client_id: str | None) -> Record:
    """Return a pool's app client; raises Refused."""
    client: Record | None = pool["_clients"].get(client_id)
    if client is None:
        raise Refused("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
    return client


def owner_of(access_token: str) -> Record | None:
    """Return the user whose access token this is, or None."""
    user: Record | None = cognito._user_pool_for_access_token(access_token)[0]
    return user


def attributes_of(user: Record) -> dict[str, str]:
    """Return a user's attributes by name."""
    found: dict[str, str] = cognito._attr_list_to_dict(user["Attributes"])
    return found


def group_of(pool: Record, name: str | None) -> Record:
    """Return a pool's group; raises Refused."""
    group: Record | None = pool["_groups"].get(name)
    if group is None:
        raise Refused("ResourceNotFoundException", "Group not found.")
    return group


def shown_user(user: Record) -> Data:
    """Return a user as ListUsers and ListUsersInGroup show them."""
    shown: Data = cognito._user_out(user)
    return shown


def shown_group(group: Record) -> Data:
    """Return a group as every call shows it."""
    shown: Data = cognito._group_out(group)
    return shown


def touch(record: Record, key: str = "LastModifiedDate") -> None:
    """Note that a record was changed just now."""
    record[key] = cognito._now_epoch()


def set_password(pool: Record, user: Record, password: str) -> None:
    """Give a user a permanent password; raises RefusedByMiniStack when the pool's policy forbids it."""
    if refusal := cognito._validate_password(pool, password):
        raise RefusedByMiniStack(refusal)
    user["_password"] = password
    user["UserStatus"] = "CONFIRMED"
    touch(user, "UserLastModifiedDate")


def set_attributes(user: Record, attributes: dict[str, str]) -> None:
    """Add attributes to a user's own, or change them."""
    updates = [{"Name": name, "Value": value} for name, value in attributes.items()]
    user["Attributes"] = cognito._merge_attributes(user["Attributes"], updates)


def remove_attributes(user: Record, names: set[str]) -> None:
    """Take attributes away from a user."""
    user["Attributes"] = [held for held in user["Attributes"] if held["Name"] not in names]
    touch(user, "UserLastModifiedDate")


def renew_invitation(pool: Record, user: Record, password: str | None) -> None:
    """Give an invited user another temporary password, that one or a new one; raises RefusedByMiniStack."""
    fresh: str = password or cognito._generate_temp_password()
    if refusal := cognito._validate_password(pool, fresh):
        raise RefusedByMiniStack(refusal)
    user["_password"] = fresh


def hides_unknown_users(pool: Record, call: Data) -> bool:
    """Tell whether the app client of a call must not show whether somebody exists."""
    return bool(cognito._hides_user_existence(pool, call.get("ClientId")))


def simulated_delivery(username: str) -> Data:
    """Return what ForgotPassword says when it sends nothing and doesn't show it."""
    return content(cognito._code_delivery_response(cognito._masked_destination(username)))


def claims_of(token: str) -> Data:
    """Return what a token says, without checking it."""
    claims: Data = cognito._token_claims(token)
    return claims


def signed(claims: Data, pool: Record) -> str:
    """Return a token with these claims, signed as the pool signs access and refresh tokens."""
    token: str = cognito._signed_jwt(claims, pool["Id"], "access")
    return token


def is_signed(token: str) -> bool:
    """Tell whether a token bears the signature of the pool that it names."""
    return bool(cognito._signature_valid(token))


def is_signed_out(user: Record, claims: Data) -> bool:
    """Tell whether a token of this user was revoked: by a global sign-out, by disabling, or on its own."""
    return claims.get("origin_jti") in cognito._revoked_tokens or claims["iat"] < int(user.get("_signout_at", 0))


def tokens_after_new_password(pool: Record, client_id: str, user: Record, call: Data) -> Data:
    """Return the tokens of somebody who has just replaced a temporary password."""
    cognito._record_auth_event(pool, user, call, "PasswordChange", "Pass")
    tokens: Data = cognito._build_auth_result(
        pool["Id"],
        client_id,
        user,
        trigger_source="TokenGeneration_NewPasswordChallenge",
        client_metadata=call.get("ClientMetadata", {}),
    )
    return tokens


def tokens_after_factor(pool: Record, client_id: str, user: Record, call: Data) -> Data:
    """Return the tokens of somebody who has just proved a second factor by a code that was sent."""
    note_factor(user, call, passed=True)
    tokens: Data = cognito._build_auth_result(
        pool["Id"], client_id, user, client_metadata=call.get("ClientMetadata", {})
    )
    return tokens


def note_factor(user: Record, call: Data, *, passed: bool) -> None:
    """Note in the user's events how the second factor of a sign-in went."""
    cognito._finish_auth_event(user, call.get("Session"), "Mfa", passed)


def custom_auth_name(session: str) -> str:
    """Return the name that a sign-in by the pool's own functions was begun with."""
    name: str = cognito._challenge_sessions[session]["username"]
    return name


def mfa_challenge(pool: Record, user: Record) -> Data | None:
    """Return the second-factor challenge that a user meets after the password, if any."""
    challenge: Data | None = cognito._mfa_challenge_for_user(pool, user, pool["Id"], user["Username"])
    return challenge


def sign_in_names(user: Record) -> set[str]:
    """Return the names that a user can be called by in an answer to a challenge."""
    aliases = {"sub", "email", "phone_number", "preferred_username"}
    return {user["Username"], *(held["Value"] for held in user["Attributes"] if held["Name"] in aliases)}


def enrol_totp(user: Record, secret: str) -> None:
    """Make TOTP with this secret a user's second factor."""
    user["_totp_secret"] = secret
    user["_mfa_enabled"] = [*{*user.get("_mfa_enabled", []), "SOFTWARE_TOKEN_MFA"}]
    user["_preferred_mfa"] = "SOFTWARE_TOKEN_MFA"


def pending_totp_secret(session: str) -> str:
    """Return the TOTP secret that AssociateSoftwareToken gave out for a session."""
    secret: str = cognito._totp_session_secrets[session]
    return secret


def totp_secret_to_prove(user: Record) -> str | None:
    """Return the TOTP secret that the user's next VerifySoftwareToken is about; None without one."""
    secret: str | None = user.get("_totp_pending_secret") or user.get("_totp_secret")
    return secret


def client_anywhere(client_id: str) -> Record | None:
    """Return an app client of any Region, or None."""
    client: Record | None = cognito._find_pool_by_client_id(client_id)[2]
    return client


def authorize(asked: Mapping[str, str]) -> Answer:
    """Return what managed login answers to an app: 200 with its first page, or why not."""
    answer: Answer = cognito.handle_oauth2_authorize("GET", "/oauth2/authorize", {}, asked)
    return answer


def sign_in_step(call: Data) -> Answer:
    """Run InitiateAuth, or RespondToAuthChallenge for a call that answers a challenge, in the client's Region."""
    cognito._pin_unsigned_idp_scope(call)
    run = cognito._respond_to_auth_challenge if "ChallengeName" in call else cognito._initiate_auth
    answer: Answer = run(call)
    return answer


def renew(call: Data) -> Answer:
    """Run GetTokensFromRefreshToken in the client's Region."""
    cognito._pin_unsigned_idp_scope({"ClientId": call["ClientId"]})
    answer: Answer = cognito._get_tokens_from_refresh_token(call)
    return answer


def redirect_with_code(asked: Mapping[str, str], username: str) -> Answer:
    """Return the way back to an app with a code for somebody who has signed in; the code is good once."""
    pool_id = cognito._find_pool_by_client_id(asked["client_id"])[0]
    more = {field: asked[field] for field in ("nonce", "code_challenge", "code_challenge_method", "state")}
    answer: Answer = cognito._issue_auth_code_redirect(
        asked["client_id"], pool_id, asked["redirect_uri"], asked["scope"], username, **more
    )
    return answer


def told_client(headers: Mapping[str, str], form: Mapping[str, str]) -> tuple[str, str]:
    """Return the client and the secret that a request to the token address names, empty texts for neither."""
    client_id, secret = cognito._authenticate_client(headers, form)
    return str(client_id), str(secret)


def identity_pool_of(call: Data) -> Record:
    """Return the identity pool that a call names by its id or by one of its identities; raises Refused."""
    if pool_id := call.get("IdentityPoolId"):
        pool: Record | None = cognito._identity_pools.get(pool_id)
        if pool is None:
            raise Refused("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")
        return pool
    identity_id = call.get("IdentityId")
    for candidate in cognito._identity_pools.values():
        if identity_id in candidate["_identities"]:
            found: Record = candidate
            return found
    raise Refused("ResourceNotFoundException", f"Identity '{identity_id}' not found.")


def login_marks(logins: dict[str, str]) -> list[str]:
    """Return the `amr` values of an identity with these logins: what it proved itself by."""
    marks: list[str] = cognito._identity_login_fields(logins)[0]
    return marks


def _found(answer: tuple[Any, Answer | None]) -> Record:
    record, refusal = answer
    if refusal is not None:
        raise RefusedByMiniStack(refusal)
    found: Record = record
    return found
