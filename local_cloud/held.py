"""Taking hold of names inside MiniStack, so that a release without them is noticed at start."""

from types import ModuleType


class NameGone(Exception):
    """MiniStack has no longer a name that the local cloud takes hold of."""


def require(module: ModuleType, *names: str) -> None:
    """Raise NameGone for names that a module of MiniStack lacks."""
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise NameGone(f"{module.__name__} has no {', '.join(missing)}: this release of MiniStack needs other holds.")
