"""What a user pool asks of a new user: the form of its name, the attributes, the password, a second factor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from services.authorization.callers.lease import DOMAIN
from services.aws_errors import spoken
from services.errors import Refused
from services.password_policy import PasswordPolicy, policy

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

# What Cognito takes for the standard attributes that have a form of their own.
_FORMED: Mapping[str, str] = {
    "birthdate": "2000-01-01",
    "gender": "unknown",
    "locale": "en-US",
    "picture": f"https://{DOMAIN}/picture",
    "profile": f"https://{DOMAIN}/profile",
    "website": f"https://{DOMAIN}/",
    "zoneinfo": "UTC",
}


@dataclass(frozen=True, slots=True)
class PoolShape:
    """One user pool's demands.

    Attributes:
        names_are_emails: people sign in by e-mail address, and a new user's name has to be one.
        no_stand_in: why no stand-in can be made in such a pool; empty where one can.
        required: the attributes that a user must have, as DescribeUserPool describes them.
        passwords: what the pool asks of a password.
    """

    names_are_emails: bool
    no_stand_in: str
    required: tuple[Mapping[str, Any], ...]
    passwords: PasswordPolicy

    def username(self, name: str) -> str:
        """The name in the form that the pool takes."""
        return f"{name}@{DOMAIN}" if self.names_are_emails else name

    def attributes(self, name: str) -> dict[str, str]:
        """A value for every required attribute, within its bounds, and an e-mail address that counts as proved."""
        values = {each["Name"]: _value(each, name) for each in self.required if each["Name"] != "sub"}
        # Nothing is ever sent there: the stand-in is made without a message, and its domain has no mail.
        return {**values, "email": f"{name}@{DOMAIN}", "email_verified": "true"}


def pool_shape(client: "CognitoIdentityProviderClient", pool_id: str) -> PoolShape:
    """What the pool asks of new users. DescribeUserPool.

    Raises:
        ServiceError: Cognito refused or failed.
    """
    with spoken("read what the user pool asks of a user"):
        pool = client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    names: Sequence[str] = pool.get("UsernameAttributes", [])
    return PoolShape(
        names_are_emails="email" in names,
        no_stand_in=_no_stand_in(names, pool.get("MfaConfiguration", "OFF")),
        required=tuple(each for each in pool.get("SchemaAttributes", []) if each.get("Required")),
        passwords=policy(pool.get("Policies", {}).get("PasswordPolicy", {})),
    )


def refuse_impossible(shape: PoolShape) -> None:
    """Raise `Refused` where the pool can have no stand-in."""
    if shape.no_stand_in:
        raise Refused(
            "Could not make a stand-in",
            shape.no_stand_in,
            "Let a person of the group sign in for the column instead",
        )


def _no_stand_in(names: Sequence[str], factors: str) -> str:
    if factors == "ON":
        return "The user pool requires a second factor, which nobody can type for a user made for one run"
    if names and "email" not in names:
        return "People of this user pool sign in by phone number, and no made-up number is surely nobody's"
    return ""


def _value(attribute: Mapping[str, Any], name: str) -> str:
    match attribute.get("AttributeDataType", "String"):
        case "Number":
            return _number(attribute)
        case "Boolean":
            return "false"
        case "DateTime":
            return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if attribute["Name"] == "phone_number":
        # 555-01xx is set aside for made-up numbers.
        return "+12025550100"
    bounds = attribute.get("StringAttributeConstraints", {})
    text = _FORMED.get(attribute["Name"], name)
    longest = int(bounds.get("MaxLength") or 2048)
    return text[:longest].ljust(int(bounds.get("MinLength") or 0), "x")


def _number(attribute: Mapping[str, Any]) -> str:
    bounds = attribute.get("NumberAttributeConstraints", {})
    return str(bounds.get("MinValue") or min(0, int(bounds.get("MaxValue") or 0)))
