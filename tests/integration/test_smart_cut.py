"""Cutting films by copying, with real films: exact to the frame and to the sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelyard.errors import Reject, ToolFailed, Yielded
from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import Command, Limits, runner_in
from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.testing.media import MediaMaker
from reelyard.tools.cutting.assemble import Pieces, assemble
from reelyard.tools.cutting.film_index import FilmIndex, film_index
from reelyard.tools.cutting.plan import Copy, SmartPlan, plan, refusal
from reelyard.tools.cutting.smart_cut import Hands, Order, smart_cut
from reelyard.tools.cutting.snapping import snapped
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect

X264 = ("-c:v", "libx264", "-preset", "fast", "-bf", "3", "-pix_fmt", "yuv420p")
CUTS = ((10, 20), (33, 42), (55, 62))


@dataclass
class Yard:
    """A folder with films and what is made of them."""

    folder: Path
    known: dict[Path, tuple[Source, FilmIndex]] = field(default_factory=dict)

    @property
    def maker(self) -> MediaMaker:
        return MediaMaker(self.folder)

    def film(self, name: str, *options: str, rate: str = "25", codec: tuple[str, ...] = X264) -> Path:
        """Three seconds of a moving picture with noise, which shows best where a sound lies."""
        picture = ("-f", "lavfi", "-i", f"testsrc2=size=160x90:rate={rate}:duration=3")
        noise = ("-f", "lavfi", "-i", "anoisesrc=r=44100:d=3:a=0.3:seed=1")
        return self.maker.encode(self.folder / name, *picture, *noise, *codec, *options)

    def remuxed(self, name: str, source: Path, *options: str) -> Path:
        return self.maker.encode(self.folder / name, *options, reads=(source,))

    def source(self, path: Path) -> Source:
        return Source(path, inspect(path, run=runner_in(self.folder)))

    def index(self, path: Path) -> FilmIndex:
        return self.read(path)[1]

    def read(self, path: Path) -> tuple[Source, FilmIndex]:
        if path not in self.known:
            source, run = self.source(path), runner_in(self.folder)
            self.known[path] = (source, film_index(source, run=run, target=self.folder / "index.json"))
        return self.known[path]

    def hands(self, told: list[float] | None = None) -> Hands:
        parts = self.folder / "parts"
        parts.mkdir(exist_ok=True)

        def part(key: JsonObject, make: Callable[[Path], None]) -> Path:
            path = parts / digest(key)
            if not path.exists():
                make(path)
            return path

        return Hands(runner_in(self.folder), part, (told if told is not None else []).append, cores=2)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def cut_list(index: FilmIndex, *cuts: tuple[int, int]) -> CutList:
    spans, at = [], 0
    for start, end in cuts:
        spans += [Span(at, start, keep=True, reason=Reason.SOUND)] if start > at else []
        spans.append(Span(start, end, keep=False, reason=Reason.SILENCE))
        at = end
    if at < index.frames:
        spans.append(Span(at, index.frames, keep=True, reason=Reason.SOUND))
    return CutList(index.rate, index.start, index.frames, tuple(spans))


def pictures(path: Path) -> tuple[list[Any], list[Fraction]]:
    import av

    with av.open(str(path)) as container:
        film = next(s for s in container.streams.video if not s.disposition.value & 0x400)
        frames = list(container.decode(film))
        return [frame.to_ndarray() for frame in frames], [frame.pts * frame.time_base for frame in frames]


def samples(path: Path, track: int = 0) -> tuple[Any, int]:
    """The sound from the file's clock 0 on, one channel, and its rate."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.audio[track]
        blocks = [(frame.pts * frame.time_base, frame.to_ndarray()) for frame in container.decode(stream)]
        rate: int = stream.rate
        late = round((blocks[0][0] - Fraction(container.start_time, 1_000_000)) * rate)
    sound = np.concatenate([block[0] if block.shape[0] > 1 else block.reshape(-1) for _, block in blocks])
    return np.concatenate([np.zeros(max(late, 0)), sound[max(-late, 0) :]]), rate


