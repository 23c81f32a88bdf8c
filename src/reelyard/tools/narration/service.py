"""How to speak to the child that holds the engines of speech: what starts it and what may be asked; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Command, Limits, Service, python_child
from reelyard.tools.narration.order import SpokenOrder
from reelyard.tools.voices.piper_voices import FOLDER, folder

MIB = 1024 * 1024
SPEAKS_S = 120.0  # at least so long a request may take
# Each fork would else ask the system for every array anew, and give it back: a third of its time.
KEPT = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "134217728"}
A_WORD_S = 2.0  # and so long for each word: Piper on one slow core


def voices_service(environ: Mapping[str, str]) -> Service:
    """The child. It speaks in forks of itself, one per request, and has no network."""
    argv, paths = python_child("reelyard.tools.narration.server")
    where = folder(environ)
    own = {FOLDER: str(Path(environ[FOLDER]).expanduser().resolve())} if where is not None else {}
    command = Command(
        argv=argv,
        reads=(where,) if where is not None else (),
        limits=Limits(wall_s=float("inf"), cpu_s=None, memory_bytes=None, file_bytes=MIB),
        env=tuple(sorted({**dict(paths), **own, **KEPT}.items())),
    )
    return Service("voices", command)


def speak(order: SpokenOrder, ahead: Sequence[SpokenOrder] = ()) -> JsonObject:
    """Make a chunk's sound; orders that will be asked for next may be begun meanwhile.

    Events: `{"at": bytes before these, "sound": base64 of samples}`; they begin again when the child died and another
    one is asked. Answer: the facts, see `making.make`.
    """
    return {"op": "speak", "order": order.to_json(), "ahead": [each.to_json() for each in ahead]}


def time_for(order: SpokenOrder) -> float:
    """How many seconds it may take."""
    words = sum(len(one.split()) + len(one) // 8 for each in order.paragraphs for one in each.sentences)
    return SPEAKS_S + A_WORD_S * words / order.rate
