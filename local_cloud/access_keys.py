"""Which access keys are believed.

MiniStack takes the key `test`, any twelve digits, and a request with an Authorization header
that names no key for the account's root, whatever the secret. Here they are keys like any other:
nobody issued them, so they are unknown. The credentials of a function follow from its name alone;
here they follow from a secret of this process too.
"""

import hashlib
import hmac
import secrets
from typing import Any

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import lambda_svc, sts

from local_cloud.held import require

_SECRET = secrets.token_bytes(32)


def take_hold() -> None:
    """Replace MiniStack's rules; raises NameGone when it has changed."""
    require(iam_evaluator, "is_root_access_key", "_anonymous")
    require(sts, "is_root_access_key", "_sessions", "register_session")
    require(lambda_runtime, "execution_credentials")
    require(lambda_svc, "execution_credentials")
    for module in (iam_evaluator, sts):
        module.is_root_access_key = _is_nobody
    for module in (lambda_runtime, lambda_svc):
        module.execution_credentials = _execution_credentials


def _is_nobody(access_key_id: str) -> bool:
    """Tell whether a request carries no credentials at all.

    MiniStack asks this when it has already found that the operation is one that AWS serves
    unsigned (sign-in, an open REST method); it has no other word for nobody than root.
    """
    return not access_key_id and bool(iam_evaluator._anonymous.get())  # noqa: SLF001


_ministack_execution_credentials = lambda_runtime.execution_credentials


def _execution_credentials(config: dict[str, Any]) -> dict[str, str]:
    """Return the credentials of a function's role, which nobody can work out from its name."""
    guessable = _ministack_execution_credentials(config)
    session = sts._sessions.pop(guessable["AWS_ACCESS_KEY_ID"])  # noqa: SLF001
    access_key = "ASIA" + _derived(guessable["AWS_ACCESS_KEY_ID"])[:16].upper()
    secret_key = _derived(guessable["AWS_SECRET_ACCESS_KEY"])
    token = _derived(guessable["AWS_SESSION_TOKEN"])
    sts.register_session(access_key, {**session, "SecretAccessKey": secret_key, "SessionToken": token})
    return {
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        "AWS_SESSION_TOKEN": token,
    }


def _derived(text: str) -> str:
    return hmac.new(_SECRET, text.encode(), hashlib.sha256).hexdigest()
