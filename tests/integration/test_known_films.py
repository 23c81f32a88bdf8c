"""Known films say the truth about themselves, and every fault of a film made from one is found."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reelyard.kit.processes import runner_in
from reelyard.media.cut_list import CutList
from reelyard.media.ranges import TimeRange
from reelyard.testing.film_reading import read_frames, read_pictures, read_sound
from reelyard.testing.film_truth import (
    Wanted,
    assert_film_is,
    heard_at,
    problems_of,
    sound_offsets,
)
from reelyard.testing.films import KnownFilm, Recipe, known_film, spoken_film
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.probe import inspect

NTSC, CINEMA = Fraction(30000, 1001), Fraction(24000, 1001)
KEPT = ((12, 40), (50, 77))


def whole(film: KnownFilm) -> CutList:
    return CutList.whole(film.rate, film.start, film.frames)


def rendered(
    make: MediaMaker, film: KnownFilm, cuts: CutList, name: str = "cut.mp4", late: float = 0
) -> Path:
    """The film cut by trim and concat, its sound `late` seconds too late."""
    parts, joined = [], ""
    for index, kept in enumerate(cuts.kept):
        start, end = (float(cuts.start + one) for one in (kept.time.start, kept.time.end))
        parts.append(
            f"[0:v]trim=start_frame={kept.start}:end_frame={kept.end},setpts=PTS-STARTPTS[v{index}];"
            f"[0:a]atrim=start={start - late}:end={end - late},asetpts=PTS-STARTPTS[a{index}];"
        )
        joined += f"[v{index}][a{index}]"
    graph = "".join(parts) + f"{joined}concat=n={len(cuts.kept)}:v=1:a=1[v][a]"
    options = ("-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-r", str(cuts.rate))
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
    return make.encode(make.folder / name, "-i", str(film.path), *options, *codecs, reads=(film.path,))


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("plain.mp4", Recipe()),
        ("ntsc.mov", Recipe(rate=NTSC)),
        ("cinema.mkv", Recipe(rate=CINEMA, size=(320, 180), sound_rate=48_000)),
        ("vp9.webm", Recipe(channels=2)),
        ("vp8.webm", Recipe(codec="vp8")),
        ("av1.webm", Recipe(codec="av1")),
        ("av1.mp4", Recipe(codec="av1")),
        ("mpeg4.avi", Recipe(rate=Fraction(15))),
        ("hevc.mp4", Recipe(codec="hevc")),
        ("ten-bit.mkv", Recipe(codec="hevc", pixel_format="yuv420p10le")),
        ("full-colour.mp4", Recipe(pixel_format="yuv444p")),
        ("open-gop.mp4", Recipe(open_gop=True, b_frames=3, gop=50)),
        ("grain.mp4", Recipe(grain=25)),
        ("uncompressed.mov", Recipe(sound_codec="pcm_s16le")),
        ("two-tracks.mp4", Recipe(sounds=2)),
        ("mute.mp4", Recipe(sounds=0)),
        ("late.mp4", Recipe(sound_late=0.3)),
        ("late.webm", Recipe(sound_late=0.3)),
        ("clock.mp4", Recipe(offset=5)),
        ("clock.mkv", Recipe(offset=5)),
        ("oblong.mp4", Recipe(aspect=Fraction(4, 3))),
        ("upright.mp4", Recipe(rotation=90, size=(90, 160))),
        ("upside-down.mov", Recipe(rotation=180)),
        ("turned.mkv", Recipe(rotation=270)),
        ("extras.mp4", Recipe(cover=True, subtitles=True, chapters=True)),
        ("extras.mkv", Recipe(cover=True, subtitles=True, chapters=True)),
    ],
)
def test_a_known_film_is_what_it_says(make: MediaMaker, name: str, recipe: Recipe) -> None:
    film = known_film(make, name, replace(recipe, seconds=2))

    assert_film_is(film.path, whole(film), film)


def test_a_film_whose_sound_begins_first_has_its_pictures_later(make: MediaMaker) -> None:
    film = known_film(make, "early.mkv", Recipe(seconds=2, sound_late=-0.2))

    assert film.start == Fraction(1, 5)
    assert read_pictures(film.path).shown[0].time == Fraction(1, 5)
    assert film.speech[0] == TimeRange.of("0.8", "1.5")
    (heard,) = sound_offsets(film.path, film, whole(film))
    assert heard.begin_s == pytest.approx(0, abs=0.0001)


@pytest.mark.parametrize("name", ["gaps.mp4", "gaps.mkv"])
def test_a_film_of_variable_rate_shows_the_last_picture_where_one_is_missing(
    make: MediaMaker, name: str
) -> None:
    film = known_film(make, name, Recipe(seconds=2, variable=True))

    pictures = read_pictures(film.path)

    there = [frame for frame in range(film.frames) if film.shown(frame) == frame]
    assert pictures.numbers == there
    assert [round(one.time * 25) for one in pictures.shown] == there
    assert [film.shown(frame) for frame in range(2, 6)] == [2, 2, 2, 5]


def test_the_product_sees_what_the_recipe_says(make: MediaMaker) -> None:
    recipe = Recipe(seconds=2, rotation=90, size=(90, 160), sounds=2, cover=True, aspect=Fraction(4, 3))
    film = known_film(make, "all.mp4", recipe)

    info = inspect(film.path, run=runner_in(make.folder))

    picture, cover = info.video
    assert (picture.width, picture.height, picture.rotation) == (160, 90, 90)
    assert cover.is_cover
    assert [track.language for track in info.audio] == ["eng", "deu"]
    assert info.duration_s == pytest.approx(2, abs=0.04)


def test_a_spoken_film_has_its_pauses_where_it_says(make: MediaMaker) -> None:
    film = spoken_film(make, ["Hello there.", "This is the end."], pause_s="0.8")

    assert_film_is(film.path, whole(film), film)
    assert [one.length for one in film.silences[:2]] == [Fraction(4, 5)] * 2
    sound = read_sound(film.path)
    for pause in film.silences:
        assert abs(sound.between(float(pause.start) + 0.03, float(pause.end) - 0.03)).max() < 0.01


def test_any_moment_that_is_heard_can_be_told(make: MediaMaker) -> None:
    film = known_film(make, recipe=Recipe(seconds=3))
    sound = read_sound(film.path)
    original = film.signals[0].at(sound.rate)

    assert heard_at(sound, original, 0.75) == pytest.approx(0.75, abs=0.0005)
    assert heard_at(sound, original, 0.1) is None


def test_a_film_cut_as_ordered_is_right(make: MediaMaker) -> None:
    film = known_film(make)
    cuts = film.cuts(*KEPT)

    cut = rendered(make, film, cuts)

    assert_film_is(cut, cuts, film)
    assert read_frames(cut) == [*range(12, 40), *range(50, 77)]


def test_a_film_cut_one_picture_off_is_found_out(make: MediaMaker) -> None:
    film = known_film(make)
    cut = rendered(make, film, film.cuts((12, 40), (51, 78)))

    with pytest.raises(AssertionError) as found:
        assert_film_is(cut, film.cuts(*KEPT), film)

    said = str(found.value)
    assert "27 pictures are wrong; the first is number 28, which shows picture 51 instead of 50" in said
    assert "1 pictures are lost: 50" in said
    assert "1 pictures should have been cut: 77" in said
    assert "frames 50 to 77, the first sound is -40.0" in said


def test_a_film_that_is_too_short_is_found_out(make: MediaMaker) -> None:
    film = known_film(make)
    cut = rendered(make, film, film.cuts((12, 40), (50, 75)))

    said = problems_of(cut, film.cuts(*KEPT), film)

    assert "It has 53 pictures, not 55." in said
    assert "2 pictures are lost: 75, 76." in said
    assert any(one.startswith("Track 0 ends at") for one in said)


def test_sound_two_milliseconds_late_is_found_out(make: MediaMaker) -> None:
    film = known_film(make)
    cuts = film.cuts(*KEPT)
    cut = rendered(make, film, cuts, late=0.002)

    said = problems_of(cut, cuts, film)

    assert len(said) == 4
    assert all("+2.0" in one for one in said)
    assert not problems_of(cut, cuts, film, Wanted(tolerance_s=0.003))


def test_a_turned_picture_and_a_wrong_size_are_found_out(make: MediaMaker) -> None:
    film = known_film(make, recipe=Recipe(seconds=1))
    options = ("-vf", "transpose=clock,scale=80:160", "-c:v", "libx264", "-c:a", "copy")
    turned = make.encode(make.folder / "t.mp4", "-i", str(film.path), *options, reads=(film.path,))

    said = problems_of(turned, whole(film), film, Wanted(size=(160, 90)))

    assert said == [
        "The picture is shown turned: it would have to be turned by 270°.",
        "The picture is stored as (80, 160), not (160, 90).",
    ]


def test_another_rate_is_found_out(make: MediaMaker) -> None:
    film = known_film(make, recipe=Recipe(seconds=1))
    fast = ("-vf", "setpts=PTS*0.9", "-r", "250/9", "-c:v", "libx264", "-c:a", "copy")
    faster = make.encode(make.folder / "f.mp4", "-i", str(film.path), *fast, reads=(film.path,))

    assert "Picture 1 is shown at 0.0360 s, not at 0.0400 s." in problems_of(faster, whole(film), film)


def test_a_lost_track_is_found_out(make: MediaMaker) -> None:
    film = known_film(make, recipe=Recipe(seconds=1, sounds=2))
    one = make.encode(make.folder / "o.mp4", "-i", str(film.path), "-c", "copy", reads=(film.path,))

    assert problems_of(one, whole(film), film) == ["There are 1 sound tracks, not 2."]
    assert not problems_of(one, whole(film), film, Wanted(tracks=(0,)))


def test_tracks_in_the_wrong_order_are_found_out(make: MediaMaker) -> None:
    film = known_film(make, recipe=Recipe(seconds=2, sounds=2))
    order = ("-map", "0:v", "-map", "0:a:1", "-map", "0:a:0", "-c", "copy")
    swapped = make.encode(make.folder / "s.mp4", "-i", str(film.path), *order, reads=(film.path,))

    said = problems_of(swapped, whole(film), film)

    assert len([one for one in said if "is not heard where it should be" in one]) == 4
    assert not problems_of(swapped, whole(film), film, Wanted(tracks=(1, 0)))


def test_sound_that_is_missing_at_a_join_is_found_out(make: MediaMaker) -> None:
    film = known_film(make)
    cuts = film.cuts((20, 40), (50, 77))  # the second begins within speech
    cut = rendered(make, film, cuts)
    hole = ("-af", "volume=0:enable='between(t,0.8,0.88)'", "-c:v", "copy", "-c:a", "aac")
    holed = make.encode(make.folder / "h.mp4", "-i", str(cut), *hole, reads=(cut,))

    assert any("the sound at the start is missing" in one for one in problems_of(holed, cuts, film))
