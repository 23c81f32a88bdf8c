"""Cutting films by copying, with real films: exact to the frame and to the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support.cut_lists import cut_list
from tests.support.cutting_yard import CUTS, X264, Yard, assert_exact, assert_in_step, complaints, cut

from reelyard.errors import ToolFailed, Yielded
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import runner_in
from reelyard.media.chapters import Chapter
from reelyard.tools.cutting.assemble import Pieces, assemble
from reelyard.tools.cutting.plan import plan
from reelyard.tools.cutting.smart_cut import Hands, Order, smart_cut
from reelyard.tools.cutting.snapping import snapped

MAPS = ("-map", "0:v", "-map", "1:a")


@pytest.mark.parametrize(
    ("name", "rate", "options"),
    [
        ("gop25.mp4", "25", ("-g", "25")),
        ("ntsc.mkv", "30000/1001", ("-g", "30")),
        ("film.mkv", "24000/1001", ("-g", "24", "-c:a", "libopus", "-ar", "48000")),
        ("phone.mov", "30", ("-g", "30", "-profile:v", "baseline", "-pix_fmt", "yuvj420p")),
        ("repeating.mp4", "25", ("-g", "12", "-x264-params", "repeat-headers=1:ref=4")),
    ],
)
def test_a_film_is_cut_to_the_frame_and_to_the_sample(
    yard: Yard, name: str, rate: str, options: tuple[str, ...]
) -> None:
    film = yard.film(name, *options, rate=rate)
    cuts = cut_list(yard.index(film), *CUTS)

    made, planned = cut(yard, film, cuts, f"cut{film.suffix if film.suffix == '.mov' else '.mp4'}")

    assert yard.index(film).rate == Fraction(rate)
    assert 0 < planned.share < 1
    assert_exact(film, made, cuts, planned)
    assert_in_step(film, made, cuts)
    assert complaints(made) == ""


def test_moved_cuts_are_carried_out_as_the_list_says(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "12")
    index = yard.index(film)
    cuts = snapped(cut_list(index, (7, 17), (30, 40)), index)

    made, planned = cut(yard, film, cuts)

    assert cuts != cut_list(index, (7, 17), (30, 40))
    assert planned.share == 0
    assert_exact(film, made, cuts, planned)
    assert_in_step(film, made, cuts)


def test_every_sound_track_is_cut_and_keeps_its_language(yard: Yard) -> None:
    second = ("-f", "lavfi", "-i", "anoisesrc=r=32000:d=2:a=0.2:seed=5", *MAPS, "-map", "2:a")
    tags = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu")
    film = yard.film("two.mp4", *tags, codec=(*second, *X264, "-g", "25"))
    cuts = cut_list(yard.index(film), (5, 9), (20, 31))

    made, _ = cut(yard, film, cuts)

    found = yard.source(made).info.audio
    assert [(sound.language, sound.sample_rate) for sound in found] == [("eng", 44100), ("deu", 32000)]
    assert_in_step(film, made, cuts, 0)
    assert_in_step(film, made, cuts, 1)


def test_a_turned_film_without_sound_stays_turned_and_silent(yard: Yard) -> None:
    upright = yard.film("upright.mp4", "-an", "-g", "25", "-vf", "setsar=4/3")
    film = yard.remuxed("turned.mp4", upright, "-display_rotation", "90", "-i", str(upright), "-c", "copy")
    cuts = cut_list(yard.index(film), *CUTS)

    made, planned = cut(yard, film, cuts)

    before, after = yard.source(film).info, yard.source(made).info
    assert after.audio == ()
    assert (after.video[0].rotation, after.video[0].sample_aspect) == (270, (4, 3))
    assert before.video[0].rotation == 270
    assert_exact(film, made, cuts, planned)


@pytest.mark.parametrize(
    "options",
    [
        ("-itsoffset", "0.3", "-i", "FILM", "-i", "FILM", *MAPS, "-c", "copy"),
        ("-i", "FILM", "-itsoffset", "0.3", "-i", "FILM", *MAPS, "-c", "copy"),
        ("-ss", "0.7", "-i", "FILM", "-c", "copy"),  # it hides the first pictures
        ("-i", "FILM", "-c", "copy", "-output_ts_offset", "7"),
    ],
    ids=["late picture", "late sound", "edit list", "late clock"],
)
def test_clocks_that_do_not_begin_together_are_minded(yard: Yard, options: tuple[str, ...]) -> None:
    whole = yard.film("whole.mp4", "-g", "25")
    film = yard.remuxed("film.mp4", whole, *(option.replace("FILM", str(whole)) for option in options))
    cuts = cut_list(yard.index(film), (12, 20), (35, 45))

    made, planned = cut(yard, film, cuts)

    assert_exact(film, made, cuts, planned)
    assert_in_step(film, made, cuts)
    assert complaints(made) == ""


def test_a_cover_is_not_taken_for_the_film(yard: Yard) -> None:
    plain = yard.film("plain.mp4", "-g", "25")
    cover = yard.maker.encode(
        yard.folder / "cover.png", "-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"
    )
    both = ("-i", str(cover), "-i", str(plain), "-map", "0", "-map", "1", "-c", "copy")
    film = yard.maker.encode(
        yard.folder / "film.mp4", *both, "-disposition:v:0", "attached_pic", reads=(plain, cover)
    )

    made, planned = cut(yard, film, cut_list(yard.index(film), *CUTS))

    assert len(yard.source(made).info.video) == 1
    assert_exact(film, made, cut_list(yard.index(film), *CUTS), planned)


def test_chapters_and_title_are_those_of_the_cut_film(yard: Yard) -> None:
    import av

    film = yard.film("film.mp4", "-g", "25", "-metadata", "title=/home/someone/secret.mov")
    index = yard.index(film)
    chapters = (Chapter("First", Fraction(0), Fraction(1)), Chapter("Zweitens", Fraction(1), Fraction(2)))
    order = Order(yard.source(film), index, cut_list(index, (25, 50)), chapters, "A day out")

    smart_cut(order, yard.folder / "cut.mp4", yard.hands())

    with av.open(str(yard.folder / "cut.mp4")) as container:
        found = [
            (chapter["metadata"]["title"], Fraction(chapter["start"]) * chapter["time_base"])
            for chapter in container.chapters()
        ]
        assert found == [("First", 0), ("Zweitens", 1)]
        assert container.metadata["title"] == "A day out"
    assert complaints(yard.folder / "cut.mp4") == ""


def test_pieces_that_were_kept_are_not_made_again(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "25")
    index, told = yard.index(film), list[float]()
    order = Order(yard.source(film), index, cut_list(index, *CUTS))
    smart_cut(order, yard.folder / "first.mp4", yard.hands(told))
    made = {path: path.stat().st_mtime_ns for path in (yard.folder / "parts").iterdir()}

    smart_cut(order, yard.folder / "second.mp4", yard.hands())

    assert {path: path.stat().st_mtime_ns for path in (yard.folder / "parts").iterdir()} == made
    assert (yard.folder / "first.mp4").read_bytes() == (yard.folder / "second.mp4").read_bytes()
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert not list(yard.folder.glob("**/*.order"))


def test_the_film_is_the_same_however_many_cores_it_is_made_on(tmp_path: Path) -> None:
    first = Yard(tmp_path / "first")
    first.folder.mkdir()
    noisy = ("-vf", "scale=320:180,noise=alls=40:allf=t")
    film, made = first.film("film.mp4", "-g", "25", *noisy), list[bytes]()

    for cores in (1, 8, 8):
        yard = Yard(tmp_path / str(len(made)))
        yard.folder.mkdir()
        source, index = yard.read(film)
        target = yard.folder / "cut.mp4"
        smart_cut(Order(source, index, cut_list(index, *CUTS)), target, replace(yard.hands(), cores=cores))
        made.append(target.read_bytes())

    assert made[0] == made[1] == made[2]


def test_a_stage_that_has_to_make_room_is_left_at_once(yard: Yard) -> None:
    def part(_key: JsonObject, _make: Callable[[Path], None]) -> Path:
        raise Yielded

    film = yard.film("film.mp4", "-g", "25")
    source, index = yard.read(film)

    with pytest.raises(Yielded):
        smart_cut(
            Order(source, index, cut_list(index, *CUTS)),
            yard.folder / "cut.mp4",
            Hands(runner_in(yard.folder), part, cores=2),
        )

    assert not (yard.folder / "cut.mp4").exists()


def test_pieces_that_do_not_make_up_the_film_are_refused(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "25")
    index = yard.index(film)
    planned = plan(cut_list(index, *CUTS), index)

    with pytest.raises(ToolFailed, match="not those that were ordered"):
        assemble(
            yard.source(film), index, Pieces(planned), yard.folder / "cut.mp4", run=runner_in(yard.folder)
        )
