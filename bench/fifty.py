"""Fifty operators at once on one process: what they are sent of each other, and how long they wait for each other.

`python -m bench.fifty [MINUTES] [OPERATORS]`; `make bench` runs it for a minute. The budget is that of the design: no
more than 150 ms of queueing, which is what a click takes longer among fifty than for an operator who was alone just
before. It is held to clicks that make no AWS calls: the local cloud is one process, and everybody would queue there.
The waits among all pages, those at the local cloud included, are printed besides. Operators, local cloud and dashboard
share this machine's cores, so that every figure is an upper bound, and ratios count more than milliseconds.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from tests.browser import server
from tests.browser.crowd import CLICKS, Clicks, click_about, disbanded, doors, gathered
from tests.cloud import Cloud, running_cloud

OPERATORS = 50
MINUTES = 1.0
QUEUEING_BUDGET = 150  # ms, at the 95th percentile
PAUSE = 4.0  # seconds between two clicks of one operator: reading what came takes longer
ALONE_SECONDS = 30
ALONE_PAUSE = 0.2
OWN = (("tokens", "", ""),)  # what the dashboard does by itself


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

        async def all_of_it() -> tuple[list[Clicks], list[Clicks]]:
            cookies = await doors(dashboard.address, members)
            alone, together = [], []
            for choices, seconds in ((CLICKS, 60 * minutes), (OWN, 30)):
                one = (members[:1], cookies[:1], ALONE_SECONDS, ALONE_PAUSE)
                alone.append(await click_about(dashboard.address, *one, choices=choices))
                together.append(await click_about(dashboard.address, members, cookies, seconds, PAUSE, choices=choices))
            return alone, together

        try:
            alone, together = asyncio.run(all_of_it())
        finally:
            disbanded(cloud, members)
            dashboard.stop()
    leaks = [leak for clicks in together for leak in clicks.leaks]
    print(f"\n{operators} operators at once: {sum(len(each.all) for each in together)} clicks,", end=" ")
    print(f"{len(leaks)} times something of another's")
    for leak in leaks[:20]:
        print(f"  LEAK {leak}")
    _waits("all pages, with what they wait for the local cloud", alone[0], together[0])
    queueing = _waits(f"no AWS calls; the budget is {QUEUEING_BUDGET} ms", alone[1], together[1])
    return not leaks and queueing <= QUEUEING_BUDGET


def _waits(title: str, alone: Clicks, together: Clicks) -> float:
    """Print how much longer clicks take among all than alone; returns the 95th percentile, in ms."""
    queueing = []
    print(f"  {title}")
    for what in sorted(together.seconds):
        base = median(alone.seconds.get(what) or [0])
        waits = [max(each - base, 0) * 1000 for each in together.seconds[what]]
        queueing += waits
        among = median(together.seconds[what]) * 1000
        print(
            f"    {what:26} alone {base * 1000:5.0f} ms  among all {among:5.0f} ms  waits {_p95(waits):5.0f} ms (p95)"
        )
    ratio = _p95(together.all) / _p95(alone.all)
    print(f"    queueing, p95: {_p95(queueing):.0f} ms; a click's p95 is {ratio:.1f} times that of one alone")
    return _p95(queueing)


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
