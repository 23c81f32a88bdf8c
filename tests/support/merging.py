"""Clips that show one colour and beep once, merged, and what is seen and heard of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from reelyard.kit.processes import Command, Runner, runner_in
from reelyard.testing.media import MediaMaker
from reelyard.tools.bundles.merge import Clip, Merged, Tools, merge_films
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.probe import inspect

FFMPEG = ffmpeg()
BEEP_S = 0.4
COLOURS = {"red": (200, 30, 30), "lime": (30, 200, 30), "blue": (30, 30, 200), "white": (225, 225, 225)}
X264 = ("-c:v", "libx264", "-preset", "superfast", "-pix_fmt", "yuv420p")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuv420p")


@dataclass(frozen=True)
class Bench:
    """A folder with a maker of clips and a merger of them."""

    folder: Path

    @property
    def run(self) -> Runner:
        return runner_in(self.folder)

    def clip(
        self,
        name: str,
        *,
        frames: int = 40,
        rate: str = "25",
        size: str = "160x90",
        colour: str = "red",
        video: Sequence[str] = (*X264, "-bf", "2", "-g", "12"),
        audio: Sequence[str] | None = ("-c:a", "aac", "-ar", "48000", "-ac", "2"),
        sound_s: float | None = None,
    ) -> Path:
        """A film of one colour that beeps once, 0.4 s after its first picture."""
        top, _, bottom = rate.partition("/")
        seconds = frames * int(bottom or 1) / int(top)
        beep = f"aevalsrc='0.6*sin(2*PI*1000*t)*between(t,{BEEP_S},{BEEP_S + 0.1})':s=48000:d={sound_s or seconds}"
        sound = ("-f", "lavfi", "-i", beep) if audio is not None else ()
        return MediaMaker(self.folder).encode(
            self.folder / name,
            *("-f", "lavfi", "-i", f"color={colour}:s={size}:r={rate}", *sound),
            *("-frames:v", str(frames), *video, *(audio or ())),
        )

    def clips(self, *paths: Path) -> list[Clip]:
        return [Clip(path, path.name, inspect(path, run=self.run, name=path.name)) for path in paths]

    def merge(self, clips: Sequence[Clip], name: str = "merged.mp4", **options: Any) -> Merged:
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        target = self.folder / name
        return merge_films(clips, target, Tools(FFMPEG, self.run, work, **options))

    def heard(self, name: str = "merged.mp4") -> list[float]:
        """When each beep begins, in seconds, counted in samples as a player counts."""
        samples = self.folder / "heard.pcm"
        source = self.folder / name
        argv = (
            FFMPEG,
            "-v",
            "error",
            "-i",
            str(source),
            "-vn",
            "-ac",
            "1",
            "-ar",
            "48000",
            "-f",
            "s16le",
            "-",
        )
        self.run(Command(argv, reads=(source,), stdout=samples))
        loud = np.abs(np.fromfile(samples, "<i2").astype(float)) > 2000
        at = np.flatnonzero(loud)
        first = np.concatenate(([True], np.diff(at) > 12_000))
        return [float(value) / 48_000 for value in at[first]]

    def complaints(self, name: str = "merged.mp4") -> str:
        """What ffmpeg has to say of the film when it decodes all of it."""
        source = self.folder / name
        argv = (FFMPEG, "-v", "warning", "-i", str(source), "-f", "null", "-")
        return self.run(Command(argv, reads=(source,))).stderr

    def seen(self, name: str = "merged.mp4") -> list[tuple[float, str]]:
        """Every picture: when it is shown, and the colour of its middle."""
        with av.open(str(self.folder / name)) as film:
            return [(float(frame.time or 0), _colour(frame)) for frame in film.decode(video=0)]


def _colour(frame: Any) -> str:
    picture = frame.to_ndarray(format="rgb24")
    middle = picture[picture.shape[0] // 2, picture.shape[1] // 2].astype(int)
    return min(COLOURS, key=lambda name: int(np.abs(middle - np.array(COLOURS[name])).sum()))
