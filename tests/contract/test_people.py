"""However many people there are, and whoever put them there."""

import json
import uuid
from pathlib import Path

from tests.cloud import Cloud, running_cloud
from tests.contract.processes import resident_megabytes

MANY = 100_000
MOST_SECONDS = 120
MOST_MEGABYTES = 1_500


def test_a_hundred_thousand_people_are_there_in_time_and_in_memory(tmp_path: Path) -> None:
    with running_cloud(tmp_path / "folder", users=MANY) as cloud:
        assert cloud.ready["seconds"] <= MOST_SECONDS
        assert resident_megabytes(cloud.process.pid) < MOST_MEGABYTES
        pool = cloud.client("cognito-idp").describe_user_pool(UserPoolId=cloud.backend["UserPoolId"])["UserPool"]
        assert pool["EstimatedNumberOfUsers"] == MANY + len(cloud.demo["people"])
        table = cloud.client("dynamodb").describe_table(TableName=cloud.backend["UserTableName"])["Table"]
        assert table["ItemCount"] == MANY


def test_rows_from_the_start_and_from_the_api_look_alike(local_cloud: Cloud) -> None:
    dynamodb, table = local_cloud.client("dynamodb"), local_cloud.backend["UserTableName"]
    row = dynamodb.scan(TableName=table, Limit=1)["Items"][0]
    dynamodb.delete_item(TableName=table, Key={"userId": row["userId"]})
    dynamodb.put_item(TableName=table, Item=row)
    assert dynamodb.get_item(TableName=table, Key={"userId": row["userId"]})["Item"] == row
    assert set(row) == {"userId", "firstname", "lastname", "picture"}
    assert row["picture"]["S"].startswith(f"{local_cloud.endpoint}/_local_cloud/portraits/")


def test_the_seeding_function_stores_on_demand_whom_it_is_given(local_cloud: Cloud) -> None:
    person = {
        "userId": str(uuid.uuid4()),
        "firstname": "Grace",
        "lastname": "Hopper",
        "picture": f"{local_cloud.endpoint}/_local_cloud/portraits/grace-hopper.svg",
    }
    answer = local_cloud.client("lambda").invoke(
        FunctionName=local_cloud.backend["SeedFunctionName"], Payload=json.dumps({"people": [person]})
    )
    assert json.loads(answer["Payload"].read()) == {"stored": 1}
    dynamodb, key = local_cloud.client("dynamodb"), {"userId": {"S": person["userId"]}}
    table = local_cloud.backend["UserTableName"]
    assert dynamodb.get_item(TableName=table, Key=key)["Item"] == {name: {"S": text} for name, text in person.items()}
    dynamodb.delete_item(TableName=table, Key=key)
