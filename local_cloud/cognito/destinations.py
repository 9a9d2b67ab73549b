"""Where a code goes, as Cognito tells it."""

from local_cloud.cognito.answers import Data


def masked(address: str) -> str:
    """Return an address or a phone number with most of it hidden.

    Of a name that is neither, what it becomes looks like an address: so nobody learns who doesn't exist.
    """
    if address.startswith("+"):
        return f"+*******{address[-4:]}"
    local, _, domain = address.partition("@")
    return f"{local[:1]}****@{(domain or local[::-1])[:1]}****"


def delivery(attribute: str, address: str) -> Data:
    """Return the CodeDeliveryDetails of a code that went to an address or a phone number."""
    medium = "SMS" if attribute == "phone_number" else "EMAIL"
    return {"Destination": masked(address), "DeliveryMedium": medium, "AttributeName": attribute}
