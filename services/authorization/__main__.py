"""`python -m services.authorization`: the lab from a command line, for CI."""

import sys

from services.authorization.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
