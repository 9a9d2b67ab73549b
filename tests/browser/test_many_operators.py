"""Many operators at once on one process: nobody is ever sent what is another's. `bench/fifty.py` is the long run."""

from tests.browser.crowd import CLICKS, Clicks, click_about, disbanded, doors, gathered
from tests.browser.server import Server
from tests.cloud import Cloud
from tests.unit.coroutines import finished

OPERATORS = 12
SECONDS = 12
PAUSE = 0.3


def test_nobody_is_sent_another_s_name_data_or_token(dashboard: Server, local_cloud: Cloud) -> None:
    members = gathered(local_cloud, OPERATORS)

    async def all_of_it() -> Clicks:
        cookies = await doors(dashboard.address, members)
        assert len(set(cookies)) == OPERATORS
        return await click_about(dashboard.address, members, cookies, SECONDS, PAUSE)

    clicks = finished(all_of_it())
    disbanded(local_cloud, members)
    assert clicks.leaks == []
    assert len(clicks.all) >= len(CLICKS) * OPERATORS
    assert {page for page, _, _ in CLICKS} <= {what.partition(":")[0] for what in clicks.seconds}
