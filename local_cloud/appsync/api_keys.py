"""The API_KEY mode: a key that this API has, and that isn't past its hour."""

from collections.abc import Mapping

from local_cloud.appsync.model import Caller, Mode
from local_cloud.appsync.refusals import NOT_AUTHORIZED_TO_CALL, unauthorized

_HOUR = 3600


def admit_key(key: str, keys: Mapping[str, int], now: float) -> Caller:
    """Return the caller behind an API key; resolvers see no identity for it.

    AppSync rounds an expiry down to the hour, and the key counts up to that second.

    Raises:
        Refused: 401, in the same words for an unknown and for an expired key.
    """
    expires = keys.get(key)
    if expires is None or now > expires - expires % _HOUR:
        raise unauthorized(NOT_AUTHORIZED_TO_CALL)
    return Caller(Mode.API_KEY)
