"""Each role is granted what its people do with the dashboard's services, and nothing more."""

import secrets

import boto3
import pytest

from services.errors import Refused
from services.group_values import GroupDraft
from tests.integration.roles import (
    Act,
    Acting,
    Grant,
    acting,
    changes,
    fields,
    granted_to,
    grants_of,
    group_role,
    list_page,
    policy_document,
    readings,
    reads,
    trial_role,
)
from tests.integration.stage import ADA, Live

GUEST_FIELDS = ("byIam", "byApiKey", "byEveryMode", "whoAmI")


def needed(live: Live, role: str) -> set[Grant]:
    """What the people of a role do, as the grants that it takes."""
    graphql = {grant for grant in reads(live) | changes(live) if grant[0] == "appsync:GraphQL"}
    reading = set(readings(live))
    directory = (set(reads(live)) | set(changes(live))) - graphql
    modes = set(fields(live, "Query")) | set(fields(live, "Mutation"))
    guest = {grant for grant in modes if grant[1].rpartition("/")[2] in GUEST_FIELDS}
    return {
        "admins": directory | graphql | reading,
        "viewers": set(reads(live)),
        "signed in": graphql,
        "guests": (graphql - modes) | guest,
        "dashboard": directory | reading,
    }[role]


@pytest.mark.parametrize("group", ["admins", "viewers"])
def test_a_groups_role_has_the_grants_that_its_acts_need_and_no_other(live: Live, group: str) -> None:
    assert granted_to(live, group_role(live, group)) == needed(live, group)


@pytest.mark.parametrize(("kind", "role"), [("authenticated", "signed in"), ("unauthenticated", "guests")])
def test_a_role_of_the_identity_pool_has_the_queries_that_its_people_make_and_nothing_else(
    live: Live, kind: str, role: str
) -> None:
    pool = live.cloud.client("cognito-identity").get_identity_pool_roles(
        IdentityPoolId=live.cloud.backend["IdentityPoolId"]
    )
    assert granted_to(live, pool["Roles"][kind].rpartition("/")[2]) == needed(live, role)


def test_the_dashboards_own_credential_has_the_grants_that_its_pages_need_and_no_other(live: Live) -> None:
    policies = [live.cloud.backend["OperatorPolicyArn"], live.cloud.auth_modes["LabPolicyArn"]]
    shared = live.cloud.backend["SharedTablesPolicyArn"]  # tests/infra holds what it grants
    granted = {grant for policy in policies for grant in grants_of(policy_document(live, policy))}
    assert granted == needed(live, "dashboard")
    iam = live.cloud.client("iam")
    attached = iam.list_attached_user_policies(UserName="gatehouse")["AttachedPolicies"]
    assert sorted(policy["PolicyArn"] for policy in attached) == sorted([*policies, shared])
    assert iam.list_user_policies(UserName="gatehouse")["PolicyNames"] == []


@pytest.mark.parametrize(("person", "group"), [("ada", "admins"), ("vera", "viewers")])
def test_signing_in_gives_the_role_of_the_persons_group(live: Live, person: str, group: str) -> None:
    assert role_taken(signed_in(live, person)) == group_role(live, group)


def test_signing_in_without_a_group_gives_the_role_of_all_who_are_signed_in(live: Live) -> None:
    roles = live.cloud.client("cognito-identity").get_identity_pool_roles(
        IdentityPoolId=live.cloud.backend["IdentityPoolId"]
    )
    assert roles["Roles"]["authenticated"].endswith(f"/{role_taken(signed_in(live, 'otto'))}")


def test_ada_of_admins_does_everything(live: Live) -> None:
    assert refused(signed_in(live, "ada"), reads(live) | changes(live) | readings(live)) == []


def test_vera_of_viewers_looks_at_everything_and_is_refused_every_change(live: Live) -> None:
    vera = signed_in(live, "vera")
    assert refused(vera, reads(live)) == []
    assert refused(vera, changes(live)) == sorted(changes(live))


def test_otto_who_is_in_no_group_calls_the_apis_and_is_refused_the_directory(live: Live) -> None:
    acts = reads(live) | changes(live)
    assert refused(signed_in(live, "otto"), acts) == sorted(set(acts) - needed(live, "signed in"))


def test_without_any_single_grant_the_act_that_it_is_for_is_refused(live: Live) -> None:
    acts = reads(live) | changes(live) | readings(live)
    every = granted_to(live, group_role(live, "admins"))
    role = trial_role(live)
    spare = []
    for grant, act in acts.items():
        role.grant(every - {grant})
        if not refused(role.acting, {grant: act}):
            spare.append(grant)
    assert spare == []


def test_the_grants_of_admins_reach_no_other_pool_and_no_other_role(live: Live) -> None:
    role = trial_role(live)
    role.grant(granted_to(live, group_role(live, "admins")))
    other = live.admin.create_user_pool(PoolName=f"other-{secrets.token_hex(4)}")["UserPool"]["Id"]
    client = role.acting.client
    for call in (
        lambda: client.list_users(UserPoolId=other),
        lambda: client.create_group(UserPoolId=other, GroupName="mine"),
        lambda: client.delete_user_pool(UserPoolId=live.pool_id),
        lambda: client.admin_create_user(UserPoolId=other, Username="mine"),
    ):
        with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
            call()
    root = trial_role(live)
    arn = live.cloud.client("iam").get_role(RoleName=root.name)["Role"]["Arn"]
    with pytest.raises(Refused):
        role.acting.groups.create(ADA, f"grab-{secrets.token_hex(4)}", GroupDraft(role_arn=arn))


def test_guests_list_users_and_are_refused_everything_else(live: Live) -> None:
    identity = live.cloud.unsigned("cognito-identity")
    found = identity.get_id(IdentityPoolId=live.cloud.backend["IdentityPoolId"])["IdentityId"]
    guest = acting(live, identity.get_credentials_for_identity(IdentityId=found)["Credentials"])
    list_page(guest)
    rest = (reads(live) | changes(live)).items()
    others = {grant: act for grant, act in rest if grant not in needed(live, "guests")}
    assert refused(guest, others) == sorted(others)


def signed_in(live: Live, person: str) -> Acting:
    """The services as a demo person, with the credentials that the identity pool hands out."""
    caller = live.caller(person)
    assert caller.identity_pool is not None
    return Acting(live, caller.identity_pool.signed_in(caller.tokens.id_token, person))


def role_taken(who: Acting) -> str:
    """The name of the role behind the credentials (STS GetCallerIdentity)."""
    token = who.credentials.session_token
    assert token is not None
    arn: str = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=who.live.cloud.endpoint,
        aws_access_key_id=who.credentials.access_key_id,
        aws_secret_access_key=who.credentials.secret_access_key.reveal(),
        aws_session_token=token.reveal(),
    ).get_caller_identity()["Arn"]
    return arn.split("/")[1]


def refused(who: Acting, acts: dict[Grant, Act]) -> list[Grant]:
    """The grants whose acts AWS refuses; anything else that goes wrong is raised."""
    found: list[Grant] = []
    for grant, act in acts.items():
        try:
            act(who)
        except Refused:
            found.append(grant)
    return sorted(found)
