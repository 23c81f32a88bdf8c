from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.ranges import FrameRange, TimeRange, between, exact, merged

NTSC = Fraction(30000, 1001)


def test_a_decimal_counts_as_it_is_written() -> None:
    assert exact(0.1) == Fraction(1, 10)


def test_a_range_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        TimeRange.of(2, 1)


def test_frames_of_an_ntsc_film_survive_the_way_over_time_and_json() -> None:
    frames = FrameRange(17_982, 107_892, NTSC)

    time = TimeRange.from_json(frames.time.to_json())

    assert FrameRange.covering(time, NTSC) == frames
    assert len(frames) == 89_910


def test_frames_cover_a_time_that_lies_between_them() -> None:
    assert FrameRange.covering(TimeRange.of("0.05", "0.11"), Fraction(25)) == FrameRange(1, 3, Fraction(25))


def test_ranges_that_nearly_touch_are_merged() -> None:
    ranges = [TimeRange.of(4, 5), TimeRange.of(0, 1), TimeRange.of("1.2", 2)]

    assert merged(ranges, "0.2") == (TimeRange.of(0, 2), TimeRange.of(4, 5))


def test_a_range_is_clipped_and_shifted() -> None:
    clipped = TimeRange.of(0, 4).clipped(TimeRange.of(3, 9))

    assert clipped == TimeRange.of(3, 4)
    assert TimeRange.of(0, 1).clipped(TimeRange.of(1, 2)) is None
    assert TimeRange.of(0, 1).shifted(0.1) == TimeRange.of("0.1", "1.1")


times = st.tuples(st.integers(0, 100), st.integers(1, 20)).map(lambda t: TimeRange.of(t[0], t[0] + t[1]))


@given(st.lists(times))
def test_ranges_and_what_lies_between_them_fill_the_whole(ranges: list[TimeRange]) -> None:
    whole = TimeRange.of(0, 120)

    both = sorted([*merged(ranges), *between(ranges, whole)])

    assert sum(one.length for one in both) == 120
    assert all(a.end == b.start for a, b in pairwise(both))
