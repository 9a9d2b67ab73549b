"""The dashboard's services on the running local cloud, under the credential that the dashboard has."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.application import Application, open_application
from services.directory import Directory
from services.group_members import GroupMembers
from services.groups import Groups
from services.passwords import Passwords
from services.people import Person
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import load
from services.tokens import Tokens
from services.users_api import Caller
from tests.cloud import Cloud

ADA = Operator("ada", "not-a-sub-of-the-pool", ("admins",), Role.ADMIN)
PASSWORD = "Original-horse-7"


@dataclass(frozen=True)
class Live:
    """The services, and the administrator who prepares and looks behind them."""

    cloud: Cloud

    @cached_property
    def app(self) -> Application:
        """Made as the dashboard makes it."""
        return open_application(load({"GATEHOUSE_LOCAL_CLOUD": str(self.cloud.folder)}))

    @property
    def pool_id(self) -> str:
        return self.app.environment.user_pool_id

    @cached_property
    def admin(self) -> Any:
        """A client that may do everything."""
        return self.cloud.client("cognito-idp")

    @property
    def directory(self) -> Directory:
        return Directory(self.app.clients.user_pool, self.pool_id)

    @property
    def groups(self) -> Groups:
        return Groups(self.app.clients.user_pool, self.pool_id, "admins")

    @property
    def members(self) -> GroupMembers:
        return GroupMembers(self.app.clients.user_pool, self.pool_id, "admins")

    @property
    def passwords(self) -> Passwords:
        return Passwords(self.app.clients.user_pool, self.pool_id)

    def new_person(self, prefix: str = "person-", **attributes: str) -> Person:
        """A person with a temporary password, nobody else's namesake."""
        name = f"{prefix}{secrets.token_hex(4)}"
        told = {"email": f"{secrets.token_hex(4)}@example.com", "email_verified": "true"} | attributes
        self.admin.admin_create_user(
            UserPoolId=self.pool_id,
            Username=name,
            UserAttributes=[{"Name": key, "Value": value} for key, value in told.items()],
            MessageAction="SUPPRESS",
        )
        return self.person(name)

    def confirmed(self, **attributes: str) -> Person:
        """A person with `PASSWORD`."""
        made = self.new_person(**attributes)
        self.admin.admin_set_user_password(
            UserPoolId=self.pool_id, Username=made.username, Password=PASSWORD, Permanent=True
        )
        return self.person(made.username)

    def person(self, username: str) -> Person:
        """The person as the pool holds them now."""
        found = self.directory.get(ADA, username)
        assert found is not None
        return found

    def sign_in(self, username: str, password: str) -> dict[str, Any]:
        """What the pool answers to a sign-in; raises what boto3 raises."""
        answer: dict[str, Any] = self.cloud.unsigned("cognito-idp").initiate_auth(
            ClientId=self.app.environment.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )
        return answer

    def caller(self, username: str = "ada") -> Caller:
        """A demo person in front of the users API."""
        result = self.sign_in(username, self.cloud.password(username))["AuthenticationResult"]
        tokens = Tokens(Secret(result["IdToken"]), Secret(result["AccessToken"]), None, self.app.sessions._now())
        operator = self.app.identify(tokens)
        return Caller(operator, tokens, self.app.identity_pool, None)
