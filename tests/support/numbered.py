"""Films whose pictures tell their own numbers, rendered, and what a player sees and hears of them."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from reelyard.kit.processes import Command, Runner
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.info import MediaInfo
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.rendering.order import Bench, Order, Rendered
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Wishes, target_of

FFMPEG = ffmpeg()
RATE = 25
BITS = 8
USUAL = Wishes()
KEPT = ((3, 20), (21, 22), (40, 61), (70, 75))
NUMBERS = [number for start, end in KEPT for number in range(start, end)]
# The number of each picture as a row of bars, the lowest bit first.
NUMBERED = f"geq=lum='if(mod(floor(N/pow(2,floor(X*{BITS}/W))),2),220,30)':cb=128:cr=128"
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "12")


def numbered(
    make: MediaMaker, name: str, *options: str, size: str = "160x90", sounds: int = 1, frames: int = 80
) -> Path:
    """A film of 25 pictures a second that are numbered, with tones."""
    picture = f"nullsrc=s={size}:r={RATE}:d={frames / RATE},{NUMBERED},format=yuv420p"
    inputs = ["-f", "lavfi", "-i", picture]
    maps = ["-map", "0:v"]
    for number in range(sounds):
        tone = f"sine=frequency={440 * (number + 1)}:sample_rate=48000:duration={frames / RATE}"
        inputs += ["-f", "lavfi", "-i", tone]
        maps += ["-map", f"{number + 1}:a"]
    codecs = ("-c:a", "pcm_s16le") if name.endswith((".mov", ".mkv")) else ("-c:a", "aac")
    return make.encode(make.folder / name, *inputs, *maps, *X264, *codecs, *options)


def cuts_of(frames: int = 80, start: Fraction = Fraction(0), rate: Fraction = Fraction(RATE)) -> CutList:
    spans, at = [], 0
    for begin, end in KEPT:
        if at < begin:
            spans.append(Span(at, begin, keep=False, reason=Reason.SILENCE))
        spans.append(Span(begin, end, keep=True, reason=Reason.SOUND))
        at = end
    return CutList(rate, start, frames, (*spans, Span(at, frames, keep=False, reason=Reason.SILENCE)))


def order_of(path: Path, run: Runner, wishes: Wishes = USUAL, cuts: CutList | None = None) -> Order:
    info = inspect(path, run=run, name=path.name)
    return Order(Source(path, info), cuts or cuts_of(), target_of(info, wishes))


@dataclass(frozen=True)
class Seen:
    """A film as a player sees it."""

    numbers: list[int]
    times: list[float]
    size: tuple[int, int]
    codec: str
    aspect: Fraction
    rate: Fraction
    rotation: int


def seen(path: Path, turn: int = 0) -> Seen:
    """Its pictures; `turn` quarters counter-clockwise bring the bars upright."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        aspect = stream.sample_aspect_ratio or Fraction(1)
        return Seen(
            [number_in(np.rot90(frame.to_ndarray(format="gray"), turn)) for frame in frames],
            [float(frame.pts * frame.time_base) for frame in frames],
            (frames[0].width, frames[0].height),
            stream.codec_context.codec.canonical_name,
            aspect,
            stream.average_rate,
            frames[0].rotation,
        )


def number_in(picture: Any) -> int:
    height, width = picture.shape
    row = picture[height // 4 : height // 2].mean(axis=0)
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * width / BITS)] > 125)


def samples_in(path: Path, run: Runner, track: int = 0) -> Any:
    """The sound as ffmpeg's own decoding gives it: (samples, channels) at 48 kHz."""
    raw = path.with_name(f"{path.stem}.{track}.wav")
    argv = (FFMPEG, "-v", "error", "-nostdin", "-i", str(path), "-map", f"0:a:{track}", "-ar", "48000")
    run(Command((*argv, "-c:a", "pcm_s16le", "-y", str(raw)), reads=(path,), writes=(raw,)))
    with wave.open(str(raw)) as sound:
        data = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        return data.reshape(-1, sound.getnchannels())


def looked_into(path: Path, run: Runner) -> MediaInfo:
    return inspect(path, run=run, name=path.name)


def rendered(order: Order, bench: Bench) -> tuple[Rendered, Seen]:
    film = bench.folder / f"film{order.target.suffix}"
    made = render(order, film, bench)
    return made, seen(film)


def first_picture(path: Path) -> Fraction:
    """When the file's clock shows the first picture, to the millisecond."""
    import av

    with av.open(str(path)) as container:
        first = next(container.decode(container.streams.video[0]))
        at = first.pts * first.time_base - Fraction(container.start_time or 0, 1_000_000)
        return Fraction(round(at * 1000), 1000)
