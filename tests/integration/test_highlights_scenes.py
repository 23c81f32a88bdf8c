"""Changes of the picture, found by real ffmpeg in films made on the spot."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelyard.kit.processes import Runner
from reelyard.media.highlights import Sensitivity
from reelyard.testing.media import FILM_CODECS, Film, MediaMaker
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.highlights import Signals, find, scene_changes

SCENES = (
    "testsrc2=size=160x90:rate=25:duration=1.6",
    "mandelbrot=size=160x90:rate=25,trim=duration=2",
    "color=c=teal:size=160x90:rate=25:duration=1.4",
    "smptebars=size=160x90:rate=25:duration=1",
)
CUTS = (1.6, 3.6, 5.0)


def in_scenes(make: MediaMaker, name: str, *options: str) -> Path:
    """A film of the scenes, one after another."""
    inputs = [argument for scene in SCENES for argument in ("-f", "lavfi", "-i", scene)]
    graph = "".join(f"[{index}]setsar=1,format=yuv420p[v{index}];" for index in range(len(SCENES)))
    graph += "".join(f"[v{index}]" for index in range(len(SCENES))) + f"concat=n={len(SCENES)}"
    target = make.folder / name
    return make.encode(target, *inputs, "-filter_complex", graph, *FILM_CODECS[target.suffix], *options)


def changes(path: Path, run: Runner, told: list[float] | None = None) -> tuple[float, ...]:
    source = Source(path, inspect(path, run=run))
    return scene_changes(source, ffmpeg=ffmpeg(), run=run, tell=None if told is None else told.append)


@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film.mkv"])
def test_the_changes_of_a_film_are_found_to_the_frame(make: MediaMaker, run: Runner, name: str) -> None:
    told: list[float] = []

    found = changes(in_scenes(make, name), run, told)

    assert found == pytest.approx(CUTS, abs=0.05)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.05)


def test_times_count_from_where_the_container_begins(make: MediaMaker, run: Runner) -> None:
    late = in_scenes(make, "late.ts.mkv", "-output_ts_offset", "7")

    assert changes(late, run) == pytest.approx(CUTS, abs=0.05)


def test_a_film_without_changes_and_a_sound_have_none(make: MediaMaker, run: Runner) -> None:
    film = make.film("still.mp4", Film(seconds=2, sound=False))

    found = changes(film, run)

    assert found == ()
    assert changes(make.tone("tone.mp3"), run) == ()
    assert find(Signals(2.0, scenes=found), Sensitivity.MAX) == ()


def test_of_a_film_that_breaks_off_what_can_be_seen_counts(make: MediaMaker, run: Runner) -> None:
    whole = in_scenes(make, "whole.mkv")
    source = Source(whole, inspect(whole, run=run))
    data = whole.read_bytes()

    for kept in (len(data) * 3 // 4, 40, 0):
        whole.write_bytes(data[:kept])
        found = scene_changes(source, ffmpeg=ffmpeg(), run=run)

        assert found == pytest.approx(CUTS[: len(found)], abs=0.05)
        assert bool(found) is (kept > 40)
