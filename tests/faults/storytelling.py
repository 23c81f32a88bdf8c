"""Stories for tests of faults, and how they are told."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from tests.faults.halting import STORIES_NAMED
from tests.faults.studio import Craft, Studio

from reelyard.kit.processes import runner_in
from reelyard.pipelines.story import PIPELINE
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.tools.ffmpeg.probe import inspect

TALE = b"""The Fisherman's Cat

The old fisherman had a black cat. Every morning she waited on the pier for him.

One night a storm came over the sea. The lighthouse shone, and his boat came home.

In the kitchen a lamp was lit. The cat slept beside the stove, and nobody woke her.
"""
CHUNKS = 3
TOLD: dict[str, Any] = {
    "words_per_chunk": 20,
    "movement": "still",
    "film_quality": "720p",
    "crossfade": 0.2,
    "image_style": "paper-cut",
    "image_shape": "1:1",
}
BURNT: dict[str, Any] = {"captions": ["srt", "burnt"]}  # the other stage makes the film then
WHERE = {  # the middle of each stage
    "read": "run 1",
    "chunk": "out 1",
    "write": "out 1",
    "narrate": "ask 4",  # the first chunk is kept, of the second the first sounds are there
    "sound": "run 1",
    "caption": "out 2",  # one file of captions is written
    "look": "out 1",
    "illustrate": "out 2",  # two pictures are kept, the others are not
    "film": "run 2",  # the pictures are encoded, and not yet put together
    "film_with_captions": "run 3",  # the letters are drawn, the pictures are not encoded
}
STAGES = tuple(stage for stage in WHERE if stage != "film_with_captions")
BLANKS = b" \n"


def salted(text: bytes) -> bytes:
    """The same words as another file: blanks at the end, which nobody tells."""
    number = uuid.uuid4().int
    return text + bytes(BLANKS[number >> bit & 1] for bit in range(128)) + b"\n"


CRAFT = Craft("story", STORIES_NAMED, "cat.txt", TOLD, WHERE, salted)


def story_studio(folder: Path, settings: dict[str, str] | None = None) -> Studio:
    """A server that tells stories."""
    return Studio(folder, CRAFT, TALE, settings or {})


def undisturbed(folder: Path) -> dict[str, str]:
    """The hashes of all outputs, by role, as they come out of a plain folder, without any server."""
    folder.mkdir()
    (text := folder / CRAFT.file).write_bytes(TALE)
    info = inspect(text, run=runner_in(folder), name=text.name)
    with LocalFolder(folder / "work") as work:
        run_locally(PIPELINE, LocalOrder(text, info, TOLD, text.name), work)
        roles = [role for stage in PIPELINE.plan(PIPELINE.validate(TOLD)) for role in stage.outputs]
        there = [path for path in map(work.artifact, roles) if path.exists()]
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in there}
