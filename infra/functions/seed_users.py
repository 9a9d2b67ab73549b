"""Fill the users table: with one random person on schedule, or with the people handed in."""

import json
import os
import time
import urllib.error
import urllib.request
from functools import cache

import boto3

FIELDS = ("userId", "firstname", "lastname", "picture")
BATCH = 25  # rows that one BatchWriteItem takes
ATTEMPTS = 5
TIMEOUT_SECONDS = 5


class PersonServiceFailed(Exception):
    """The random-person service did not answer with a person."""


class InvalidPeople(Exception):
    """The people handed in cannot be rows of the table."""


class TableBusy(Exception):
    """DynamoDB kept turning rows away."""


def handler(event, _context):
    """Store event["people"] when there are any, else one random person; return {"stored": rows}."""
    people = event["people"] if "people" in event else [random_person()]
    store(checked(people))
    return {"stored": len(people)}


def random_person():
    """Return one invented person from randomuser.me."""
    try:
        with urllib.request.urlopen("https://randomuser.me/api/", timeout=TIMEOUT_SECONDS) as answer:
            person = json.load(answer)["results"][0]
        return {
            "userId": person["login"]["uuid"],
            "firstname": person["name"]["first"],
            "lastname": person["name"]["last"],
            "picture": person["picture"]["large"],
        }
    except (urllib.error.URLError, TimeoutError, ConnectionError) as failure:
        raise PersonServiceFailed(f"randomuser.me could not be reached: {failure}") from failure
    except (ValueError, LookupError, TypeError) as failure:
        raise PersonServiceFailed("randomuser.me answered with something else than a person") from failure


def checked(people):
    """Return `people` when each is a full row with an id of its own, else raise InvalidPeople."""
    if not isinstance(people, list) or not people:
        raise InvalidPeople("people must be a list with at least one person.")
    for number, person in enumerate(people):
        if not isinstance(person, dict) or set(person) != set(FIELDS):
            raise InvalidPeople(f"people[{number}] must have exactly the fields {', '.join(FIELDS)}.")
        if not all(isinstance(value, str) and value for value in person.values()):
            raise InvalidPeople(f"people[{number}]: every field must be a text that is not empty.")
        if not person["picture"].startswith(("https://", "http://")):
            raise InvalidPeople(f"people[{number}]: picture must be a web address.")
    if len({person["userId"] for person in people}) < len(people):
        raise InvalidPeople("every person needs a userId of their own.")
    return people


def store(people):
    """Put every person into the table, existing ones replaced. DynamoDB BatchWriteItem."""
    table = os.environ["TABLE_NAME"]
    rows = [{"PutRequest": {"Item": {name: {"S": person[name]} for name in FIELDS}}} for person in people]
    for first in range(0, len(rows), BATCH):
        waiting = {table: rows[first : first + BATCH]}
        for attempt in range(ATTEMPTS):
            waiting = client("dynamodb").batch_write_item(RequestItems=waiting)["UnprocessedItems"]
            if not waiting:
                break
            time.sleep(0.1 * 2**attempt)
        else:
            raise TableBusy(f"{len(waiting[table])} rows were still turned away after {ATTEMPTS} attempts.")


@cache
def client(service):
    """Return the one client for `service`."""
    return boto3.client(service)
