"""What a suite file says, and what is said about a file that can't be used."""

from pathlib import Path

import pytest

from services.authorization.outcomes import Outcome
from services.authorization.suite.model import (
    Canary,
    CoverageTarget,
    GeneratedChoice,
    IdentityChoice,
    IdentityKind,
    Limits,
    Root,
)
from services.authorization.suite.reading import read_suite
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import Safety
from services.errors import Invalid
from services.secret import Secret
from tests.unit.authorization.suite.texts import ONE_OPERATION, operation, read, suite

HEAD = "name: some\napi: modes\n"


def refused(text: str) -> str:
    """Why a text is no suite."""
    with pytest.raises(Invalid) as refusal:
        read(text)
    assert refusal.value.next_step
    return refusal.value.why


def test_a_suite_needs_no_more_than_a_name_an_api_and_operations() -> None:
    found = suite()

    assert (found.name, found.api, found.identities, found.baseline_path) == ("some", "modes", (), None)
    assert [each.id for each in found.operations] == ["a"]
    assert (found.limits, found.coverage, found.masks) == (Limits(16, None, 30.0), CoverageTarget(), ())


def test_every_identity_can_be_chosen() -> None:
    found = suite(
        """
identities:
  - nobody
  - api-key
  - guest
  - stand_in: [viewers, admins]
    sends: [id]
  - stand_in: []
  - {person: ada, password: LAB_PASSWORD}
  - {oidc: olga, token: LAB_OIDC}
  - {lambda: demo, token: LAB_LAMBDA, denied: [Query.a]}
  - {broken: [expired, alg-none], token: LAB_EXPIRED}
""",
        variables={"LAB_PASSWORD": "p", "LAB_OIDC": "o", "LAB_LAMBDA": "l", "LAB_EXPIRED": "e"},
    )

    assert found.identities == (
        IdentityChoice(IdentityKind.NOBODY),
        IdentityChoice(IdentityKind.API_KEY),
        IdentityChoice(IdentityKind.GUEST),
        IdentityChoice(IdentityKind.STAND_IN, groups=("admins", "viewers"), sends=("id",)),
        IdentityChoice(IdentityKind.STAND_IN),
        IdentityChoice(IdentityKind.PERSON, "ada", secret=Secret("p"), secret_variable="LAB_PASSWORD"),
        IdentityChoice(IdentityKind.OIDC, "olga", secret=Secret("o"), secret_variable="LAB_OIDC"),
        IdentityChoice(
            IdentityKind.LAMBDA,
            "demo",
            secret=Secret("l"),
            secret_variable="LAB_LAMBDA",
            denied=frozenset({"Query.a"}),
        ),
        IdentityChoice(
            IdentityKind.BROKEN, broken=("expired", "alg-none"), secret=Secret("e"), secret_variable="LAB_EXPIRED"
        ),
    )


def test_a_variable_that_is_not_set_leaves_an_identity_without_a_secret() -> None:
    [choice] = suite("identities: [{person: ada, password: LAB_PASSWORD}]", variables={"LAB_PASSWORD": " "}).identities

    assert (choice.secret, choice.secret_variable) == (None, "LAB_PASSWORD")


def test_a_suite_does_not_show_its_secrets() -> None:
    found = suite("identities: [{person: ada, password: LAB_PASSWORD}]", variables={"LAB_PASSWORD": "hunter2"})

    assert "hunter2" not in repr(found)


def test_the_other_sections_are_read() -> None:
    found = suite(
        """
baseline: some.baseline
canaries: {guest: {granted: a}, group:admins/id: {granted: a, refused: a}}
mask: ["**.createdAt"]
limits: {at_once: 4, per_second: 2.5, timeout: 10}
coverage: {operations: 80 %, identities: 99.5%}
"""
    )

    assert found.baseline_path == Path("suites/some.baseline")
    assert found.canary_for("guest/iam") == Canary("a", None)
    assert found.canary_for("group:admins/id") == Canary("a", "a")
    assert found.canary_for("group:admins/access") == Canary()
    assert found.masks == ("**.createdAt",)
    assert found.limits == Limits(4, 2.5, 10)
    assert found.coverage == CoverageTarget(80, 99.5)


