"""Which code this is: part of every stored result."""

import os

VERSION = "0.3.0"


def code_version() -> str:
    """The release, and the revision where the deployment names it (TRENZA_REVISION)."""
    revision = os.environ.get("TRENZA_REVISION", "")
    return f"{VERSION}+{revision}" if revision else VERSION
