"""docs/iam.md says what the templates grant, names what calls it, and leaves nothing out."""

import ast
import re
from pathlib import Path

import pytest

from tests.infra.template import as_text, listed

ROOT = Path(__file__).parents[2]
PAGES = {
    "Groups": "*groups*.py",
    "Passwords": "*passwords*.py",
    "Users": "users.py",
    "Side by side": "side_by_side.py",
    "Matrix": "*matrix*.py",
    "Sign in": "*sign_in*.py",
    "Any page": "_session_*.py",
    "Audit": "*audit*.py",
    "Connection": "*connection*.py",
}
PEOPLE = {
    "IdentityPoolUnauthenticatedRole": "Guests",
    "IdentityPoolAuthenticatedRole": "Signed in",
    "ViewersRole": "`viewers`",
    "AdminsRole": "`admins`",
}
WORDS = {
    "{UserPool.Arn}": "the user pool",
    "{AdminsRole.Arn}": "the role of `admins`",
    "{ViewersRole.Arn}": "the role of `viewers`",
    "{UserTable.Arn}": "the users table",
    "{SessionsTable.Arn}": "the sessions table",
    "{SessionsTable.Arn}/index/ByPerson": "the index of the sessions table",
    "{RecordTable.Arn}": "the record table",
    "{AuthModes.Arn}": "the function `AuthModes` and its versions",
    "{UsersApi.Arn}": "the users API",
    "{AuthModesApi.Arn}": "the all-modes API",
    "{IdentityPoolUnauthenticatedRole.Arn}": "the role for guests",
    "{IdentityPoolAuthenticatedRole.Arn}": "the role for signed-in people",
    "arn:{AWS::Partition}:iam::{AWS::AccountId}:policy/{AWS::StackName}-OperatorPolicy*": "the operator policy",
    "arn:{AWS::Partition}:iam::{AWS::AccountId}:policy/{AWS::StackName}-LabPolicy*": "the lab policy",
    "arn:{AWS::Partition}:cognito-identity:{AWS::Region}:{AWS::AccountId}:identitypool/{IdentityPool}": (
        "the identity pool"
    ),
}
CALLED = r"arn:\{AWS::Partition\}:appsync:.*:/v1/apis/\{(?P<api>\w+)\.ApiId\}/(?P<part>\w+)"
PARTS = {"apikeys": "keys", "schema": "schema"}
APIS = {
    "arn:{AWS::Partition}:appsync:{AWS::Region}:{AWS::AccountId}:apis/{UsersApi.ApiId}": "the users API",
    "{AuthModesApi.Arn}": "the all-modes API",
}


def test_every_right_that_the_document_gives_people_is_granted_and_every_granted_one_is_in_it(backend, auth_modes):
    assert documented_rights() == granted_rights(backend, auth_modes)


def test_every_right_of_the_stacks_own_functions_is_in_the_document(backend, auth_modes):
    documented = {
        (row["Function or data source"].strip("`"), row["Right"].strip("`"), row["On"])
        for row in table("Function or data source")
    }
    granted = {
        (role.removesuffix("ServiceRole"), action, on)
        for template in (backend, auth_modes)
        for role, action, on in grants(template)
        if role.endswith("ServiceRole")
    }
    assert documented == granted


def test_only_the_log_is_granted_by_a_policy_of_aws_and_to_functions_alone(backend, auth_modes):
    for template in (backend, auth_modes):
        functions = {function["Role"]["Fn::GetAtt"][0] for function in template.of_type("Lambda::Function").values()}
        managed = {
            name: [as_text(policy) for policy in role["ManagedPolicyArns"]]
            for name, role in template.of_type("IAM::Role").items()
            if "ManagedPolicyArns" in role
        }
        log = "arn:{AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        assert managed == {function: [log] for function in functions}


def table(first_column):
    """Return the rows of the document's one table whose first column has that title, as dictionaries."""
    lines = (ROOT / "docs" / "iam.md").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    titles = cells(lines[start])
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(titles, cells(line), strict=True)))
    return rows


