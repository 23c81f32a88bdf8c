"""How a cut list is carried out by copying: rates, plans, moved cuts, samples."""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream
from reelyard.media.sample_ranges import SampleRange, sample_ranges
from reelyard.tools.cutting import h264
from reelyard.tools.cutting.cost import choose, decide, predicted_cost
from reelyard.tools.cutting.film_index import Coding, FilmIndex
from reelyard.tools.cutting.grid import grid_of
from reelyard.tools.cutting.heads import batches, most_kbits
from reelyard.tools.cutting.plan import Copy, Head, SmartPlan, plan, refusal
from reelyard.tools.cutting.samples import Cutter
from reelyard.tools.cutting.snapping import snapped
from reelyard.tools.cutting.sound import bit_rate
from reelyard.tools.ffmpeg.inputs import Source

NTSC = Fraction(30000, 1001)
CODING = Coding("h264", "yuv420p", 1920, 1080, profile=100, level=40, length_size=4, numbers=(0,))
SPS = bytes.fromhex("6764000b4b2d051bf26022000003000200000300641e285540")  # x264's, number 1
PPS = bytes.fromhex("684af023cb")


def index_of(groups: list[int], *, between: int = 0, rate: Fraction = Fraction(25)) -> FilmIndex:
    """A film of groups of so many pictures, with `between` B pictures before each P picture where they fit."""
    order: list[int] = []
    points = []
    for size in groups:
        begin = len(order)
        points.append(begin)
        order.append(begin)
        shown = begin + 1
        while shown < begin + size:
            last = min(shown + between, begin + size - 1)
            order += [last, *range(shown, last)]
            shown = last + 1
    return FilmIndex(
        rate=rate,
        constant=True,
        frames=len(order),
        start=Fraction(0),
        keyframes=tuple(points),
        coding=CODING,
        order=array("i", order),
        points=tuple(points),
    )


def cut_list(index: FilmIndex, *cuts: tuple[int, int], reason: Reason = Reason.SILENCE) -> CutList:
    spans, at = [], 0
    for start, end in cuts:
        spans += [Span(at, start, keep=True, reason=Reason.SOUND)] if start > at else []
        spans.append(Span(start, end, keep=False, reason=reason))
        at = end
    if at < index.frames:
        spans.append(Span(at, index.frames, keep=True, reason=Reason.SOUND))
    return CutList(index.rate, index.start, index.frames, tuple(spans))


@st.composite
def films_and_cuts(draw: st.DrawFn) -> tuple[FilmIndex, CutList]:
    groups = draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    index = index_of(groups, between=draw(st.integers(0, 4)))
    edges = sorted(draw(st.sets(st.integers(0, index.frames), max_size=10)))
    return index, cut_list(index, *zip(edges[::2], edges[1::2], strict=False))


def shown(piece: Head | Copy, index: FilmIndex) -> list[int]:
    if isinstance(piece, Head):
        return list(range(piece.start, piece.end))
    return sorted(index.order[packet] for packet in range(piece.first, piece.last))


def kept_frames(cuts: CutList) -> list[int]:
    return [frame for kept in cuts.kept for frame in range(kept.start, kept.end)]


# --- plans --------------------------------------------------------------------------------------------


def test_a_kept_range_is_copied_from_its_first_keyframe_to_a_whole_picture() -> None:
    index = index_of([25, 25, 25, 25], between=3)

    found = plan(cut_list(index, (0, 20), (59, 75)), index)

    assert found.pieces == (Head(20, 25), Copy(25, 25, 59), Copy(75, 75, 100))
    assert found.encoded == 5
    assert found.share == pytest.approx(5 / 64)
    assert found.decoded == 25


def test_pictures_that_wait_for_a_later_one_are_encoded() -> None:
    index = index_of([25], between=3)

    found = plan(cut_list(index, (11, 25)), index)

    assert found.pieces == (Copy(0, 0, 9), Head(9, 11))


def test_a_range_without_keyframe_is_encoded_whole() -> None:
    index = index_of([100])

    assert plan(cut_list(index, (0, 10), (20, 100)), index).pieces == (Head(10, 20),)


