"""A narrated film made in a process of its own, so that its processor time can be told: `… slideshow_child ORDER`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.__main__ import quiet

from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import runner_in
from reelyard.tools.captions import Cue
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.slideshow import FilmOrder, Movement, Slide, make_film

CUE_S, SAID_S = 4.0, 3.6  # a caption comes every so often, and stands so long


def main(asked: dict[str, Any]) -> dict[str, Any]:
    """Make it; gives what was made."""
    out = Path(asked["out"])
    with tempfile.TemporaryDirectory(dir=out.parent) as name:
        place = Path(name)

        def part(key: JsonObject, make: Callable[[Path], None]) -> Path:
            path = place / digest(key)
            make(path)
            return path

        made = make_film(
            _order(asked), out, ffmpeg=ffmpeg(), run=runner_in(place), part=part, tell=lambda _done: None,
            cores=asked["cores"], workdir=place,
        )  # fmt: skip
    bits = 8 * out.stat().st_size / made.duration_s
    return {"duration_s": made.duration_s, "encoded_share": made.encoded_share, "bits": bits}


def _order(asked: dict[str, Any]) -> FilmOrder:
    length = asked["slide_s"]
    slides = tuple(
        Slide(Path(path), number * length, (number + 1) * length, f"Part {number + 1}", seed=number)
        for number, path in enumerate(asked["pictures"])
    )
    count = int(slides[-1].end_s / CUE_S) if asked["captions"] else 0
    cues = tuple(
        Cue(
            number * CUE_S,
            number * CUE_S + SAID_S,
            (f"What is said in caption {number},", "in two lines of it"),
        )
        for number in range(count)
    )
    width, height = asked["size"]
    return FilmOrder(
        slides, Path(asked["sound"]), (width, height), Movement(asked["movement"]), asked["fade_s"], cues
    )


if __name__ == "__main__":
    quiet()
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_bytes()))))
