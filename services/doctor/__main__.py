"""`python -m services.doctor`: whether every value of an environment is right, and what to do where it isn't."""

import sys

from services.doctor.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
