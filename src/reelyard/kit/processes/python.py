"""How a module of this package is started as a child."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]  # …/reelyard


def python_child(module: str, *arguments: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The `argv` and `env` of a Command that runs `module` with this interpreter.

    -P keeps the working folder, which holds what a stranger sent, out of the import path.
    """
    return (sys.executable, "-P", "-s", "-m", module, *arguments), (("PYTHONPATH", str(PACKAGE.parent)),)
