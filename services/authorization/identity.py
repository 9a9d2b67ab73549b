"""One identity: somebody or something that can call an API, and what is known of its credential."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from services.credentials import Credentials


class Kind(StrEnum):
    """What an identity sends to say who it is."""

    NO_CREDENTIALS = "no credentials"
    API_KEY = "API key"
    IAM = "IAM credentials"
    JWT = "JWT"
    LAMBDA_TOKEN = "Lambda token"  # noqa: S105 (a kind of token, not a token)


@dataclass(frozen=True, slots=True)
class Identity:
    """A column of the side-by-side page.

    Attributes:
        id: a stable name, the same in every run.
        label: what the column is called.
        kind: what it sends.
        credentials: fetches what it sends; may take a call to AWS and may raise a `GatehouseError`.
        broken: the credential is made up or spoilt on purpose, so that its refusal is what is to be shown.
        note: what else the screen says about it.
    """

    id: str
    label: str
    kind: Kind
    credentials: Callable[[], Credentials]
    broken: bool = False
    note: str = ""
