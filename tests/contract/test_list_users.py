"""ListUsers: filters, limits and pages as Cognito documents them."""

from typing import Any

import pytest

from tests.cloud import USERS, Cloud
from tests.contract import wire
from tests.contract.directories import Directory, new_directory
from tests.contract.refusals import refusal


@pytest.fixture(scope="module")
def directory(local_cloud: Cloud) -> Directory:
    """A pool with people in several states; the tests here only read it."""
    made = new_directory(local_cloud)
    for name in ("Anna", "annabel", "bert", 'quo"ted'):
        made.admin.admin_create_user(
            UserPoolId=made.pool_id,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": f"{name.replace(chr(34), '').lower()}@example.com"},
                {"Name": "given_name", "Value": name},
            ],
        )
    made.admin.admin_set_user_password(
        UserPoolId=made.pool_id, Username="bert", Password="Correct-horse-9", Permanent=True
    )
    made.admin.admin_disable_user(UserPoolId=made.pool_id, Username="annabel")
    return made


def found(directory: Directory, condition: str, **more: Any) -> list[str]:
    answer = directory.admin.list_users(UserPoolId=directory.pool_id, Filter=condition, **more)
    return [user["Username"] for user in answer["Users"]]


@pytest.mark.row("5.6 ListUsers: filters and limits")
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('username = "Anna"', ["Anna"]),
        ('username = "anna"', []),
        ('username ^= "ann"', ["annabel"]),
        ('"username" = "bert"', ["bert"]),
        ('email ^= "ANN"', ["Anna", "annabel"]),
        ('email = "bert@example.com"', ["bert"]),
        ('email="bert@example.com"', ["bert"]),
        ('given_name ^= "ann"', ["Anna", "annabel"]),
        ('given_name = "quo\\"ted"', ['quo"ted']),
        ('cognito:user_status = "CONFIRMED"', ["bert"]),
        ('cognito:user_status = "FORCE_CHANGE_PASSWORD"', ["Anna", "annabel", 'quo"ted']),
        ('status = "Disabled"', ["annabel"]),
        ('family_name = "nobody"', []),
        ("", ["Anna", "annabel", "bert", 'quo"ted']),
    ],
)
def test_a_filter_finds_whom_it_describes(directory: Directory, condition: str, names: list[str]) -> None:
    assert sorted(found(directory, condition)) == sorted(names)


@pytest.mark.row("5.6 ListUsers: filters and limits")
@pytest.mark.parametrize(
    "condition",
    [
        "nonsense",
        "email = bert",
        'email != "bert@example.com"',
        'email = "a" and name = "b"',
        'email *= "bert"',
        '"email = "bert"',
        'custom:tier = "gold"',
        'email = "' + "x" * 300 + '"',
    ],
)
def test_a_malformed_filter_is_refused_rather_than_ignored(directory: Directory, condition: str) -> None:
    assert refusal(found, directory, condition)[1] == "InvalidParameterException"


def test_no_more_than_sixty_are_asked_for_at_once(directory: Directory) -> None:
    headers = wire.call_headers("AWSCognitoIdentityProviderService.ListUsers")
    assert directory.admin.list_users(UserPoolId=directory.pool_id, Limit=60)["Users"]
    refused = refusal(directory.admin.list_users, UserPoolId=directory.pool_id, Limit=61)
    assert refused[:2] == (400, "InvalidParameterException")
    assert "less than or equal to 60" in refused[2]
    assert headers


def test_found_people_are_ordered_by_the_attribute(directory: Directory) -> None:
    assert found(directory, 'email ^= ""') == ["Anna", "annabel", "bert", 'quo"ted']


def test_only_the_attributes_asked_for_are_shown(directory: Directory) -> None:
    answer = directory.admin.list_users(UserPoolId=directory.pool_id, AttributesToGet=["email"])
    assert {held["Name"] for user in answer["Users"] for held in user["Attributes"]} == {"email"}
    refused = refusal(directory.admin.list_users, UserPoolId=directory.pool_id, AttributesToGet=["no_such_thing"])
    assert refused[1] == "InvalidParameterException"


def test_a_token_leads_on_in_its_own_list_only(directory: Directory) -> None:
    pool = {"UserPoolId": directory.pool_id}
    token = directory.admin.list_users(**pool, Limit=1)["PaginationToken"]
    assert directory.admin.list_users(**pool, Limit=1, PaginationToken=token)["Users"]
    for foreign in ({"Filter": 'email ^= "a"'}, {"Filter": 'status = "Enabled"'}):
        refused = refusal(directory.admin.list_users, **pool, **foreign, PaginationToken=token)
        assert refused[1] == "InvalidParameterException"
    assert refusal(directory.admin.list_users, **pool, PaginationToken="1")[1] == "InvalidParameterException"


def test_a_walk_meets_everybody_once_though_somebody_met_is_deleted(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud)
    pool = {"UserPoolId": directory.pool_id}
    names = [f"walker-{number}" for number in range(6)]
    for name in names:
        directory.add(name)
    first = directory.admin.list_users(**pool, Limit=3)
    directory.admin.admin_delete_user(**pool, Username="walker-0")
    second = directory.admin.list_users(**pool, Limit=3, PaginationToken=first["PaginationToken"])
    assert [user["Username"] for page in (first, second) for user in page["Users"]] == names


def test_the_start_fills_the_pool_with_people_in_every_state(local_cloud: Cloud) -> None:
    cognito = local_cloud.client("cognito-idp")
    walk = cognito.get_paginator("list_users").paginate(UserPoolId=local_cloud.backend["UserPoolId"])
    people = [user for page in walk for user in page["Users"]]
    ordinary = [user for user in people if "." in user["Username"]]
    assert len({user["Username"] for user in ordinary}) == USERS
    states = {user["UserStatus"] for user in ordinary}
    assert states == {"CONFIRMED", "FORCE_CHANGE_PASSWORD", "UNCONFIRMED"}
    assert {user["Enabled"] for user in ordinary} == {True, False}
    confirmed = [user for user in ordinary if user["UserStatus"] == "CONFIRMED" and user["Enabled"]]
    assert len(confirmed) > 0.8 * USERS
    subs = {held["Value"] for user in people for held in user["Attributes"] if held["Name"] == "sub"}
    assert len(subs) == len(people)
