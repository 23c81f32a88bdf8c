"""A story read aloud: each chunk's speech, then what people listen to, then captions."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from reelyard.errors import InvalidInput, Reject
from reelyard.kit.json import Json, digest
from reelyard.media.story import MOST_CHUNKS, Story
from reelyard.media.transcript import Transcript
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts, Inventory
from reelyard.pipelines.caption_settings import caption_style
from reelyard.pipelines.telling import servers
from reelyard.pipelines.telling.placing import place
from reelyard.pipelines.telling.text import DETECT, read_story
from reelyard.tools.captions import CaptionFormat, write
from reelyard.tools.narration import spoken
from reelyard.tools.narration.caveats import caveats
from reelyard.tools.narration.chunk import Studio, narrate_chunk
from reelyard.tools.narration.order import ChunkOrder, Manner, spoken_digest, spoken_key
from reelyard.tools.narration.soundtrack import SoundOrder, Soundtrack, make_soundtrack
from reelyard.tools.sentences import sentences
from reelyard.tools.voices import choice

FORMATS = ("m4a", "mp3", "wav")
TIMES, TIMING = "narration.json", "timing.json"
SPEECH = tuple(f"speech-{number:04}.spoken" for number in range(1, MOST_CHUNKS + 1))
NARRATIONS = tuple(
    f"narration-{number:04}.{form}" for number in range(1, MOST_CHUNKS + 1) for form in FORMATS
)
WHOLE = tuple(f"narration.{form}" for form in FORMATS)
CAPTIONS = ("captions.srt", "captions.vtt")


def check_voice(settings: object, inventory: Inventory) -> None:
    """Refuse a voice or language that is not there; raises UnknownVoice and LanguageUnsupported."""
    language = None if settings.language == DETECT else settings.language  # type: ignore[attr-defined]
    choice.check(settings.voice, language, inventory)  # type: ignore[attr-defined]


def voices_of(settings: object, inventory: Inventory) -> dict[str, Json]:
    """What voices there are: with others, `auto` may mean another one."""
    named = {name: inventory.get(name) for name in ("voices", "variants", "prefer", "server")}
    return {"voices": digest(named), **servers.speech_tools(settings, inventory)}


def narrate(context: Context) -> Facts:
    """The speech of each chunk, its loudness even; what is still right of an earlier time is taken over."""
    story = read_story(context)
    orders = _orders(context, story)
    waiting = [number for number, order in enumerate(orders) if not _taken_over(context, number, order)]
    meter = servers.Meter(context)
    server = servers.speech_server(context, meter)
    studio = Studio(context.ask, context.run, context.workdir, sentences, os.environ, server)
    for done, number in enumerate(waiting):
        ahead = [orders[later] for later in waiting[done + 1 : done + context.cores]]
        _speak(context, number, orders[number], studio, ahead)
        meter((done + 1) / len(waiting), f"chunk {number + 1} of {len(orders)}")
    _warn(context, story, orders)
    made = [spoken.read(context.out(SPEECH[number])) for number in range(len(orders))]
    for number, one in enumerate(made, 1):
        for warning in one.warnings:
            context.warn(f"Chunk {number}: {warning}")
    return {
        "voice": orders[0].voice.to_json(),
        "seconds": round(sum(one.seconds for one in made), 3),
        "sentences": sum(len(one.segments) for one in made),
        "silent": sum(one.silent for one in made),
        "spoken": len(waiting),
    }


def _warn(context: Context, story: Story, orders: Sequence[ChunkOrder]) -> None:
    """What voices cannot do of what was ordered, each thing once."""
    found = (
        caveats(order.voice, order.language, chunk.text, order.manner)
        for chunk, order in zip(story.chunks, orders, strict=True)
    )
    for caveat in dict.fromkeys(chain.from_iterable(found)):
        context.warn(caveat)


def _orders(context: Context, story: Story) -> list[ChunkOrder]:
    settings, has = context.settings, servers.inventory()
    manner = Manner(
        settings.rate,
        settings.pitch,
        settings.paragraph_pause,
        settings.loudness,
        settings.audio_prompt,
    )
    return [
        ChunkOrder.of(
            chunk, choice.resolve(chunk.voice or settings.voice, story.language, has), story.language, manner
        )
        for chunk in story.chunks
    ]


def _taken_over(context: Context, number: int, order: ChunkOrder) -> bool:
    """Whether the chunk was spoken just so before; then that is its speech again."""
    known = context.earlier(SPEECH[number])
    if known is None:
        return False
    try:
        same = spoken.read(known).key == spoken_digest(order)
    except InvalidInput:
        return False
    if same:
        place(context, SPEECH[number], known)
    return same


def _speak(
    context: Context, number: int, order: ChunkOrder, studio: Studio, ahead: Sequence[ChunkOrder]
) -> None:
    def make(target: Path) -> None:
        narrate_chunk(order, target, studio, ahead)

    try:
        kept = context.part(spoken_key(order), make)
    except Reject as refused:
        raise Reject(f"Chunk {number + 1}: {refused.message}", code=refused.code, hint=refused.hint) from None
    place(context, SPEECH[number], kept)


def sound(context: Context) -> Facts:
    """The narration as files: one per chunk, and the whole with chapters; and when what is said."""
    story, form = read_story(context), context.settings.audio_format
    pieces = [context.artifact(SPEECH[number]) for number in range(len(story.chunks))]
    targets = [context.out(f"narration-{number:04}.{form}") for number in range(1, len(pieces) + 1)]
    whole = context.out(f"narration.{form}")
    made = make_soundtrack(
        SoundOrder.of(story, pieces, form), whole, targets, run=context.run, cores=context.cores,
        tell=context.progress,
    )  # fmt: skip
    transcript = made.transcript
    context.out(TIMES).write_text(write(transcript, CaptionFormat.JSON), "utf-8")
    context.out(TIMING).write_text(json.dumps(_timing(made)), "utf-8")
    return {"duration_s": made.seconds, "chunks": len(pieces)}


def _timing(made: Soundtrack) -> dict[str, Json]:
    chunks: list[Json] = [
        {"number": number, "start": start, "end": round(start + length, 6)}
        for number, (start, length) in enumerate(zip(made.starts, made.lengths, strict=True), 1)
    ]
    return {"seconds": made.seconds, "chunks": chunks}


def read_timing(context: Context) -> tuple[tuple[float, float], ...]:
    """When each chunk begins and ends in the narration, in seconds."""
    told: Mapping[str, list[dict[str, float]]] = json.loads(context.artifact(TIMING).read_bytes())
    return tuple((one["start"], one["end"]) for one in told["chunks"])


def read_times(context: Context) -> Transcript:
    """When what is said, in the whole narration."""
    return Transcript.from_json(json.loads(context.artifact(TIMES).read_bytes()))


def caption(context: Context) -> Facts:
    """Captions as files, in the forms that were ordered."""
    transcript, style = read_times(context), caption_style(context)
    forms = [form for form in (CaptionFormat.SRT, CaptionFormat.VTT) if form in context.settings.captions]
    for form in forms:
        context.out(f"captions.{form}").write_text(write(transcript, form, style), "utf-8")
    return {"captions": [form.value for form in forms]}
