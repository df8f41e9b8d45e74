# coding: utf-8  # noqa: UP009 — Python 2 then reads as far as the refusal below
"""Programs behind `make`. They need Python alone: they run before anything is installed."""

import sys

# Stands here, and in old syntax, so that an old Python says this before it meets newer syntax.
if sys.version_info < (3, 11):  # noqa: UP036 — this is the program that refuses older versions
    sys.exit(
        "Trenza needs Python 3.11 or later; this is Python %d.%d.\n"  # noqa: UP031 — as above
        "Install a later one, then name it: make demo PYTHON=python3.11" % sys.version_info[:2]
    )
