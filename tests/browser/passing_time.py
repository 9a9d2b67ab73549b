"""What the tests of sessions share: dashboards whose clock can be moved, and what happens to an operator meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from playwright.sync_api import Page

from tests.browser import server
from tests.browser.people import PASSWORD
from tests.browser.verbs import Operator
from tests.cloud import Cloud

IDLE_MINUTES = 30
SIGN_IN = "Sign in to Gatehouse"


@dataclass(frozen=True)
class Later:
    """A dashboard with a clock that a test can move on."""

    server: server.Server
    file: Path

    @property
    def address(self) -> str:
        return self.server.address

    def set(self, minutes: float) -> None:
        """Have it be so many minutes later than it is."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(minutes * 60), encoding="ascii")
        fresh.replace(self.file)


Open = Callable[..., Later]


def enter(page: Page, address: str, name: str, path: str = "/groups", password: str = PASSWORD) -> Operator:
    """Sign a test's own person in; returns once the browser has its cookie."""
    operator = Operator(page, address)
    operator.open(path)
    with page.expect_response("**/session*"):
        operator.sign_in(name, password)
    return operator


def lose(cloud: Cloud, act: str, name: str) -> None:
    """Take an operator's access away, as somebody else would with the AWS CLI."""
    client, who = cloud.client("cognito-idp"), {"UserPoolId": cloud.backend["UserPoolId"], "Username": name}
    match act:
        case "disabled":
            client.admin_disable_user(**who)
        case "deleted":
            client.admin_delete_user(**who)
        case "signed out":
            client.admin_user_global_sign_out(**who)
        case "demoted":
            client.admin_remove_user_from_group(**who, GroupName="admins")


def shared(cloud: Cloud) -> dict[str, str]:
    """The variables of dashboards that share sessions and the record."""
    return {
        "GATEHOUSE_SESSIONS_TABLE": cloud.backend["SessionsTableName"],
        "GATEHOUSE_SESSIONS_KEY": Fernet.generate_key().decode(),
        "GATEHOUSE_RECORD_TABLE": cloud.backend["RecordTableName"],
    }


def fill_group(operator: Operator, name: str, description: str) -> None:
    """Open the dialog for a new group and type, without sending it."""
    operator.press("Create group")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Description", exact=True).fill(description)
