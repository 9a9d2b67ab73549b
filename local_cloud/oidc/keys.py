"""The keys of one issuer, and the tokens that they sign."""

import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

_RSA_BITS = 2048
_CURVES: dict[str, ec.EllipticCurve] = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
_RSA_ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS") for size in (256, 384, 512))

ALGORITHMS = (*_RSA_ALGORITHMS, *_CURVES)
"""What tokens can be signed with. Not HS: its key would have to be published to be verified with."""


class IssuerKeys:
    """One RSA key for all of RS and PS, and a key per curve for ES; made anew with every start."""

    def __init__(self) -> None:
        """Make the keys."""
        self._rsa = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
        self._ec = {name: ec.generate_private_key(curve) for name, curve in _CURVES.items()}

    def published(self) -> list[dict[str, Any]]:
        """Return the public keys as JWKs."""
        shared = RSAAlgorithm.to_jwk(self._rsa.public_key(), as_dict=True)
        curves = [
            {**json.loads(ECAlgorithm.to_jwk(key.public_key())), "kid": name, "use": "sig"}
            for name, key in self._ec.items()
        ]
        return [{**shared, "kid": "RSA", "use": "sig"}, *curves]

    def signed(self, claims: Mapping[str, Any], algorithm: str) -> str:
        """Return a JWT with exactly these claims, signed with one of ALGORITHMS."""
        if algorithm in self._ec:
            return jwt.encode(dict(claims), self._ec[algorithm], algorithm, headers={"kid": algorithm})
        return jwt.encode(dict(claims), self._rsa, algorithm, headers={"kid": "RSA"})
