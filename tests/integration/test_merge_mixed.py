"""Films that have nothing in common become one film: as long as its parts are, and what fails is left out and said."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import av
import pytest
from tests.support.merging import VP9, X264, Bench

from reelyard.testing.media import MediaMaker

FRAME_S = 1 / 25  # of the whole: the first film's
UNEVEN = ("-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def turned(bench: Bench, name: str) -> Path:
    flat = bench.clip(f"flat-{name}", frames=40, colour="lime")
    return MediaMaker(bench.folder).encode(
        bench.folder / name, "-display_rotation", "90", "-i", str(flat), "-c", "copy", reads=(flat,),
    )  # fmt: skip


def seen_s(path: Path) -> float:
    """How long its pictures are shown, from the first to the end of the last."""
    with av.open(str(path)) as film:
        pictures = list(film.decode(video=0))
        rate = film.streams.video[0].average_rate
    assert rate
    first, last = pictures[0].time, pictures[-1].time
    assert first is not None
    assert last is not None
    return float(last - first + 1 / rate)


def complaints(bench: Bench) -> list[str]:
    """What is wrong with the whole. That ffmpeg guesses a constant rate of an uneven film, and minds it, is not."""
    return [line for line in bench.complaints().splitlines() if "[null @" not in line]


def test_codecs_rates_and_turns_are_mixed_and_one_part_fails(bench: Bench) -> None:
    paths = [
        bench.clip("plain.mp4", frames=50),
        bench.clip("uneven.mp4", frames=50, colour="blue", video=(*X264, *UNEVEN)),
        turned(bench, "turned.mp4"),
        bench.clip("vp9.webm", frames=45, rate="30", video=VP9, audio=("-c:a", "libopus"), colour="white"),
        bench.clip("broken.mp4", frames=40),
        bench.clip(
            "old.avi",
            frames=36,
            rate="24",
            video=("-c:v", "mpeg4", "-q:v", "3"),
            audio=("-c:a", "libmp3lame"),
        ),
        bench.clip("mute.mp4", frames=75, rate="50", audio=None, colour="blue"),
        bench.clip("ntsc.mov", frames=41, rate="30000/1001", colour="lime"),
    ]
    clips = bench.clips(*paths)
    (bench.folder / "broken.mp4").write_bytes(b"\0\0\0\x18ftypisom" + b"\xff" * 4000)
    there = [path for path in paths if path.name != "broken.mp4"]
    lengths = [seen_s(path) for path in there]

    merged = bench.merge(clips)

    parts = len(there)
    assert [warning for warning in merged.warnings if "“broken.mp4” is left out" in warning]
    assert merged.duration_s == pytest.approx(sum(lengths), abs=parts * FRAME_S)
    assert seen_s(bench.folder / "merged.mp4") == pytest.approx(sum(lengths), abs=parts * FRAME_S)
    starts = list(accumulate(lengths, initial=0.0))[:-1]
    with_sound = [start for start, path in zip(starts, there, strict=True) if path.name != "mute.mp4"]
    for n, (heard, start) in enumerate(zip(bench.heard(), with_sound, strict=True)):
        assert heard == pytest.approx(start + 0.4, abs=(n + 1) * FRAME_S + 0.025)
    assert complaints(bench) == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("uneven", {"frames": 75, "video": (*X264, *UNEVEN)}),
        ("fast", {"frames": 60, "rate": "50"}),
        ("slow", {"frames": 20, "rate": "12"}),
        ("ntsc", {"frames": 47, "rate": "24000/1001"}),
    ],
)
def test_each_part_is_as_long_in_the_whole_as_by_itself(
    bench: Bench, name: str, options: dict[str, object]
) -> None:
    steady = bench.clip("steady.mp4", frames=30)
    other = bench.clip(f"{name}.mp4", colour="blue", **options)  # type: ignore[arg-type]

    merged = bench.merge(bench.clips(steady, other, steady))

    assert merged.duration_s == pytest.approx(2 * 1.2 + seen_s(other), abs=FRAME_S)
    assert complaints(bench) == []
