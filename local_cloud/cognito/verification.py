"""Addresses and phone numbers of people who have an account: the code that proves one, and what waits for it.

MiniStack has neither GetUserAttributeVerificationCode nor VerifyUserAttribute, sends nothing for a new
address, and takes it at once where the pool keeps the old one until the new one is proved.
"""

from collections.abc import Mapping

from local_cloud.cognito import aliases, codes
from local_cloud.cognito.answers import Data, Refused, answering
from local_cloud.cognito.destinations import delivery
from local_cloud.cognito.records import Record, attributes_of, owner_of, pool_of, set_attributes

MARKS: Mapping[str, str] = {"email": "email_verified", "phone_number": "phone_number_verified"}
"""Addresses, and the mark that goes with each."""


@answering
def get_user_attribute_verification_code(call: Data) -> Data:
    """Cognito GetUserAttributeVerificationCode: to the address that somebody has."""
    pool, user, name = _asked(call)
    address = attributes_of(user).get(name)
    if not address:
        raise Refused("InvalidParameterException", f"User does not have the attribute {name}.")
    return {"CodeDeliveryDetails": send(pool, user, name, address)}


@answering
def verify_user_attribute(call: Data) -> Data:
    """Cognito VerifyUserAttribute: the address is verified, and taken if it waited for that."""
    pool, user, name = _asked(call)
    purpose = codes.for_address(name)
    address = codes.checked(pool, user, purpose, call.get("Code"))["value"]
    aliases.check_free(pool, user, name, address)
    set_attributes(user, {name: address, MARKS[name]: "true"})
    codes.use_up(pool, user, purpose)
    return {}


def waits_for_proof(pool: Record, name: str) -> bool:
    """Tell whether a pool keeps the old address until a new one is proved."""
    settings = pool.get("UserAttributeUpdateSettings") or {}
    return name in (settings.get("AttributesRequireVerificationBeforeUpdate") or [])


def send(pool: Record, user: Record, name: str, address: str) -> Data:
    """Send a code that proves an address; return how it went out."""
    codes.issue(pool, user, codes.for_address(name), destination=address, value=address)
    return delivery(name, address)


def _asked(call: Data) -> tuple[Record, Record, str]:
    """Return pool, user and attribute of a call by the user; raises Refused."""
    user, name = owner_of(call["AccessToken"]), str(call.get("AttributeName"))
    if user is None:
        raise Refused("NotAuthorizedException", "Invalid Access Token")
    if name not in MARKS:
        raise Refused("InvalidParameterException", f"The attribute {name} can't be verified.")
    return pool_of(call), user, name
