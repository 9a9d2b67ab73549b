"""Fetching one image from an address that a stranger may have written."""

import http.client
import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

SECONDS = 3  # for connecting, and for each part of the answer
SECONDS_IN_ALL = 6
MOST_BYTES = 200_000
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})


@dataclass(frozen=True, slots=True)
class Image:
    """An image as it came."""

    media_type: str
    content: bytes


def fetch_own(address: str) -> Image | None:
    """The image at an address of the environment's own endpoint; None when there is none to show."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return _get(kind(parts.hostname or "", parts.port, timeout=SECONDS), parts)


def fetch_public(address: str) -> Image | None:
    """The image at a public https address; None when there is none, or when the address isn't public.

    The host's name is resolved once, every address it has must be public, and the connection goes to one
    of them: a name that points inside, or that points elsewhere on a second look, reaches nothing.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.port not in {None, 443}:
            return None
        found = socket.getaddrinfo(parts.hostname, 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return None
    places = [str(entry[4][0]) for entry in found]
    if not places or not all(is_public(place) for place in places):
        return None
    return _get(_Pinned(parts.hostname, places[0]), parts)


def is_public(place: str) -> bool:
    """Whether an IP address is one of the open internet, also by the IPv4 address that it may carry."""
    ip = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None and not inner.is_global:
            return False
    return ip.is_global and not ip.is_multicast


class _Pinned(http.client.HTTPSConnection):
    """A connection to one IP address whose certificate must be the host's."""

    def __init__(self, host: str, place: str) -> None:
        super().__init__(host, 443, timeout=SECONDS)
        self._place = place

    def connect(self) -> None:
        plain = socket.create_connection((self._place, 443), timeout=SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _get(connection: http.client.HTTPConnection, parts: SplitResult) -> Image | None:
    """The image that a GET gives. `http.client` follows no redirect and sends no credentials."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        # An answer that trickles would get past the time-out of each part.
        limit = Timer(SECONDS_IN_ALL, _cut, [connection.sock])
        limit.start()
        try:
            connection.request("GET", path, headers={"Accept": "image/*"})
            answer = connection.getresponse()
            media_type = answer.headers.get_content_type()
            content = answer.read(MOST_BYTES + 1)
        finally:
            limit.cancel()
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if answer.status != 200 or media_type not in MEDIA_TYPES or not 0 < len(content) <= MOST_BYTES:
        return None
    return Image(media_type, content)


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
