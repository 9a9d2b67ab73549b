"""User pools of a test's own, one for each way in that a pool may ask for, and people in them."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.cloud import Cloud
from tests.contract import codes
from tests.contract.directories import FLOWS, PASSWORD, Directory
from tests.contract.workshop import Workshop

__all__ = ["PASSWORD"]

EVERY_FACTOR: dict[str, Any] = {
    "MfaConfiguration": "ON",
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "EmailMfaConfiguration": {"Subject": "Your code", "Message": "It is {####}."},
    "SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}},
}
REQUIRED = ("given_name", "birthdate")

# One question; the answer is the user's name backwards, and a wrong one may be corrected once.
DEFINE = """
def handler(event, context):
    past = [each for each in event["request"]["session"] if each["challengeName"] == "CUSTOM_CHALLENGE"]
    if event["request"]["session"] and event["request"]["session"][-1]["challengeName"] == "SRP_A":
        event["response"] = {"challengeName": "PASSWORD_VERIFIER", "issueTokens": False, "failAuthentication": False}
        return event
    right = bool(past) and past[-1]["challengeResult"]
    event["response"] = {
        "issueTokens": right,
        "failAuthentication": len(past) == 2 and not right,
        "challengeName": "CUSTOM_CHALLENGE",
    }
    return event
"""
CREATE = """
def handler(event, context):
    event["response"] = {
        "publicChallengeParameters": {"question": "What is **your name** backwards?"},
        "privateChallengeParameters": {"answer": event["userName"][::-1]},
    }
    return event
"""
VERIFY = """
def handler(event, context):
    asked = event["request"]
    event["response"] = {"answerCorrect": asked["challengeAnswer"] == asked["privateChallengeParameters"]["answer"]}
    return event
"""


@dataclass(frozen=True)
class OwnPool:
    """A user pool with one app client.

    Attributes:
        secret: the app client's; empty when it has none.
    """

    cloud: Cloud
    pool_id: str
    client_id: str
    secret: str = ""

    @cached_property
    def admin(self) -> Any:
        """A client that may do everything."""
        return self.cloud.client("cognito-idp")

    def settings(self, flow: str) -> dict[str, str]:
        """The variables by which a dashboard finds this pool instead of the stack's."""
        found = {
            "GATEHOUSE_LOCAL_CLOUD": str(self.cloud.folder),
            "GATEHOUSE_USER_POOL_ID": self.pool_id,
            "GATEHOUSE_CLIENT_ID": self.client_id,
            "GATEHOUSE_SIGN_IN_FLOW": flow,
        }
        return found | ({"GATEHOUSE_CLIENT_SECRET": self.secret} if self.secret else {})

    def add(self, *factors: str, permanent: bool = True, **attributes: str) -> str:
        """Add an admin; returns the user name.

        Args:
            factors: the settings of second factors that are turned on, e.g. `SMSMfaSettings`.
            permanent: whether `PASSWORD` is theirs for good.
            attributes: what the directory knows of them.
        """
        name, pool = f"person-{secrets.token_hex(4)}", {"UserPoolId": self.pool_id}
        told = [{"Name": key, "Value": value} for key, value in attributes.items()]
        self.admin.admin_create_user(**pool, Username=name, UserAttributes=told, MessageAction="SUPPRESS")
        self.admin.admin_set_user_password(**pool, Username=name, Password=PASSWORD, Permanent=permanent)
        self.admin.admin_add_user_to_group(**pool, Username=name, GroupName="admins")
        for factor in factors:
            self.admin.admin_set_user_mfa_preference(**pool, Username=name, **{factor: {"Enabled": True}})
        return name

    def code(self, name: str) -> str:
        """The newest code that was sent to somebody."""
        return codes.code(self.cloud, Directory(None, None, self.pool_id, self.client_id), name)


def own_pool(cloud: Cloud, client: dict[str, Any] | None = None, **settings: Any) -> OwnPool:
    """Make a user pool with the group `admins`.

    Args:
        cloud: where.
        client: settings of its app client.
        settings: its own, as CreateUserPool takes them.
    """
    admin = cloud.client("cognito-idp")
    pool_id = admin.create_user_pool(PoolName=f"test-{secrets.token_hex(4)}", **settings)["UserPool"]["Id"]
    admin.create_group(UserPoolId=pool_id, GroupName="admins")
    allowed = {"ExplicitAuthFlows": [*FLOWS, "ALLOW_CUSTOM_AUTH"], "PreventUserExistenceErrors": "ENABLED"}
    made = admin.create_user_pool_client(UserPoolId=pool_id, ClientName="test", **(allowed | (client or {})))
    described = made["UserPoolClient"]
    return OwnPool(cloud, pool_id, described["ClientId"], described.get("ClientSecret", ""))


def strict_pool(cloud: Cloud) -> OwnPool:
    """A pool that requires a second factor and attributes; its app client has a secret."""
    schema = [{"Name": name, "Required": True, "Mutable": True} for name in REQUIRED]
    made = own_pool(cloud, {"GenerateSecret": True}, Schema=schema)
    made.admin.set_user_pool_mfa_config(UserPoolId=made.pool_id, **EVERY_FACTOR)
    return made


def asking_pool(cloud: Cloud) -> OwnPool:
    """A pool whose triggers ask a question of their own."""
    workshop = Workshop(cloud)
    triggers = {
        "DefineAuthChallenge": workshop.function(DEFINE),
        "CreateAuthChallenge": workshop.function(CREATE),
        "VerifyAuthChallengeResponse": workshop.function(VERIFY),
    }
    return own_pool(cloud, LambdaConfig=triggers)
