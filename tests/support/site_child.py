"""A server in a process of its own, to be killed: serves the folder it is given, with small parts."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.support.site import site


def main() -> None:
    with site(Path(sys.argv[1])) as running:
        library = running.container.library
        library.limits = replace(library.limits, part_size=int(sys.argv[2]))
        sys.stdout.write(f"{running.address}\n")
        sys.stdout.flush()
        time.sleep(600)


if __name__ == "__main__":
    main()
