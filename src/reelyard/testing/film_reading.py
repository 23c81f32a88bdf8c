"""Reading a film back: which pictures it shows and when, and what is heard. Only for files that we made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.testing import film_code
from reelyard.testing.film_sound import Sampled

WIDEST = 320  # pixels to which pictures are brought before they are read
SLIP_S = 0.003  # by which a time stamp may miss the samples counted so far before it moves them


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a film."""

    number: int | None  # None: it cannot be read
    time: Fraction  # seconds on the file's clock


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of a film in the order in which they are shown."""

    shown: tuple[Shown, ...]
    size: tuple[int, int]  # pixels as stored
    turned: int  # degrees clockwise by which a player would have to turn what it shows to have it upright
    rotation: int  # degrees clockwise that the file tells a player to turn what is stored
    aspect: Fraction  # of a pixel as stored

    @property
    def numbers(self) -> list[int | None]:
        return [one.number for one in self.shown]


def read_pictures(path: Path) -> Pictures:
    """Decode all pictures of the first film in the file and read them; raises av's errors where it is damaged."""
    import av  # noqa: PLC0415 - heavy, and only where films are read

    with av.open(str(path)) as container:
        stream = _film(container)
        stream.thread_type = "AUTO"
        zero = _begin(container, av)
        read: list[tuple[Fraction, list[int | None]]] = []
        frame: Any = None
        for frame in container.decode(stream):
            read.append((frame.pts * frame.time_base - zero, _in_four_turns(frame)))
        if frame is None:
            raise AssertionError(f"{path.name} shows no picture")
        rotation = int(-frame.rotation) % 360
        counts = Counter({turn: sum(found[turn] is not None for _, found in read) for turn in range(4)})
        upright = counts.most_common(1)[0][0]
        aspect = stream.sample_aspect_ratio or Fraction(1)
        return Pictures(
            tuple(Shown(found[upright], time) for time, found in read),
            (frame.width, frame.height),
            (upright * 90 - rotation) % 360,
            rotation,
            Fraction(aspect),
        )


def read_frames(path: Path) -> list[int | None]:
    """The numbers of the pictures, in the order in which they are shown; None for one that cannot be read."""
    return read_pictures(path).numbers


def first_picture_at(path: Path) -> Fraction:
    """Seconds on the file's clock at which the first picture is shown."""
    import av  # noqa: PLC0415

    with av.open(str(path)) as container:
        frame = next(container.decode(_film(container)))
        return Fraction(frame.pts * frame.time_base - _begin(container, av))


def read_sound(path: Path, track: int = 0) -> Sampled:
    """What is heard of a sound track, its channels as one, by time stamps, on the file's clock."""
    import av  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    with av.open(str(path)) as container:
        stream = container.streams.audio[track]
        zero, rate = _begin(container, av), stream.rate
        origin: float | None = None
        samples, end = [], 0
        for time, part in _parts(container, stream, av):
            origin = float(time - zero) if origin is None else origin
            due = round((float(time - zero) - origin) * rate)
            if abs(due - end) > SLIP_S * rate:
                samples.append(np.zeros(max(0, due - end), np.float32))
                end = max(end, due)
            samples.append(part)
            end += len(part)
        return Sampled(np.concatenate([*samples, np.zeros(0, np.float32)]), origin or 0.0, rate)


def sound_tracks(path: Path) -> int:
    """How many sound tracks the file has."""
    import av  # noqa: PLC0415

    with av.open(str(path)) as container:
        return len(container.streams.audio)


def _parts(container: Any, stream: Any, av: Any) -> Iterator[tuple[Fraction, Any]]:
    mixer = av.AudioResampler(format="flt", layout="mono", rate=stream.rate)
    for frame in container.decode(stream):
        for part in mixer.resample(frame):
            yield frame.pts * frame.time_base, part.to_ndarray().reshape(-1)


def _film(container: Any) -> Any:
    return next(stream for stream in container.streams.video if not stream.disposition.value & 0x400)


def _begin(container: Any, av: Any) -> Fraction:
    return Fraction(container.start_time or 0, av.time_base)


def _in_four_turns(frame: Any) -> list[int | None]:
    """What a picture shows when it is turned clockwise by no, one, two, three quarters."""
    import numpy as np  # noqa: PLC0415

    scale = min(1.0, WIDEST / max(frame.width, frame.height))
    width, height = round(frame.width * scale), round(frame.height * scale)
    grey = frame.reformat(width=width, height=height, format="gray").to_ndarray()
    return [film_code.read(np.rot90(grey, -turn)) for turn in range(4)]
