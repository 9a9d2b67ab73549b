"""What the schema shows by itself among the findings, and whether a run shows it too."""

from services.authorization.agreed.confirmation import Confirmation
from services.authorization.agreed.coordinates import coordinates
from services.authorization.agreed.finding import Class, Finding
from services.authorization.agreed.left_out import left_out
from services.authorization.agreed.traps import as_findings
from services.authorization.cells import CellId, Declaration, Facts, Mode, Observation, Verdict
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.static_finding import Severity, StaticFinding
from services.authorization.operations import operation_of
from services.authorization.suite.saved import Safety, SavedOperation
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, BY_RULE, NO_VERDICT, partial, seen

SCHEMA = ApiSchema.of(
    """
type Query {
  listUsers: Users @aws_iam @aws_cognito_user_pools
  closed: String @aws_auth(cognito_groups: ["admins"])
  node: Node
}
type Users { items: [User] }
type User { id: ID email: String }
interface Node { id: ID }
type Post implements Node { id: ID title: String }
type Mutation { change: String }
"""
)
UNMARKED = StaticFinding(
    "GH-S01 x", "GH-S01", "Unmarked", "w", "type Users", "schema line 7", "c", Severity.PROBLEM, ("Users.items",)
)
INERT = StaticFinding(
    "GH-S04 x", "GH-S04", "Inert", "w", "closed", "schema line 4", "c", Severity.PROBLEM, ("Query.closed",)
)
KEY = StaticFinding("GH-S06 x", "GH-S06", "Key", "w", "", "API key", "c", Severity.WARNING)
LIST = SavedOperation("list", "users", document="{ listUsers { items { email } } }")
CLOSED = SavedOperation("closed", "users", document="{ closed }")
CHANGE = SavedOperation("change", "users", document="mutation { change }")
PEOPLE = {
    "guest/iam": Facts(Mode.IAM, guest=True),
    "group:admins/id": Facts(Mode.USER_POOL, groups=frozenset({"admins"})),
    "no-group/id": Facts(Mode.USER_POOL),
}


def confirmed(found: StaticFinding, cell: CellId, observation: Observation) -> Finding:
    confirmation = Confirmation(SCHEMA, {"list": LIST, "closed": CLOSED}, PEOPLE, {cell: observation})
    (finding,) = as_findings([found], confirmation)
    return finding


def test_a_field_is_named_by_every_type_that_it_may_stand_in() -> None:
    operation = operation_of(
        "query { users: listUsers { items { email ...rest } } node { id ... on Post { title } } __typename }"
        " fragment rest on User { id }",
        "",
    )
    assert coordinates(SCHEMA, operation) == {
        "users": {"Query.listUsers"},
        "users.items": {"Users.items"},
        "users.items[].email": {"User.email"},
        "users.items[].id": {"User.id"},
        "node": {"Query.node"},
        "node.id": {"Node.id", "Post.id"},
        "node.title": {"Post.title"},
    }


def test_a_trap_that_refuses_is_seen_where_the_child_was_refused_by_itself() -> None:
    cell = CellId("list", "guest/iam")
    finding = confirmed(UNMARKED, cell, seen(partial("listUsers.items")))
    assert finding.seen_by_running
    assert finding.cells == (cell,)
    assert "list by guest/iam" in finding.words
    for verdict in (ALLOWED, BY_MODE, Verdict(BY_RULE.outcome, frozenset({"listUsers"})), NO_VERDICT):
        assert confirmed(UNMARKED, cell, seen(verdict)).seen_by_running is False


def test_an_inert_directive_is_seen_where_somebody_outside_of_its_groups_got_the_field() -> None:
    outsider, member = CellId("closed", "no-group/id"), CellId("closed", "group:admins/id")
    assert confirmed(INERT, outsider, seen(ALLOWED)).seen_by_running
    assert confirmed(INERT, member, seen(ALLOWED)).seen_by_running is False
    assert confirmed(INERT, outsider, seen(Verdict(BY_RULE.outcome, frozenset({"closed"})))).seen_by_running is False
    assert confirmed(INERT, CellId("closed", "guest/iam"), seen(ALLOWED)).seen_by_running is False


def test_what_no_call_can_show_and_what_was_not_run_is_neither_seen_nor_unseen() -> None:
    assert confirmed(KEY, CellId("list", "guest/iam"), seen(ALLOWED)).seen_by_running is None
    (finding,) = as_findings([UNMARKED])
    assert finding.seen_by_running is None


