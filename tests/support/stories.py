"""A stand-in for the pipeline of stories: its settings, phases and roles, and stages that do as the file's name says.

“bad …” is refused, “slow …” naps in every stage, “shaky …” fails once in passing. Loaded by REELYARD_PIPELINES.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from reelyard.errors import Reject, Retry, UnknownVoice
from reelyard.kit.processes import Command
from reelyard.media.info import Kind
from reelyard.media.story import Chunk, Story
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Cost, Facts, Inventory, Stage
from reelyard.pipelines.story_settings import StorySettings

NAME = "tests.support.stories:STORIES"
NAP_S = 0.15
NAPS = 6
VOICES = ("espeak:en", "espeak:de")
PICTURES = tuple(f"picture-{number:04}.jpg" for number in range(1, 11))
SPOKEN = tuple(f"narration-{number:04}.{form}" for number in range(1, 11) for form in ("m4a", "mp3", "wav"))
WHOLE = ("narration.m4a", "narration.mp3", "narration.wav")
CAPTIONS = ("captions.srt", "captions.vtt")


def _work(context: Context) -> None:
    if context.name.startswith("bad"):
        raise Reject("The story says so.", code="asked_for", hint="Send another.")
    naps = NAPS if context.name.startswith("slow") else 1
    for n in range(naps):
        if naps > 1:
            context.run(Command((shutil.which("sleep") or "/bin/sleep", str(NAP_S))))
        context.progress((n + 1) / naps)


def _shake(context: Context) -> None:
    """Fail once: the part that is kept then lets the next try pass."""
    tries: list[Path] = []

    def make(target: Path) -> None:
        target.write_bytes(b"shaken")
        tries.append(target)

    context.part({"shaken": context.name}, make)
    if tries:
        raise Retry("The story shakes.", code="asked_for")


def _read(context: Context) -> Facts:
    if context.name.startswith("shaky"):
        _shake(context)
    text = Path(context.input).read_text("utf-8", "replace").strip()
    return {"title": text.splitlines()[0][:60]}


def _chunk(context: Context) -> Facts:
    _work(context)
    text = Path(context.input).read_text("utf-8", "replace")
    paragraphs = [" ".join(one.split()) for one in text.split("\n\n") if one.strip()]
    story = Story(paragraphs[0][:60], "en", tuple(Chunk(n, one) for n, one in enumerate(paragraphs[:10], 1)))
    context.out("chunks.json").write_text(json.dumps(story.to_json()), "utf-8")
    context.out("story.txt").write_text(story.text, "utf-8")
    return {"chunks": len(story.chunks)}


def _story(context: Context) -> Story:
    return Story.from_json(json.loads(context.artifact("chunks.json").read_bytes()))


def _sound(context: Context) -> Facts:
    _work(context)
    story, form = _story(context), context.settings.audio_format
    for chunk in story.chunks:
        context.out(f"narration-{chunk.number:04}.{form}").write_bytes(chunk.text.encode())
    context.out(f"narration.{form}").write_bytes(story.text.encode())
    chunks = [{"number": n, "start": n - 1.0, "end": float(n)} for n in range(1, len(story.chunks) + 1)]
    context.out("timing.json").write_text(json.dumps({"seconds": len(chunks), "chunks": chunks}))
    for kind in context.settings.captions:
        context.out(f"captions.{kind}").write_text(story.text, "utf-8")
    return {"duration_s": len(chunks)}


def _illustrate(context: Context) -> Facts:
    _work(context)
    told = []
    for chunk in _story(context).chunks:
        role = PICTURES[chunk.number - 1]
        context.out(role).write_bytes(chunk.text.encode())
        told.append({"role": role, "key": "", "description": f"Of {chunk.number}.", "maker": "drawn"})
    context.out("pictures.json").write_text(json.dumps({"pictures": told}))
    return {"pictures": len(told)}


def _film(context: Context) -> Facts:
    _work(context)
    context.out("story.mp4").write_bytes(b"a film")
    return {}


def check(settings: StorySettings, inventory: Inventory) -> None:
    del inventory
    if settings.voice not in ("auto", *VOICES):
        raise UnknownVoice(f"There is no voice “{settings.voice}”.", hint="Choose another.")


def inventory() -> Inventory:
    voices = [
        {"id": one, "name": one, "language": one[-2:], "engine": "espeak", "gender": None, "version": "1"}
        for one in VOICES
    ]
    return {"voices": voices, "variants": []}


STORIES = Pipeline(
    name="story",
    title="Stories",
    summary="A stand-in with the phases of the real one.",
    accepts=frozenset({Kind.DOCUMENT}),
    settings=StorySettings,
    stages=(
        Stage("read", _read, phase="story", cost=Cost(fixed=0.1)),
        Stage(
            "chunk", _chunk, reads=("words_per_chunk",), phase="story", cost=Cost(fixed=0.1),
            makes=("chunks.json", "story.txt"), outputs=("chunks.json", "story.txt"),
        ),
        Stage(
            "sound", _sound, reads=("voice", "audio_format", "captions"), uses=("chunks.json",), phase="audio",
            makes=(*SPOKEN, *WHOLE, "timing.json", *CAPTIONS), outputs=(*SPOKEN, *WHOLE, *CAPTIONS),
            enabled=lambda settings: settings.audio, cost=Cost(fixed=0.2),
        ),
        Stage(
            "illustrate", _illustrate, reads=("image_style",), uses=("chunks.json",), phase="images",
            makes=(*PICTURES, "pictures.json"), outputs=PICTURES,
            enabled=lambda settings: settings.images, cost=Cost(fixed=0.2),
        ),
        Stage(
            "film", _film, uses=("chunks.json",), makes=("story.mp4",), outputs=("story.mp4",), phase="images",
            enabled=lambda settings: settings.makes_film, cost=Cost(fixed=0.2),
        ),
    ),
    check=check,
    inventory=inventory,
    primary=("story.mp4", *WHOLE),
    noun="story",
)  # fmt: skip
