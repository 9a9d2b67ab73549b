"""Tables of text from outside."""

from typing import Literal

import pandas as pd

from services.legible import legible

_MOST_AT_ONCE, _SCROLLED = 18, 640  # rows, and the pixels of a table that has more of them


def height_of(rows: int) -> int | Literal["content"]:
    """The height of a list of so many rows: long ones scroll, so that what is below stays near."""
    return "content" if rows <= _MOST_AT_ONCE else _SCROLLED


def visible(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with every invisible sign in its texts and in the names of its rows spelt out.

    Columns in which there is nothing to spell out, nearly all of them, stay the very same: making one anew costs more
    than the rest of a click.
    """
    spelt = {}
    for name, column in frame.items():
        if pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_string_dtype(column.dtype):
            values = column.tolist()
            seen = [_cell(value) for value in values]
            if any(one is not other and one != other for one, other in zip(seen, values, strict=True)):
                spelt[str(name)] = pd.Series(seen, index=frame.index, dtype=column.dtype)
    told = frame.assign(**spelt) if spelt else frame
    names = [_cell(each) for each in told.index] if not isinstance(told.index, pd.RangeIndex) else []
    return told.set_axis(names, axis="index") if names else told


def _cell(value: object) -> object:
    return legible(value) if isinstance(value, str) else value
