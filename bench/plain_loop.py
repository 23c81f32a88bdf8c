"""The peer of a batch: decode, find speech and recognise one recording after the other, by the same tools.

`python -m bench.plain_loop LIST` does it in this one process; only ffmpeg is a child.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from reelyard.kit.processes import runner_in
from reelyard.media.info import MediaInfo
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source


@dataclass(frozen=True, slots=True)
class Recording:
    """A file and what the probe found in it."""

    path: str
    info: dict[str, Any]


def write_list(path: Path, some: Sequence[Recording]) -> Path:
    """Write what a loop is to do."""
    path.write_text(json.dumps([asdict(one) for one in some]))
    return path


def main(listed: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as our own children have it
    from reelyard.tools.speech.detection import find_speech
    from reelyard.tools.speech.recogniser import Task
    from reelyard.tools.speech.recognisers.pocketsphinx import Pocketsphinx
    from reelyard.tools.speech.sound import levels_of, open_pcm
    from reelyard.tools.speech.windows import make_windows

    recogniser = Pocketsphinx()
    for one in json.loads(listed.read_text()):
        source = Source(Path(one["path"]), MediaInfo.from_json(one["info"]))
        pcm = listed.with_suffix(".pcm")
        decode(source, pcm, ffmpeg=ffmpeg(), run=runner_in(listed.parent))
        samples = open_pcm(pcm)
        text = []
        for window in make_windows(find_speech(samples, lambda _done: None), levels_of(samples)):
            found = recogniser.transcribe(samples, Task(window, "en"), lambda _segment: None)
            text += [segment.text for segment in found]
        Path(one["path"]).with_suffix(".txt").write_text("\n".join(text))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
