"""What is done with every file that arrives: verified first, then a small picture and its level curve.

Not for users to order: the engine runs these stages on the light worker, with the file as their subject.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace
from pathlib import Path

from reelyard.errors import Skip
from reelyard.media.formats import FORMATS
from reelyard.media.info import Kind, MediaInfo
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Cost, Facts, Pool, Stage
from reelyard.tools.documents import summarise
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.ffmpeg.thumbnail import thumbnail
from reelyard.tools.sound.levels import measure

BLOCK = 4 * 1024 * 1024
CURVE_POINTS = 2_000


class NoSettings(PipelineSettings):
    """Nothing to choose."""


def verify(limits: ProbeLimits, context: Context) -> Facts:
    """Hash the file and find out what it is; one that cannot be used is rejected with the reason."""
    info = inspect(context.input, run=context.run, name=context.name, limits=limits)
    if info.kind is Kind.DOCUMENT:
        info = _read(info, context)
    sha256, crc32, size = _digests(context.input, context)
    return {"sha256": sha256, "crc32": crc32, "size": size, "info": info.to_json()}


def _read(info: MediaInfo, context: Context) -> MediaInfo:
    """What a text says of itself once it was read to its end; one that cannot be told is rejected here."""
    text = summarise(context.input, FORMATS[info.format], run=context.run, name=context.name)
    return replace(info, words=text.words, warnings=(*info.warnings, *text.warnings))


def picture(context: Context) -> Facts:
    """A picture of the file, for lists."""
    if context.media.kind is Kind.DOCUMENT:
        raise Skip("a text has no picture")
    source = Source(context.input, context.media)
    thumbnail(source, context.out("thumbnail.jpg"), ffmpeg=ffmpeg(), run=context.run)
    return {}


def levels(context: Context) -> Facts:
    """How loud the sound is, over its whole length."""
    if not context.media.audio:
        raise Skip("there is no sound")
    pcm = context.workdir / "sound.pcm"
    source = Source(context.input, context.media)
    decode(source, pcm, ffmpeg=ffmpeg(), run=context.run)
    found = measure(pcm, context.out("levels.bin"), run=context.run)
    context.out("levels.json").write_text(json.dumps(found.to_json(CURVE_POINTS)), "utf-8")
    return {}


def _digests(path: Path, context: Context) -> tuple[str, int, int]:
    """SHA-256, CRC-32 and bytes of a file, in one reading."""
    sha256, crc32, size = hashlib.sha256(), 0, 0
    total = max(1, path.stat().st_size)
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            sha256.update(block)
            crc32 = zlib.crc32(block, crc32)
            size += len(block)
            context.progress(size / total)
    return sha256.hexdigest(), crc32, size


def library_pipeline(limits: ProbeLimits) -> Pipeline:
    """The stages of a file, with the limits of this installation."""
    return Pipeline(
        name="library",
        title="Library",
        summary="What is done with every file that arrives.",
        accepts=frozenset(Kind),
        settings=NoSettings,
        stages=(
            Stage(
                "verify",
                lambda context: verify(limits, context),
                pool=Pool.LIGHT,
                cost=Cost(per_megabyte=0.004, fixed=0.3),
                silence_s=300,
            ),
            Stage("thumbnail", picture, makes=("thumbnail.jpg",), pool=Pool.LIGHT, cost=Cost(fixed=0.4)),
            Stage(
                "levels",
                levels,
                makes=("levels.bin", "levels.json"),
                pool=Pool.LIGHT,
                cost=Cost(per_media_second=0.005, fixed=0.5),
            ),
        ),
    )
