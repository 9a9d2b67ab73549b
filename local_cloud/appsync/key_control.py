"""API keys as AppSync makes and keeps them: their names, their bounds, their end."""

import secrets
import string
import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import appsync
from ministack.services.cloudformation import provisioners

from local_cloud.appsync.control_answers import Answer, refusal
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Body = Mapping[str, Any]

_HOUR = 3600
_DAY = 24 * _HOUR
_DEFAULT_LIFE = 7 * _DAY
_LONGEST_LIFE = 365 * _DAY
_KEPT_AFTER_END = 60 * _DAY
_MOST_KEYS = 50
_LETTERS = string.ascii_lowercase + string.digits
_OUT_OF_BOUNDS = "The API key's expiry must be 1 to 365 days ahead."
_RESOURCE = "AWS::AppSync::ApiKey"


def take_hold() -> None:
    """Wrap MiniStack's operations on keys; raises NameGone when this release lacks one of the names."""
    require(appsync, "_create_api_key", "_update_api_key", "_api_keys", "_json")
    require(provisioners, "_RESOURCE_HANDLERS")
    appsync._create_api_key = _checked_creation(appsync._create_api_key)
    appsync._update_api_key = _checked_update(appsync._update_api_key)
    handlers = provisioners._RESOURCE_HANDLERS[_RESOURCE]
    handlers["create"] = _named_as_on_aws(handlers["create"])
    handlers["update"] = _bounded_by_template(handlers["update"])


def expiry(wanted: object, now: float) -> int | None:
    """Return the second at which a key ends, rounded down to the hour; None outside AWS's bounds.

    A key lives 1 to 365 days, 7 unless told. One that has ended is made all the same, unlike on
    AWS: nobody could show an expired key otherwise without waiting for a day.
    """
    if wanted is None or wanted == "":
        end = int(now) + _DEFAULT_LIFE
    else:
        end = int(float(str(wanted)))
        if not (end <= now or now + _DAY <= end <= now + _LONGEST_LIFE):
            return None
    return end - end % _HOUR


def _checked_creation(create: Callable[[str, Body], Answer]) -> Callable[[str, Body], Answer]:
    def create_api_key(api_id: str, body: Body) -> Answer:
        end = expiry(body.get("expires"), time.time())
        if end is None:
            return _out_of_bounds()
        if len(appsync._api_keys.get(api_id) or {}) >= _MOST_KEYS:
            return refusal("ApiKeyLimitExceededException", f"An API has at most {_MOST_KEYS} API keys.")
        before = set(appsync._api_keys.get(api_id) or {})
        answer = create(api_id, {**body, "expires": end})
        if answer[0] != 200:
            return answer
        keys = appsync._api_keys[api_id]
        (made,) = set(keys) - before
        record = _renamed(keys, made)
        response: Answer = appsync._json(200, {"apiKey": record})
        return response

    return create_api_key


def _checked_update(update: Callable[[str, str, Body], Answer]) -> Callable[[str, str, Body], Answer]:
    def update_api_key(api_id: str, key_id: str, body: Body) -> Answer:
        keys = appsync._api_keys.get(api_id) or {}
        key = keys.get(key_id)
        if key is not None and _deleted(key):
            del keys[key_id]
            return update(api_id, key_id, body)
        if body.get("expires") is None:
            return update(api_id, key_id, body)
        end = expiry(body["expires"], time.time())
        if end is None:
            return _out_of_bounds()
        if key is not None:
            key["deletes"] = end + _KEPT_AFTER_END
        return update(api_id, key_id, {**body, "expires": end})

    return update_api_key


def _named_as_on_aws(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_key(logical_id: str, properties: Body, stack_name: str) -> Any:
        end = _end_in_template(properties)
        made, attributes = create(logical_id, {**properties, "Expires": end}, stack_name)
        record = _renamed(appsync._api_keys[properties.get("ApiId", "")], made)
        name = record["id"]
        told = {key: str(value).replace(made, name) for key, value in attributes.items()}
        return name, told

    return create_key


def _bounded_by_template(update: Callable[..., Any]) -> Callable[..., Any]:
    def update_key(made: str, old: Body, new: Body, *names: Any, **named: Any) -> Any:
        return update(made, old, {**new, "Expires": _end_in_template(new)}, *names, **named)

    return update_key


def _end_in_template(properties: Body) -> int:
    end = expiry(properties.get("Expires"), time.time())
    if end is None:
        raise ValueError(f"{_OUT_OF_BOUNDS} (ApiKeyValidityOutOfBoundsException)")
    return end


def _renamed(keys: dict[str, Any], made: str) -> dict[str, Any]:
    """Give a key just made a name of AWS's shape, `da2-` and 26 letters, and the time of its end."""
    record: dict[str, Any] = keys.pop(made)
    name = "da2-" + "".join(secrets.choice(_LETTERS) for _ in range(26))
    record["id"] = name
    if "apiKeyId" in record:
        record["apiKeyId"] = name
    record["deletes"] = int(record["expires"]) + _KEPT_AFTER_END
    keys[name] = record
    return record


def _deleted(key: Mapping[str, Any]) -> bool:
    return time.time() > float(key["expires"]) + _KEPT_AFTER_END


def _out_of_bounds() -> Answer:
    return refusal("ApiKeyValidityOutOfBoundsException", _OUT_OF_BOUNDS)
