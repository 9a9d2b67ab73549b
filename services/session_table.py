"""Sessions that several dashboards share: sealed in a DynamoDB table, which knows neither who nor what they are.

The table's keys are hashes of the ids, so that whoever reads it can't present one; all else is encrypted with a key
that only the dashboards have. A sealed text says whose place it is, so that it is worthless under another id, and in
another environment.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from services.aws_errors import Meaning, spoken
from services.errors import Refused, Unavailable
from services.permissions import Operator
from services.secret import Secret
from services.session_store import Claim, Kept, Session
from services.tokens import Tokens

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BY_PERSON = "ByPerson"
TRIES = 20
_DOING = "reach the shared sessions"
_MEANINGS = {
    "AccessDeniedException": Meaning(
        Refused,
        "AWS does not let the dashboard's credential use the table of sessions",
        "Attach the stack's policy for shared tables (output SharedTablesPolicyArn) to it",
    ),
    "ResourceNotFoundException": Meaning(
        Unavailable, "There is no such table", "Check sessions_table, the Region and the account"
    ),
}

_log = logging.getLogger("gatehouse")

Known = Callable[[str, str, tuple[str, ...]], Operator]
"""Makes an operator of the user name, the `sub` and the groups that verified tokens named before."""


@dataclass(frozen=True, slots=True)
class _Row:
    kept: Kept
    version: str


class SessionTable:
    """A table of sessions and tickets; safe for threads and for several processes.

    Args:
        client: DynamoDB, under the dashboard's own credential.
        table: its name; its partition key is `id`, its index `ByPerson` has the key `person`.
        keys: the newest first: it seals, and all of them open.
        place: the environment, in a text that no other environment has.
        known: makes operators.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, keys: tuple[Secret, ...], place: str, known: Known
    ) -> None:
        self._client = client
        self._table = table
        self._box = MultiFernet([Fernet(key.reveal()) for key in keys])
        self._place = place
        self._known = known

    def add(self, kept: Kept) -> None:
        """Keep a new session (PutItem)."""
        with spoken(_DOING, _MEANINGS):
            self._put(kept, "0", "attribute_not_exists(id)", {})

    def find(self, session_id: Secret) -> Kept | None:
        """The session of that id (GetItem, consistent); `None` also where none of the keys opens it."""
        row = self._row(self._name("session", session_id.reveal()))
        return row.kept if row else None

    def change(self, session_id: Secret, how: Callable[[Kept], Kept]) -> Kept | None:
        """Change a session unless somebody else has meanwhile, in which case it is read and changed anew (PutItem)."""
        name = self._name("session", session_id.reveal())
        for _ in range(TRIES):
            row = self._row(name)
            if row is None:
                return None
            changed = how(row.kept)
            if changed is row.kept or self._replaced(changed, row.version):
                return changed
        raise Unavailable(f"Could not {_DOING}", "Too many changed the same session at once", "Try again")

    def of(self, sub: str) -> tuple[Kept, ...]:
        """The sessions of one person (Query on the index); one of the last second may be missing."""
        person = self._name("person", sub)
        with spoken(_DOING, _MEANINGS):
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=BY_PERSON,
                KeyConditionExpression="person = :person",
                ExpressionAttributeValues={":person": {"S": person}},
            )
            names = [str(item["id"]["S"]) for page in pages for item in page["Items"]]
        return tuple(row.kept for name in names if (row := self._row(name)))

    def add_ticket(self, ticket: Secret, session_id: Secret, until: datetime) -> None:
        """Keep a ticket for a session (PutItem)."""
        name = self._name("ticket", ticket.reveal())
        sealed = self._sealed(name, {"session": session_id.reveal(), "until": until.isoformat()})
        with spoken(_DOING, _MEANINGS):
            self._client.put_item(
                TableName=self._table,
                Item={"id": {"S": name}, "sealed": {"B": sealed}, "expires": {"N": _seconds(until)}},
            )

    def take_ticket(self, ticket: Secret, now: datetime) -> Secret | None:
        """The session id behind a ticket, once: whoever deletes it has it (DeleteItem)."""
        name = self._name("ticket", ticket.reveal())
        with spoken(_DOING, _MEANINGS):
            answer = self._client.delete_item(TableName=self._table, Key={"id": {"S": name}}, ReturnValues="ALL_OLD")
        held = self._opened(name, answer.get("Attributes"))
        if held is None or now >= datetime.fromisoformat(held["until"]):
            return None
        return Secret(held["session"])

    def _row(self, name: str) -> _Row | None:
        with spoken(_DOING, _MEANINGS):
            item = self._client.get_item(TableName=self._table, Key={"id": {"S": name}}, ConsistentRead=True).get(
                "Item"
            )
        held = self._opened(name, item)
        return _Row(_kept(held, self._known), str(item["version"]["N"])) if held and item else None

    def _replaced(self, kept: Kept, version: str) -> bool:
        with spoken(_DOING, _MEANINGS):
            try:
                self._put(kept, version, "version = :was", {":was": {"N": version}})
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                return False
        return True

    def _put(self, kept: Kept, version: str, condition: str, values: Mapping[str, Any]) -> None:
        name = self._name("session", kept.session.id.reveal())
        item: dict[str, Any] = {
            "id": {"S": name},
            "person": {"S": self._name("person", kept.session.operator.sub)},
            "version": {"N": str(int(version) + 1)},
            "expires": {"N": _seconds(kept.until)},
            "sealed": {"B": self._sealed(name, _plain(kept))},
        }
        more: dict[str, Any] = {"ExpressionAttributeValues": values} if values else {}
        self._client.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **more)

    def _name(self, kind: str, text: str) -> str:
        digest = hashlib.sha256(f"{self._place}\n{text}".encode()).hexdigest()
        return f"{kind} {digest}"

    def _sealed(self, name: str, held: Mapping[str, Any]) -> bytes:
        return self._box.encrypt(json.dumps({"name": name, **held}).encode())

    def _opened(self, name: str, item: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """What is sealed in an item; `None` when there is no item, or when it isn't one of ours of that name."""
        if item is None:
            return None
        try:
            held: dict[str, Any] = json.loads(self._box.decrypt(bytes(item["sealed"]["B"])))
        except InvalidToken:
            _log.warning("A shared session is sealed with another key: is GATEHOUSE_SESSIONS_KEY the same everywhere?")
            return None
        return held if held.pop("name") == name else None


def _plain(kept: Kept) -> dict[str, Any]:
    """A session as JSON takes it; to be sealed and for nothing else."""
    session, tokens, operator = kept.session, kept.session.tokens, kept.session.operator
    return {
        "id": session.id.reveal(),
        "who": [operator.username, operator.sub, list(operator.groups)],
        "tokens": [
            tokens.id_token.reveal(),
            tokens.access_token.reveal(),
            tokens.refresh_token.reveal() if tokens.refresh_token else None,
            tokens.expires_at.isoformat(),
        ],
        "opened_at": session.opened_at.isoformat(),
        "times": [each.isoformat() for each in (kept.seen_at, kept.renewed_at, kept.renew_at, kept.until)],
        "ended": kept.ended,
        "claim": [kept.claim.by, kept.claim.until.isoformat()] if kept.claim else None,
    }


def _kept(held: Mapping[str, Any], known: Known) -> Kept:
    username, sub, groups = held["who"]
    id_token, access_token, refresh_token, expires_at = held["tokens"]
    seen_at, renewed_at, renew_at, until = (datetime.fromisoformat(each) for each in held["times"])
    tokens = Tokens(
        Secret(id_token),
        Secret(access_token),
        Secret(refresh_token) if refresh_token is not None else None,
        datetime.fromisoformat(expires_at),
    )
    operator = known(username, sub, tuple(groups))
    session = Session(Secret(held["id"]), operator, tokens, datetime.fromisoformat(held["opened_at"]))
    kept = Kept(session, seen_at, renewed_at, renew_at, until, held["ended"])
    if held["claim"]:
        by, claimed_until = held["claim"]
        return replace(kept, claim=Claim(by, datetime.fromisoformat(claimed_until)))
    return kept


def _seconds(moment: datetime) -> str:
    """A moment as DynamoDB's time to live takes it."""
    return str(int(moment.timestamp()) + 1)
