"""The API keys of an API, with the days that are left of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.authorization.callers.caller import Caller
from services.authorization.callers.ids import API_KEY, numbered_key
from services.authorization.cells import Facts, Mode
from services.authorization.identities import made_up_key
from services.authorization.identity import Identity, Kind
from services.aws_errors import spoken
from services.credentials import ApiKey
from services.errors import GatehouseError
from services.secret import Secret
from services.settings import Api

if TYPE_CHECKING:
    from types_boto3_appsync import AppSyncClient

SOON = 7  # days left that the column warns of


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an API.

    Attributes:
        key: the key itself, which is its id as well: it never shows.
        description: what whoever made it wrote; may be empty.
        ends_at: when it stops to be good, UTC; None where that isn't known.
    """

    key: Secret
    description: str = ""
    ends_at: datetime | None = None


def list_keys(appsync: "AppSyncClient", api: Api) -> tuple[Key, ...]:
    """Every key of the API, ended ones too, which AppSync keeps for 60 days. ListApiKeys, all pages.

    Raises:
        Refused: the credential may not list keys.
        ServiceError: AppSync failed.
    """
    found: list[Key] = []
    with spoken(f"list the API keys of the {api.label}"):
        for page in appsync.get_paginator("list_api_keys").paginate(apiId=api.api_id):
            found += [
                Key(Secret(each["id"]), each.get("description") or "", _moment(each.get("expires")))
                for each in page["apiKeys"]
            ]
    return tuple(found)


def key_callers(api: Api, listed: Iterable[Key], now: datetime, failure: GatehouseError | None = None) -> list[Caller]:
    """A column for each key: the configured one first, then by description and end; a made-up one if there is none.

    Args:
        api: the API, with the key that is configured for it.
        listed: what AppSync lists.
        now: the time, for the days that are left.
        failure: why AppSync's list could not be read; the columns say so.
    """
    keys = {each.key: each for each in listed}
    if api.api_key and api.api_key not in keys:
        keys[api.api_key] = Key(api.api_key)
    ordered = sorted(keys.values(), key=lambda key: (key.key != api.api_key, key.description, str(key.ends_at)))
    if not ordered:
        return [_made_up()]
    return [_caller(number, key, now, failure) for number, key in enumerate(ordered, 1)]


def _caller(number: int, key: Key, now: datetime, failure: GatehouseError | None) -> Caller:
    days = (key.ends_at - now).days if key.ends_at else None
    ended = key.ends_at is not None and key.ends_at <= now
    label = f"API key · {key.description}" if key.description else "API key" + (f" {number}" if number > 1 else "")
    return Caller(
        Identity(
            numbered_key(number),
            label,
            Kind.API_KEY,
            lambda: ApiKey(key.key),
            broken=ended,
            note=_note(key, now, failure),
        ),
        Facts(Mode.API_KEY, good=not ended),
        days_left=days,
    )


def _note(key: Key, now: datetime, failure: GatehouseError | None) -> str:
    if key.ends_at is None:
        return f"its end is not known: {failure.why}" if failure else ""
    if key.ends_at <= now:
        return f"the key ended at {key.ends_at:%Y-%m-%d %H:%M} UTC"
    left = (key.ends_at - now).days
    return f"{_days(left)} left" + (": renew it soon" if left <= SOON else "")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _made_up() -> Caller:
    """Shows that an API without this mode turns keys away."""
    key = made_up_key()
    note = "the key is made up, since this API has none"
    identity = Identity(API_KEY, "API key (made up)", Kind.API_KEY, lambda: ApiKey(key), broken=True, note=note)
    return Caller(identity, Facts(Mode.API_KEY, good=False))


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
