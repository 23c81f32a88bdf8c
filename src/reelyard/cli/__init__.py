"""The command line: one file per command; nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    from reelyard.cli.app import run  # noqa: PLC0415 - keeps `import reelyard.cli` light for child processes

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
