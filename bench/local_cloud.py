"""How fast the local cloud answers `listUsers`, beside a query that resolves nothing: `python -m bench.local_cloud`."""

import http.client
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.cloud import Cloud, running_cloud

ROUNDS = 81
CALLERS = 4
CALLS = 10
LEAST = 0.5
EMPTY = "{ __typename }"
LIST_USERS = "{ listUsers(limit: 5) { items { userId firstname lastname picture } nextToken } }"


@dataclass(frozen=True, slots=True)
class Figure:
    """Answers a second in each round, from several callers at a time."""

    empty: tuple[float, ...]
    list_users: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Rate of `listUsers` over rate of the empty query, the median of the rounds."""
        return statistics.median(full / nothing for full, nothing in zip(self.list_users, self.empty, strict=True))

    def line(self) -> str:
        """The figure as one line."""
        full, nothing = statistics.median(self.list_users), statistics.median(self.empty)
        return (
            f"local cloud: listUsers at {self.ratio:.2f} times the rate of an empty query (at least {LEAST});"
            f" {full:.0f} and {nothing:.0f} answers a second to {CALLERS} callers"
        )


def measure(cloud: Cloud) -> bool:
    """Print the figure; whether it is within the limit."""
    figure = figure_of(cloud)
    print(figure.line())
    return figure.ratio >= LEAST


def figure_of(cloud: Cloud) -> Figure:
    """Both queries with the same token, in turns; the first round warms up and is not counted.

    The rounds are many and short, so that whatever else the machine does falls on both of a pair.
    """
    token = _token(cloud)
    rounds = [[_rate(cloud, token, query) for query in (EMPTY, LIST_USERS)] for _ in range(ROUNDS + 1)]
    empty, list_users = zip(*rounds[1:], strict=True)
    return Figure(empty, list_users)


def _token(cloud: Cloud) -> str:
    signed_in = cloud.client("cognito-idp").admin_initiate_auth(
        UserPoolId=cloud.backend["UserPoolId"],
        ClientId=cloud.backend["UserPoolClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": cloud.password("ada")},
    )
    return str(signed_in["AuthenticationResult"]["IdToken"])


def _rate(cloud: Cloud, token: str, query: str) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as callers:
        for calls in [callers.submit(_call, cloud, token, query) for _ in range(CALLERS)]:
            calls.result()
    return CALLERS * CALLS / (time.perf_counter() - began)


def _call(cloud: Cloud, token: str, query: str) -> None:
    """Ask again and again on one connection; an answer with an error ends the measurement."""
    url = urlsplit(cloud.backend["GraphQLApiUrl"])
    body = json.dumps({"query": query})
    connection = http.client.HTTPConnection(url.netloc)
    try:
        for _ in range(CALLS):
            connection.request("POST", url.path, body, {"Authorization": token, "Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
            assert "errors" not in answer, answer
    finally:
        connection.close()


def main() -> int:
    """Measure on a local cloud of its own; 1 when the figure is past the limit."""
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder) / "cloud") as cloud:
        return 0 if measure(cloud) else 1


if __name__ == "__main__":
    sys.exit(main())
