"""The guide's chapter on suite files says what the reader does."""

import re
from pathlib import Path

import pytest

from services.authorization.suite import reading, reading_operations
from services.authorization.suite.reading_identities import BROKEN
from tests.unit.authorization.suite.texts import read, suite

CHAPTER = Path("docs/authorization-lab.md").read_text(encoding="utf-8").split("\n## The suite file\n")[1]
CHAPTER = CHAPTER.split("\n## ")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", CHAPTER, re.DOTALL)
OPERATIONS = "operations: [{id: list-posts, document: '{ a }'}]\n"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_read(example: str) -> None:
    found = read(example) if example.startswith("name:") else suite(example, OPERATIONS)

    assert found.operations


def test_every_key_is_described() -> None:
    keys = {*reading._KEYS, *reading_operations._SAVED, *reading_operations._GENERATED, *BROKEN}

    assert sorted(key for key in keys if f"`{key}`" not in CHAPTER and f"`{key}:" not in CHAPTER and
                  f"`broken:{key}`" not in CHAPTER) == []  # fmt: skip
