"""The check after a rendering lets good films pass and finds what was broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from reelyard.errors import ToolTimeout
from reelyard.kit.processes import Runner
from reelyard.testing.films import Recipe, known_film
from reelyard.testing.media import MediaMaker
from reelyard.tools.cutting import check
from reelyard.tools.cutting.check import Checked, Expected, check_film

NTSC = Fraction(30000, 1001)
RECIPE = Recipe(seconds=2, grain=30)
PLAN = Expected(frames=50, rate=Fraction(25), sound_tracks=1, container="mp4", size=(160, 90))
Look = Callable[..., Checked]


@pytest.fixture
def look(run: Runner) -> Look:
    def check_it(film: Path, plan: Expected = PLAN) -> Checked:
        return check_film(film, plan, run=run, cores=2)

    return check_it


@pytest.fixture
def film(make: MediaMaker) -> Path:
    return known_film(make, "good.mp4", RECIPE).path


def copied(make: MediaMaker, film: Path, *options: str, before: tuple[str, ...] = ()) -> Path:
    arguments = (*before, "-i", str(film), "-map", "0", "-c", "copy", *options)
    return make.encode(film.with_name(f"damaged{film.suffix}"), *arguments, reads=(film,))


def scribbled(film: Path, *places: int) -> Path:
    """The film with the pictures at these places, in coded order, overwritten in their middle."""
    with av.open(str(film)) as container:
        spots = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(film.read_bytes())
    for place in places:
        at, size = spots[place]
        data[at + size // 3 : at + size * 2 // 3] = bytes(
            (7 * n) % 251 for n in range(size * 2 // 3 - size // 3)
        )
    film.write_bytes(data)
    return film


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("good.mp4", RECIPE),
        ("good.mov", Recipe(seconds=2, rate=NTSC)),
        ("good.mkv", Recipe(seconds=2, rate=NTSC)),
        ("good.webm", Recipe(seconds=2, rate=NTSC)),
        ("av1.webm", Recipe(seconds=2, codec="av1")),
        ("av1.mp4", Recipe(seconds=2, codec="av1", rate=Fraction(60))),
        ("hevc.mp4", Recipe(seconds=2, codec="hevc", pixel_format="yuv420p10le")),
        ("tracks.mp4", Recipe(seconds=2, sounds=2, channels=2, sound_rate=48_000)),
        ("mute.mp4", Recipe(seconds=2, sounds=0)),
        ("fast.mp4", Recipe(seconds=2, rate=Fraction(60000, 1001))),
        ("extras.mp4", Recipe(seconds=2, cover=True, subtitles=True, chapters=True)),
        ("turned.mp4", Recipe(seconds=2, rotation=90)),
        ("open.mp4", Recipe(seconds=2, open_gop=True, b_frames=3)),
    ],
)
def test_a_good_film_passes(make: MediaMaker, look: Look, name: str, recipe: Recipe) -> None:
    film = known_film(make, name, recipe)
    plan = Expected(film.frames, film.rate, recipe.sounds, film.path.suffix[1:])

    checked = look(film.path, plan)

    assert checked.findings == ()
    assert checked.frames == film.frames
    assert look(film.path, replace(plan, copied=((10, film.frames - 10),))).findings == ()


def test_a_wrong_plan_is_found_out(look: Look, film: Path) -> None:
    other = Expected(frames=60, rate=Fraction(30), sound_tracks=2, container="mp4", size=(320, 180))

    said = look(film, other).findings

    assert "It has 50 pictures instead of 60." in said
    assert "It is 160 x 90 pixels instead of 320 x 180." in said
    assert "It has 1 sound tracks instead of 2." in said
    assert any("picture 1 is shown at 0.0400 s instead of 0.0333 s" in one for one in said)


def test_another_container_is_found_out(look: Look, film: Path) -> None:
    assert look(film, replace(PLAN, container="webm")).findings == ("It is a MP4 file, not WEBM.",)


def test_what_is_no_film_is_found_out(look: Look, film: Path) -> None:
    film.write_text("not a film at all")

    assert look(film).findings == ("It is a TXT file, not MP4.",)


def test_a_film_without_its_end_is_found_out(make: MediaMaker, look: Look, film: Path) -> None:
    early = copied(make, film, "-movflags", "+faststart")
    early.write_bytes(early.read_bytes()[: early.stat().st_size * 2 // 3])
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 2 // 3])

    said = look(early).findings

    assert any("pictures instead of 50" in one for one in said)
    (unopened,) = look(film).findings
    assert unopened.startswith("It cannot be opened: ")


def test_a_webm_without_its_end_is_found_out(make: MediaMaker, look: Look) -> None:
    film = known_film(make, "cut.webm", RECIPE).path
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 2 // 3])

    said = look(film, replace(PLAN, container="webm")).findings

    assert any("pictures instead of 50" in one for one in said)


@pytest.mark.parametrize("place", [3, 30, 48])
def test_a_dropped_picture_is_found_out(make: MediaMaker, look: Look, film: Path, place: int) -> None:
    said = look(copied(make, film, "-bsf:v", f"noise=drop=eq(n\\,{place})")).findings

    assert "It has 49 pictures instead of 50." in said


def test_late_sound_is_found_out(make: MediaMaker, look: Look, film: Path) -> None:
    arguments = ("-i", str(film), "-itsoffset", "0.1", "-i", str(film), "-map", "0:v", "-map", "1:a")
    late = make.encode(film.with_name("late.mp4"), *arguments, "-c", "copy", reads=(film,))

    said = look(late).findings

    assert any(one.startswith("Sound track 1 begins at 0.07") for one in said)
    assert any(one.startswith("Sound track 1 ends at 2.1") for one in said)


def test_sound_that_ends_early_is_found_out(make: MediaMaker, look: Look, film: Path) -> None:
    short = copied(make, film, "-bsf:a", "noise=drop=gt(n\\,60)")

    assert any(one.startswith("Sound track 1 ends at 1.39") for one in look(short).findings)


def test_a_hole_in_the_sound_is_found_out(make: MediaMaker, look: Look) -> None:
    film = known_film(make, "holed.mkv", RECIPE).path
    holed = copied(make, film, "-bsf:a", "noise=drop=between(n\\,20\\,29)")

    said = look(holed, replace(PLAN, container="mkv")).findings

    assert any(one.startswith("Sound track 1 has a hole of 0.23") for one in said)


def test_a_picture_at_a_wrong_time_is_found_out(make: MediaMaker, look: Look, film: Path) -> None:
    said = look(copied(make, film, "-bsf:v", "setts=pts=PTS+200*gt(N\\,30):dts=DTS")).findings

    assert any("of its pictures are not where they belong" in one for one in said)


def test_damaged_pictures_are_found_out(look: Look, film: Path) -> None:
    said = look(scribbled(film, 25, 26, 27)).findings

    assert any(one.startswith("It does not decode without error: ") for one in said)


def test_damage_to_which_others_refer_is_found_even_where_pictures_were_copied(
    look: Look, film: Path
) -> None:
    said = look(scribbled(film, 25), replace(PLAN, copied=((0, 50),))).findings

    assert any(one.startswith("It does not decode without error: ") for one in said)


def test_a_check_that_does_not_end_says_nothing_about_the_film(
    film: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "LEAST_S", 0.01)
    monkeypatch.setattr(check, "SLOWEST", 0)

    with pytest.raises(ToolTimeout):
        check_film(film, PLAN, run=run)
