"""A picture that stands for a film or a recording, made by real ffmpeg."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelyard.errors import Reject
from reelyard.kit.processes import Runner
from reelyard.testing.media import Film, MediaMaker
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.ffmpeg.thumbnail import thumbnail

FFMPEG = ffmpeg()


def picture_size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data[:3] == b"\xff\xd8\xff"
    at = data.index(b"\xff\xc0")
    return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")


def test_a_film_s_thumbnail_has_the_shape_in_which_it_is_shown(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = make.film("film.mp4", Film(width=160, height=90, options=("-vf", "setsar=2/3")))

    thumbnail(Source(path, inspect(path, run=run)), work / "t.jpg", ffmpeg=FFMPEG, run=run)

    assert picture_size(work / "t.jpg") == (320, 270)


def test_a_recording_s_thumbnail_is_the_shape_of_its_sound(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.beeps("beeps.mp3")

    thumbnail(Source(path, inspect(path, run=run)), work / "t.jpg", ffmpeg=FFMPEG, run=run)

    assert picture_size(work / "t.jpg") == (320, 180)


def test_a_picture_of_nothing_is_refused(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.tone("tone.m4a")
    source = Source(path, inspect(path, run=run))
    path.write_bytes(b"gone")

    with pytest.raises(Reject, match="No picture could be made"):
        thumbnail(source, work / "t.jpg", ffmpeg=FFMPEG, run=run)
