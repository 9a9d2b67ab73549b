"""S8: the committed templates are what the app synthesises, and deploy as they are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.settings_values import VALUES

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
STACKS = ("GuestUserBackendStack", "AuthModesStack")
FUNCTIONS = sorted((INFRA / "functions").glob("*.py"))


def test_the_committed_templates_are_what_the_app_synthesises(tmp_path):
    if shutil.which("node") is None:
        refuse_or_skip("Synthesis needs Node, which is not on the path: the templates were not compared.")
    run = subprocess.run(
        [sys.executable, "-m", "infra.synth", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert {path.name for path in tmp_path.iterdir()} == {f"{stack}.template.json" for stack in STACKS}
    for stack in STACKS:
        fresh = (tmp_path / f"{stack}.template.json").read_text()
        assert fresh == committed(stack).read_text(), f"{stack} is out of date: run `make templates`"


@pytest.mark.parametrize("stack", STACKS)
def test_cfn_lint_finds_nothing(stack):
    lint = Path(sys.executable).parent / "cfn-lint"
    run = subprocess.run([lint, committed(stack)], capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_backends_outputs_are_the_documented_ones(backend):
    assert set(backend.outputs()) == {
        "Region",
        "UserPoolId",
        "UserPoolClientId",
        "IdentityPoolId",
        "GraphQLApiId",
        "GraphQLApiUrl",
        "RestApiUrl",
        "UserTableName",
        "SeedFunctionName",
        "AdminGroupName",
        "OperatorPolicyArn",
        "SessionsTableName",
        "RecordTableName",
        "SharedTablesPolicyArn",
    }


def test_the_auth_modes_outputs_are_the_documented_ones(auth_modes):
    assert set(auth_modes.outputs()) == {
        "GraphQLApiId",
        "GraphQLApiUrl",
        "ApiKey",
        "OidcIssuer",
        "OidcUserPoolId",
        "OidcClientId",
        "LabPolicyArn",
    }


def test_every_output_that_the_dashboard_reads_is_there(backend, auth_modes):
    there = {("GuestUserBackendStack", name) for name in backend.outputs()}
    there |= {("AuthModesStack", name) for name in auth_modes.outputs()}
    read = {place for value in VALUES for place in value.outputs}
    assert read
    assert read - there == set()


@pytest.mark.parametrize("stack", STACKS)
def test_a_template_needs_no_bucket_and_fits_into_one_call(stack, request):
    assert committed(stack).stat().st_size <= 51_200, "CreateStack takes no longer body"
    template = request.getfixturevalue({"GuestUserBackendStack": "backend", "AuthModesStack": "auth_modes"}[stack])
    assert "BootstrapVersion" not in template.body.get("Parameters", {})
    assert all(set(function["Code"]) == {"ZipFile"} for function in template.of_type("Lambda::Function").values())
    assert not any("DefinitionS3Location" in found for found in template.of_type("AppSync::GraphQLSchema").values())


@pytest.mark.parametrize("stack", ["backend", "auth_modes"])
def test_nothing_outlives_the_stack(stack, request):
    template = request.getfixturevalue(stack)
    kept = [
        name
        for name, resource in template.body["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    ]
    assert kept == []
    groups = template.of_type("Logs::LogGroup")
    logs = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in template.of_type("Lambda::Function").values()]
    assert sorted(logs) == sorted(groups), "a group that Lambda makes by itself would stay"


@pytest.mark.parametrize("source", FUNCTIONS, ids=lambda path: path.stem)
def test_a_functions_source_fits_inline(source):
    assert len(source.read_text()) <= 4096


def test_the_templates_carry_every_function_and_schema_as_it_lies_in_the_checkout(backend, auth_modes):
    inline = {
        function["Code"]["ZipFile"]
        for template in (backend, auth_modes)
        for function in template.of_type("Lambda::Function").values()
    }
    assert inline == {source.read_text() for source in FUNCTIONS}
    for template, folder in ((backend, "users_api"), (auth_modes, "auth_modes_api")):
        schema = (INFRA / folder / "schema.graphql").read_text()
        assert template.the("AppSync::GraphQLSchema")["Definition"] == schema


def refuse_or_skip(reason):
    """Fail for `reason` in CI, where everything needed must be there; elsewhere skip and say so."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def committed(stack):
    """Return the path of the committed template of `stack`."""
    return INFRA / "templates" / f"{stack}.template.json"
