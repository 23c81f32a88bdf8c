"""H.264 as far as cutting reads it: parameter sets, boxes, units."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reelyard.tools.cutting import h264

SPS = bytes.fromhex("6764000b4b2d051bf26022000003000200000300641e285540")  # x264's, number 1
PPS = bytes.fromhex("684af023cb")


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
