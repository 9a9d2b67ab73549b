"""Fifty operators at once on one process: what they are sent of each other, and how long they wait for each other.

`python -m bench.fifty [MINUTES] [OPERATORS]`; `make bench` runs it for a minute. The budget is that of the design: no
more than 150 ms of queueing, which is what a click takes longer among fifty than for an operator who was alone just
before, page by page. Operators, local cloud and dashboard share this machine's cores here, so that the figure is an
upper bound; as in all of the bench, ratios count more than milliseconds.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from tests.browser import server
from tests.browser.crowd import Clicks, click_about, disbanded, doors, gathered
from tests.cloud import Cloud, running_cloud

OPERATORS = 50
MINUTES = 1.0
QUEUEING_BUDGET = 150  # ms, at the 95th percentile
PAUSE = 4.0  # seconds between two clicks of one operator: reading what came takes longer
ALONE_SECONDS = 30
ALONE_PAUSE = 0.2


def measure(cloud: Cloud, minutes: float = MINUTES, operators: int = OPERATORS) -> bool:
    """Print what was sent and how long it took; returns whether nothing leaked and nobody queued for too long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dashboard = server.start(
            "dashboard.py",
            folder,
            {"GATEHOUSE_LOCAL_CLOUD": str(cloud.folder), "GATEHOUSE_DATA_FOLDER": str(folder)},
        )
        members = gathered(cloud, operators)

        async def both() -> tuple[Clicks, Clicks]:
            cookies = await doors(dashboard.address, members)
            alone = await click_about(dashboard.address, members[:1], cookies[:1], ALONE_SECONDS, ALONE_PAUSE)
            return alone, await click_about(dashboard.address, members, cookies, 60 * minutes, PAUSE)

        try:
            alone, crowd = asyncio.run(both())
        finally:
            disbanded(cloud, members)
            dashboard.stop()
    return _report(alone, crowd, operators)


def _report(alone: Clicks, crowd: Clicks, operators: int) -> bool:
    print(f"\n{operators} operators at once: {len(crowd.all)} clicks, {len(crowd.leaks)} times something of another's")
    for leak in crowd.leaks[:20]:
        print(f"  LEAK {leak}")
    queueing = []
    for what in sorted(crowd.seconds):
        base = median(alone.seconds.get(what, [0]))
        waits = [max(each - base, 0) * 1000 for each in crowd.seconds[what]]
        queueing += waits
        print(
            f"  {what:28} alone {base * 1000:5.0f} ms   among all {median(crowd.seconds[what]) * 1000:5.0f} ms"
            f"   waits {_p95(waits):5.0f} ms (p95)"
        )
    worst = _p95(queueing)
    ratio = _p95(crowd.all) / _p95(alone.all)
    print(f"  queueing, p95: {worst:.0f} ms of {QUEUEING_BUDGET}; a click's p95 is {ratio:.2f} times that of one alone")
    return not crowd.leaks and worst <= QUEUEING_BUDGET


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else sum(values)


def main() -> None:
    """Run it by itself; exits with 1 when something leaked or somebody waited for too long."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    operators = int(sys.argv[2]) if len(sys.argv) > 2 else OPERATORS
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder) / "cloud") as cloud:
        sys.exit(0 if measure(cloud, minutes, operators) else 1)


if __name__ == "__main__":
    main()
