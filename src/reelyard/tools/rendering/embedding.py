"""Captions as a track of a finished film, which a player can switch on; all else is copied."""

from __future__ import annotations

from pathlib import Path

from reelyard.kit.processes import Command, Limits
from reelyard.tools.ffmpeg.inputs import QUIET, input_options
from reelyard.tools.rendering.encoders import container_options
from reelyard.tools.rendering.languages import letters_for
from reelyard.tools.rendering.order import Bench
from reelyard.tools.rendering.target import Container, Target

MIB = 1024 * 1024
DEMUXERS = {Container.MP4: "mov", Container.MOV: "mov", Container.WEBM: "matroska"}
CAPTION_CODECS = {Container.MP4: "mov_text", Container.MOV: "mov_text", Container.WEBM: "webvtt"}


def embed_captions(
    film: Path, captions: Path, target: Target, captioned: Path, bench: Bench, *, language: str | None = None
) -> None:
    """Write `film` with `captions` (an SRT file in film time) as `captioned`, in the same container.

    `language` is a tag such as "en". Without any cue the track is left out. Raises what `run` raises.
    """
    bench.run(embed_command(film, captions, target, captioned, bench.ffmpeg, language=language))


def embed_command(
    film: Path, captions: Path, target: Target, captioned: Path, ffmpeg: str, *, language: str | None = None
) -> Command:
    """The command of `embed_captions`."""
    size = film.stat().st_size
    letters = letters_for(language, target.container)
    track = (
        *("-map", "1:s", "-c:s", CAPTION_CODECS[target.container]),
        *(("-metadata:s:s:0", f"language={letters}") if letters else ()),
        # Off until somebody switches it on: who hears well is not to be disturbed.
        *("-disposition:s:0", "0"),
    )
    shown = captions.stat().st_size > 0
    argv = (
        *(ffmpeg, *QUIET, *input_options(DEMUXERS[target.container])),
        *(("-f", "srt", "-i", f"file:{captions}") if shown else ()),
        *("-map", "0:v:0", "-map", "0:a?", "-c", "copy", *(track if shown else ())),
        *("-map_chapters", "0"),
        *container_options(target, captioned),
    )
    may_take = Limits(300 + size / (20 * MIB), 300 + size // (50 * MIB), 2048 * MIB, 2 * size + 64 * MIB)
    return Command(argv, stdin=film, reads=(captions,), writes=(captioned,), limits=may_take)
