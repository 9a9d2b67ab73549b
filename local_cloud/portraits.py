"""Small drawn portraits, one for every name, so that no picture has to be fetched from anywhere."""

import hashlib
import re

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_NAME = 80
PATH = "/_local_cloud/portraits/"


def portrait_path(name: str) -> str:
    """Return the path under which the portrait of a name (`ada-lovelace`) is served."""
    return f"{PATH}{name}.svg"


def portrait(name: str) -> str | None:
    """Return an SVG with the initials of a name on a colour of its own; None for what is no name."""
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        return None
    words = [word for word in name.split("-") if not word.isdigit()] or [name]
    initials = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
    hue = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2]) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f'<rect width="96" height="96" fill="hsl({hue} 45% 42%)"/>'
        f'<circle cx="48" cy="112" r="52" fill="hsl({hue} 45% 34%)"/>'
        '<text x="48" y="50" fill="#fff" font-family="sans-serif" font-size="38" font-weight="600" '
        f'text-anchor="middle" dominant-baseline="central">{initials}</text></svg>'
    )
