"""The README tells the truth about what can be told from the code."""

from pathlib import Path

from services.settings_values import VALUES
from tools.settings_table import with_table

README = Path("README.md")


def test_the_table_of_settings_is_current() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_table(readme) == readme, "run `python -m tools.settings_table`"


def test_the_example_of_secrets_names_every_setting() -> None:
    example = Path(".streamlit/secrets.example.toml").read_text(encoding="utf-8")
    assert [value.key for value in VALUES if f"{value.key} =" not in example] == []
