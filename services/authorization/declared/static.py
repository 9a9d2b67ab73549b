"""What is wrong with an API's authorization before anything is called."""

from services.authorization.declared.rules import Rules
from services.authorization.declared.static_api import api_findings
from services.authorization.declared.static_fields import field_findings
from services.authorization.declared.static_finding import Severity, StaticFinding
from services.authorization.declared.static_groups import group_findings
from services.authorization.declared.static_policies import policy_findings
from services.authorization.declared.static_roles import role_findings
from services.authorization.declared.static_types import type_findings
from services.authorization.declared.values import Declared

__all__ = ["Severity", "StaticFinding", "static_findings"]
_ORDER = (Severity.PROBLEM, Severity.WARNING, Severity.NOTE)


def static_findings(declared: Declared) -> tuple[StaticFinding, ...]:
    """Everything that schema, modes, keys, policies and groups show to be wrong, problems first.

    What could not be read gives no finding; `Declared.unread` says what that is.
    """
    by_declared = (api_findings, group_findings, role_findings, policy_findings)
    found = [finding for find in by_declared for finding in find(declared)]
    if declared.schema and declared.configuration:
        rules = Rules(declared.schema, declared.configuration)
        found += [*field_findings(rules), *type_findings(rules)]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.severity), each.id)))
