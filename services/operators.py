"""Who holds these tokens: the one place where an operator is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.keys import PoolKeys
from services.permissions import Operator, role_of
from services.secret import Secret
from services.settings import Environment
from services.tokens import Claims, Expectation, Fault, TokenRefused, Tokens, Use, key_id, verify


@dataclass(frozen=True, slots=True)
class Identify:
    """Verifies tokens against one environment.

    Attributes:
        environment: names the user pool, the app client, and the groups that give a role.
        keys: the pool's keys.
        now: the clock.
    """

    environment: Environment
    keys: PoolKeys
    now: Callable[[], datetime]

    def __call__(self, tokens: Tokens) -> Operator:
        """The operator that both tokens name, with the role that the groups in the ID token give.

        Raises:
            TokenRefused: one of the tokens fails the rule of `services/tokens.py`, or they name two people.
            Unavailable: the pool's keys can't be read.
        """
        person = self._verified(tokens.id_token, Use.ID)
        if self._verified(tokens.access_token, Use.ACCESS).sub != person.sub:
            raise TokenRefused(
                "Could not accept the tokens",
                "The ID token and the access token belong to two people",
                "Sign in again",
                fault=Fault.MALFORMED,
            )
        return self.known(person.username, person.sub, person.groups)

    def known(self, username: str, sub: str, groups: tuple[str, ...]) -> Operator:
        """The operator of whom verified tokens said this."""
        role = role_of(groups, self.environment.admin_group, self.environment.viewer_group)
        return Operator(username, sub, groups, role, self.environment.place)

    def _verified(self, token: Secret, use: Use) -> Claims:
        expected = Expectation(self.environment.issuer, self.environment.client_id, use)
        return verify(token, self.keys.for_key(key_id(token)), expected, self.now())
