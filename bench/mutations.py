"""Does the lab notice? All that decides who gets what of the all-modes API changed, one at a time.

`python -m bench.mutations`: each directive and group of the schema, each setting of the API, each role's policy in many
ways, and who gets which role.

Who gets what is read from the raw answers, by a few lines here that know nothing of outcomes. Where a change alters it,
the lab must report a disagreement with the baseline; where it doesn't, the lab must be silent.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.mutants import mutants
from bench.settings_changed import Change, changes
from services.application import open_application
from services.authorization.agreed.agreement import Accepted, Agreement, lets_in
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Class
from services.authorization.callers.cast import Cast, callers
from services.authorization.cells import CellId
from services.authorization.declared.reading import read_declared
from services.authorization.examination import Concluded, Prepared, conclude, prepare
from services.authorization.lab.doors import Doors
from services.authorization.lab.job import LabRun
from services.authorization.lab.plan import Plan
from services.authorization.suite.model import GeneratedChoice, IdentityChoice, IdentityKind, Root, Suite
from services.authorization.suite.saved import Safety, SavedOperation
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import load
from tests.cloud import ROOT, Cloud, running_cloud

SCHEMA = ROOT / "infra" / "auth_modes_api" / "schema.graphql"
BENCH = Operator("bench", "bench", (), Role.ADMIN)
Got = dict[CellId, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant.

    Attributes:
        what: the change.
        changes: whether it alters who gets what.
        foretold: whether the prediction already disagrees with the baseline, before any call.
        reported: whether the run's findings disagree.
        unproven: findings that say that something is not proven.
    """

    what: str
    changes: bool
    foretold: bool
    reported: bool
    unproven: int

    @property
    def right(self) -> bool:
        """Whether the lab said what it should."""
        return self.reported is self.changes and not self.unproven

    def line(self) -> str:
        """One line of the table."""
        changes = "changes" if self.changes else "same"
        seen = "reported" if self.reported else "silent"
        told = "foretold" if self.foretold else ""
        unproven = f" ({self.unproven} unproven)" if self.unproven else ""
        return f"  {'ok ' if self.right else 'NO '} {self.what:80} {changes:8} {seen:9} {told}{unproven}"


def measure(cloud: Cloud) -> bool:
    """Print the table; whether the lab was right about every mutant."""
    began = time.perf_counter()
    rows = list(rows_of(cloud))
    for row in rows:
        print(row.line())
    altering = [row for row in rows if row.changes]
    others = [row for row in rows if not row.changes]
    print(
        f"mutations: {sum(row.reported for row in altering)} of {len(altering)} changes reported"
        f" ({sum(row.foretold for row in altering)} already without a call),"
        f" {sum(not row.reported for row in others)} of {len(others)} without effect passed over in silence;"
        f" {time.perf_counter() - began:.0f} s"
    )
    return bool(altering) and bool(others) and all(row.right for row in rows)


