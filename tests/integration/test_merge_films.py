"""Films merged into one: what is seen and heard is where it belongs, by real files and real players' decoders."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import av
import pytest
from tests.support.merging import BEEP_S, FFMPEG, VP9, X264, Bench, _colour

from reelyard.errors import InvalidInput, Reject, ToolFailed
from reelyard.kit.processes import Command
from reelyard.testing.media import MediaMaker
from reelyard.tools.bundles.join import Reel
from reelyard.tools.bundles.look import look, wanted_of
from reelyard.tools.bundles.merge import Clip, film_extension
from reelyard.tools.bundles.proof import proved
from reelyard.tools.ffmpeg.probe import inspect


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_sound_is_in_time_at_every_join_of_twenty(bench: Bench) -> None:
    short = bench.clip("a.mp4", frames=37, rate="30000/1001")
    long = bench.clip("b.mp4", frames=44, rate="30000/1001", colour="blue")
    clips = bench.clips(*([short, long, long, short] * 5))

    merged = bench.merge(clips)

    frames = [37, 44, 44, 37] * 5
    starts = [count * 1001 / 30000 for count in accumulate(frames, initial=0)]
    off = [abs(heard - (start + BEEP_S)) for heard, start in zip(bench.heard(), starts[:-1], strict=True)]
    assert max(off) < 0.012
    assert merged.duration_s == pytest.approx(starts[-1], abs=1e-6)
    assert merged.conformed == ()
    assert len(bench.seen()) == sum(frames)
    assert bench.complaints() == ""


def test_a_film_without_sound_and_one_whose_sound_ends_early_are_silent_there(bench: Bench) -> None:
    paths = [
        bench.clip("a.mp4", sound_s=0.7),
        bench.clip("b.mp4", audio=None),
        bench.clip("c.mp4", sound_s=2.5),
        bench.clip("d.mp4"),
    ]

    merged = bench.merge(bench.clips(*paths))

    assert bench.heard() == pytest.approx([0.4, 2 * 1.6 + 0.4, 3 * 1.6 + 0.4], abs=0.012)
    assert merged.duration_s == pytest.approx(4 * 1.6)
    assert merged.conformed == ()


def test_only_what_differs_is_encoded_anew(bench: Bench) -> None:
    paths = [
        bench.clip("same.mp4", frames=60),
        bench.clip("upright.mp4", frames=30, size="90x160", colour="lime"),
        bench.clip("fast.mp4", frames=60, rate="50", colour="blue"),
        bench.clip("phone.mov", frames=40, colour="white", audio=("-c:a", "aac", "-ar", "44100", "-ac", "1")),
        bench.clip("other.webm", frames=40, size="320x180", video=VP9, audio=("-c:a", "libopus")),
        bench.clip("same2.mp4", frames=60, colour="lime"),
    ]
    told: list[float] = []

    merged = bench.merge(bench.clips(*paths), tell=told.append)

    assert merged.conformed == ("upright.mp4", "fast.mp4", "phone.mov", "other.webm")
    lengths = [2.4, 1.2, 1.2, 1.6, 1.6, 2.4]
    starts = list(accumulate(lengths, initial=0.0))
    assert merged.duration_s == pytest.approx(starts[-1], abs=0.04)
    assert bench.heard() == pytest.approx([start + BEEP_S for start in starts[:-1]], abs=0.025)
    colours = [colour for time, colour in bench.seen() if any(0.2 < time - start < 0.3 for start in starts)]
    assert list(dict.fromkeys(colours[::2])) == ["red", "lime", "blue", "white"]
    assert bench.complaints() == ""
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_films_of_different_encoders_are_copied_and_play_from_anywhere(bench: Bench) -> None:
    plain = bench.clip("a.mp4", video=(*X264, "-g", "10"), colour="red")
    other = bench.clip(
        "b.mp4", video=(*X264, "-g", "10", "-x264-params", "ref=4:bframes=3:cqm=jvt"), colour="blue"
    )
    odd = bench.clip("c.mp4", video=(*X264, "-g", "10", "-level", "4.0", "-qp", "30"), colour="lime")
    clips = bench.clips(plain, other, odd, plain)

    merged = bench.merge(clips)

    assert merged.conformed == ()
    assert [colour for _, colour in bench.seen()] == [
        *["red"] * 40,
        *["blue"] * 40,
        *["lime"] * 40,
        *["red"] * 40,
    ]
    assert bench.complaints() == ""
    with av.open(str(bench.folder / "merged.mp4")) as film:
        for second, colour in ((2.5, "blue"), (5.5, "red"), (4.1, "lime"), (1.0, "red")):
            film.seek(int(second * 1_000_000))
            assert _colour(next(film.decode(video=0))) == colour


def test_a_turned_film_stands_upright_among_others(bench: Bench) -> None:
    flat = bench.clip("a.mp4", frames=60)
    bench.clip("b0.mp4", frames=40, colour="blue")
    turned = MediaMaker(bench.folder).encode(
        bench.folder / "b.mp4", "-display_rotation", "90", "-i", str(bench.folder / "b0.mp4"), "-c", "copy",
        reads=(bench.folder / "b0.mp4",),
    )  # fmt: skip
    clips = bench.clips(flat, turned)
    assert clips[1].info.video[0].rotation in (90, 270)

    merged = bench.merge(clips)
    and_back = bench.merge([clips[1], clips[1], clips[0]], "turned.mp4")

    assert merged.conformed == ("b.mp4",)
    with av.open(str(bench.folder / "merged.mp4")) as film:
        last = list(film.decode(video=0))[-5].to_ndarray(format="rgb24").astype(int)
    assert last[45, 5].max() < 40  # black beside the upright picture
    assert last[45, 80, 2] > 150
    assert and_back.conformed == ("a.mp4",)
    again = inspect(bench.folder / "turned.mp4", run=bench.run).video[0]
    assert again.rotation == clips[1].info.video[0].rotation


def test_webm_is_merged_by_copying_too(bench: Bench) -> None:
    opus = ("-c:a", "libopus")
    paths = [
        bench.clip("a.webm", video=VP9, audio=opus),
        bench.clip("b.webm", video=VP9, audio=opus, frames=33, colour="lime"),
        bench.clip("c.webm", video=VP9, audio=None, colour="blue"),
        bench.clip("d.webm", video=VP9, audio=opus),
        bench.clip("e.webm", video=VP9, audio=(*opus, "-frame_duration", "10")),
    ]
    clips = bench.clips(*paths)

    merged = bench.merge(clips, f"merged{film_extension(clips)}")

    assert film_extension(clips) == ".webm"
    assert merged.conformed == ("e.webm",)  # its packets of sound are of another length
    starts = [0, 1.6, 1.6 + 1.32 + 1.6, 1.6 + 1.32 + 2 * 1.6]
    assert bench.heard("merged.webm") == pytest.approx([start + BEEP_S for start in starts], abs=0.015)
    assert bench.complaints("merged.webm") == ""


def test_films_that_cannot_be_copied_at_all_are_all_encoded(bench: Bench) -> None:
    paths = [
        bench.clip("a.avi", video=("-c:v", "mpeg4", "-q:v", "3"), audio=("-c:a", "libmp3lame")),
        bench.clip(
            "b.avi", video=("-c:v", "mpeg4", "-q:v", "3"), audio=("-c:a", "libmp3lame"), colour="blue"
        ),
    ]

    merged = bench.merge(bench.clips(*paths))

    assert merged.conformed == ("a.avi", "b.avi")
    assert merged.duration_s == pytest.approx(3.2, abs=0.08)
    assert bench.heard() == pytest.approx([0.4, 2.0], abs=0.03)
    assert bench.complaints() == ""


def test_a_film_of_variable_rate_keeps_its_length(bench: Bench) -> None:
    steady = bench.clip("a.mp4", frames=75)
    uneven = bench.clip(
        "b.mp4",
        frames=75,
        colour="blue",
        video=(*X264, "-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr"),
    )

    merged = bench.merge(bench.clips(steady, uneven, steady))

    assert merged.conformed == ("b.mp4",)
    assert merged.duration_s == pytest.approx(9.0 + 75 / 7 / 25, abs=0.5)
    assert bench.complaints() == ""


def test_a_broken_clip_is_left_out_and_named(bench: Bench) -> None:
    good = bench.clip("good.mp4")
    broken = bench.folder / "broken.mp4"
    clips = bench.clips(good, bench.clip("broken.mp4"), good)
    broken.write_bytes(b"\0\0\0\x18ftypisom" + b"\xff" * 4000)

    merged = bench.merge(clips)

    assert merged.duration_s == pytest.approx(3.2)
    assert [warning for warning in merged.warnings if "“broken.mp4” is left out" in warning]
    with pytest.raises(Reject, match=r"nothing to merge.*broken\.mp4"):
        bench.merge([clips[1]])


def test_chapters_bear_the_clips_titles_whatever_they_hold(bench: Bench) -> None:
    clip = bench.clips(bench.clip("a.mp4"))[0]
    titles = ["one; two = #3 \\ four", "new\nline\r\n[CHAPTER]\ntitle=x", "", "Größe 🎬 \u202eevil"]

    bench.merge([Clip(clip.path, title, clip.info) for title in titles])

    with av.open(str(bench.folder / "merged.mp4")) as film:
        chapters = film.chapters()
    assert [chapter["metadata"]["title"] for chapter in chapters] == [
        "one; two = #3 \\ four", "new line [CHAPTER] title=x", "Part 3", "Größe 🎬 evil",
    ]  # fmt: skip
    assert [float(one["start"] * one["time_base"]) for one in chapters] == pytest.approx(
        [0, 1.6, 3.2, 4.8], abs=0.001
    )


@pytest.mark.parametrize(("ending", "codec"), [(".mp4", "mov_text"), (".webm", "webvtt")])
def test_captions_in_the_clips_are_in_the_whole_at_their_time(bench: Bench, ending: str, codec: str) -> None:
    captions = bench.folder / "said.srt"
    captions.write_text("1\n00:00:00,500 --> 00:00:01,200\nHello there\n")
    options = {"video": VP9, "audio": ("-c:a", "libopus")} if ending == ".webm" else {}
    plain = bench.clip(f"plain{ending}", **options)  # type: ignore[arg-type]  # by name
    with_captions = MediaMaker(bench.folder).encode(
        bench.folder / f"captioned{ending}",
        *("-i", str(plain), "-i", str(captions), "-map", "0", "-map", "1", "-c", "copy", "-c:s", codec),
        *("-metadata:s:s:0", "language=deu", "-disposition:s:0", "0"),
        reads=(plain, captions),
    )

    bench.merge(bench.clips(with_captions, plain, with_captions), f"merged{ending}")

    read = bench.folder / "read.srt"
    source = bench.folder / f"merged{ending}"
    bench.run(
        Command((FFMPEG, "-v", "error", "-i", str(source), "-f", "srt", "-"), reads=(source,), stdout=read)
    )
    told = [line for line in read.read_text().splitlines() if "-->" in line or line == "Hello there"]
    assert told == [
        "00:00:00,500 --> 00:00:01,200", "Hello there", "00:00:03,700 --> 00:00:04,400", "Hello there",
    ]  # fmt: skip
    with av.open(str(source)) as film:
        (texts,) = film.streams.subtitles
        assert texts.language == "deu" or ending == ".webm"
    assert bench.complaints(f"merged{ending}") == ""


def test_a_target_of_another_kind_is_refused(bench: Bench) -> None:
    clips = bench.clips(bench.clip("a.mp4"))

    with pytest.raises(InvalidInput, match="cannot be merged"):
        bench.merge(clips, "merged.avi")


def test_pieces_that_were_kept_are_not_made_again(bench: Bench) -> None:
    clips = bench.clips(bench.clip("a.mp4", frames=60), bench.clip("b.mp4", size="90x160"))
    kept: dict[str, Path] = {}
    made: list[str] = []

    def part(key: Any, make: Any) -> Path:
        name = repr(sorted(key.items()))
        if name not in kept:
            made.append(name)
            kept[name] = bench.folder / f"part-{len(kept)}"
            make(kept[name])
        return kept[name]

    first = bench.merge(clips, part=part)
    second = bench.merge(clips, part=part)

    assert len(made) == 1
    assert first == second


def test_a_whole_that_lacks_a_part_is_found_out(bench: Bench) -> None:
    clip = bench.clips(bench.clip("a.mp4"))[0]
    wanted = wanted_of(clip)
    (traits,) = look([wanted], run=bench.run, workdir=bench.folder)
    assert traits.film is not None
    reel = Reel("a", (wanted, traits.film), None, Fraction(0), traits.film.duration)

    assert proved([reel], clip.path, run=bench.run) == traits.film.duration
    with pytest.raises(ToolFailed, match="has 40 pictures; 80 belong in it"):
        proved([reel, reel], clip.path, run=bench.run)
    longer = replace(reel, duration=reel.duration + 1)
    with pytest.raises(ToolFailed, match=r"1\.600 s of picture, and its parts 2\.600 s"):
        proved([longer], clip.path, run=bench.run)
