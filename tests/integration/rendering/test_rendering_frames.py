"""Films rendered by the real tools from every kind of source: exact to the frame."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.support.numbered import (
    NUMBERED,
    NUMBERS,
    RATE,
    X264,
    cuts_of,
    first_picture,
    looked_into,
    numbered,
    order_of,
    rendered,
    samples_in,
    seen,
)

from reelyard.errors import Reject
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.inputs import film_of
from reelyard.tools.rendering.order import Bench
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Wishes


@pytest.mark.parametrize(
    ("wishes", "codec"),
    [
        (Wishes("mp4"), "h264"),
        (Wishes("mov"), "h264"),
        (Wishes("webm"), "vp9"),
        (Wishes("webm", webm_codec="av1"), "av1"),
    ],
    ids=["mp4", "mov", "webm", "av1"],
)
def test_every_container_holds_exactly_the_kept_frames_and_as_much_sound(
    make: MediaMaker, bench: Bench, wishes: Wishes, codec: str
) -> None:
    path = numbered(make, "film.mp4")

    made, film = rendered(order_of(path, bench.run, wishes), bench)

    assert made.warnings == ()
    assert film.numbers == NUMBERS
    assert film.codec == codec
    assert film.size == (160, 90)
    wanted = [index / RATE for index in range(len(NUMBERS))]
    assert film.times == pytest.approx(wanted, abs=0.0011 if wishes.container == "webm" else 1e-6)
    info = looked_into(made.path, bench.run)
    assert info.format == wishes.container
    assert [sound.codec for sound in info.audio] == ["opus" if wishes.container == "webm" else "aac"]
    assert len(samples_in(made.path, bench.run)) == len(NUMBERS) * 48000 // RATE


SOURCES: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "HEVC": ("film.mp4", ("-c:v", "libx265", "-x265-params", "log-level=error"), {}),
    "4:2:2": ("film.mp4", ("-pix_fmt", "yuv422p"), {}),
    "10 bit": ("film.mp4", ("-pix_fmt", "yuv420p10le"), {}),
    "no sound": ("film.mp4", (), {"sounds": 0}),
    "two tracks": (
        "film.mov",
        ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra"),
        {"sounds": 2},
    ),
    "odd sizes": ("film.mkv", ("-pix_fmt", "yuv444p"), {"size": "159x91"}),
    "open GOP": ("film.mp4", ("-x264-params", "open-gop=1:bframes=3:keyint=12"), {}),
    "interlaced": ("film.mkv", ("-c:v", "mpeg2video", "-q:v", "3", "-flags", "+ilme+ildct"), {}),
    "AVI": ("film.avi", ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le"), {}),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_is_cut_to_the_frame(make: MediaMaker, bench: Bench, kind: str) -> None:
    name, options, more = SOURCES[kind]
    path = numbered(make, name, *options, **more)

    order = order_of(path, bench.run)
    start = first_picture(path)
    made, film = rendered(replace(order, cuts=cuts_of(start=start)), bench)

    assert film.numbers == NUMBERS
    assert film.size == ((158, 90) if kind == "odd sizes" else (160, 90))
    info = looked_into(made.path, bench.run)
    assert film_of(info).pixel_format == ("yuvj420p" if kind == "AVI" else "yuv420p")
    assert len(info.audio) == more.get("sounds", 1)
    for track in range(len(info.audio)):
        assert len(samples_in(made.path, bench.run, track)) == len(NUMBERS) * 48000 // RATE
    if kind == "two tracks":
        assert [sound.language for sound in info.audio] == ["eng", "fra"]


@pytest.mark.parametrize(("rotation", "turn"), [(90, 3), (270, 1), (180, 2)])
def test_a_turned_film_comes_out_upright_with_no_turn_left(
    make: MediaMaker, bench: Bench, rotation: int, turn: int
) -> None:
    plain = numbered(make, "plain.mp4")
    path = make.folder / "turned.mp4"
    make.encode(path, "-display_rotation", str(-rotation), "-i", str(plain), "-c", "copy", reads=(plain,))

    order = order_of(path, bench.run)
    made = render(order, bench.folder / "film.mp4", bench)

    film = seen(made.path, (4 - turn) % 4)
    assert film_of(order.source.info).rotation == rotation
    assert film.size == ((160, 90) if rotation == 180 else (90, 160))
    assert film.rotation == 0
    assert film.numbers == NUMBERS


def test_pixels_become_square(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", "-vf", "setsar=2/3")

    _, film = rendered(order_of(path, bench.run), bench)

    assert (film.size, film.aspect, film.numbers) == ((106, 90), Fraction(1), NUMBERS)


def test_a_film_that_begins_late_keeps_its_frames_and_its_sound(make: MediaMaker, bench: Bench) -> None:
    """The sound begins at the container's 0, the picture 0.4 s later."""
    plain = numbered(make, "plain.mp4")
    path = make.folder / "late.mkv"
    late = ("-itsoffset", "0.4", "-i", str(plain), "-i", str(plain), "-map", "0:v", "-map", "1:a")
    make.encode(path, *late, "-c", "copy", "-output_ts_offset", "7", reads=(plain,))
    order = order_of(path, bench.run)

    made, film = rendered(replace(order, cuts=cuts_of(start=first_picture(path))), bench)

    assert first_picture(path) == pytest.approx(0.4, abs=0.03)
    assert film.numbers == NUMBERS
    assert len(samples_in(made.path, bench.run)) == len(NUMBERS) * 48000 // RATE


