"""DynamoDB's typed values and the plain ones that templates and schemas work with."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Typed = dict[str, Any]


def typed(value: Any) -> Typed:
    """Return a plain value as DynamoDB stores it: `"a"` as `{"S": "a"}`."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float | Decimal):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": {str(name): typed(inner) for name, inner in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [typed(inner) for inner in value]}
    return {"S": str(value)}


def plain(value: Typed) -> Any:
    """Return a copy of what DynamoDB stores as a plain value; binary values stay in Base64."""
    ((kind, inner),) = value.items()
    match kind:
        case "S" | "B" | "BOOL":
            return inner
        case "N":
            return _number(inner)
        case "NS" | "SS" | "BS":
            return [_number(each) if kind == "NS" else each for each in inner]
        case "M":
            return plain_item(inner)
        case "L":
            return [plain(each) for each in inner]
        case _:
            return None


def plain_item(item: Mapping[str, Typed]) -> dict[str, Any]:
    """Return a whole row with plain values."""
    return {name: plain(value) for name, value in item.items()}


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
