"""How much longer the lab takes than the same calls in a bare loop: `python -m bench.lab`."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from services.application import Application, open_application
from services.authorization.callers.caller import Caller
from services.authorization.cells import Facts, Mode
from services.authorization.identities import Person, identities
from services.authorization.lab.doors import Doors
from services.authorization.lab.job import LabRun
from services.authorization.lab.plan import Plan
from services.authorization.operations import Operation, examples_for
from services.authorization.suite.model import Limits
from services.authorization.suite.saved import SavedOperation
from services.credentials import Credentials
from services.graphql import Answer
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import load
from tests.cloud import Cloud, running_cloud

ROUNDS = 5
LIMIT = 1.2
IDENTITIES, OPERATIONS, AT_ONCE = 20, 50, 16
BENCH = Operator("bench", "bench", (), Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of each round, the lab's and the loop's taken in turns."""

    lab: tuple[float, ...]
    loop: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The lab's time over the loop's, the median of the rounds."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.lab, self.loop, strict=True))

    def line(self) -> str:
        """The figure as one line."""
        return (
            f"lab: {self.ratio:.2f} times a bare loop of the same calls (at most {LIMIT});"
            f" {IDENTITIES} identities × {OPERATIONS} operations, {AT_ONCE} at once,"
            f" {statistics.median(self.lab):.1f} s and {statistics.median(self.loop):.1f} s"
        )


def measure(cloud: Cloud) -> bool:
    """Print the figure; whether it is within the limit."""
    figure = figure_of(cloud)
    print(figure.line())
    return figure.ratio <= LIMIT


def figure_of(cloud: Cloud) -> Figure:
    """Both in turns, the first of a pair changing each time; the first pair warms up and is not counted."""
    with tempfile.TemporaryDirectory() as nothing_configured:
        app = open_application(load({"GATEHOUSE_LOCAL_CLOUD": str(cloud.folder)}, Path(nothing_configured)))
    planned = _plan(app, cloud)
    took: dict[Callable[[], None], list[float]] = {_loop(app, planned): [], _lab(app, planned): []}
    for turn in range(ROUNDS + 1):
        for work in list(took)[:: -1 if turn % 2 else 1]:
            began = time.perf_counter()
            work()
            took[work].append(time.perf_counter() - began)
    loop, lab = took.values()
    return Figure(tuple(lab[1:]), tuple(loop[1:]))


def _plan(app: Application, cloud: Cloud) -> Plan:
    people = []
    for name in ("ada", "vera", "otto"):
        tokens = app.sign_in.start(name, Secret(cloud.password(name)))
        people.append(Person(app.identify(tokens), tokens))
    api = app.environment.api("modes")
    offered = identities(api, people[0], app.identity_pool, others=people[1:])
    callers = []
    for number in range(IDENTITIES):
        identity = offered[number % len(offered)]
        # Nothing is declared of them: each gets one control call more, which is the lab's to pay for.
        callers.append(Caller(replace(identity, id=f"{identity.id}:{number}"), Facts(Mode.IAM)))
    queries = [each.document for each in examples_for("modes") if each.document.startswith("query")]
    operations = tuple(
        SavedOperation(f"{number}", api.name, document=queries[number % len(queries)]) for number in range(OPERATIONS)
    )
    return Plan("bench", api, app.environment, operations, tuple(callers), limits=Limits(at_once=AT_ONCE))


def _lab(app: Application, planned: Plan) -> Callable[[], None]:
    doors = Doors(planned.api, app.clients.apis["modes"])

    def work() -> None:
        result = LabRun.start(planned, doors, app.identify.keys.for_key, operator=BENCH).wait()
        assert result.ran == IDENTITIES * OPERATIONS

    return work


def _loop(app: Application, planned: Plan) -> Callable[[], None]:
    api = app.clients.apis["modes"]
    held = {caller.id: caller.identity.credentials() for caller in planned.callers}
    asked = {each.id: each.operation_for("") for each in planned.operations}
    calls = [(asked[cell.operation], held[cell.identity]) for cell in planned.cells]

    def send(call: tuple[Operation, Credentials]) -> Answer:
        operation, credentials = call
        return api.call(operation.document, credentials, operation.variables, operation.name)

    def work() -> None:
        with ThreadPoolExecutor(AT_ONCE) as workers:
            answers = list(workers.map(send, calls))
        assert len(answers) == IDENTITIES * OPERATIONS

    return work


def main() -> int:
    """Measure on a local cloud of its own; 1 when the figure is past the limit."""
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder) / "cloud") as cloud:
        return 0 if measure(cloud) else 1


if __name__ == "__main__":
    sys.exit(main())
