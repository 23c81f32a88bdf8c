"""The captions of a batch, each drawn once: on black and on white, so that what shows through them is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reelyard.kit.processes import Command, Limits, Runner
from reelyard.tools.captions import Cue
from reelyard.tools.ffmpeg.inputs import QUIET
from reelyard.tools.rendering.captions import FONTS, Lettering, captions_file
from reelyard.tools.rendering.picture import Captioned, drawn
from reelyard.tools.rendering.target import Codec, Container, SoundCodec, Target

MIB = 1024 * 1024
A_CAPTION_S = 0.5  # processor seconds at most


def script(cues: Sequence[Cue], size: tuple[int, int], lettering: Lettering) -> str:
    """The ASS file in which each cue is shown for a second, one after the other."""
    in_turn = [Cue(number, number + 1, cue.lines) for number, cue in enumerate(cues)]
    return captions_file(in_turn, target_of(size), lettering)


def target_of(size: tuple[int, int]) -> Target:
    """The film, as those who draw captions want it told."""
    return Target(Container.MP4, Codec.H264, "libx264", SoundCodec.AAC, *size, resized=False, burnt=True)


def draw_captions(
    text: str, count: int, size: tuple[int, int], target: Path, ffmpeg: str, *, run: Runner
) -> None:  # fmt: skip
    """Write the captions of `script` to `target`: of each two pictures of one byte a pixel, on black and on white."""
    file = target.with_name(f"{target.name}.ass")
    file.write_text(text, "utf-8")
    try:
        run(command(Captioned(file, FONTS), count, size, target, ffmpeg))
    finally:
        file.unlink()


def command(captions: Captioned, count: int, size: tuple[int, int], target: Path, ffmpeg: str) -> Command:
    """The command of `draw_captions`."""
    width, height = size
    grounds = (
        f"color=c={colour}:s={width}x{height}:r=1:d={count},format=gray,{drawn(captions)}[{colour}]"
        for colour in ("black", "white")
    )
    argv = (
        *(ffmpeg, *QUIET, "-filter_complex_threads", "1"),
        *("-filter_complex", ";".join((*grounds, "[black][white]vstack,format=gray"))),
        *("-f", "rawvideo", "-y", f"file:{target}"),
    )
    seconds = 60 + A_CAPTION_S * count
    limits = Limits(seconds, int(seconds), 2048 * MIB, 2 * width * height * count + MIB)
    return Command(argv, reads=(captions.file, captions.fonts), writes=(target,), limits=limits)
