"""The names inside MiniStack's Cognito that the local cloud takes hold of."""

from collections.abc import Callable
from typing import Any

from ministack.services import cognito
from ministack.services.cloudformation import provisioners

from local_cloud.held import require

Attributes = Callable[[str], dict[str, str]]


def take_hold() -> None:
    """Put our operations in the place of MiniStack's; raises MissingNameError when it has changed."""
    require(cognito, "_get_pool_unscoped")
    require(provisioners, "_cognito_user_pool_attributes")
    provisioners._cognito_user_pool_attributes = _with_provider_url(  # noqa: SLF001
        provisioners._cognito_user_pool_attributes  # noqa: SLF001
    )


def pool_record(pool_id: str) -> dict[str, Any]:
    """Return a user pool as MiniStack keeps it; raises KeyError for an unknown one."""
    record: dict[str, Any] | None = cognito._get_pool_unscoped(pool_id)  # noqa: SLF001
    if record is None:
        raise KeyError(pool_id)
    return record


def _with_provider_url(attributes: Attributes) -> Attributes:
    """Add the issuer to what `Fn::GetAtt` gives of a user pool."""

    def answer(pool_id: str) -> dict[str, str]:
        known = attributes(pool_id)
        return {**known, "ProviderURL": f"https://{known['ProviderName']}"}

    return answer
