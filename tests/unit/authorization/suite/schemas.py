"""Random schemas as SDL: objects, interfaces, unions, enums, input objects, cycles, arguments of every kind."""

from hypothesis import strategies as st

LEAVES = ("Int", "String", "ID", "Boolean", "Float", "AWSDateTime", "AWSJSON", "Colour", "Own")
INPUTS = (*LEAVES, "Small", "Named", "Tree")
OBJECTS = ("A", "B", "C", "D")
FIELDS = ("id", "name", "next", "items", "x", "id_A")

WRAPPERS = st.sampled_from(["{}", "{}!", "[{}]", "[{}!]!", "[[{}]!]"])

FIXED = """
scalar Own
enum Colour { RED GREEN }
input Small { text: String!, count: Int = 3, colours: [Colour!]! }
input Named { id: ID!, small: Small }
input Tree { small: Small!, below: [Tree!] }
"""


@st.composite
def _type(draw: st.DrawFn, names: tuple[str, ...]) -> str:
    return draw(WRAPPERS).format(draw(st.sampled_from(names)))


@st.composite
def _arguments(draw: st.DrawFn) -> str:
    found = draw(st.dictionaries(st.sampled_from(["id", "limit", "input"]), _type(INPUTS), max_size=2))
    texts = []
    for name, kind in found.items():
        default = " = 5" if kind in {"Int", "Int!"} and draw(st.booleans()) else ""
        texts.append(f"{name}: {kind}{default}")
    return f"({', '.join(texts)})" if texts else ""


@st.composite
def _fields(draw: st.DrawFn, names: tuple[str, ...], *, least: int = 1) -> dict[str, str]:
    chosen = draw(st.lists(st.sampled_from(FIELDS), min_size=least, max_size=4, unique=True))
    return {name: f"{draw(_arguments())}: {draw(_type(names))}" for name in chosen}


def _written(fields: dict[str, str]) -> str:
    return "{ " + " ".join(f"{name}{rest}" for name, rest in fields.items()) + " }"


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """The SDL of a valid schema with Query and, sometimes, Mutation and Subscription."""
    outputs = (*LEAVES, *OBJECTS, "Node", "Any")
    node = draw(_fields(outputs))
    implementing = draw(st.lists(st.sampled_from(OBJECTS), max_size=4, unique=True))
    united = draw(st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=4, unique=True))
    parts = [FIXED, f"interface Node {_written(node)}", f"union Any = {' | '.join(united)}"]
    for name in OBJECTS:
        own = draw(_fields(outputs)) | (node if name in implementing else {})
        parts.append(f"type {name}{' implements Node' if name in implementing else ''} {_written(own)}")
    parts.append(f"type Query {_written(draw(_fields(outputs)))}")
    roots = draw(st.sets(st.sampled_from(["Mutation", "Subscription"])))
    parts.extend(f"type {root} {_written(draw(_fields(outputs)))}" for root in sorted(roots))
    return "\n".join(parts)