def assert_exact(source: Path, made: Path, cuts: CutList, planned: SmartPlan) -> None:
    """Each picture is the one that the cut list names, the copied ones to the bit, at its time to the tick."""
    (before, _), (after, times) = pictures(source), pictures(made)
    wanted = [frame for kept in cuts.kept for frame in range(kept.start, kept.end)]
    copied = [isinstance(piece, Copy) for piece in planned.pieces for _ in range(len(piece))]
    assert len(before) == cuts.frames
    assert len(after) == len(wanted) == len(copied)
    assert times == [number / cuts.rate for number in range(len(wanted))]
    for number, is_copy, found in zip(wanted, copied, after, strict=True):
        if is_copy:
            assert np.array_equal(found, before[number]), f"frame {number} is not the source's"
        else:
            others = [n for n in (number - 1, number + 1) if 0 <= n < len(before)]
            assert error(found, before[number]) < min(error(found, before[n]) for n in others), number
            assert error(found, before[number]) < 15


def error(one: Any, other: Any) -> float:
    return float(np.mean((one.astype(np.float64) - other) ** 2))


def assert_in_step(source: Path, made: Path, cuts: CutList, track: int = 0) -> None:
    """At each join, the sound lies within a millisecond of where its pictures are."""
    (before, rate), (after, made_rate) = samples(source, track), samples(made, track)
    assert rate == made_rate
    room, most = rate // 50, rate // 1000
    before, after = np.pad(before, (0, rate)), np.pad(after, (room, rate))
    frames = 0
    for kept in cuts.kept:
        length, window = round(len(kept) / cuts.rate * rate), rate // 20
        begin = round((cuts.start + kept.start / cuts.rate) * rate)
        skips = [0, (length - window) // 2, length - window] if length > window else [0]
        skip = max(skips, key=lambda skip: np.abs(before[begin + skip :][:window]).sum())  # where it sounds
        wanted = before[begin + skip :][: min(window, length)]
        at = round(frames / cuts.rate * rate) + skip
        near = after[at : at + len(wanted) + 2 * room]
        if np.abs(wanted).max() > 0:
            assert abs(int(np.argmax(np.correlate(near, wanted, "valid"))) - room) <= most, f"{kept} is off"
        else:
            assert np.abs(near[2 * room : -2 * room]).max(initial=0) < 0.01
        frames += len(kept)


def complaints(path: Path) -> str:
    """What ffmpeg warns of when it plays all of the film."""
    argv = (ffmpeg(), "-nostdin", "-v", "warning", "-i", str(path), "-map", "0", "-f", "null", "-")
    return runner_in(path.parent)(Command(argv, reads=(path,), limits=Limits(60, 60))).stderr


def cut(yard: Yard, film: Path, cuts: CutList, target: str = "cut.mp4") -> tuple[Path, SmartPlan]:
    made = yard.folder / target
    return made, smart_cut(Order(*yard.read(film), cuts), made, yard.hands())


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
    second = (
        "-f",
        "lavfi",
        "-i",
        "anoisesrc=r=32000:d=2:a=0.2:seed=5",
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-map",
        "2:a",
    )
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
        (
            "-itsoffset",
            "0.3",
            "-i",
            "FILM",
            "-i",
            "FILM",
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-c",
            "copy",
        ),  # late picture
        (
            "-i",
            "FILM",
            "-itsoffset",
            "0.3",
            "-i",
            "FILM",
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-c",
            "copy",
        ),  # late sound
        ("-ss", "0.7", "-i", "FILM", "-c", "copy"),  # an edit list hides the first pictures
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
    with pytest.raises(Reject, match="no film") as problem:
        yard.index(yard.maker.tone("tone.wav"))

    assert problem.value.code == "no_video"


def test_pieces_that_do_not_make_up_the_film_are_refused(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "25")
    index = yard.index(film)
    planned = plan(cut_list(index, *CUTS), index)

    with pytest.raises(ToolFailed, match="not those that were ordered"):
        assemble(
            yard.source(film), index, Pieces(planned), yard.folder / "cut.mp4", run=runner_in(yard.folder)
        )


def test_the_index_is_left_as_json(yard: Yard) -> None:
    film = yard.film("film.mp4", "-g", "25")

    index = yard.index(film)

    assert FilmIndex.from_json(json.loads((yard.folder / "index.json").read_bytes())) == index
    assert (index.frames, index.keyframes, index.start) == (75, (0, 25, 50), Fraction(0))
