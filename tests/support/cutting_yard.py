"""Films to be cut by copying, and whether what was made of them is exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import Command, Limits, runner_in
from reelyard.media.cut_list import CutList
from reelyard.testing.media import MediaMaker
from reelyard.tools.cutting.film_index import FilmIndex, film_index
from reelyard.tools.cutting.plan import Copy, SmartPlan
from reelyard.tools.cutting.smart_cut import Hands, Order, smart_cut
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect

X264 = ("-c:v", "libx264", "-preset", "fast", "-bf", "3", "-pix_fmt", "yuv420p")
CUTS = ((10, 20), (33, 42), (55, 62))


@dataclass
class Yard:
    """A folder with films and what is made of them."""

    folder: Path
    known: dict[Path, tuple[Source, FilmIndex]] = field(default_factory=dict)

    @property
    def maker(self) -> MediaMaker:
        return MediaMaker(self.folder)

    def film(self, name: str, *options: str, rate: str = "25", codec: tuple[str, ...] = X264) -> Path:
        """Three seconds of a moving picture with noise, which shows best where a sound lies."""
        picture = ("-f", "lavfi", "-i", f"testsrc2=size=160x90:rate={rate}:duration=3")
        noise = ("-f", "lavfi", "-i", "anoisesrc=r=44100:d=3:a=0.3:seed=1")
        return self.maker.encode(self.folder / name, *picture, *noise, *codec, *options)

    def remuxed(self, name: str, source: Path, *options: str) -> Path:
        return self.maker.encode(self.folder / name, *options, reads=(source,))

    def source(self, path: Path) -> Source:
        return Source(path, inspect(path, run=runner_in(self.folder)))

    def index(self, path: Path) -> FilmIndex:
        return self.read(path)[1]

    def read(self, path: Path) -> tuple[Source, FilmIndex]:
        if path not in self.known:
            source, run = self.source(path), runner_in(self.folder)
            self.known[path] = (source, film_index(source, run=run, target=self.folder / "index.json"))
        return self.known[path]

    def hands(self, told: list[float] | None = None) -> Hands:
        parts = self.folder / "parts"
        parts.mkdir(exist_ok=True)

        def part(key: JsonObject, make: Callable[[Path], None]) -> Path:
            path = parts / digest(key)
            if not path.exists():
                make(path)
            return path

        return Hands(runner_in(self.folder), part, (told if told is not None else []).append, cores=2)


def pictures(path: Path) -> tuple[list[Any], list[Fraction]]:
    import av

    with av.open(str(path)) as container:
        film = next(s for s in container.streams.video if not s.disposition.value & 0x400)
        frames = list(container.decode(film))
        return [frame.to_ndarray() for frame in frames], [frame.pts * frame.time_base for frame in frames]


def samples(path: Path, track: int = 0) -> tuple[Any, int]:
    """The sound from the file's clock 0 on, one channel, and its rate."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.audio[track]
        blocks = [(frame.pts * frame.time_base, frame.to_ndarray()) for frame in container.decode(stream)]
        rate: int = stream.rate
        late = round((blocks[0][0] - Fraction(container.start_time, 1_000_000)) * rate)
    sound = np.concatenate([block[0] if block.shape[0] > 1 else block.reshape(-1) for _, block in blocks])
    return np.concatenate([np.zeros(max(late, 0)), sound[max(-late, 0) :]]), rate


def assert_exact(source: Path, made: Path, cuts: CutList, planned: SmartPlan) -> None:
    """Each picture is the one that the cut list names, the copied ones to the bit, at its time to the tick."""
    (before, _), (after, times) = pictures(source), pictures(made)
    wanted = [frame for kept in cuts.kept for frame in range(kept.start, kept.end)]
    copied = [isinstance(piece, Copy) for piece in planned.pieces for _ in range(len(piece))]
    assert len(before) == cuts.frames
    assert len(after) == len(wanted) == len(copied)
    assert times == [number / cuts.rate for number in range(len(wanted))]
    for number, is_copy, found in zip(wanted, copied, after, strict=True):
        if is_copy:
            assert np.array_equal(found, before[number]), f"frame {number} is not the source's"
        else:
            others = [n for n in (number - 1, number + 1) if 0 <= n < len(before)]
            assert error(found, before[number]) < min(error(found, before[n]) for n in others), number
            assert error(found, before[number]) < 15


def error(one: Any, other: Any) -> float:
    return float(np.mean((one.astype(np.float64) - other) ** 2))


def assert_in_step(source: Path, made: Path, cuts: CutList, track: int = 0) -> None:
    """At each join, the sound lies within a millisecond of where its pictures are."""
    (before, rate), (after, made_rate) = samples(source, track), samples(made, track)
    assert rate == made_rate
    room, most = rate // 50, rate // 1000
    before, after = np.pad(before, (0, rate)), np.pad(after, (room, rate))
    frames = 0
    for kept in cuts.kept:
        length, window = round(len(kept) / cuts.rate * rate), rate // 20
        begin = round((cuts.start + kept.start / cuts.rate) * rate)
        skips = [0, (length - window) // 2, length - window] if length > window else [0]
        skip = max(skips, key=lambda skip: np.abs(before[begin + skip :][:window]).sum())  # where it sounds
        wanted = before[begin + skip :][: min(window, length)]
        at = round(frames / cuts.rate * rate) + skip
        near = after[at : at + len(wanted) + 2 * room]
        if np.abs(wanted).max() > 0:
            assert abs(int(np.argmax(np.correlate(near, wanted, "valid"))) - room) <= most, f"{kept} is off"
        else:
            assert np.abs(near[2 * room : -2 * room]).max(initial=0) < 0.01
        frames += len(kept)


def complaints(path: Path) -> str:
    """What ffmpeg warns of when it plays all of the film."""
    argv = (ffmpeg(), "-nostdin", "-v", "warning", "-i", str(path), "-map", "0", "-f", "null", "-")
    return runner_in(path.parent)(Command(argv, reads=(path,), limits=Limits(60, 60))).stderr


def cut(yard: Yard, film: Path, cuts: CutList, target: str = "cut.mp4") -> tuple[Path, SmartPlan]:
    made = yard.folder / target
    return made, smart_cut(Order(*yard.read(film), cuts), made, yard.hands())