def cells(line):
    """Return what stands between the bars of a line."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


RIGHTS = table("Right")


@pytest.mark.parametrize("row", RIGHTS, ids=lambda row: f"{row['Right']} {row['On'][:40]}")
def test_a_right_names_a_button_or_field_that_its_page_has_and_a_service_that_calls_it(row):
    sources = sorted((ROOT / "pages").glob(PAGES[row["Page"]]))
    labels = re.sub(r"\{[^}]*\}", "…", "\n".join(source.read_text() for source in sources))
    assert f'"{row["Button or field"].removesuffix(" …")}' in labels

    file, called = re.findall(r"`([^`]+)`", row["Called by"])
    words = docstring(ROOT / file, called)
    service, action = row["Right"].strip("`").split(":")
    if service == "cognito-idp":
        assert action in words, f"{called} says nothing of {action}"


def documented_rights():
    """Return (who, right, on) for each "yes" of the document."""
    return {
        (who, row["Right"].strip("`"), on)
        for row in RIGHTS
        for who in (*PEOPLE.values(), "Dashboard")
        if row[who] == "yes"
        for on in resources(row["On"])
    }


def resources(cell):
    """Return each resource of a cell: several fields of one API stand together."""
    fields, api = re.findall(r"`\w+\.\w+`", cell), cell.partition(" of the ")[2]
    return [f"{field} of the {api}" for field in fields] if fields else cell.split("; ")


def granted_rights(backend, auth_modes):
    """Return (who, right, on) for all that the templates let people and the dashboard do."""
    granted = {
        (PEOPLE[role], action, on)
        for template in (backend, auth_modes)
        for role, action, on in grants(template)
        if role in PEOPLE
    }
    return granted | {
        ("Dashboard", action, on)
        for template in (backend, auth_modes)
        for policy in template.of_type("IAM::ManagedPolicy").values()
        for action, on in statements(policy["PolicyDocument"])
    }


def grants(template):
    """Return (role, action, resource in words) for every policy of a template that is attached to roles."""
    policies = [*template.of_type("IAM::Policy").values(), *template.of_type("IAM::ManagedPolicy").values()]
    return {
        (role_name(role), action, on)
        for policy in policies
        for role in policy.get("Roles", ())
        for action, on in statements(policy["PolicyDocument"])
    }


def statements(document):
    """Return (action, resource in words) for every statement. None here may deny or depend on a condition."""
    found = set()
    for statement in document["Statement"]:
        assert set(statement) == {"Action", "Effect", "Resource"}, statement
        assert statement["Effect"] == "Allow"
        for resource in listed(statement["Resource"]):
            found |= {(action, in_words(as_text(resource))) for action in listed(statement["Action"])}
    return found


def role_name(reference):
    """Return a role's logical id without the CDK's hash, also when the other stack has the role."""
    name = as_text(reference).strip("{}").rpartition(":ExportsOutputRef")[2]
    return re.sub(r"[0-9A-F]{8}([0-9A-F]{8})?$", "", name)


def in_words(resource):
    """Return a resource as the document calls it; fails for one that it has no words for."""
    plain = re.sub(r"[0-9A-F]{8}(?=[.}])", "", resource)
    if called := re.fullmatch(CALLED, plain):
        return f"the {PARTS[called['part']]} of {WORDS['{' + called['api'] + '.Arn}']}"
    api, _, field = plain.partition("/types/")
    if field:
        kind, _, name = field.partition("/fields/")
        return f"`{kind}.{name}` of {APIS[api]}"
    return WORDS[plain.removesuffix(":*")]


def docstring(file, called):
    """Return the docstring of a function or method; fails when there is none of that name."""
    body = ast.parse(file.read_text()).body
    for name in called.split("."):
        node = next(found for found in body if getattr(found, "name", None) == name)
        body = node.body
    return ast.get_docstring(node)
