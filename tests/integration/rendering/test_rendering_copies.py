"""Films that are copied instead of encoded, and clips of films."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.support.numbered import RATE, first_picture, looked_into, numbered, order_of, samples_in, seen

from reelyard.media.cut_list import CutList
from reelyard.media.ranges import FrameRange
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.inputs import Source, film_of
from reelyard.tools.rendering.clips import clip
from reelyard.tools.rendering.copying import can_be_copied, copy
from reelyard.tools.rendering.order import Bench
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Wishes


def test_an_uncut_film_that_is_as_ordered_is_copied(make: MediaMaker, bench: Bench) -> None:
    plain = numbered(make, "plain.mp4", sounds=2)
    order = order_of(plain, bench.run, Wishes("mov"), CutList.whole(Fraction(25), Fraction(0), 80))

    assert can_be_copied(order)
    made = copy(order, bench.folder / "film.mov", bench)

    assert made.encoder == "copy"
    assert packets_of(made.path) == packets_of(plain)
    assert seen(made.path).numbers == list(range(80))


def packets_of(path: Path) -> dict[int, list[bytes]]:
    import av

    with av.open(str(path)) as container:
        found: dict[int, list[bytes]] = {}
        for packet in container.demux():
            if packet.size:
                found.setdefault(packet.stream_index, []).append(bytes(packet))
        return found


def test_of_a_copied_film_the_sound_alone_is_encoded_when_it_must_be(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mkv")
    order = order_of(path, bench.run, Wishes("mp4"), CutList.whole(Fraction(25), Fraction(0), 80))

    made = copy(order, bench.folder / "film.mp4", bench)

    assert packets_of(made.path)[0] == packets_of(path)[0] or seen(made.path).numbers == list(range(80))
    assert [sound.codec for sound in looked_into(made.path, bench.run).audio] == ["aac"]
    assert len(samples_in(made.path, bench.run)) == 80 * 1920


def test_a_copied_film_begins_with_its_first_picture_whatever_the_file_began_with(
    make: MediaMaker, bench: Bench
) -> None:
    import av

    plain = numbered(make, "plain.mp4")
    path = make.folder / "late.mkv"
    late = ("-itsoffset", "0.4", "-i", str(plain), "-i", str(plain), "-map", "0:v", "-map", "1:a")
    make.encode(path, *late, "-c", "copy", reads=(plain,))
    cuts = CutList.whole(Fraction(RATE), first_picture(path), 80)
    order = order_of(path, bench.run, cuts=cuts)

    made = copy(order, bench.folder / "film.mp4", bench)

    assert packets_of(made.path)[0] == packets_of(path)[0]
    assert seen(made.path).times == pytest.approx([index / RATE for index in range(80)], abs=0.003)
    found, original = samples_in(made.path, bench.run), samples_in(path, bench.run)
    assert len(found) == 80 * 1920
    late_by = int(cuts.start * 48000)
    near = np.corrcoef(found[4800:24000, 0], original[late_by + 4800 : late_by + 24000, 0])
    assert near[0, 1] > 0.98
    with av.open(str(made.path)) as container:
        assert [float(stream.start_time * stream.time_base) for stream in container.streams] == pytest.approx(
            [0, 0], abs=0.003
        )


def test_a_copy_keeps_its_turn(make: MediaMaker, bench: Bench) -> None:
    plain = numbered(make, "plain.mp4", sounds=0)
    path = make.folder / "turned.mp4"
    make.encode(path, "-display_rotation", "-90", "-i", str(plain), "-c", "copy", reads=(plain,))

    made = copy(
        order_of(path, bench.run, cuts=CutList.whole(Fraction(25), Fraction(0), 80)),
        bench.folder / "f.mp4",
        bench,
    )

    assert film_of(looked_into(made.path, bench.run)).rotation == 90


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_a_clip_is_exactly_its_stretch_of_the_film(make: MediaMaker, bench: Bench, container: str) -> None:
    path = numbered(make, "film.mp4")
    order = order_of(path, bench.run, Wishes(container), CutList.whole(Fraction(25), Fraction(0), 80))
    film = bench.folder / f"film.{container}"
    render(order, film, bench)
    source = Source(film, looked_into(film, bench.run))

    for start, end in ((0, 10), (37, 61), (70, 80)):
        made = clip(
            source, FrameRange(start, end, Fraction(25)), order.target, film.with_stem(f"clip-{start}"), bench
        )

        assert seen(made.path).numbers == list(range(start, end))
        assert len(samples_in(made.path, bench.run)) == (end - start) * 1920
