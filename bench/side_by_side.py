"""How much longer a side-by-side run takes than its slowest single call: `python -m bench.side_by_side`."""

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.application import open_application
from services.authorization.calls import Run
from services.authorization.identities import Person, identities
from services.authorization.operations import examples_for, operation_of
from services.authorization.run import run
from services.permissions import Operator, Role
from services.secret import Secret
from services.settings import load
from tests.cloud import Cloud, running_cloud

RUNS = 15
LIMIT = 1.25
BENCH = Operator("bench", "bench", (), Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Figure:
    """The runs that were measured; times in milliseconds."""

    identities: int
    runs: tuple[Run, ...]

    @property
    def ratio(self) -> float:
        """Wall time over slowest call, the median of the runs."""
        return statistics.median(each.wall_ms / each.slowest_ms for each in self.runs)

    @property
    def worst(self) -> float:
        """The same of the worst run."""
        return max(each.wall_ms / each.slowest_ms for each in self.runs)

    def line(self) -> str:
        """The figure as one line."""
        wall = statistics.median(each.wall_ms for each in self.runs)
        slowest = statistics.median(each.slowest_ms for each in self.runs)
        in_a_row = statistics.median(
            sum(call.answer.milliseconds for call in each.calls if call.answer) for each in self.runs
        )
        prepared = statistics.median(each.prepared_ms for each in self.runs)
        return (
            f"side by side: {self.ratio:.2f} times the slowest call (at most {LIMIT}; worst of {len(self.runs)} runs"
            f" {self.worst:.2f}); {self.identities} identities, wall {wall:.0f} ms, slowest call {slowest:.0f} ms,"
            f" all calls added up {in_a_row:.0f} ms; prepared and signed in {prepared:.0f} ms before"
        )


def measure(cloud: Cloud) -> bool:
    """Print the figure; whether it is within the limit."""
    figure = figure_of(cloud)
    print(figure.line())
    return figure.ratio <= LIMIT


def figure_of(cloud: Cloud) -> Figure:
    """listUsers by every identity of two people, again and again; the first run warms up and is not counted."""
    with tempfile.TemporaryDirectory() as nothing_configured:
        app = open_application(load({"GATEHOUSE_LOCAL_CLOUD": str(cloud.folder)}, Path(nothing_configured)))
    people = []
    for name in ("ada", "otto"):
        tokens = app.sign_in.start(name, Secret(cloud.password(name)))
        people.append(Person(app.identify(tokens), tokens))
    example = examples_for("users")[0]
    operation = operation_of(example.document, example.variables)
    api = app.environment.api("users")
    columns = identities(api, people[0], app.identity_pool, others=people[1:])
    runs = [run(app.clients.apis["users"], api, operation, columns, operator=BENCH) for _ in range(RUNS + 1)]
    return Figure(len(columns), tuple(runs[1:]))


def main() -> int:
    """Measure on a local cloud of its own; 1 when the figure is past the limit."""
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder) / "cloud") as cloud:
        return 0 if measure(cloud) else 1


if __name__ == "__main__":
    sys.exit(main())
