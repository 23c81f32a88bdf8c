"""A narrated film as frames: when what is seen, which pictures are drawn, and slices without a picture of their own."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from reelyard.errors import Reject
from reelyard.tools.captions import Cue
from reelyard.tools.slideshow.join import chapters
from reelyard.tools.slideshow.motion import course_of, distance
from reelyard.tools.slideshow.order import FilmOrder, Movement, Slide, film_size
from reelyard.tools.slideshow.plan import GROUP, LONGEST, STEP, Batch, Look, Stop, batches
from reelyard.tools.slideshow.slices import B, Numbering, P, Skip, renumbered
from reelyard.tools.slideshow.sound import format_of
from reelyard.tools.slideshow.timeline import Stretch, timeline_of
from reelyard.tools.slideshow.weaving import OFTEN, Weaver

# What x264 writes for grey pictures of 320 x 180: a sequence, a picture that repeats another, one that blends two.
NUMBERING = Numbering(4, 7)


def order_of(*times: float, fade: float = 0.0, movement: Movement = Movement.STILL) -> FilmOrder:
    slides = tuple(
        Slide(Path(f"/pictures/{number}"), begin, end, seed=number)
        for number, (begin, end) in enumerate(pairwise(times))
    )
    return FilmOrder(slides, Path("/sound"), (320, 180), movement, fade)


def stops_of(order: FilmOrder) -> list[Stop]:
    return [stop for batch in batches(order, timeline_of(order)) for stop in batch.stops]


# --- times ----------------------------------------------------------------------------------------------


def test_a_cross_fade_lies_round_the_change_and_is_at_most_half_of_a_slide() -> None:
    timeline = timeline_of(order_of(0, 2, 2.4, 4, fade=0.6))

    assert timeline.stretches == (
        Stretch(0, 48, 0),
        Stretch(48, 53, 0, 1),
        Stretch(53, 58, 1),
        Stretch(58, 63, 1, 2),
        Stretch(63, 100, 2),
    )


def test_what_lasts_half_a_frame_or_more_is_seen() -> None:
    timeline = timeline_of(order_of(0, 1, 1.015, 1.05, 2))

    assert timeline.left_out == (1,)
    assert [stretch.slide for stretch in timeline.stretches] == [0, 2, 3]


def test_captions_follow_each_other_and_end_with_the_film() -> None:
    cues = (
        Cue(0, 0.5, ("a",)),
        Cue(0.45, 1, ("b",)),
        Cue(1.9, 5, ("c",)),
        Cue(6, 7, ("late",)),
        Cue(1, 2, (" ",)),
    )

    timeline = timeline_of(replace(order_of(0, 2), cues=cues))

    assert [(one.begin, one.end, one.cue) for one in timeline.captions] == [
        (0, 13, 0),
        (13, 25, 1),
        (48, 50, 2),
    ]


@pytest.mark.parametrize("times", [(0.5, 2, 3), (0, 2, 1)])
def test_slides_that_do_not_follow_each_other_are_refused(times: tuple[float, ...]) -> None:
    with pytest.raises(Reject, match="do not follow one another"):
        timeline_of(order_of(*times))


def test_chapters_begin_where_a_slide_has_a_title() -> None:
    order = order_of(0, 1, 2, 2.01, 4)
    titles = (None, "Two\nlines", "left out", "Last")
    slides = tuple(replace(slide, title=title) for slide, title in zip(order.slides, titles, strict=True))
    order = replace(order, slides=slides)

    found = [(one["start"], one["end"], one["title"]) for one in chapters(order, timeline_of(order))]

    assert found == [(25, 50, "Two lines"), (50, 100, "Last")]


# --- plans ----------------------------------------------------------------------------------------------


def test_a_still_film_draws_each_picture_once_for_a_group() -> None:
    stops = stops_of(order_of(0, 30, 42))

    assert [(stop.place, stop.key, stop.held) for stop in stops] == [
        (0, True, 249),
        (250, True, 249),
        (500, True, 249),
        (750, True, 249),
        (1000, True, 49),
    ]


@pytest.mark.parametrize("seed", range(25))
def test_any_film_is_planned_whole_and_without_a_jump(seed: int) -> None:
    order = _any_order(random.Random(seed))
    timeline = timeline_of(order)

    made = list(batches(order, timeline))

    at = 0
    for batch in made:
        assert batch.begin == at
        assert batch.stops[0].key
        for stop in batch.stops:
            assert stop.place == at
            at += 1 + stop.held + stop.blended
        _assert_goes_together(batch)
        at = batch.end
    assert at == timeline.frames


def _any_order(chance: random.Random) -> FilmOrder:
    times = [0.0]
    for _ in range(chance.randint(1, 12)):
        times.append(times[-1] + chance.choice((0.01, 0.04, 0.3, 2.5, 13.0, 40.0)) * chance.uniform(0.5, 2))
    times[-1] += 0.1
    cues, at = [], 0.0
    while at < times[-1] and chance.random() < 0.97:
        end = at + chance.uniform(0.03, 4)
        cues.append(Cue(at, end, ("said",)))
        at = end + chance.choice((0, 0, 0.02, 1.0))
    order = order_of(
        *times, fade=chance.choice((0, 0.6, 3)), movement=chance.choice((Movement.STILL, Movement.GENTLE))
    )
    return replace(order, cues=tuple(cues))


def _assert_goes_together(batch: Batch) -> None:
    """From a stop to the next nothing changes but what a hold or a blend can show."""
    end = batch.stops[-1]
    assert end.place + end.held + end.blended + 1 == batch.end
    assert not end.blended
    last_key = batch.begin
    for stop, following in pairwise(batch.stops):
        last_key = stop.place if stop.key else last_key
        assert stop.blended <= LONGEST
        assert not (stop.blended and following.key)
        if stop.blended:
            assert stop.look.cue == following.look.cue
            assert _is_between(stop.look, following.look)
        assert stop.held <= GROUP


def _is_between(a: Look, b: Look) -> bool:
    """Whether a blend of both is what would be seen between them."""
    if a.into is None and b.into is None and a.slide == b.slide:
        return distance(a.window, b.window, 320, 180) <= STEP + 1e-6
    first = (a.slide, a.window) if a.into is None else (a.slide, a.window, a.into, a.into_window)
    last = (b.slide, b.window) if b.into is None else (b.slide, b.window, b.into, b.into_window)
    ends = {*_pairs(first), *_pairs(last)}
    return len(ends) <= 2


def _pairs(look: tuple[object, ...]) -> list[tuple[object, object]]:
    return list(zip(look[::2], look[1::2], strict=True))


def test_where_batches_end_depends_on_few_slides_before() -> None:
    times = [float(number) for number in range(41)]
    longer = [*times[:2], *(time + 0.36 for time in times[2:])]

    ends = [batch.end for batch in batches(order_of(*times), timeline_of(order_of(*times)))]
    moved = [batch.end for batch in batches(order_of(*longer), timeline_of(order_of(*longer)))]

    assert moved == [end + 9 for end in ends]


# --- movement -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_the_window_stays_in_the_picture_and_moves_slowly(seed: int) -> None:
    course = course_of(seed, 30)

    windows = [course.at(frame / 749) for frame in range(750)]

    assert all(
        one.left >= -1e-6 and one.top >= -1e-6 and max(one.left, one.top) + one.size <= 1 + 1e-6
        for one in windows
    )
    steps = [distance(a, b, 1920, 1080) for a, b in pairwise(windows)]
    assert max(steps) < 0.5
    assert max(steps[0], steps[-1]) < 0.01


def test_movement_depends_on_the_seed_alone() -> None:
    assert course_of(5, 10) == course_of(5, 10)
    assert len({course_of(seed, 10) for seed in range(20)}) == 20


@pytest.mark.parametrize(
    ("shape", "quality", "size"),
    [
        ("16:9", "1080p", (1920, 1080)),
        ("16:9", "720p", (1280, 720)),
        ("9:16", "720p", (720, 1280)),
        ("1:1", "1080p", (1080, 1080)),
    ],
)
def test_the_size_goes_by_the_shorter_side(shape: str, quality: str, size: tuple[int, int]) -> None:
    assert film_size(shape, quality) == size


def test_a_narration_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(b"nothing that is known")

    with pytest.raises(Reject, match="in TXT"):
        format_of(sound)


# --- slices ---------------------------------------------------------------------------------------------


def slice_of(kind: int, *, reference: bool, data: bytes = b"\x12\x34\x80") -> bytes:
    """A slice of skipped blocks as an encoder would write it: frame 1, place 2, quantiser 0."""
    return Skip(kind, ("00" if kind == P else "1000") + "1" + "1" + "1" + "1" + "1", data).unit(
        NUMBERING, 1, 2, reference=reference
    )


@pytest.mark.parametrize("kind", [P, B])
@pytest.mark.parametrize("reference", [True, False])
def test_a_skipped_slice_is_read_and_written_for_any_place(kind: int, reference: bool) -> None:
    unit = slice_of(kind, reference=reference)

    skip = Skip.of(unit, NUMBERING)

    assert skip.unit(NUMBERING, 1, 2, reference=reference) == unit
    assert Skip.of(skip.unit(NUMBERING, 15, 127), NUMBERING) == skip
    assert skip.unit(NUMBERING, 17, 130) == skip.unit(NUMBERING, 1, 2)


def test_no_start_code_appears_in_a_slice() -> None:
    skip = Skip.of(slice_of(P, reference=False, data=b"\0\0\0\0\1\0\0"), NUMBERING)

    for frame in range(16):
        for place in range(0, 128, 2):
            unit = skip.unit(NUMBERING, frame, place)
            assert not any(bytes((0, 0, low)) in unit for low in range(3))
            assert Skip.of(unit, NUMBERING) == skip


def test_a_coded_slice_gets_another_number_and_keeps_its_content() -> None:
    unit = slice_of(P, reference=True, data=bytes(range(200)))

    other = renumbered(unit, NUMBERING, 9, 88)

    assert other != unit
    assert renumbered(other, NUMBERING, 1, 2) == unit


def test_a_damaged_slice_is_refused() -> None:
    with pytest.raises(ValueError, match="ends early"):
        Skip.of(b"\x41\0", NUMBERING)


def test_a_long_hold_keeps_references_near_each_other() -> None:
    skip, blend = (Skip.of(slice_of(kind, reference=False), NUMBERING) for kind in (P, B))
    weaver = Weaver(NUMBERING, skip, blend)
    coded = slice_of(P, reference=True)

    first = list(weaver.stop({"place": 0, "key": True, "held": 40, "blended": 3}, b"\x65key"))
    last = list(weaver.stop({"place": 44, "key": False, "held": 0, "blended": 0}, coded))

    references = [record.stamp for record in first if record.data[4] & 0x60]
    assert references == [0, OFTEN, 2 * OFTEN, 40]
    assert [record.stamp for record in first] == list(range(41))
    assert [record.stamp for record in last] == [44, 41, 42, 43]
    assert [record.key for record in (*first, *last)] == [True] + [False] * 44
