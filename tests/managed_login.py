"""A user pool's managed login, small: an authorization server that asks nobody for anything and checks everything."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from services.settings import Environment
from tests.stand_ins import ENVIRONMENT, Pool

CLIENT_SECRET = "the-secret-of-the-client"


@dataclass
class ManagedLoginServer:
    """The server, and what a test may change about it.

    Attributes:
        address: of the pool's keys and of every AWS call.
        domain: of its pages; another site than 127.0.0.1 to a browser.
        asked: the parameters of each browser that came by.
        refusal: an error that the pages send back instead of a code.
        claims: what tokens say besides.
    """

    address: str
    asked: list[dict[str, str]] = field(default_factory=list)
    refusal: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return self.address.replace("127.0.0.1", "localhost")

    @property
    def environment(self) -> Environment:
        """An environment whose pool this is; its app client has a secret."""
        settings = {"endpoint_url": self.address, "managed_login_domain": self.domain, "self_sign_up": False}
        return replace(ENVIRONMENT, **settings)

    @property
    def pool(self) -> Pool:
        """Issues its tokens, by the real time."""
        return Pool(self.environment, clock=lambda: datetime.now(UTC))  # type: ignore[arg-type]

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the pages send the browser back to."""
        self.asked.append(asked)
        if self.refusal:
            return f"{asked['redirect_uri']}?{urlencode({**self.refusal, 'state': asked['state']})}"
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        """Status and body for a code: it is good once, for whoever holds the verifier and the client's secret."""
        asked = self.codes.pop(sent.get("code", ""), None)
        expected = base64.b64encode(f"{ENVIRONMENT.client_id}:{CLIENT_SECRET}".encode()).decode()
        if credentials != f"Basic {expected}":
            return 400, {"error": "invalid_client"}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        proved = asked and (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
        if not asked or not proved or sent.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        result = self.pool.result(**{"nonce": asked["nonce"], **self.claims})
        return 200, {
            "id_token": result["IdToken"],
            "access_token": result["AccessToken"],
            "refresh_token": "refresh",
            "token_type": "Bearer",
            "expires_in": 3600,
        }


@contextmanager
def managed_login() -> Iterator[ManagedLoginServer]:
    """A running server on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/oauth2/authorize":
                back = made.authorize({name: values[0] for name, values in parse_qs(url.query).items()})
                self._say(302, b"", Location=back)
            else:
                self._say(200, json.dumps(made.pool.document()).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            if self.path != "/oauth2/token":  # an AWS call
                self._say(200, b"{}")
                return
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            status, answer = made.token(sent, self.headers.get("Authorization", ""))
            self._say(status, json.dumps(answer).encode())

        def _say(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = ManagedLoginServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()
