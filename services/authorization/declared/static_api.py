"""Static findings on the API itself: keys and introspection."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.authorization.cells import Mode
from services.authorization.declared.configuration import ApiConfiguration, Key
from services.authorization.declared.rules import Rules
from services.authorization.declared.static_finding import Severity, StaticFinding, named
from services.authorization.declared.values import KEYS, Declared

SOON = timedelta(days=7)


def api_findings(declared: Declared) -> Iterator[StaticFinding]:
    """What the API's settings and keys show."""
    configuration = declared.configuration
    if configuration is None:
        return
    if configuration.introspection:
        yield _introspection(configuration)
    if declared.keys is not None and declared.at and Mode.API_KEY in configuration.modes:
        yield from _keys(declared, configuration, declared.keys, declared.at)


def _introspection(configuration: ApiConfiguration) -> StaticFinding:
    return StaticFinding(
        id=named("GH-S15", f"introspection-enabled {configuration.name}"),
        rule="GH-S15",
        title="The schema can be asked for",
        words="Introspection is enabled: whoever is let in by any mode can read the whole schema, closed fields too.",
        line="introspectionConfig: ENABLED",
        place="API configuration",
        change="Set introspectionConfig to DISABLED where the schema should not be known.",
        severity=Severity.NOTE,
    )


def _keys(
    declared: Declared, configuration: ApiConfiguration, keys: tuple[Key, ...], now: datetime
) -> Iterator[StaticFinding]:
    live = [key for key in keys if key.expires > now]
    fields = _key_fields(declared, configuration)
    if not live and fields:
        what = "has no key" if not keys else "has ended keys only"
        yield StaticFinding(
            id=named("GH-S06", f"no-live-key {configuration.name}"),
            rule="GH-S06",
            title="No API key is live",
            words=f"The API {what}, and {len(fields)} of its fields let keys in: nobody can call them by a key.",
            line="",
            place=KEYS,
            change="Make a new key, or take @aws_api_key away.",
            severity=Severity.PROBLEM,
            fields=fields,
        )
    for key in keys:
        if now < key.expires <= now + SOON:
            yield _ending(key, now, fields)
        elif key.expires <= now and live:
            yield _ended(key)


def _ending(key: Key, now: datetime, fields: tuple[str, ...]) -> StaticFinding:
    hours = int((key.expires - now).total_seconds() // 3600)
    left = f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return StaticFinding(
        id=named("GH-S06", f"key-near-its-end {_name(key)}", f"{key.expires:%Y-%m-%d}"),
        rule="GH-S06",
        title="An API key is near its end",
        words=f"The key {_name(key)} ends in {left}; whoever calls by it is turned away then.",
        line=f"expires: {key.expires:%Y-%m-%d %H:%M} UTC",
        place=KEYS,
        change="Extend the key, or hand out a new one before.",
        severity=Severity.WARNING,
        fields=fields,
    )


def _ended(key: Key) -> StaticFinding:
    return StaticFinding(
        id=named("GH-S06", f"key-ended {_name(key)}", f"{key.expires:%Y-%m-%d}"),
        rule="GH-S06",
        title="An API key has ended",
        words=f"The key {_name(key)} has ended; whoever still sends it is turned away.",
        line=f"expires: {key.expires:%Y-%m-%d %H:%M} UTC",
        place=KEYS,
        change="Delete it.",
        severity=Severity.NOTE,
    )


def _key_fields(declared: Declared, configuration: ApiConfiguration) -> tuple[str, ...]:
    if declared.schema is None:
        return ()
    rules = Rules(declared.schema, configuration)
    return tuple(
        rules.of(parent, name).place
        for parent in declared.schema.objects
        for name in parent.fields
        if Mode.API_KEY in rules.of(parent, name).modes
    )


def _name(key: Key) -> str:
    return f"“{key.description}”" if key.description else "without a description"