def policy(what: str, field: str, rule: str = "GH-S10") -> StaticFinding:
    return StaticFinding(f"{rule} {what}", rule, "Policy", "w", "", "a role", "c", Severity.NOTE, (field,))


def test_a_field_that_a_policy_grants_and_the_schema_refuses_is_seen_where_iam_is_refused_by_the_field() -> None:
    kept_back = policy("policy-without-directive Query.closed", "Query.closed")
    cell, by_field = CellId("closed", "guest/iam"), Verdict(BY_RULE.outcome, frozenset({"closed"}))
    assert confirmed(kept_back, cell, seen(by_field)).seen_by_running
    assert confirmed(kept_back, cell, seen(BY_RULE)).seen_by_running is False  # its policy refused it
    assert confirmed(kept_back, CellId("closed", "no-group/id"), seen(by_field)).seen_by_running is False


def test_a_field_that_no_role_may_call_is_seen_where_a_policy_refuses_the_whole_call() -> None:
    barred = policy("no-role-grants Query.closed", "Query.closed", "GH-S11")
    cell, by_field = CellId("closed", "guest/iam"), Verdict(BY_RULE.outcome, frozenset({"closed"}))
    assert confirmed(barred, cell, seen(BY_RULE)).seen_by_running
    assert confirmed(barred, cell, seen(by_field)).seen_by_running is False
    assert confirmed(barred, CellId("list", "guest/iam"), seen(BY_RULE)).seen_by_running is False


def test_a_schema_that_can_be_asked_for_is_seen_where_it_came() -> None:
    found = policy("introspection-enabled api", "", "GH-S15")
    asking = SavedOperation("schema", "users", document="{ __schema { queryType { name } } }")
    cell = CellId("schema", "no-group/id")
    for verdict, shown in ((ALLOWED, True), (BY_RULE, False), (NO_VERDICT, False)):
        confirmation = Confirmation(SCHEMA, {"schema": asking}, PEOPLE, {cell: seen(verdict)})
        (finding,) = as_findings([found], confirmation)
        assert finding.seen_by_running is shown


def test_what_a_run_does_not_show_says_why() -> None:
    wide = confirmed(policy("policy-too-wide role", "Query.closed"), CellId("closed", "guest/iam"), seen(BY_RULE))
    assert wide.seen_by_running is None
    assert "No call shows it" in wide.words
    assert "No call shows it while the key lives" in confirmed(KEY, CellId("list", "guest/iam"), seen(ALLOWED)).words
    assert "no cell that asks for it" in confirmed(UNMARKED, CellId("list", "guest/iam"), seen(ALLOWED)).words
    (finding,) = as_findings([UNMARKED], Confirmation(SCHEMA, {"closed": CLOSED}, PEOPLE, {}))
    assert "no operation of the suite asks for it" in finding.words


def test_a_static_finding_is_advice_with_its_own_rule_line_and_a_stable_id() -> None:
    (finding,) = as_findings([UNMARKED])
    assert (finding.rule, finding.weight, finding.disagrees) == ("GH-S01", Class.ADVICE, False)
    assert (finding.reasons[0].line, finding.reasons[0].place) == ("type Users", "schema line 7")
    assert finding.id == confirmed(UNMARKED, CellId("list", "guest/iam"), seen(partial("listUsers.items"))).id


# --- what a suite itself doesn't send ---------------------------------------------------------------------------------


def test_a_skipped_mutation_is_left_out_and_a_query_never_is() -> None:
    cells = [CellId("change", "guest/iam"), CellId("list", "guest/iam")]
    assert left_out([CHANGE, LIST], cells, {}) == {cells[0]}


def test_a_mutation_that_is_only_to_be_refused_is_left_out_where_it_is_declared_to_be_let_in() -> None:
    careful = SavedOperation("change", "users", document="mutation { change }", safety=Safety.REFUSE_ONLY)
    cell = CellId("change", "guest/iam")

    def out(verdict: Verdict | None) -> bool:
        return cell in left_out([careful], [cell], {cell: Declaration(verdict, ())})

    assert out(ALLOWED)
    assert not out(BY_MODE)
    assert not out(None), "that nothing can be predicted is nobody's purpose"
    assert cell not in left_out([careful], [cell], {})


def test_a_mutation_that_is_sent_as_everybody_is_not_left_out() -> None:
    full = SavedOperation("change", "users", document="mutation { change }", safety=Safety.FULL)
    assert left_out([full], [CellId("change", "guest/iam")], {}) == frozenset()