@given(films_and_cuts())
def test_a_plan_shows_exactly_what_is_kept_and_each_copy_stands_alone(
    case: tuple[FilmIndex, CutList],
) -> None:
    index, cuts = case

    found = plan(cuts, index)

    assert [frame for piece in found.pieces for frame in shown(piece, index)] == kept_frames(cuts)
    for piece in found.pieces:
        if isinstance(piece, Copy):
            assert piece.first in index.points
            assert piece.start == index.order[piece.first]
    assert SmartPlan.from_json(json.loads(json.dumps(found.to_json()))) == found


@given(films_and_cuts())
def test_batches_hold_all_heads_in_order(case: tuple[FilmIndex, CutList]) -> None:
    index, cuts = case
    heads = plan(cuts, index).heads

    assert tuple(head for batch in batches(heads, index) for head in batch) == heads


# --- moved cuts ---------------------------------------------------------------------------------------


def test_cuts_in_silence_move_to_where_copying_begins_and_ends() -> None:
    index = index_of([25, 25, 25, 25], between=3)

    moved = snapped(cut_list(index, (31, 52)), index)

    assert [(span.start, span.end) for span in moved.spans if not span.keep] == [(34, 50)]
    assert {span.reason for span in moved.spans} == {Reason.SOUND, Reason.KEYFRAME, Reason.SILENCE}
    assert plan(moved, index).encoded == 0


def test_a_keyframe_too_far_from_a_cut_does_not_move_it() -> None:
    index = index_of([25, 75])

    assert snapped(cut_list(index, (10, 33)), index) == cut_list(index, (10, 33))
    assert snapped(cut_list(index, (10, 32)), index) == replace(
        cut_list(index, (10, 25)),
        spans=(
            Span(0, 10, keep=True, reason=Reason.SOUND),
            Span(10, 25, keep=False, reason=Reason.SILENCE),
            Span(25, 32, keep=True, reason=Reason.KEYFRAME),
            Span(32, 100, keep=True, reason=Reason.SOUND),
        ),
    )


def test_cuts_made_by_hand_stay_where_they_are() -> None:
    index = index_of([25, 25, 25, 25], between=3)
    cuts = cut_list(index, (31, 52), reason=Reason.BY_HAND)

    assert snapped(cuts, index) == cuts


def test_cuts_of_a_film_that_is_not_copied_stay_where_they_are() -> None:
    index = replace(index_of([25, 25], between=3), constant=False)
    cuts = cut_list(index, (11, 27))

    assert snapped(cuts, index) == cuts


@given(films_and_cuts())
def test_moving_cuts_only_shortens_silences_and_never_by_much(case: tuple[FilmIndex, CutList]) -> None:
    index, cuts = case

    moved = snapped(cuts, index)

    more = set(kept_frames(moved)) - set(kept_frames(cuts))
    assert set(kept_frames(cuts)) <= set(kept_frames(moved))
    assert plan(moved, index).encoded <= plan(cuts, index).encoded + len(more)
    for silence in (span for span in cuts.spans if not span.keep):
        left = [frame for frame in range(silence.start, silence.end) if frame not in more]
        if left:
            assert left[0] - silence.start <= 7
            assert silence.end - 1 - left[-1] <= 7


# --- refusals and choices -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "word"),
    [
        (replace(index_of([25]), coding=replace(CODING, codec="hevc")), "HEVC"),
        (replace(index_of([25]), constant=False), "varies"),
        (replace(index_of([25]), coding=replace(CODING, interlaced=True)), "interlaced"),
        (
            replace(index_of([25]), coding=replace(CODING, depth=10, pixel_format="yuv420p10le")),
            "yuv420p10le",
        ),
        (replace(index_of([25]), coding=replace(CODING, length_size=0)), "container"),
        (replace(index_of([25]), coding=replace(CODING, damaged=True)), "damaged"),
        (replace(index_of([25]), coding=replace(CODING, numbers=tuple(range(32)))), "parameter sets"),
        (replace(index_of([25]), points=()), "begin"),
    ],
)
def test_what_cannot_be_copied_is_refused_with_its_reason(index: FilmIndex, word: str) -> None:
    reason = refusal(index)

    assert reason is not None
    assert word in reason
    assert choose(None, index, film_info()).reason == reason


