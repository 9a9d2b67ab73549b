"""Portraits for the browser, as data: its Content-Security-Policy lets no image in from elsewhere.

An address of a picture is text that somebody stored. So the server fetches it under conditions: from
the environment's own endpoint, or, when the operator asks for it, over https from a public address;
images only, not large, no redirects, no credentials.
"""

import base64
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from urllib.parse import urlsplit

from services.image_fetch import Image, fetch_own, fetch_public

FETCHES_AT_ONCE = 8
KEPT = 500

Fetch = Callable[[str], Image | None]


def data_uri(image: Image) -> str:
    """The image as an address that holds it; as an <img> source, not even an SVG runs a script from it."""
    return f"data:{image.media_type};base64,{base64.b64encode(image.content).decode()}"


def initials(firstname: str | None, lastname: str | None, key: str) -> str:
    """A portrait of our own: the initials on a ground whose colour follows from the key."""
    # Only letters and digits: an XML text may not hold every character that a name can.
    letters = "".join(next(filter(str.isalnum, name), "") for name in (firstname, lastname) if name).upper() or "?"
    hue = int.from_bytes(hashlib.sha256(key.encode(errors="replace")).digest()[:2]) % 360
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">'
        f'<circle cx="32" cy="32" r="32" fill="hsl({hue} 45% 42%)"/>'
        '<text x="32" y="41" font-family="sans-serif" font-size="25" fill="#fff" text-anchor="middle">'
        f"{letters}</text></svg>"
    )
    return data_uri(Image("image/svg+xml", drawing.encode()))


def is_own(address: str, endpoint: str) -> bool:
    """Whether the address has the scheme, host and port of the environment's own endpoint."""
    try:
        given, own = urlsplit(address), urlsplit(endpoint)
        return bool(endpoint) and (given.scheme, given.hostname, given.port) == (own.scheme, own.hostname, own.port)
    except ValueError:  # a port that isn't a number
        return False


class Portraits:
    """Fetches portraits, side by side, and keeps the last ones by address. One per process; safe for threads."""

    def __init__(self, endpoint: str, own: Fetch = fetch_own, public: Fetch = fetch_public) -> None:
        """A fetcher.

        Args:
            endpoint: the environment's own endpoint, empty on AWS.
            own: fetches from that endpoint.
            public: fetches from anywhere public.
        """
        self._endpoint = endpoint
        self._own, self._public = own, public
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def load(self, addresses: Iterable[str], *, remote: bool) -> Mapping[str, str]:
        """The data URI of every address that gave an image; those that gave none are left out.

        Args:
            addresses: where the pictures are.
            remote: whether addresses elsewhere than at the own endpoint may be fetched.
        """
        wanted = {a for a in addresses if remote or is_own(a, self._endpoint)}
        with self._lock:
            ready = {address: self._kept[address] for address in wanted if address in self._kept}
        missing = sorted(wanted - ready.keys())
        if missing:
            with ThreadPoolExecutor(min(FETCHES_AT_ONCE, len(missing))) as pool:
                fetched = zip(missing, pool.map(self._fetch, missing), strict=True)
                ready |= {address: data_uri(image) for address, image in fetched if image}
            self._keep({address: ready[address] for address in missing if address in ready})
        return ready

    def _fetch(self, address: str) -> Image | None:
        return self._own(address) if is_own(address, self._endpoint) else self._public(address)

    def _keep(self, loaded: Mapping[str, str]) -> None:
        with self._lock:
            self._kept.update(loaded)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
