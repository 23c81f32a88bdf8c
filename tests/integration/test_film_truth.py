"""Films with known truth, cut by every way: exact to the frame, sound with its picture at every join, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support.browser import watch

from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import Command, runner_in
from reelyard.media.cut_list import CutList
from reelyard.testing.film_truth import Wanted, assert_film_is
from reelyard.testing.films import KnownFilm, Recipe, known_film
from reelyard.testing.media import MediaMaker
from reelyard.tools.cutting.check import Expected, check_film
from reelyard.tools.cutting.film_index import FilmIndex, film_index
from reelyard.tools.cutting.plan import Copy, SmartPlan, refusal
from reelyard.tools.cutting.smart_cut import Hands, smart_cut
from reelyard.tools.cutting.smart_cut import Order as SmartOrder
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.rendering.order import Bench, Order
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Wishes, target_of

NTSC, CINEMA = Fraction(30000, 1001), Fraction(24000, 1001)
# Joins in speech and in silence, on keyframes and between them, and a range of a single picture.
KEPT = ((0, 7), (12, 29), (30, 31), (34, 58), (75, 88))
SHORT = Recipe(gop=12)
AS_IT_WAS = Wanted()


@dataclass(frozen=True)
class Yard:
    """A known film as the product sees it, and what the product makes of it."""

    folder: Path
    film: KnownFilm
    source: Source
    index: FilmIndex

    @classmethod
    def of(cls, folder: Path, name: str, recipe: Recipe) -> Yard:
        film = known_film(MediaMaker(folder), name, recipe)
        run = runner_in(folder)
        source = Source(film.path, inspect(film.path, run=run))
        return cls(folder, film, source, film_index(source, run=run, target=folder / "index.json"))

    @property
    def cuts(self) -> CutList:
        """By the product's own index, so that it is held to the truth as well."""
        return replace(self.film.cuts(*KEPT), start=self.index.start, frames=self.index.frames)

    def smart(self, suffix: str = ".mp4") -> tuple[Path, SmartPlan]:
        parts = self.folder / "parts"
        parts.mkdir()

        def part(key: JsonObject, make: Callable[[Path], None]) -> Path:
            make(parts / digest(key))
            return parts / digest(key)

        target = self.folder / f"cut{suffix}"
        order = SmartOrder(self.source, self.index, self.cuts)
        return target, smart_cut(order, target, Hands(runner_in(self.folder), part, cores=2))

    def rendered(self, wishes: Wishes) -> Path:
        work = self.folder / "work"
        work.mkdir()
        order = Order(self.source, self.cuts, target_of(self.source.info, wishes))
        target = self.folder / f"cut{order.target.suffix}"
        render(order, target, Bench(ffmpeg(), runner_in(work), work))
        return target

    def assert_right(self, made: Path, planned: SmartPlan | None = None, wanted: Wanted = AS_IT_WAS) -> None:
        """By the truth, by the product's own check, and by ffmpeg, which has to have nothing to say."""
        assert_film_is(made, self.cuts, self.film, wanted)
        copied = planned.copied if planned is not None else ()
        tracks = len(self.film.signals)
        plan = Expected(self.cuts.kept_frames, self.film.rate, tracks, made.suffix[1:], copied=copied)
        assert check_film(made, plan, run=runner_in(self.folder)).findings == ()
        argv = (ffmpeg(), "-nostdin", "-hide_banner", "-nostats", "-v", "warning", "-i", str(made))
        played = Command((*argv, "-map", "0:v", "-map", "0:a?", "-f", "null", "-"), reads=(made,))
        assert runner_in(self.folder)(played).stderr == ""


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("plain.mp4", SHORT),
        ("plain.mov", replace(SHORT, rate=NTSC)),
        ("plain.mkv", replace(SHORT, rate=CINEMA, seconds=5)),
        ("flat.mp4", replace(SHORT, b_frames=0, gop=40)),
        ("deep.mp4", replace(SHORT, b_frames=5, gop=25, grain=10)),
        ("tracks.mp4", replace(SHORT, sounds=2, channels=2, sound_rate=48_000)),
        ("mute.mp4", replace(SHORT, sounds=0)),
        ("late.mp4", replace(SHORT, sound_late=0.3)),
        ("early.mp4", replace(SHORT, sound_late=-0.2)),
        ("early.mkv", replace(SHORT, sound_late=-0.2)),
        ("clock.mp4", replace(SHORT, offset=5)),
        ("clock.mkv", replace(SHORT, offset=5)),
        ("turned.mp4", replace(SHORT, rotation=90, size=(90, 160))),
        ("oblong.mp4", replace(SHORT, aspect=Fraction(4, 3))),
        ("cover.mp4", replace(SHORT, cover=True, subtitles=True, chapters=True)),
        ("uncompressed.mov", replace(SHORT, sound_codec="pcm_s16le")),
        ("old.mp4", replace(SHORT, sound_codec="libmp3lame")),
        ("fast.mp4", replace(SHORT, rate=Fraction(60), seconds=2)),
    ],
)
def test_a_film_cut_by_copying_is_exact(tmp_path: Path, name: str, recipe: Recipe) -> None:
    yard = Yard.of(tmp_path, name, recipe)
    assert refusal(yard.index) is None

    made, planned = yard.smart(".mov" if name.endswith(".mov") else ".mp4")

    assert any(isinstance(piece, Copy) for piece in planned.pieces)
    yard.assert_right(made, planned)


