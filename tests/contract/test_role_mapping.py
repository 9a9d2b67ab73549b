"""Which role somebody signed in gets from an identity pool."""

import secrets
from dataclasses import dataclass
from typing import Any

import boto3
import jwt
import pytest

from tests.cloud import Cloud
from tests.contract.identity_pools import IdentityPool, new_identity_pool, new_role
from tests.contract.refusals import Refusal, refusal

DEFAULT = "authenticated"


@dataclass(frozen=True)
class Mapped:
    """An identity pool with a mapping, and somebody in its user pool."""

    pool: IdentityPool
    roles: dict[str, str]
    """ARNs by the names that the tests give them."""

    def join(self, group: str, role: str | None = None, precedence: int | None = None) -> None:
        """Put the somebody into a new group."""
        known = {"RoleArn": role and self.roles[role], "Precedence": precedence}
        given = {name: value for name, value in known.items() if value is not None}
        directory = self.pool.directory
        directory.admin.create_group(UserPoolId=directory.pool_id, GroupName=group, **given)
        directory.admin.admin_add_user_to_group(UserPoolId=directory.pool_id, Username="mara", GroupName=group)

    def by_token(self, ambiguous: str = "Deny") -> None:
        """Map by the roles in the token."""
        self._map({"Type": "Token", "AmbiguousRoleResolution": ambiguous})

    def by_rules(self, *rules: tuple[str, str, str, str], ambiguous: str = "Deny") -> None:
        """Map by rules: claim, way to compare, value, role."""
        written = [
            {"Claim": claim, "MatchType": how, "Value": value, "RoleARN": self.roles[role]}
            for claim, how, value, role in rules
        ]
        self._map({"Type": "Rules", "AmbiguousRoleResolution": ambiguous, "RulesConfiguration": {"Rules": written}})

    def role(self, custom: str | None = None) -> str:
        """Sign in, get credentials, and ask STS whose they are; returns the role's name in the tests."""
        given = self.credentials(custom)
        sts = boto3.client(
            "sts",
            region_name="us-east-1",
            endpoint_url=self.pool.cloud.endpoint,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretKey"],
            aws_session_token=given["SessionToken"],
        )
        name = sts.get_caller_identity()["Arn"].split("/")[1]
        return next(known for known, arn in self.roles.items() if arn.endswith(f"/{name}"))

    def credentials(self, custom: str | None = None) -> dict[str, str]:
        logins = self.pool.logins(self.pool.directory.srp("mara")["AuthenticationResult"]["IdToken"])
        identity = self.pool.public.get_id(IdentityPoolId=self.pool.pool_id, Logins=logins)["IdentityId"]
        chosen = {"CustomRoleArn": self.roles[custom]} if custom else {}
        given: dict[str, str] = self.pool.public.get_credentials_for_identity(
            IdentityId=identity, Logins=logins, **chosen
        )["Credentials"]
        return given

    def refused(self, custom: str | None = None) -> Refusal:
        return refusal(self.credentials, custom)

    def _map(self, mapping: dict[str, Any]) -> None:
        admin = self.pool.cloud.client("cognito-identity")
        roles = admin.get_identity_pool_roles(IdentityPoolId=self.pool.pool_id)["Roles"]
        key = f"{self.pool.provider}:{self.pool.directory.client_id}"
        admin.set_identity_pool_roles(IdentityPoolId=self.pool.pool_id, Roles=roles, RoleMappings={key: mapping})


@pytest.fixture
def mapped(local_cloud: Cloud) -> Mapped:
    """A pool whose default role is `authenticated`, and three more that trust it."""
    pool = new_identity_pool(local_cloud, guests=True)
    roles = {name: new_role(local_cloud, pool.pool_id, "authenticated", "iot:*") for name in ("one", "two", "three")}
    admin = local_cloud.client("cognito-identity")
    roles[DEFAULT] = admin.get_identity_pool_roles(IdentityPoolId=pool.pool_id)["Roles"][DEFAULT]
    pool.directory.add("mara")
    return Mapped(pool, roles)


def test_without_a_mapping_the_roles_of_groups_have_no_effect(mapped: Mapped) -> None:
    mapped.join("team", "one", 0)
    assert mapped.role() == DEFAULT


@pytest.mark.row("4.5 Role by token")
def test_by_token_the_preferred_role_is_given(mapped: Mapped) -> None:
    """MiniStack stores the mapping and gives the default role."""
    mapped.join("team", "one", 5)
    mapped.join("bosses", "two", 1)
    mapped.by_token()
    assert mapped.role() == "two"


def test_the_credentials_may_do_what_the_mapped_role_allows_and_no_more(mapped: Mapped) -> None:
    """MiniStack stores the mapping and gives the default role, which may list APIs."""
    mapped.join("team", "one", 5)
    mapped.by_token()
    given = mapped.credentials()
    appsync = boto3.client(
        "appsync",
        region_name="us-east-1",
        endpoint_url=mapped.pool.cloud.endpoint,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretKey"],
        aws_session_token=given["SessionToken"],
    )
    assert refusal(appsync.list_graphql_apis)[1] == "AccessDeniedException"


