"""AppSync direct Lambda resolver of Query.listUsers: one page of the users table."""

import base64
import hashlib
import hmac
import os
from functools import cache

import boto3

DEFAULT_LIMIT = 200
MAX_LIMIT = 1000
DIGEST_BYTES = hashlib.sha256().digest_size


class InvalidLimit(Exception):
    """The limit is no number of rows that one page may hold."""


class InvalidNextToken(Exception):
    """The token was not made by this function, or was changed since."""


def handler(event, _context):
    """Return {"items": [...], "nextToken": str | None}; the token is None on the last page.

    One row more than asked for is read: it tells a full last page from a page that has a successor.
    """
    arguments = event.get("arguments") or {}
    limit = page_size(arguments.get("limit"))
    rows = read_rows(limit + 1, after=position(arguments.get("nextToken")))
    page = rows[:limit]
    return {"items": page, "nextToken": make_token(page[-1]["userId"]) if len(rows) > limit else None}


def page_size(limit):
    """Return the number of rows asked for, DEFAULT_LIMIT when none is given."""
    if limit is None:
        return DEFAULT_LIMIT
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_LIMIT:
        raise InvalidLimit(f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    return limit


def read_rows(count, after):
    """Return up to `count` rows that follow the user id `after` (None: from the start). DynamoDB Scan.

    Scan stops after 1 MB whatever its Limit is, hence the loop.
    """
    rows = []
    start = {"userId": {"S": after}} if after is not None else None
    while len(rows) < count:
        request = {"TableName": os.environ["TABLE_NAME"], "Limit": count - len(rows)}
        if start:
            request["ExclusiveStartKey"] = start
        answer = client("dynamodb").scan(**request)
        rows += [{name: value["S"] for name, value in item.items()} for item in answer["Items"]]
        start = answer.get("LastEvaluatedKey")
        if not start:
            break
    return rows


def make_token(user_id):
    """Return the token of the page that follows `user_id`: the id, sealed so that only we can make it."""
    position_bytes = user_id.encode()
    seal = hmac.new(signing_key(), position_bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(seal + position_bytes).decode().rstrip("=")


def position(token):
    """Return the user id that `token` stands for, None for no token.

    The whole token is made again and compared: decoding alone ignores stray characters.
    """
    if token is None:
        return None
    try:
        given = token.encode("ascii")
        user_id = base64.urlsafe_b64decode(given + b"=" * (-len(given) % 4))[DIGEST_BYTES:].decode()
    except ValueError:
        user_id = ""
    if not user_id or not hmac.compare_digest(make_token(user_id), token):
        raise InvalidNextToken("nextToken was not issued by this query or was altered. Start again without it.")
    return user_id


@cache
def signing_key():
    """Return the key of the tokens' seal, read once per execution environment. Secrets Manager GetSecretValue."""
    answer = client("secretsmanager").get_secret_value(SecretId=os.environ["TOKEN_KEY_ARN"])
    return answer["SecretString"].encode()


@cache
def client(service):
    """Return the one client for `service`."""
    return boto3.client(service)
