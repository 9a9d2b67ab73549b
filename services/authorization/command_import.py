"""`import`: requests that another tool recorded, as a suite to be reviewed."""

import argparse
from collections.abc import Mapping

from services.authorization.agreed.assessment import Exit
from services.authorization.command_terminal import Terminal
from services.authorization.suite.imports import imported
from services.authorization.suite.writing import suite_text
from services.authorization.suite.yaml_parts import read_text
from services.errors import Invalid
from services.settings import load


def import_requests(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """A suite file of the requests in a curl command, a HAR file or a Postman collection, on standard output."""
    environment = load(variables)
    api = environment.api(arguments.api)
    found = imported(read_text(arguments.file), api.name, environment.rest_api_url)
    for told in found.left_out:
        terminal.note(f"Left out: {told}")
    if not found.operations:
        raise Invalid("Nothing was imported", "None of the recorded requests can be an operation", "Record others")
    terminal.put(suite_text(api.name, found.operations))
    return Exit.AGREED