@pytest.mark.parametrize(
    ("name", "recipe", "wishes"),
    [
        ("plain.mp4", SHORT, Wishes()),
        ("plain.mp4", SHORT, Wishes("mov")),
        ("plain.mp4", replace(SHORT, rate=NTSC), Wishes("webm")),
        ("plain.mp4", replace(SHORT, size=(320, 180)), Wishes("webm", webm_codec="av1")),
        ("plain.webm", SHORT, Wishes("webm")),
        ("plain.avi", SHORT, Wishes()),
        ("hevc.mp4", replace(SHORT, codec="hevc", pixel_format="yuv420p10le"), Wishes()),
        ("colour.mkv", replace(SHORT, pixel_format="yuv444p", rate=CINEMA, seconds=5), Wishes()),
        ("open.mp4", replace(SHORT, open_gop=True, b_frames=3), Wishes()),
        ("tracks.mkv", replace(SHORT, sounds=2, channels=2, sound_rate=48_000), Wishes("webm")),
        ("mute.mp4", replace(SHORT, sounds=0), Wishes("webm")),
        ("late.webm", replace(SHORT, sound_late=0.3), Wishes()),
        ("early.mkv", replace(SHORT, sound_late=-0.2), Wishes("mov")),
        ("clock.mkv", replace(SHORT, offset=5), Wishes("webm")),
        ("turned.mp4", replace(SHORT, rotation=270, size=(90, 160)), Wishes()),
        ("oblong.mp4", replace(SHORT, aspect=Fraction(4, 3)), Wishes()),
        ("cover.mp4", replace(SHORT, cover=True, subtitles=True, chapters=True), Wishes()),
        ("gaps.mp4", replace(SHORT, variable=True), Wishes()),
        ("gaps.mkv", replace(SHORT, variable=True), Wishes("webm")),
        ("loud.mp4", SHORT, Wishes(loudness=-16.0)),
    ],
)
def test_a_film_encoded_anew_is_exact(tmp_path: Path, name: str, recipe: Recipe, wishes: Wishes) -> None:
    yard = Yard.of(tmp_path, name, recipe)

    made = yard.rendered(wishes)

    yard.assert_right(made)


@pytest.mark.parametrize("wishes", [Wishes(quality="720p"), Wishes("webm", "720p")])
def test_a_film_made_smaller_is_exact(tmp_path: Path, wishes: Wishes) -> None:
    yard = Yard.of(tmp_path, "large.mp4", replace(SHORT, size=(1920, 1080), rate=Fraction(25)))

    made = yard.rendered(wishes)

    yard.assert_right(made, wanted=Wanted(size=(1280, 720)))


@pytest.mark.parametrize("name", ["cut.mp4", "cut.mov", "cut.webm"])
def test_a_browser_plays_the_film_to_its_end(tmp_path: Path, name: str) -> None:
    yard = Yard.of(tmp_path, "plain.mp4", SHORT)
    made = yard.rendered(Wishes("webm")) if name.endswith(".webm") else yard.smart(Path(name).suffix)[0]
    frames = [frame for first, end in KEPT for frame in range(first, end)]

    watched = watch(made, [(place + 0.5) / 25 for place in range(len(frames))])

    assert watched.error is None
    assert watched.ended
    assert list(watched.numbers) == frames
    assert watched.size == (160, 90)
    assert watched.duration_s == pytest.approx(len(frames) / 25, abs=0.04)
    assert watched.at_s == pytest.approx(len(frames) / 25, abs=0.04)
    assert watched.corrupted == 0
    assert watched.sound_bytes > 0
