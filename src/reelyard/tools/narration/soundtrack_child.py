"""The child that encodes narrations: `python -m reelyard.tools.narration.soundtrack_child PLAN`.

Prints how far it is as ffmpeg's `-progress` does.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from reelyard.tools.narration.order import RATE
from reelyard.tools.narration.wave import write_wave
from reelyard.tools.voices.engine import Samples

Plan = Mapping[str, Any]


def main(plan: Plan) -> None:
    """Write all files of the plan."""
    if plan["format"] == "wav":
        _waves(plan)
        return
    from reelyard.tools.narration.packets import Encoded, Encoding, WholeFile, encode_piece  # noqa: PLC0415 - loads av

    encoding = Encoding.of(plan["format"])
    whole = WholeFile(encoding, plan)
    done = 0

    def encode(piece: Plan) -> Encoded:
        return encode_piece(encoding, piece, sound_of(piece), plan["language"])

    for number, made in enumerate(_ahead(plan, encode)):
        whole.add(made, plan["pieces"][number])
        done += plan["pieces"][number]["length"]
        _tell(done)
    whole.close()


def _ahead(plan: Plan, encode: Any) -> Iterator[Any]:
    """Each piece's packets in order, encoded by as many threads as there are cores for them: FFmpeg frees Python."""
    with ThreadPoolExecutor(plan["cores"]) as pool:
        waiting: deque[Future[Any]] = deque()
        for piece in plan["pieces"]:
            waiting.append(pool.submit(encode, piece))
            if len(waiting) > plan["cores"]:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def sound_of(piece: Plan) -> Samples:
    """The piece's samples, filled up with silence to its length."""
    with Path(piece["path"]).open("rb") as file:
        file.seek(piece["offset"])
        samples = np.fromfile(file, "<i2", piece["samples"])
    return np.pad(samples, (0, piece["length"] - len(samples)))


def _waves(plan: Plan) -> None:
    pieces = plan["pieces"]
    for piece in pieces:
        write_wave(Path(piece["target"]), iter([sound_of(piece)]), piece["length"], RATE)
    at, cues = 0, []
    for piece in pieces:
        cues.append((at, piece["title"]))
        at += piece["length"]
    write_wave(Path(plan["whole"]), map(sound_of, pieces), at, RATE, cues)
    _tell(at)


def _tell(samples: int) -> None:
    print(f"out_time_us={samples * 1_000_000 // RATE}", flush=True)  # noqa: T201 - for the parent


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
