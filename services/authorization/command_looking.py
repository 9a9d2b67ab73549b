"""`static` and `generate`: what schema and settings show without a call to the API."""

import argparse
from collections.abc import Mapping

from services.application import open_application
from services.authorization.agreed.assessment import Exit
from services.authorization.agreed.finding import Severity
from services.authorization.agreed.findings import disagreements
from services.authorization.agreed.traps import as_findings
from services.authorization.command_generate import as_suite
from services.authorization.command_stage import foreseen, prepared_of
from services.authorization.command_summary import finding_lines
from services.authorization.command_terminal import Terminal
from services.authorization.declared.reading import read_declared
from services.authorization.declared.values import SCHEMA
from services.authorization.suite.generated import generated
from services.errors import Invalid
from services.settings import load


def static(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """What schema, modes, policies and groups show by themselves, and where they disagree with what was agreed."""
    prepared = prepared_of(arguments.suite, variables)
    with foreseen(prepared) as cast:
        declarations = prepared.declarations(cast.callers)
    found = disagreements(
        list(declarations), declarations, prepared.baseline, None, as_findings(prepared.static), taken=prepared.taken
    )
    shown = [finding for finding in found if finding.suppressed is None]
    for finding in shown:
        for line in finding_lines(finding):
            terminal.say(line)
    for unread in prepared.declared.unread:
        terminal.say(f"Not read: {unread.what}. {unread.why}")
    problems = sum(each.disagrees or each.severity is Severity.PROBLEM for each in shown)
    terminal.say(f"{len(shown)} findings, {problems} of them to be settled. The API was not called.")
    if problems:
        return Exit.DISAGREEMENT
    predicted = [each for each in declarations.values() if each.verdict]
    return Exit.AGREED if predicted and not prepared.declared.unread else Exit.NO_VERDICT


def generate(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """A suite file of everything that an API's schema offers, on standard output."""
    environment = load(variables)
    api = environment.api(arguments.api)
    declared = read_declared(open_application(environment).clients, api, environment)
    if declared.schema is None:
        raise Invalid(
            f"Could not generate a suite for {api.name}",
            declared.missing(SCHEMA).words,
            "Grant appsync:GetIntrospectionSchema, and configure the API's id",
        )
    terminal.put(as_suite(generated(declared.schema.sdl, api.name), api.name))
    return Exit.AGREED