def film_info() -> MediaInfo:
    film = VideoStream(0, "h264", 1920, 1080)
    return MediaInfo(
        Kind.VIDEO,
        "mp4",
        "video/mp4",
        40_000_000,
        160.0,
        audio=(AudioStream(1, "aac", 48000, 2),),
        video=(film,),
    )


def test_copying_is_chosen_where_it_saves_and_not_where_little_can_be_copied() -> None:
    dense, sparse = index_of([25] * 160), index_of([4000])
    cuts = [(start, start + 60) for start in range(40, 3900, 150)]

    copied, encoded = (plan(cut_list(index, *cuts), index) for index in (dense, sparse))

    assert choose(copied, dense, film_info()).smart
    assert "encoded anew" in choose(copied, dense, film_info()).reason
    assert predicted_cost(copied, film_info()).smart_s < predicted_cost(copied, film_info()).full_s / 2
    assert not choose(encoded, sparse, film_info()).smart
    assert "keyframes are far apart" in choose(encoded, sparse, film_info()).reason


def test_cuts_are_moved_only_where_the_film_is_copied() -> None:
    dense, sparse = index_of([25] * 160, between=3), index_of([4000], between=3)
    cuts = [(start, start + 62) for start in range(41, 3900, 150)]

    copied, encoded = (decide(cut_list(index, *cuts), index, film_info()) for index in (dense, sparse))

    assert copied.choice.smart
    assert copied.cuts == snapped(cut_list(dense, *cuts), dense)
    assert copied.plan == plan(copied.cuts, dense)
    assert not encoded.choice.smart
    assert (encoded.cuts, encoded.plan) == (cut_list(sparse, *cuts), None)


def test_heads_take_no_more_bits_than_twice_the_film_or_what_a_picture_needs() -> None:
    index = index_of([4000])

    assert most_kbits(Source(Path("film"), film_info()), index) == 5184
    assert most_kbits(Source(Path("film"), replace(film_info(), size=400_000_000)), index) == 40_000


def test_an_index_survives_json() -> None:
    index = replace(index_of([25, 30], between=2, rate=NTSC), sound_start=Fraction(1, 3))

    assert FilmIndex.from_json(json.loads(json.dumps(index.to_json()))) == index


# --- rates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "30", "50", "60000/1001", "60"])
def test_stamps_in_milliseconds_still_tell_the_exact_rate(rate: str) -> None:
    stamps = [round(number / Fraction(rate) * 1000) for number in range(1500)]

    found = grid_of(stamps, 0, Fraction(1, 1000), [None])

    assert (found.rate, found.constant, found.frames) == (Fraction(rate), True, 1500)


@pytest.mark.parametrize("spoil", [lambda s: s[:700] + s[701:], lambda s: [*s[:700], s[699] + 1, *s[700:]]])
def test_a_hole_or_a_double_makes_a_film_variable(spoil: object) -> None:
    stamps = [number * 3600 for number in range(1500)]

    found = grid_of(spoil(stamps), 3600, Fraction(1, 90000), [Fraction(25)])  # type: ignore[operator]

    assert (found.rate, found.constant, found.frames) == (Fraction(25), False, 1500)


def test_a_declared_rate_counts_only_when_the_pictures_lie_on_it() -> None:
    stamps = [number * 40 for number in range(100)]

    assert grid_of(stamps, 40, Fraction(1, 1000), [Fraction(50)]).rate == 25
    assert grid_of(stamps, 40, Fraction(1, 1000), [Fraction(90000)]).rate == 25


def test_an_odd_but_even_rate_is_taken_exactly() -> None:
    stamps = [number * 77 for number in range(100)]

    assert grid_of(stamps, 77, Fraction(1, 1000), []).rate == Fraction(1000, 77)


def test_a_film_of_one_picture_has_the_declared_rate() -> None:
    assert grid_of([0], 0, Fraction(1, 1000), [Fraction(24)]).rate == 24
    assert grid_of([], 0, Fraction(1, 1000), []).frames == 0


