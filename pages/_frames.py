"""Tables of text from outside."""

import pandas as pd

from services.legible import legible


def visible(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with every invisible sign in its texts and in the names of its rows spelt out."""
    texts = frame.select_dtypes(["object", "str"]).columns
    spelt = frame.assign(**{name: frame[name].map(_cell).astype(frame[name].dtype) for name in texts})
    return spelt.rename(index=_cell)


def _cell(value: object) -> object:
    return legible(value) if isinstance(value, str) else value
