"""Speaking one chunk: from its text to its file of speech."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reelyard.errors import Reject
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Ask, Runner
from reelyard.tools.narration import service, spoken
from reelyard.tools.narration.order import (
    ChunkOrder,
    Paragraph,
    Sentences,
    SpokenOrder,
    in_sentences,
    spoken_digest,
    spoken_key,
)
from reelyard.tools.narration.recorded import SpeechServer, record
from reelyard.tools.voices.voice import EngineName

__all__ = ["ChunkOrder", "SpeechServer", "Studio", "narrate_chunk", "spoken_digest", "spoken_key"]


@dataclass(frozen=True)
class Studio:
    """What speaking needs besides the text: whoever asks and runs children, and where files may lie meanwhile."""

    ask: Ask
    run: Runner
    folder: Path  # empty, of this stage alone: its `workdir`
    sentences: Sentences
    environ: Mapping[str, str] = field(default_factory=dict)
    server: SpeechServer | None = None  # for voices of a speech server


def narrate_chunk(
    order: ChunkOrder, target: Path, studio: Studio, ahead: Sequence[ChunkOrder] = ()
) -> spoken.Spoken:
    """Write the chunk's file of speech (see `spoken`) to `target` and say what is in it.

    `ahead`: orders that will probably come next, as many as there are further cores; they are begun meanwhile.
    A sentence that could not be spoken is named in `warnings` of the result. Raises Reject (`nothing_to_say`,
    `not_spoken`, `unknown_voice`), and what children and the speech server raise.
    """
    asked = _asked(order, studio)
    if not asked.paragraphs:
        raise Reject(
            "The chunk has no text that could be read aloud.",
            code="nothing_to_say",
            hint="Give it some words.",
        )
    if order.voice.engine is EngineName.SERVER:
        facts, sound = _recorded(order, asked, studio)
    else:
        later = [_asked(each, studio) for each in ahead if each.voice == order.voice]
        facts, sound = _spoken(asked, studio, [each for each in later if each.paragraphs])
    spoken.write(target, spoken.header(spoken_digest(order), order.voice.id, facts), sound)
    return spoken.read(target)


def _asked(order: ChunkOrder, studio: Studio) -> SpokenOrder:
    manner = order.manner
    paragraphs = in_sentences(order, studio.sentences)
    return SpokenOrder(order.voice, paragraphs, manner.rate, manner.pitch, manner.loudness)


def _spoken(
    asked: SpokenOrder, studio: Studio, ahead: Sequence[SpokenOrder] = ()
) -> tuple[dict[str, Any], list[bytes]]:
    pieces: list[bytes] = []

    def take(event: JsonObject) -> None:
        if event["at"] == 0:  # of the child that told the pieces before, no answer came
            pieces.clear()
        pieces.append(base64.b64decode(str(event["sound"])))

    request, most = service.speak(asked, ahead), service.time_for(asked)
    facts = studio.ask(service.voices_service(studio.environ), request, timeout_s=most, on_event=take)
    return dict(facts), pieces


def _recorded(order: ChunkOrder, asked: SpokenOrder, studio: Studio) -> tuple[dict[str, Any], list[bytes]]:
    """As the speech server speaks it; asked once more when a sentence is missing."""
    if studio.server is None:
        raise Reject(
            f"The voice {order.voice.id} is a speech server's, and none is configured.",
            code="unknown_voice",
            hint="Configure a speech server, or choose another voice.",
        )
    for last in (False, True):
        paragraphs = record(order, asked.paragraphs, studio.server, studio.folder, studio.run)
        try:
            facts, sound = _spoken(replace(asked, paragraphs=paragraphs), studio)
        except Reject:
            if last:
                raise
            continue
        finally:
            _remove(paragraphs)
        if last or not facts["warnings"]:
            break
    return facts, sound


def _remove(paragraphs: Sequence[Paragraph]) -> None:
    for paragraph in paragraphs:
        for path, _ in paragraph.recorded or ():
            Path(path).unlink()
