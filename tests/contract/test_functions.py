"""Functions made over the API run with the credentials of their role, which nobody can work out."""

import hashlib
import io
import json
import secrets
import zipfile
from typing import Any

import boto3
import pytest

from tests.cloud import Cloud
from tests.contract.refusals import refusal

CODE = """
import boto3, os
def handler(event, context):
    if event == "key":
        return os.environ["AWS_ACCESS_KEY_ID"]
    client = boto3.client(event["service"])
    try:
        getattr(client, event["call"])()
    except client.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return "done"
"""
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def function(local_cloud: Cloud) -> dict[str, str]:
    """A function whose role may list tables and nothing else."""
    name = f"test-{secrets.token_hex(4)}"
    iam = local_cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="tables", PolicyDocument=document(allow))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.py", CODE)
    made = local_cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handler",
        Role=role,
        Timeout=20,
        Code={"ZipFile": package.getvalue()},
    )
    return {"name": name, "arn": made["FunctionArn"], "role": role}


def invoke(cloud: Cloud, name: str, event: Any) -> Any:
    answer = cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    assert "FunctionError" not in answer
    return json.loads(answer["Payload"].read())


def test_a_function_may_do_what_its_role_allows_and_no_more(local_cloud: Cloud, function: dict[str, str]) -> None:
    name = function["name"]
    assert invoke(local_cloud, name, {"service": "dynamodb", "call": "list_tables"}) == "done"
    assert invoke(local_cloud, name, {"service": "iam", "call": "list_users"}) == "AccessDenied"
    assert invoke(local_cloud, name, {"service": "appsync", "call": "list_graphql_apis"}) == "AccessDeniedException"


def test_a_functions_credentials_do_not_follow_from_its_name(local_cloud: Cloud, function: dict[str, str]) -> None:
    used = invoke(local_cloud, function["name"], "key")
    digest = hashlib.sha256(f"{function['arn']}:{function['role']}".encode()).hexdigest()
    guessed = f"ASIA{digest[:16].upper()}"
    assert used.startswith("ASIA")
    assert used != guessed
    client = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=local_cloud.endpoint,
        aws_access_key_id=guessed,
        aws_secret_access_key=hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
        aws_session_token=hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
    )
    assert refusal(client.list_tables)[1] == "UnrecognizedClientException"


def test_nobody_without_credentials_runs_a_function(local_cloud: Cloud, function: dict[str, str]) -> None:
    client = local_cloud.unsigned("lambda")
    assert refusal(client.invoke, FunctionName=function["name"], Payload="{}")[0] == 403