def test_an_operation_says_all_that_is_known_of_it() -> None:
    found = suite(
        operations="""
operations:
  - id: create-post
    label: createPost
    note: Makes one.
    document: |
      mutation Other { b }
      mutation Create($title: String!) { createPost(title: $title) { id } }
    operation: Create
    variables: {title: t, count: 3}
    variables_for:
      guest: {title: g}
    safety: full
    capture: {id: createPost.id}
    undo:
      document: "mutation ($id: ID!) { deletePost(id: $id) }"
    expected: {nobody: refused by mode, group: allowed}
"""
    ).operations[0]

    assert (found.id, found.label, found.note, found.name) == ("create-post", "createPost", "Makes one.", "Create")
    assert (found.safety, dict(found.captures), found.changes_data) == (Safety.FULL, {"id": "createPost.id"}, True)
    assert found.variables_of("guest/iam") == {"title": "g", "count": 3}
    assert found.undo is not None
    assert (found.undo.id, found.undo.takes) == ("create-post.undo", {"id"})
    assert found.expected_of("group:admins/id") is Outcome.ALLOWED
    assert found.expected_of("guest/iam") is None


def test_a_rest_request_is_a_line_or_a_table() -> None:
    line = operation("{id: a, rest: GET /hello}")
    table = operation("{id: a, rest: {method: PUT, path: 'users/{id}', query: {q: x}, body: {n: 1}}, safety: skip}")

    assert line.rest == RestRequest("GET", "hello")
    assert table.rest == RestRequest("PUT", "users/{id}", {"q": "x"}, {"n": 1})
    assert (line.changes_data, table.changes_data) == (False, True)


def test_an_owned_operation_is_one_for_each_owner() -> None:
    found = suite(
        """
subjects:
  everyone: {nobody's: none}
  group:admins: {mine: 1, hers: 2}
  group:admins/iam: {mine: 3}
""",
        operations="""
operations:
  - {id: get, document: "query ($id: ID!) { get(id: $id) }", owners: [mine, hers, nobody's], subject: id}
""",
    )

    assert [each.id for each in found.operations] == ["get[mine]", "get[hers]", "get[nobody's]"]
    mine, hers, nobodys = found.operations
    assert mine.variables_of("group:admins/id") == {"id": 1}
    assert mine.variables_of("group:admins/iam") == {"id": 3}
    assert hers.variables_of("group:admins/iam") == {"id": 2}
    assert nobodys.variables_of("group:admins/iam") == {"id": "none"}
    assert hers.lacking("guest/iam") == ("id",)


def test_what_is_to_be_generated_is_chosen_with_its_values() -> None:
    found = suite(
        operations="""
operations:
  - {generated: queries, depth: 2, leave_out: [b], values: {c: {id: "1"}}}
  - {generated: mutations, safety: refuse only}
"""
    )

    assert found.generated == (
        GeneratedChoice(Root.QUERIES, 2, frozenset({"b"}), {"c": {"id": "1"}}),
        GeneratedChoice(Root.MUTATIONS, safety=Safety.REFUSE_ONLY),
    )