def test_a_film_of_variable_rate_is_conformed_to_the_list(make: MediaMaker, bench: Bench) -> None:
    """Of each ten pictures two are missing; the one before stands in for them."""
    path = numbered(make, "film.mp4", "-vf", "select='lt(mod(n,10),8)'", "-fps_mode", "vfr")

    _, film = rendered(order_of(path, bench.run), bench)

    assert film.numbers == [number - max(0, number % 10 - 7) for number in NUMBERS]
    assert film.rate == RATE


def test_a_rate_that_is_no_whole_number_stays_exact(make: MediaMaker, bench: Bench) -> None:
    rate = Fraction(30000, 1001)
    picture = f"nullsrc=s=160x90:r={rate},trim=end_frame=80,{NUMBERED},format=yuv420p"
    path = make.encode(make.folder / "film.mp4", "-f", "lavfi", "-i", picture, *X264)

    _, film = rendered(order_of(path, bench.run, cuts=cuts_of(rate=rate)), bench)

    assert film.numbers == NUMBERS
    assert film.rate == rate


def test_a_cover_is_never_taken_for_the_film(make: MediaMaker, bench: Bench) -> None:
    plain = numbered(make, "plain.mp4")
    cover = make.encode(
        make.folder / "cover.jpg", "-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1", "-update", "1"
    )
    path = make.folder / "covered.mp4"
    inputs = ("-i", str(cover), "-i", str(plain), "-map", "0", "-map", "1")
    make.encode(path, *inputs, "-c", "copy", "-disposition:v:0", "attached_pic", reads=(plain, cover))

    made, film = rendered(order_of(path, bench.run), bench)

    assert film.numbers == NUMBERS
    assert len(looked_into(made.path, bench.run).video) == 1


def test_nothing_left_is_refused(make: MediaMaker, bench: Bench) -> None:
    order = order_of(
        numbered(make, "film.mp4", frames=10), bench.run, cuts=CutList.whole(Fraction(25), Fraction(0), 10)
    )

    with pytest.raises(Reject, match="Nothing is left") as refused:
        render(replace(order, cuts=order.cuts.decided(0, 10, keep=False)), bench.folder / "film.mp4", bench)

    assert refused.value.code == "nothing_left"


def test_hundreds_of_cuts_are_one_pass(make: MediaMaker, bench: Bench) -> None:
    picture = "color=s=32x32:r=25,trim=end_frame=2000,format=yuv420p"
    path = make.encode(make.folder / "long.mp4", "-f", "lavfi", "-i", picture, *X264)
    spans = tuple(
        Span(at, at + 2, keep=at % 4 == 0, reason=Reason.SOUND if at % 4 == 0 else Reason.SILENCE)
        for at in range(0, 2000, 2)
    )
    order = order_of(path, bench.run, cuts=CutList(Fraction(25), Fraction(0), 2000, spans))
    told: list[float] = []

    made = render(order, bench.folder / "film.mp4", bench, tell=told.append)

    assert len(seen(made.path).numbers) == 1000
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.01)
