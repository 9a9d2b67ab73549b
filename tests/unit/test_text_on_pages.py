"""No page hands text from outside to Streamlit as it came: what can't be seen has to be spelt out first."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = Path(__file__).parent.parent.parent / "pages"
VERBATIM = ("text", "code", "json", "dataframe")
"""Streamlit's ways to show text as it is; the others read Markdown, and get it from `plain`."""
SAFE = ("legible", "legible_value", "visible")
OWN_WORDS = {
    "password.reveal()",  # it is copied from here
    "challenge.key.reveal()",
    "SENDS[mode]",
    "DOCUMENT",
}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of `st.text` and its like, with something to show that isn't written in the page itself."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == "st"
            and node.func.attr in VERBATIM
            and node.args
        ):
            yield node


def is_safe(value: ast.expr, tree: ast.Module) -> bool:
    """Whether a value was made legible, holds only this program's own words, or is a variable of which that is true."""
    if ast.unparse(value) in OWN_WORDS:
        return True
    match value:
        case ast.Constant():
            parts = []
        case ast.JoinedStr(values=texts):
            parts = [each.value for each in texts if isinstance(each, ast.FormattedValue)]
        case ast.BoolOp(values=either):
            parts = either
        case ast.IfExp(body=one, orelse=other):
            parts = [one, other]
        case ast.Call(func=ast.Name(id=name)) if name in SAFE:
            parts = []
        case ast.Call(func=ast.Attribute(value=of)) | ast.Attribute(value=of):  # visible(frame).style.apply(…)
            parts = [of]
        case ast.Name(id=name):
            parts = assigned(name, tree)
            return bool(parts) and all(is_safe(each, tree) for each in parts)
        case _:
            return False
    return all(is_safe(each, tree) for each in parts)


def assigned(name: str, tree: ast.Module) -> list[ast.expr]:
    """What a variable is given anywhere in the file."""
    return [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.py")), ids=lambda path: path.name)
def test_text_from_outside_is_made_legible_before_it_is_shown(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raw = [f"line {call.lineno}: {ast.unparse(call)[:120]}" for call in calls(tree) if not is_safe(call.args[0], tree)]
    assert raw == []
