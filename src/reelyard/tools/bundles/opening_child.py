"""The child that looks into many files: `python -m …opening_child MAX_STREAMS MAX_PIXELS < [{path, demuxer}, …]`.

Prints a line of JSON for each, as `ffmpeg.probe_child` does for one.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from reelyard.tools.bundles.opening import NO_SCAN_S
from reelyard.tools.ffmpeg import probe_child


def main(wanted: list[dict[str, str]], max_streams: int, max_pixels: int) -> None:
    """Look into each file through a descriptor of its own."""
    for one in wanted:
        sys.stdout.write(json.dumps(_look(one, max_streams, max_pixels)) + "\n")


def _look(one: dict[str, str], max_streams: int, max_pixels: int) -> dict[str, Any]:
    fd = os.open(one["path"], os.O_RDONLY)
    try:
        return probe_child.main(one["demuxer"], max_streams, max_pixels, NO_SCAN_S, fd)
    finally:
        os.close(fd)


if __name__ == "__main__":
    main(json.load(sys.stdin), int(sys.argv[1]), int(sys.argv[2]))