def rows_of(cloud: Cloud) -> Iterator[Row]:
    """Every mutant, one after the other; the API is as before when this ends."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = {"GATEHOUSE_LOCAL_CLOUD": str(cloud.folder), "GATEHOUSE_DATA_FOLDER": folder}
        app = open_application(load(settings, Path(folder)))
        prepared = prepare(app, _suite(cloud), operator=BENCH)
        cast = stack.enter_context(callers(app, prepared.api, prepared.suite.identities, operator=BENCH))
        first = _examined(prepared, cast)
        prepared = prepared.agreeing(_agreed(first))
        before = _got(first)
        unchanged = _examined(prepared, cast)
        assert not unchanged.record.assessment.disagreements, unchanged.findings[:3]
        for change in _changes(cloud, prepared):
            change.do()
            try:
                declared = read_declared(app.clients, prepared.api, app.environment)
                mutated = replace(prepared, declared=declared)
                # Credentials of the identity pool are kept for an hour, with the role that was chosen then.
                anew = callers(app, prepared.api, prepared.suite.identities, operator=BENCH)
                with anew if change.roles else nullcontext(cast) as who:
                    ended = _examined(mutated, who)
            finally:
                change.undo()
            yield Row(
                what=change.what,
                changes=_got(ended) != before,
                foretold=_foretold(mutated, cast),
                reported=bool(ended.record.assessment.disagreements),
                unproven=sum(finding.weight is Class.NO_VERDICT for finding in ended.findings),
            )


def _changes(cloud: Cloud, prepared: Prepared) -> Iterator[Change]:
    """What is changed: the schema, then everything else that decides who gets what."""
    appsync, original = cloud.client("appsync"), SCHEMA.read_text(encoding="utf-8")
    api_id = cloud.auth_modes["GraphQLApiId"]

    def deploy(sdl: str) -> Callable[[], object]:
        return lambda: _deploy(appsync, api_id, sdl)

    for mutant in mutants(original):
        yield Change(mutant.what, deploy(mutant.schema), deploy(original))
    yield from changes(cloud, api_id, tuple(prepared.declared.roles))


def _deploy(appsync: Any, api_id: str, sdl: str) -> None:
    appsync.start_schema_creation(apiId=api_id, definition=sdl.encode())
    deadline = time.monotonic() + 10
    while (status := appsync.get_schema_creation_status(apiId=api_id))["status"] not in {"SUCCESS", "ACTIVE"}:
        assert time.monotonic() < deadline, status
        assert status["status"] != "FAILED", status


def _suite(cloud: Cloud) -> Suite:
    """Every query and the mutation, by somebody of each mode; control calls are chosen by the prediction."""
    modes = cloud.auth_modes
    olga = cloud.unsigned("cognito-idp").initiate_auth(
        ClientId=modes["OidcClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "olga", "PASSWORD": cloud.demo["oidcPeople"]["olga"]["password"]},
    )["AuthenticationResult"]["IdToken"]
    plain = [IdentityChoice(kind) for kind in (IdentityKind.NOBODY, IdentityKind.API_KEY, IdentityKind.GUEST)]
    groups = [IdentityChoice(IdentityKind.STAND_IN, groups=groups) for groups in (("admins",), ("viewers",), ())]
    given = [
        IdentityChoice(IdentityKind.OIDC, name="olga", secret=Secret(olga)),
        IdentityChoice(
            IdentityKind.LAMBDA,
            name="demo",
            secret=Secret(str(cloud.demo["lambdaAuthorizerToken"])),
            denied=frozenset({"Query.deniedByLambda"}),
        ),
    ]
    echo = SavedOperation(
        "echo", "modes", document='mutation { echo(text: "hello") }', safety=Safety.FULL, harmless=True
    )
    return Suite(
        name="mutations",
        api="modes",
        path=Path("mutations.yaml"),
        operations=(echo,),
        generated=(GeneratedChoice(Root.QUERIES),),
        identities=(*plain, *groups, *given),
    )


def _examined(prepared: Prepared, cast: Cast) -> Concluded:
    app = prepared.application
    declarations = prepared.declarations(cast.callers)
    plan = Plan.of(prepared.suite, app.environment, prepared.operations, cast.callers, declarations)
    doors = Doors(prepared.api, app.clients.apis[prepared.suite.api])
    result = LabRun.start(plan, doors, app.identify.keys.for_key, operator=BENCH).wait()
    return conclude(prepared, cast.callers, declarations, result, operator=BENCH)


def _agreed(concluded: Concluded) -> Baseline:
    accepted = Accepted("as it is", "bench")
    return Baseline.empty().accepting(
        {
            cell: Agreement(seen.verdict, accepted)
            for cell, seen in concluded.result.cells.items()
            if lets_in(seen.verdict)
        }
    )


def _foretold(prepared: Prepared, cast: Cast) -> bool:
    """Whether the prediction lets somebody in whom nobody agreed to, or keeps out or cuts short whom somebody did."""
    agreed = prepared.baseline.agreed.cells
    for cell, declaration in prepared.declarations(cast.callers).items():
        verdict, line = declaration.verdict, agreed.get(cell)
        if verdict and (lets_in(verdict) or line) and (line is None or verdict != line.verdict):
            return True
    return False


def _got(concluded: Concluded) -> Got:
    """What each identity got of each operation: the places in the data with a value, or with nothing and no error.

    The name of a type is left out: it is the schema's to tell, and stands beside everything that may be refused.
    """
    got = {}
    for cell in concluded.result.cells:
        judged = concluded.result.evidence.get(cell)
        answer = judged.call.answer if judged else None
        body = json.loads(answer.text) if answer else {}
        failed = [tuple(entry.get("path") or ()) for entry in body.get("errors", [])]
        got[cell] = frozenset(_places(body["data"], (), failed)) if "data" in body else frozenset()
    return got


def _places(value: Any, path: tuple[str | int, ...], failed: list[tuple[str | int, ...]]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _places(below, (*path, name), failed)
    elif isinstance(value, list):
        if not value:
            yield f"{'.'.join(map(str, path))} is empty"
        for number, below in enumerate(value):
            yield from _places(below, (*path, number), failed)
    elif value is not None:
        if path[-1] != "__typename" or len(path) == 1:
            yield ".".join(map(str, path))
    elif not any(each[: len(path)] == path or path[: len(each)] == each for each in failed):
        # The resolver was asked and had nothing to say: to be let in to nothing is another thing than to be refused.
        yield f"{'.'.join(map(str, path))} is null"


def main() -> None:
    """On a local cloud of its own; exits with 1 when the lab was wrong about a mutant."""
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder) / "cloud", users=5) as cloud:
        sys.exit(0 if measure(cloud) else 1)


if __name__ == "__main__":
    main()