@pytest.mark.row("4.5 Role by token")
@pytest.mark.parametrize("tie", [True, False])
def test_by_token_ambiguity_is_resolved_as_the_pool_says(mapped: Mapped, tie: bool) -> None:
    """MiniStack stores the mapping and gives the default role. Ambiguous: a tie of roles, or no role at all."""
    if tie:
        mapped.join("team", "one", 1)
        mapped.join("bosses", "two", 1)
    mapped.by_token("AuthenticatedRole")
    assert mapped.role() == DEFAULT
    mapped.by_token("Deny")
    assert mapped.refused()[:2] == (400, "NotAuthorizedException")


@pytest.mark.row("4.5 Role by token")
def test_by_token_a_caller_may_choose_among_the_roles_of_the_token_only(mapped: Mapped) -> None:
    """MiniStack ignores `CustomRoleArn`."""
    mapped.join("team", "one", 5)
    mapped.join("bosses", "two", 1)
    mapped.by_token()
    assert mapped.role(custom="one") == "one"
    assert mapped.refused(custom="three")[:2] == (400, "NotAuthorizedException")


def test_a_role_that_was_chosen_is_refused_where_nothing_is_mapped(mapped: Mapped) -> None:
    """MiniStack ignores `CustomRoleArn`."""
    assert mapped.refused(custom="one")[:2] == (400, "NotAuthorizedException")


@pytest.mark.row("4.5 Role by rules")
@pytest.mark.parametrize(
    ("how", "value", "role"),
    [
        ("Equals", "mara@example.com", "one"),
        ("Equals", "mara@example", DEFAULT),
        ("NotEqual", "otto@example.com", "one"),
        ("NotEqual", "mara@example.com", DEFAULT),
        ("StartsWith", "mara@", "one"),
        ("StartsWith", "ara@", DEFAULT),
        ("Contains", "ra@ex", "one"),
        ("Contains", "RA@EX", DEFAULT),
    ],
)
def test_a_rule_compares_as_it_says(mapped: Mapped, how: str, value: str, role: str) -> None:
    """MiniStack stores the rules and gives the default role."""
    mapped.by_rules(("email", how, value, "one"), ambiguous="AuthenticatedRole")
    assert mapped.role() == role


@pytest.mark.row("4.5 Role by rules")
def test_a_rule_on_a_claim_that_is_absent_never_matches(mapped: Mapped) -> None:
    """MiniStack stores the rules and gives the default role."""
    mapped.by_rules(("custom:none", "NotEqual", "x", "one"))
    assert mapped.refused()[:2] == (400, "NotAuthorizedException")


@pytest.mark.row("4.5 Role by rules")
def test_the_first_rule_that_matches_wins_unless_the_caller_chooses_another_that_matches(mapped: Mapped) -> None:
    """MiniStack stores the rules and gives the default role."""
    mapped.join("admins")
    mapped.by_rules(
        ("email", "Equals", "nobody@example.com", "three"),
        ("cognito:groups", "Contains", "admins", "two"),
        ("email", "StartsWith", "mara", "one"),
    )
    assert mapped.role() == "two"
    assert mapped.role(custom="one") == "one"
    assert mapped.refused(custom="three")[:2] == (400, "NotAuthorizedException")


def test_a_group_forged_into_the_token_maps_to_no_role(mapped: Mapped) -> None:
    """A token whose claims were changed is refused before any rule is read."""
    mapped.by_rules(("cognito:groups", "Contains", "admins", "two"))
    token = mapped.pool.directory.srp("mara")["AuthenticationResult"]["IdToken"]
    claims = jwt.decode(token, options={"verify_signature": False}) | {"cognito:groups": ["admins"]}
    head, _, signature = token.split(".")
    body = jwt.encode(claims, secrets.token_hex(32), algorithm="HS256").split(".")[1]
    logins = mapped.pool.logins(token)
    identity = mapped.pool.public.get_id(IdentityPoolId=mapped.pool.pool_id, Logins=logins)["IdentityId"]
    forged = mapped.pool.logins(f"{head}.{body}.{signature}")
    refused = refusal(mapped.pool.public.get_credentials_for_identity, IdentityId=identity, Logins=forged)
    assert refused == (400, "NotAuthorizedException", "Invalid login token. Token signature invalid.")


@pytest.mark.row("4.3 Basic flow")
def test_the_classic_flow_is_refused_where_roles_are_mapped(local_cloud: Cloud) -> None:
    """MiniStack gives a token with which the caller could take any role that trusts the pool."""
    pool = new_identity_pool(local_cloud, guests=True, classic=True)
    Mapped(pool, {}).by_token()
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    assert refusal(pool.public.get_open_id_token, IdentityId=identity)[1:] == (
        "InvalidParameterException",
        "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.",
    )


