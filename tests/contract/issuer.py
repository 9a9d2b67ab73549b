"""The OIDC issuers that ship with the local cloud."""

import json
from dataclasses import dataclass
from typing import Any

from tests.cloud import Cloud
from tests.contract import faults, wire


@dataclass(frozen=True)
class Issuer:
    """One issuer, by its name."""

    cloud: Cloud
    name: str

    @property
    def path(self) -> str:
        return f"/_local_cloud/oidc/{self.name}"

    @property
    def address(self) -> str:
        return self.cloud.endpoint + self.path

    def provider(self, **settings: Any) -> dict[str, Any]:
        """Return the issuer as an authentication provider of an API."""
        config = {"issuer": self.address, **settings}
        return {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config}

    def ask(self, headers: dict[str, str], **wanted: Any) -> wire.Reply:
        """Ask for a token with some headers."""
        return wire.send(self.cloud, "POST", f"{self.path}/token", headers, json.dumps(wanted).encode())

    def token(self, algorithm: str = "RS256", **claims: Any) -> dict[str, str]:
        """Return the header that carries a token with the given claims; None leaves a claim out."""
        reply = self.ask(faults.authorization(self.cloud), claims=claims, algorithm=algorithm)
        assert reply.status == 200, reply.body
        return {"Authorization": reply.json()["token"]}
