"""Slices that hold no picture of their own: H.264 headers read and written anew.

A picture that repeats another, or lies between two, needs no encoder. A P picture all of whose blocks are skipped
shows the picture before it once more; a B picture all of whose blocks are skipped is blended from its neighbours by
its distance from them (implicit weights, ITU-T H.264, 8.4.2.3.1). What such a slice says is the same for all
pictures of a size; only its place differs, which stands in its header: frame_num and pic_order_cnt_lsb (7.3.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reelyard.tools.cutting.bits import Bits

START: Final = b"\0\0\0\1"
P, B = 0, 1  # types of slices, modulo 5
UNSAFE: Final = re.compile(rb"\0\0(?=[\0-\3])")
HEAD: Final = 32  # bytes in which a header ends
REFERENCE: Final = 0x40  # nal_ref_idc


@dataclass(frozen=True, slots=True)
class Numbering:
    """How many bits a stream's headers have for a picture's number and place."""

    frame: int
    place: int

    @classmethod
    def of(cls, sequence: bytes) -> Numbering:
        """Read it from a sequence parameter set of ours (7.3.2.1.1); raises ValueError for another sort."""
        bits = Bits(sequence)
        bits.take(24)
        bits.unsigned()
        if bits.unsigned() != 1 or bits.unsigned() or bits.unsigned() or bits.flag() or bits.flag():
            raise ValueError("the stream is not 4:2:0 in 8 bits with flat matrices")
        frame = bits.unsigned() + 4
        if bits.unsigned():
            raise ValueError("the stream does not number the places of its pictures")
        return cls(frame, bits.unsigned() + 4)


@dataclass(frozen=True, slots=True)
class Skip:
    """A slice of nothing but skipped blocks, for any place."""

    kind: int  # P or B
    tail: str  # what its header holds after the place, as 0 and 1, without the mark of a reference
    data: bytes

    @classmethod
    def of(cls, unit: bytes, numbering: Numbering) -> Skip:
        """Read it from an encoder's slice; raises ValueError when its header holds what is not expected."""
        payload = _bare(unit)
        bits, at = _text(payload[1 : 1 + HEAD]), _Place(0)
        at.unsigned(bits)
        kind = at.unsigned(bits) % 5
        at.unsigned(bits)
        at.by(numbering.frame + numbering.place)
        begin = at.bit
        at.by(1 if kind == B else 0)  # direct_spatial_mv_pred_flag
        flags = (
            2 if kind == P else 3
        )  # num_ref_idx_active_override_flag, ref_pic_list_modification_flag_l0, _l1
        at.by(flags)
        marked = at.bit
        if "1" in bits[marked - flags : marked]:
            raise ValueError("a skipped picture has its own list of references")
        if unit[0] & 0x60:
            at.by(1)  # adaptive_ref_pic_marking_mode_flag
        rest = at.bit
        at.unsigned(bits)  # cabac_init_idc
        at.unsigned(bits)  # slice_qp_delta
        if at.unsigned(bits) != 1:
            at.unsigned(bits)
            at.unsigned(bits)
        return cls(kind, bits[begin:marked] + bits[rest : at.bit], payload[1 + -(-at.bit // 8) :])

    def unit(self, numbering: Numbering, frame: int, place: int, *, reference: bool = False) -> bytes:
        """The slice as the picture `frame`, shown at `place`; others may refer to it if it is a `reference`."""
        flags = 2 if self.kind == P else 4
        bits = (
            "1" + ("00110" if self.kind == P else "00111") + "1"
            + _number(frame, numbering.frame) + _number(place, numbering.place)
            + self.tail[:flags] + ("0" if reference else "") + self.tail[flags:]
        )  # fmt: skip
        bits += "1" * (-len(bits) % 8)
        head = bytes((1 | (REFERENCE if reference else 0),)) + _bytes(bits)
        return _guarded(head + self.data)


def renumbered(unit: bytes, numbering: Numbering, frame: int, place: int) -> bytes:
    """A P slice with content as the picture `frame` shown at `place`."""
    payload = _bare(unit)
    bits, at = _text(payload[1 : 1 + HEAD]), _Place(0)
    for _ in range(3):
        at.unsigned(bits)
    end = at.bit + numbering.frame + numbering.place
    numbers = _number(frame, numbering.frame) + _number(place, numbering.place)
    head = _bytes(bits[: at.bit] + numbers + bits[end:])
    return _guarded(payload[:1] + head + payload[1 + HEAD :])


class _Place:
    """Where one reads in a row of bits."""

    def __init__(self, bit: int) -> None:
        self.bit = bit

    def by(self, count: int) -> None:
        self.bit += count

    def unsigned(self, bits: str) -> int:
        """ue(v), 9.1"""
        one = bits.find("1", self.bit)
        zeros = one - self.bit
        if one < 0 or one + zeros + 1 > len(bits):
            raise ValueError("the header of a picture ends early")
        self.bit = one + zeros + 1
        return int(bits[one : self.bit], 2) - 1


def _number(value: int, bits: int) -> str:
    return f"{value % (1 << bits):0{bits}b}"


def _text(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


def _bytes(bits: str) -> bytes:
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _bare(unit: bytes) -> bytes:
    """Without the bytes that keep start codes from appearing in it (7.4.1.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")


def _guarded(payload: bytes) -> bytes:
    guarded = UNSAFE.sub(b"\0\0\3", payload)
    return guarded + b"\3" if guarded.endswith(b"\0\0") else guarded