@pytest.mark.row("4.3 `ServerSideTokenCheck` refuses who was signed out or deleted")
@pytest.mark.parametrize("left", ["admin_user_global_sign_out", "admin_disable_user", "admin_delete_user"])
def test_a_pool_that_asks_refuses_a_token_whose_user_has_left(local_cloud: Cloud, left: str) -> None:
    """MiniStack stores `ServerSideTokenCheck` and never asks."""
    pool = new_identity_pool(local_cloud, guests=True, asks=True)
    pool.directory.add("mara")
    logins = pool.logins(pool.directory.srp("mara")["AuthenticationResult"]["IdToken"])
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id, Logins=logins)["IdentityId"]
    assert pool.public.get_credentials_for_identity(IdentityId=identity, Logins=logins)["Credentials"]
    getattr(pool.directory.admin, left)(UserPoolId=pool.directory.pool_id, Username="mara")
    refused = refusal(pool.public.get_credentials_for_identity, IdentityId=identity, Logins=logins)
    assert refused[:2] == (400, "NotAuthorizedException")
    assert refused[2].startswith("Invalid login token.")


def test_a_pool_that_does_not_ask_takes_a_token_until_its_time_is_over(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    pool.directory.add("mara")
    logins = pool.logins(pool.directory.srp("mara")["AuthenticationResult"]["IdToken"])
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id, Logins=logins)["IdentityId"]
    pool.directory.admin.admin_user_global_sign_out(UserPoolId=pool.directory.pool_id, Username="mara")
    assert pool.public.get_credentials_for_identity(IdentityId=identity, Logins=logins)["Credentials"]


def rules(count: int, role: str) -> dict[str, Any]:
    rule = {"Claim": "email", "MatchType": "Equals", "Value": "x", "RoleARN": role}
    return {"Rules": [rule] * count}


@pytest.mark.row("4.5 Role by rules")
@pytest.mark.parametrize(
    ("provider", "mapping", "code", "says"),
    [
        ("{provider}", {}, "InvalidParameterException", "is not a valid RoleMapping ProviderName or is not a"),
        ("https://{provider}:{client}", {}, "InvalidParameterException", "is not a valid RoleMapping ProviderName"),
        ("{provider}:another", {}, "InvalidParameterException", "is not a valid RoleMapping ProviderName"),
        ("graph.facebook.com", {}, "InvalidParameterException", "is not a valid RoleMapping ProviderName"),
        ("", {"AmbiguousRoleResolution": None}, "InvalidParameterException", "AmbiguousRoleResolution is required"),
        (
            "",
            {"Type": "Rules", "AmbiguousRoleResolution": None, "RulesConfiguration": 1},
            "InvalidParameterException",
            "AmbiguousRoleResolution is required",
        ),
        ("", {"Type": "Rules"}, "InvalidParameterException", "RulesConfiguration is required"),
        ("", {"RulesConfiguration": 1}, "InvalidParameterException", "RulesConfiguration is not allowed"),
        ("", {"Type": "Rules", "RulesConfiguration": 26}, "InvalidParameterException", "26 rules"),
        ("", {"Type": "Rules", "RulesConfiguration": "no-role-but-long-enough"}, "NotAuthorizedException", "Access to"),
        (
            "",
            {"Type": "Rules", "RulesConfiguration": "arn:aws:iam::1:user/mara"},
            "NotAuthorizedException",
            "Access to",
        ),
    ],
)
def test_a_mapping_that_says_too_little_or_too_much_is_refused_when_it_is_set(
    mapped: Mapped, provider: str, mapping: dict[str, Any], code: str, says: str
) -> None:
    """MiniStack stores whatever comes."""
    admin = mapped.pool.cloud.client("cognito-identity")
    before = admin.get_identity_pool_roles(IdentityPoolId=mapped.pool.pool_id)
    known = {"provider": mapped.pool.provider, "client": mapped.pool.directory.client_id}
    given = {"Type": "Token", "AmbiguousRoleResolution": "Deny", **mapping}
    match given.get("RulesConfiguration"):
        case int(count):
            given["RulesConfiguration"] = rules(count, mapped.roles["one"])
        case str(role):
            given["RulesConfiguration"] = rules(1, role)
    mappings = {
        (provider or "{provider}:{client}").format(**known): {
            name: value for name, value in given.items() if value is not None
        }
    }
    refused = refusal(
        admin.set_identity_pool_roles, IdentityPoolId=mapped.pool.pool_id, Roles={}, RoleMappings=mappings
    )
    assert refused[:2] == (400, code)
    assert says in refused[2]
    after = admin.get_identity_pool_roles(IdentityPoolId=mapped.pool.pool_id)
    assert (after["Roles"], after.get("RoleMappings", {})) == (before["Roles"], before.get("RoleMappings", {}))


def test_as_many_rules_as_are_allowed_are_kept(mapped: Mapped) -> None:
    mapped.by_rules(*[("email", "Equals", f"{number}@example.com", "one") for number in range(25)])
    assert mapped.refused()[:2] == (400, "NotAuthorizedException")
