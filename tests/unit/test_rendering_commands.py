"""The commands that make films and clips: without running any."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from tests.support.film_orders import alternating, film

from reelyard.errors import InvalidInput
from reelyard.kit.processes import Command, Finished
from reelyard.media.cut_list import CutList
from reelyard.media.info import MediaInfo
from reelyard.media.ranges import FrameRange
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.rendering.clips import clip, clip_command
from reelyard.tools.rendering.muxing import Parts
from reelyard.tools.rendering.order import Bench, Order
from reelyard.tools.rendering.render import Ingredients, render_command
from reelyard.tools.rendering.soundtrack import Track
from reelyard.tools.rendering.target import Wishes, target_of
from reelyard.tools.rendering.telling import part_of, steadily


def ordered(info: MediaInfo, wishes: Wishes = Wishes(), cuts: CutList | None = None) -> Order:  # noqa: B008
    return Order(Source(Path("/in/film"), info), cuts or alternating(100), target_of(info, wishes))


def bench(cores: int = 2) -> Bench:
    def run(command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        raise AssertionError("nothing is run here")

    return Bench("ffmpeg", run, Path("/folder"), cores)


def test_the_film_is_given_as_a_descriptor_and_our_own_files_by_name() -> None:
    track = Track(Path("/folder/track-1.pcm"), 48000, 2, "en")
    made = Ingredients(
        Path("/folder/picture.filters"), Parts((track,), ("volume=2dB",), Path("/folder/chapters"))
    )

    command = render_command(ordered(film()), made, Path("/out/film.mp4"), bench())

    assert command.stdin == Path("/in/film")
    assert "/in/film" not in str(command)
    assert set(command.reads) == {made.script, track.path, Path("/folder/chapters")}
    assert command.writes == (Path("/out/film.mp4"),)
    text = str(command)
    assert "-map 0:0 -/filter:v /folder/picture.filters" in text
    assert "-map 1:a -filter:a:0 volume=2dB,aresample=48000" in text
    assert "-map_chapters 2" in text
    assert "language=eng" in text
    assert "+faststart" in text


def test_a_clip_begins_at_its_frame_and_never_later() -> None:
    source = Source(Path("/in/film"), film())
    frames = FrameRange(100, 160, Fraction(30000, 1001))

    mp4, webm = (
        clip_command(source, frames, target_of(film(), Wishes(container)), Path("/out/clip"), bench())
        for container in ("mp4", "webm")
    )

    assert mp4.argv[mp4.argv.index("-ss") + 1] == "3.336666"
    assert webm.argv[webm.argv.index("-ss") + 1] == "3.336066"
    assert "atrim=end_sample=96096" in str(mp4)


def test_a_clip_of_nothing_is_refused() -> None:
    source = Source(Path("/in/film"), film())

    with pytest.raises(InvalidInput, match="are no clip"):
        clip(source, FrameRange(5, 5, Fraction(25)), target_of(film(), Wishes()), Path("/out/clip"), bench())


def test_progress_is_a_share_of_the_whole_and_goes_on_while_nothing_is_written() -> None:
    told: list[float] = []
    listen = steadily(10.0, part_of(told.append, 0.5, 0.5))

    for line in ("out_time_us=2000000", "progress=continue", "out_time_us=N/A", "progress=continue", "noise"):
        listen(line)

    assert told == pytest.approx([0.6, 0.6, 0.6])


def test_what_is_encoded_does_not_depend_on_how_busy_the_machine_is() -> None:
    source, frames = Source(Path("/in/film"), film()), FrameRange(0, 50, Fraction(25))

    def threads(container: str, cores: int) -> list[str]:
        target = target_of(film(), Wishes(container))
        argv = clip_command(source, frames, target, Path("/out/clip"), bench(cores)).argv
        return [after for word, after in pairwise(argv) if word == "-threads:v"]

    for container in ("mp4", "webm"):
        assert threads(container, 1) == threads(container, 16) != []
