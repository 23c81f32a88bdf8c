"""Where packets of sound are placed: never more than half a packet off, never on top of one another."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reelyard.tools.bundles.parameter_sets import sets_in, sets_of, with_sets
from reelyard.tools.bundles.timing import Sounding, first_taken, origin_of, places, starts_of

STEP = Fraction(1024, 48_000)
durations = st.integers(1, 500).map(lambda frames: Fraction(frames * 1001, 30_000))
soundings = st.none() | st.builds(
    lambda start, length: Sounding(Fraction(start, 48_000), Fraction(start + length, 48_000)),
    st.integers(-5000, 20_000),
    st.integers(1, 10**6),
)


@given(st.lists(st.tuples(durations, soundings), min_size=1, max_size=40))
def test_each_clips_sound_is_at_most_half_a_packet_off(clips: list[tuple[Fraction, Sounding | None]]) -> None:
    starts = starts_of([duration for duration, _ in clips])
    sounds = [sound for _, sound in clips]

    placed = places(starts, sounds, STEP)

    origin = origin_of(sounds, STEP)
    for start, sound, place in zip(starts, sounds, placed, strict=False):
        if sound is None or place is None:
            assert sound is None
            assert place is None
            continue
        meant = start + first_taken(sound, STEP)
        if meant >= origin:
            assert abs(origin + place.slot * STEP - meant) <= STEP / 2


@given(st.lists(st.tuples(durations, soundings), min_size=1, max_size=40))
def test_a_clips_sound_ends_where_the_next_one_begins(clips: list[tuple[Fraction, Sounding | None]]) -> None:
    placed = places(starts_of([duration for duration, _ in clips]), [sound for _, sound in clips], STEP)

    for one, following in pairwise(placed):
        if one is not None and following is not None:
            assert one.limit == following.slot


def test_the_packet_that_prepares_the_decoder_is_taken_and_none_before_it() -> None:
    usual = Sounding(Fraction(-1024, 48_000), Fraction(1))
    long = Sounding(Fraction(-2112, 48_000), Fraction(1))

    assert first_taken(usual, STEP) == usual.start
    assert first_taken(long, STEP) == long.start + STEP


def test_parameter_sets_are_put_behind_the_mark_of_an_access_unit() -> None:
    def unit(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    header = b"\x01\x64\0\x0a\xff\xe1\0\x03\x67ab\x01\0\x02\x68c"
    mark, picture = unit(b"\x09\xf0"), unit(b"\x65picture")

    sets = sets_of(header, "h264")
    whole = with_sets(mark + picture, sets, "h264")

    assert sets == unit(b"\x67ab") + unit(b"\x68c")
    assert whole == mark + sets + picture
    assert sets_in(whole, "h264") == sets
    assert sets_in(picture, "h264") == b""
