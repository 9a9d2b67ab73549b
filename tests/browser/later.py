"""Streamlit for a dashboard whose clock goes ahead by as many seconds as a file says, the one that LATER names."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from streamlit.web.cli import main

from services import application

AHEAD = Path(os.environ["LATER"])


def now() -> datetime:
    """The time that the dashboard believes it is."""
    return datetime.now(UTC) + timedelta(seconds=float(AHEAD.read_text(encoding="ascii")))


if __name__ == "__main__":
    application.open_application.__defaults__ = (now,)
    sys.exit(main())