# --- H.264 --------------------------------------------------------------------------------------------


def test_parameter_sets_tell_their_number_and_form() -> None:
    sequence = h264.sequence_of(SPS)

    assert (sequence.number, sequence.profile, sequence.level, sequence.depth) == (1, 100, 11, 8)
    assert not sequence.interlaced
    assert h264.picture_number(PPS) == 1


def test_a_box_keeps_its_sets_and_takes_in_more() -> None:
    box = h264.Box(b"\x01\x64\x00\x0b", 4, (SPS,), (PPS,), b"\xfd\xf8\xf8\x00")

    both = h264.Box.read(bytes(box.joined((SPS,), (PPS,))))

    assert h264.Box.read(bytes(box)) == box
    assert (both.sequences, both.pictures, both.tail) == ((SPS, SPS), (PPS, PPS), box.tail)


@given(st.binary(max_size=60))
def test_nonsense_is_refused_and_not_stumbled_over(data: bytes) -> None:
    for read in (h264.Box.read, h264.sequence_of, h264.picture_number):
        try:
            read(data)
        except ValueError:
            continue
    assert all(h264.units(data))


def test_units_are_found_behind_lengths_and_start_codes() -> None:
    assert list(h264.units(b"\0\0\0\2ab\0\0\0\1c\0\0\0\x09d")) == [b"ab", b"c"]
    assert list(h264.annexb_units(b"\0\0\0\1ab\0\0\1c\0\0\0\1d")) == [b"ab", b"c", b"d"]


# --- sound --------------------------------------------------------------------------------------------


@given(films_and_cuts(), st.sampled_from([Fraction(25), NTSC]), st.sampled_from([44100, 48000, 22050]))
def test_sound_never_drifts_from_the_pictures(
    case: tuple[FilmIndex, CutList], rate: Fraction, samples: int
) -> None:
    cuts = replace(case[1], rate=rate, start=Fraction(1, 7))

    ranges = list(sample_ranges(cuts, samples))

    frames = length = 0
    for kept, found in zip(cuts.kept, ranges, strict=True):
        frames += len(kept)
        length += found.length
        assert abs(length - frames / rate * samples) <= 1 / 2
        assert abs(found.start - (cuts.start + kept.start / rate) * samples) <= 1 / 2
        assert (found.fade_in == 0) == (kept.start == 0)
        assert (found.fade_out == 0) == (kept.end == cuts.frames)


@given(st.lists(st.integers(1, 40), max_size=20), st.integers(-20, 60))
def test_blocks_of_any_size_give_the_same_samples(sizes: list[int], place: int) -> None:
    ranges = [SampleRange(10, 30), SampleRange(60, 25), SampleRange(200, 10)]
    sound = np.arange(1, sum(sizes) + 1, dtype=np.float32)[np.newaxis]
    cutter, at, got = Cutter(ranges, 1, np), 0, []

    for size in sizes:
        got += list(cutter.feed(place + at, sound[:, at : at + size]))
        at += size
    got += list(cutter.finish())

    long = np.zeros(2000, np.float32)
    long[500 + place : 500 + place + at] = sound[0]
    wanted = np.concatenate([long[500 + kept.start : 500 + kept.start + kept.length] for kept in ranges])
    assert np.array_equal(np.concatenate(got, axis=1)[0], wanted)
    assert cutter.finished


def test_joins_are_faded() -> None:
    cutter = Cutter([SampleRange(0, 100, fade_in=10, fade_out=10)], 2, np)

    got = np.concatenate(list(cutter.feed(0, np.ones((2, 300), np.float32))), axis=1)

    assert got[0, 0] == got[1, 99] == 0
    assert np.all(got[:, 10:90] == 1)
    assert np.all(np.diff(got[0, :10]) > 0)


def test_the_bit_rate_follows_channels_and_samples() -> None:
    assert bit_rate(1, 48000) == 96_000
    assert bit_rate(2, 48000) == 160_000
    assert bit_rate(6, 48000) == 384_000
    assert bit_rate(1, 8000) == 32_000
