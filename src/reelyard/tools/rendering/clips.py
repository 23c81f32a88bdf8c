"""A clip: one stretch of a finished film as a film of its own, exact to the frame, in the same container."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from pathlib import Path

from reelyard.errors import InvalidInput
from reelyard.kit.processes import Command
from reelyard.media.info import AudioStream, MediaInfo
from reelyard.media.ranges import FrameRange
from reelyard.media.sample_ranges import FADE_S
from reelyard.tools.ffmpeg.inputs import QUIET, Source, film_of, input_options
from reelyard.tools.rendering.costs import limits_of
from reelyard.tools.rendering.encoders import (
    card_facts,
    container_options,
    graphics_devices,
    hardware,
    picture_options,
    sound_options,
)
from reelyard.tools.rendering.fallback import encoded
from reelyard.tools.rendering.muxing import Parts, languages, texts, time_scale
from reelyard.tools.rendering.order import Bench, Rendered
from reelyard.tools.rendering.picture import conformed, shaped
from reelyard.tools.rendering.target import (
    PIXEL_FORMAT,
    Container,
    Target,
    channels_of,
    sample_rate_of,
)

# WebM rounds time stamps to milliseconds: a seek a little early still meets the frame that is meant.
EARLY = {Container.WEBM: Fraction(6, 10_000)}


def clip(source: Source, frames: FrameRange, target: Target, film: Path, bench: Bench) -> Rendered:
    """Write `frames` of the finished film `source` as `film`; `frames.rate` is the film's own.

    `target` is what the film was made for. Raises InvalidInput when there are no frames, and what `run` raises.
    """
    if len(frames) == 0 or frames.start < 0:
        raise InvalidInput(
            f"Frames {frames.start} to {frames.end} are no clip.",
            hint="Give a start within the film and an end after it.",
        )
    encoder, _, warnings = encoded(
        target, lambda one: bench.run(clip_command(source, frames, one, film, bench))
    )
    return Rendered(film, encoder, warnings)


def clip_command(source: Source, frames: FrameRange, target: Target, film: Path, bench: Bench) -> Command:
    """The command of `clip`; only what lies between the picture before from which one can decode and the end is read."""
    card = hardware(target.encoder)
    stream = film_of(source.info)
    audio = source.info.audio
    argv = (
        *(bench.ffmpeg, *QUIET, *(card.device if card else ())),
        *("-ss", _seconds(frames.time.start - EARLY.get(target.container, 0))),
        *input_options(source.demuxer),
        *("-map", f"0:{stream.index}", "-filter:v", _picture(source.info, frames, target)),
        *("-filter_threads", str(bench.cores), "-fps_mode", "passthrough"),
        *picture_options(target, bench.cores),
        *time_scale(target, frames.rate),
        *(
            argument
            for number, sound in enumerate(audio)
            for argument in _sound(number, sound, frames, target)
        ),
        *sound_options(target, tuple(channels_of(sound) for sound in audio)),
        *languages(tuple(sound.language for sound in audio), target),
        *texts(Parts()),
        *container_options(target, film),
    )
    return Command(
        argv,
        stdin=source.path,
        reads=card_facts() if card else (),
        writes=(film, *(graphics_devices() if card else ())),
        limits=limits_of(target, float(frames.time.length), source.info, bench.cores),
    )


def _picture(info: MediaInfo, frames: FrameRange, target: Target) -> str:
    card = hardware(target.encoder)
    steps = (
        *conformed(frames.rate, Fraction(0), len(frames)),
        *shaped(film_of(info), target),
        f"format={PIXEL_FORMAT}",
        *((card.upload,) if card and card.upload else ()),
    )
    return ",".join(steps)


def _sound(number: int, stream: AudioStream, frames: FrameRange, target: Target) -> tuple[str, ...]:
    rate = sample_rate_of(stream, target)
    samples = round(frames.time.length * rate)
    fade = int(FADE_S * rate)
    chain = (
        f"aresample={rate}:async=1:first_pts=0,apad=whole_len={samples},atrim=end_sample={samples},"
        f"afade=t=in:ss=0:ns={fade},afade=t=out:ss={max(0, samples - fade)}:ns={fade}"
    )
    return ("-map", f"0:{stream.index}", f"-filter:a:{number}", chain)


def _seconds(time: Fraction) -> str:
    """Microseconds, never later than meant: a seek that is late loses a frame."""
    return f"{floor(max(time, Fraction(0)) * 1_000_000) / 1_000_000:.6f}"
