"""How well and how fast recordings are recognised: python bench/recognition.py FOLDER [RECOGNISER].

FOLDER holds recordings, each beside a text of the same name with its words. Prints the word error rate of each and
of all, and seconds of work per second of sound.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog

from reelyard.kit.processes import runner_in
from reelyard.pipelines.transcription import PIPELINE
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.speech.word_error import WordError, word_error


def main(folder: Path, recogniser: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    total = WordError(0, 0)
    for words in sorted(folder.glob("*.txt")):
        recording = next(path for path in folder.glob(f"{words.stem}.*") if path != words)
        with tempfile.TemporaryDirectory() as work, LocalFolder(Path(work) / "item") as item:
            media = inspect(recording, run=runner_in(Path(work)))
            began = time.perf_counter()
            run_locally(PIPELINE, LocalOrder(recording, media, {"recogniser": recogniser}), item)
            took = time.perf_counter() - began
            heard = item.artifact("transcript.txt").read_text("utf-8")
        error = word_error(words.read_text("utf-8"), heard)
        total += error
        pace = took / (media.duration_s or 1)
        print(f"{recording.name:30} word error {error.rate:.2f}, {pace:.2f} s of work a second")
    print(f"{'all':30} word error {total.rate:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "auto")
