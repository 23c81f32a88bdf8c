"""What of a film can be copied, read from real files."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from tests.support.cutting_yard import X264, Yard

from reelyard.errors import Reject
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.plan import refusal


@pytest.mark.parametrize(
    ("name", "options", "codec", "word"),
    [
        (
            "hevc.mp4",
            (),
            ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
            "HEVC",
        ),
        ("old.avi", ("-c:a", "libmp3lame"), ("-c:v", "mpeg4"), "MPEG4"),
        ("web.webm", ("-c:a", "libopus"), ("-c:v", "libvpx", "-deadline", "realtime"), "VP8"),
        ("uneven.mp4", ("-vf", "select=mod(n\\,7)", "-fps_mode", "vfr"), X264, "varies"),
        ("fields.mp4", ("-flags", "+ildct+ilme", "-vf", "scale=160:96"), X264, "interlaced"),
        (
            "deep.mp4",
            (),
            ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"),
            "yuv420p10le",
        ),
    ],
)
def test_films_that_cannot_be_copied_are_told_apart(
    yard: Yard, name: str, options: tuple[str, ...], codec: tuple[str, ...], word: str
) -> None:
    film = yard.film(name, *options, codec=codec)

    index = yard.index(film)

    assert index.rate == 25
    assert index.frames in {75, 74}  # the uneven one begins with the second
    assert word in (refusal(index) or "")


def test_keyframes_that_need_pictures_before_them_are_no_beginnings(yard: Yard) -> None:
    film = yard.film("open.mp4", "-x264-params", "open-gop=1:keyint=20:bframes=3")

    index = yard.index(film)

    assert index.keyframes == (0,)
    assert index.coding.open_groups >= 2


def test_a_film_that_is_cut_off_is_not_copied(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "25", "-movflags", "+faststart")
    film.write_bytes(film.read_bytes()[:-20_000])

    assert "damaged" in (refusal(yard.index(film)) or "")


def test_sound_alone_is_no_film(yard: Yard) -> None:
    with pytest.raises(Reject, match="no moving picture") as problem:
        yard.index(yard.maker.tone("tone.wav"))

    assert problem.value.code == "no_video"


def test_the_index_is_left_as_json(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "25")

    index = yard.index(film)

    assert FilmIndex.from_json(json.loads((yard.folder / "index.json").read_bytes())) == index
    assert (index.frames, index.keyframes, index.start) == (75, (0, 25, 50), Fraction(0))
