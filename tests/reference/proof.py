#!/usr/bin/env python3
"""Checks a footprint proof with none of the project's code, or prints figures of statements: see second/README.md."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from second.command import main  # noqa: E402  (the path comes first)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
