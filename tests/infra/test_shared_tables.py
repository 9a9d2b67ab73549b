"""What several dashboards share: two tables that the dashboards' own credentials reach, and no person does."""

import pytest

from tests.infra.template import actions, allowed, as_text

KEYS = {"SessionsTable": [("id", "HASH")], "RecordTable": [("chain", "HASH"), ("number", "RANGE")]}


def found(backend, kind, name):
    """Return the logical id of the one resource of that kind whose id begins so."""
    (only,) = [each for each in backend.of_type(kind) if each.startswith(name)]
    return only


@pytest.mark.parametrize("name", KEYS)
def test_a_shared_table_is_encrypted_paid_by_request_and_gone_with_the_stack(backend, name):
    logical_id = found(backend, "DynamoDB::Table", name)
    table = backend.of_type("DynamoDB::Table")[logical_id]
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == KEYS[name]
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert backend.body["Resources"][logical_id]["DeletionPolicy"] == "Delete"


def test_sessions_that_are_over_are_dropped_and_found_by_their_person(backend):
    table = backend.of_type("DynamoDB::Table")[found(backend, "DynamoDB::Table", "SessionsTable")]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "ByPerson"
    assert index["KeySchema"] == [{"AttributeName": "person", "KeyType": "HASH"}]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}


def test_the_record_can_be_put_back(backend):
    table = backend.of_type("DynamoDB::Table")[found(backend, "DynamoDB::Table", "RecordTable")]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_dashboards_may_use_both_tables_and_delete_nothing_from_the_record(backend):
    policy = backend.of_type("IAM::ManagedPolicy")[found(backend, "IAM::ManagedPolicy", "SharedTablesPolicy")]
    document = policy["PolicyDocument"]
    record = "{" + found(backend, "DynamoDB::Table", "RecordTable") + ".Arn}"
    on_record = {
        action for action in actions(document) if record in [as_text(arn) for arn in allowed(document, action)]
    }
    assert on_record == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"}


def test_no_person_reaches_a_shared_table(backend):
    policy = backend.of_type("IAM::ManagedPolicy")[found(backend, "IAM::ManagedPolicy", "SharedTablesPolicy")]
    assert not policy.get("Roles")
    others = [*backend.of_type("IAM::Policy").values(), *backend.of_type("IAM::ManagedPolicy").values()]
    for each in others:
        if each is not policy:
            assert "SessionsTable" not in str(each)
            assert "RecordTable" not in str(each)