MISTAKES = {
    "not YAML": ("name: [", "line 1, column 8", "expected the node content"),
    "empty": ("# nothing\n", "empty", ""),
    "no table": ("- name\n", "line 1, column 1", "table of keys and values"),
    "unknown key": (f"{HEAD}{ONE_OPERATION}operatoins: []\n", "line 5, column 1", "did you mean 'operations'?"),
    "key missing": (f"name: some\n{ONE_OPERATION}", "line 1, column 1", "lacks 'api'"),
    "key twice": (f"{HEAD}name: other\n{ONE_OPERATION}", "line 3, column 1", "a second time"),
    "unknown api": (f"name: some\napi: usres\n{ONE_OPERATION}", "line 2, column 6", "did you mean 'users'?"),
    "no operations": (f"{HEAD}operations: []\n", "line 3, column 13", "empty"),
    "id missing": (f"{HEAD}operations:\n  - {{document: '{{ a }}'}}\n", "line 4, column 5", "lacks 'id'"),
    "id of two words": (
        f"{HEAD}operations:\n  - {{id: two words, document: '{{ a }}'}}\n",
        "line 4, column 10",
        "letters, digits",
    ),
    "id twice": (f"{HEAD}{ONE_OPERATION}  - {{id: a, document: '{{ a }}'}}\n", "line 5, column 5", "second time"),
    "an id that YAML takes for no": (
        f"{HEAD}operations:\n  - {{id: no, document: '{{ a }}'}}\n",
        "line 4, column 10",
        "YAML reads no as true or false",
    ),
    "broken document": (
        f"{HEAD}operations:\n  - {{id: a, document: '{{ a'}}\n",
        "line 4, column 23",
        "not valid GraphQL",
    ),
    "subscription": (
        f"{HEAD}operations:\n  - {{id: a, document: 'subscription {{ a }}'}}\n",
        "line 4, column 23",
        "subscription",
    ),
    "neither document nor rest": (f"{HEAD}operations:\n  - {{id: a}}\n", "line 4, column 5", "either a document or"),
    "unknown outcome": (
        f"{HEAD}operations:\n  - {{id: a, document: '{{ a }}', expected: {{nobody: alowed}}}}\n",
        "line 4, column 51",
        "did you mean 'allowed'?",
    ),
    "unknown identity": (
        f"{HEAD}{ONE_OPERATION}canaries: {{gruop:admins: {{granted: a}}}}\n",
        "line 5, column 26",
        "names no identity",
    ),
    "canary of no operation": (
        f"{HEAD}{ONE_OPERATION}canaries: {{guest: {{granted: b}}}}\n",
        "line 5, column 29",
        "there is no operation 'b'",
    ),
    "after no operation": (
        f"{HEAD}operations:\n  - {{id: first, document: '{{ a }}', after: [frist]}}\n",
        "line 4, column 44",
        "did you mean 'first'?",
    ),
    "a circle": (
        f"{HEAD}operations:\n  - {{id: a, document: '{{ a }}', after: [b]}}\n  - {{id: b, rest: GET x, after: [a]}}\n",
        "line 4, column 3",
        "circle",
    ),
    "full without undo": (
        f"{HEAD}operations:\n  - {{id: a, document: 'mutation {{ a }}', safety: full}}\n",
        "line 4, column 5",
        "has no undo",
    ),
    "safety of a query": (
        f"{HEAD}operations:\n  - {{id: a, document: '{{ a }}', safety: full}}\n",
        "line 4, column 40",
        "changes nothing",
    ),
    "owners without subjects": (
        f"{HEAD}operations:\n  - {{id: a, document: '{{ a }}', owners: [mine], subject: id}}\n",
        "line 4, column 40",
        "mine",
    ),
    "path out of the API": (
        f"{HEAD}operations:\n  - {{id: a, rest: GET ../other}}\n",
        "line 4, column 19",
        "no path below",
    ),
    "address of another host": (
        f"{HEAD}operations:\n  - {{id: a, rest: 'GET https://evil.example/'}}\n",
        "line 4, column 19",
        "no path below",
    ),
    "unknown method": (f"{HEAD}operations:\n  - {{id: a, rest: FETCH x}}\n", "line 4, column 19", "no method"),
    "path into an answer": (
        f"{HEAD}operations:\n  - {{id: a, document: '{{ a }}', capture: {{x: 'a..b'}}}}\n",
        "line 4, column 45",
        "no path into an answer",
    ),
    "limit": (f"{HEAD}{ONE_OPERATION}limits: {{at_once: 0}}\n", "line 5, column 19", "from 1 to 64"),
    "coverage": (f"{HEAD}{ONE_OPERATION}coverage: {{operations: 180 %}}\n", "line 5, column 24", "80 %"),
    "alias": (f"{HEAD}mask: &m [a]\ncoverage: *m\n{ONE_OPERATION}", "line 4, column 11", "aliases"),
    "tag": (f"{HEAD}{ONE_OPERATION}mask: [!!python/name:os.system x]\n", "line 5, column 8", "text"),
    "unknown kind of broken": (
        f"{HEAD}{ONE_OPERATION}identities: [{{broken: [expird]}}]\n",
        "line 5, column 24",
        "did you mean 'expired'?",
    ),
    "expired token for other kinds": (
        f"{HEAD}{ONE_OPERATION}identities: [{{broken: [alg-none], token: LAB_EXPIRED}}]\n",
        "line 5, column 42",
        "expired is not among the kinds",
    ),
    "unknown condition": (
        f"{HEAD}{ONE_OPERATION}rules: [{{name: r, when: {{stauts: 200}}, outcome: allowed}}]\n",
        "line 5, column 26",
        "did you mean 'status'?",
    ),
    "pattern": (
        f"{HEAD}{ONE_OPERATION}rules: [{{name: r, when: {{message: '('}}, outcome: allowed}}]\n",
        "line 5, column 35",
        "no regular expression",
    ),
    "a condition that says nothing": (
        f"{HEAD}{ONE_OPERATION}rules: [{{name: r, when: {{all: []}}, outcome: allowed}}]\n",
        "line 5, column 31",
        "empty",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place(mistake: str) -> None:
    text, place, words = MISTAKES[mistake]

    why = refused(text)

    assert why.startswith(place) or not place.startswith("line"), why
    assert place in why
    assert words in why


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        read_suite(tmp_path / "gone.yaml", {})


def test_a_file_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9\n")

    with pytest.raises(Invalid, match="UTF-8"):
        read_suite(tmp_path / "latin.yaml", {})


@pytest.mark.parametrize("name", ["modes", "users"])
def test_the_suites_that_come_with_the_product_are_read_without_a_secret(name: str) -> None:
    found = read_suite(Path(f"suites/{name}.yaml"), {})

    assert found.api == name
    assert found.operations
    assert all(not choice.secret_variable for choice in found.identities)
