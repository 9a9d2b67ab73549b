"""User pools of a test's own, and people in them."""

import secrets
from dataclasses import dataclass
from typing import Any

from pycognito.aws_srp import AWSSRP

from tests.authenticator import unused
from tests.cloud import Cloud

PASSWORD = "Correct-horse-9"
FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


@dataclass(frozen=True)
class Directory:
    """One user pool with one app client."""

    admin: Any
    """A cognito-idp client that may do everything."""
    public: Any
    """A cognito-idp client without credentials."""
    pool_id: str
    client_id: str

    def add(self, name: str, password: str = PASSWORD, *, permanent: bool = True) -> None:
        """Add somebody with a verified e-mail address."""
        self.admin.admin_create_user(
            UserPoolId=self.pool_id,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": f"{name}@example.com"},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        self.admin.admin_set_user_password(
            UserPoolId=self.pool_id, Username=name, Password=password, Permanent=permanent
        )

    def srp(self, name: str, password: str = PASSWORD) -> dict[str, Any]:
        """Sign in over SRP; returns tokens or the next challenge."""
        proof = AWSSRP(name, password, self.pool_id, self.client_id, client=self.public)
        started = self.public.initiate_auth(
            AuthFlow="USER_SRP_AUTH", AuthParameters=proof.get_auth_params(), ClientId=self.client_id
        )
        answered: dict[str, Any] = self.public.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=started["ChallengeName"],
            ChallengeResponses=proof.process_challenge(started["ChallengeParameters"], proof.get_auth_params()),
        )
        return answered

    def answer(self, challenge: str, session: str, name: str, **responses: str) -> dict[str, Any]:
        """Answer a challenge (RespondToAuthChallenge)."""
        answered: dict[str, Any] = self.public.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=challenge,
            Session=session,
            ChallengeResponses={"USERNAME": name, **responses},
        )
        return answered

    def enrol_totp(self, name: str) -> str:
        """Give somebody TOTP as second factor; returns the secret."""
        access = self.srp(name)["AuthenticationResult"]["AccessToken"]
        secret: str = self.public.associate_software_token(AccessToken=access)["SecretCode"]
        self.public.verify_software_token(AccessToken=access, UserCode=unused(secret))
        return secret


def new_directory(cloud: Cloud, *, mfa: str = "OFF", **client_settings: Any) -> Directory:
    """Make a user pool and an app client without secret."""
    admin = cloud.client("cognito-idp")
    pool_id = admin.create_user_pool(PoolName=f"test-{secrets.token_hex(4)}")["UserPool"]["Id"]
    if mfa != "OFF":
        admin.set_user_pool_mfa_config(
            UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration=mfa
        )
    settings = {"ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED", **client_settings}
    client = admin.create_user_pool_client(UserPoolId=pool_id, ClientName="test", **settings)
    return Directory(admin, cloud.unsigned("cognito-idp"), pool_id, client["UserPoolClient"]["ClientId"])
