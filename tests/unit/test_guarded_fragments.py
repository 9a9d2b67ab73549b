"""Streamlit runs a dialog or a fragment again without the shell: each has to ask by itself who is there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages._drafts import is_secret

PAGES = Path("pages")
OWN_WATCH = "_session_end.py"  # it asks after the session itself, and must go on when it is over
KINDS = {"dialog", "fragment"}


def fragments(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line of each dialog and fragment of a page, and the source of what it draws."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for place, decorator in enumerate(node.decorator_list):
                if is_fragment(decorator):
                    below = node.decorator_list[place + 1 :]
                    yield node.lineno, " ".join(map(ast.unparse, below))
        elif isinstance(node, ast.Call) and is_fragment(node.func) and isinstance(node.func, ast.Call):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Assign) and is_fragment(node.value):
            (target,) = node.targets
            calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
            yield (
                node.lineno,
                " ".join(ast.unparse(each) for each in calls if ast.unparse(each.func) == ast.unparse(target)),
            )


def is_fragment(node: ast.expr) -> bool:
    """Whether it is `st.dialog(…)`, `st.fragment(…)` or `st.fragment`."""
    if isinstance(node, ast.Call):
        node = node.func
    return isinstance(node, ast.Attribute) and node.attr in KINDS and ast.unparse(node.value) == "st"


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.py") if path.name != OWN_WATCH))
def test_every_dialog_and_fragment_asks_for_the_session_again(page: str) -> None:
    source = (PAGES / page).read_text(encoding="utf-8")
    found = list(fragments(ast.parse(source)))

    assert len(found) == source.count("st.dialog(") + source.count("st.fragment")
    assert [line for line, drawn in found if "still_signed_in" not in drawn] == []


def password_fields(tree: ast.Module) -> Iterator[str]:
    """The key of each field that hides what is typed; where a name stands for it, what the name was given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            named = {each.arg: ast.unparse(each.value) for each in node.keywords}
            if named.get("type") == "'password'":
                yield named["key"] + given_to(tree, named["key"])


def given_to(tree: ast.Module, name: str) -> str:
    """What a page assigns to a name."""
    return " ".join(
        ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and name in {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    )


def test_no_field_for_a_secret_is_kept_as_a_draft() -> None:
    pages = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in PAGES.glob("*.py")}
    keys = [(name, key) for name, tree in pages.items() for key in password_fields(tree)]

    assert len(keys) >= 5
    # The sign-in page is drawn for nobody, so nothing of it is kept.
    assert [key for name, key in keys if not (is_secret(key) or name.startswith("_sign_in_"))] == []
