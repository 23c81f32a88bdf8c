"""As much of H.264 as cutting by copy needs: units, parameter sets, and the box that holds them (avcC).

Fields and numbers by ITU-T H.264 (units 7.3.1, parameter sets 7.3.2) and ISO/IEC 14496-15, 5.3.3 (avcC).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reelyard.tools.cutting.bits import Bits

SLICE, IDR, SPS, PPS = 1, 5, 7, 8
PICTURE = (SLICE, IDR)
WITH_CHROMA = (100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135)  # profiles that name it
SHORTEST_BOX = 7
MOST_SPS, MOST_PPS = 31, 255  # what the box can count


@dataclass(frozen=True, slots=True)
class Sequence:
    """What a sequence parameter set says."""

    number: int
    profile: int
    constraints: int
    level: int
    chroma: int = 1  # 1: 4:2:0
    depth: int = 8  # bits of a sample
    interlaced: bool = False  # may hold fields


@dataclass(frozen=True, slots=True)
class Box:
    """The decoder configuration of a stream whose units are preceded by their length."""

    head: bytes  # version, profile, compatibility, level
    length_size: int
    sequences: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    tail: bytes = b""  # chroma and depth, for the high profiles

    @classmethod
    def read(cls, data: bytes) -> Box:
        """Raises ValueError when `data` is no such box, or is cut off."""
        if len(data) < SHORTEST_BOX or data[0] != 1:
            raise ValueError("the stream has no avcC box")
        sequences, at = _sets(data, 6, data[5] & 31)
        if at >= len(data):
            raise ValueError("the avcC box ends early")
        pictures, at = _sets(data, at + 1, data[at])
        return cls(data[:4], (data[4] & 3) + 1, sequences, pictures, data[at:])

    def __bytes__(self) -> bytes:
        return b"".join(
            (
                self.head,
                bytes((0xFC | (self.length_size - 1), 0xE0 | len(self.sequences))),
                *(_counted(unit) for unit in self.sequences),
                bytes((len(self.pictures),)),
                *(_counted(unit) for unit in self.pictures),
                self.tail,
            )
        )

    def joined(self, sequences: tuple[bytes, ...], pictures: tuple[bytes, ...]) -> Box:
        """With the parameter sets of another encoding beside its own."""
        both = replace(self, sequences=(*self.sequences, *sequences), pictures=(*self.pictures, *pictures))
        if len(both.sequences) > MOST_SPS or len(both.pictures) > MOST_PPS:
            raise ValueError("the stream has too many parameter sets")
        return both


def _sets(data: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    found = []
    for _ in range(count):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or end <= at + 2:
            raise ValueError("the avcC box ends early")
        found.append(data[at + 2 : end])
        at = end
    return tuple(found), at


def _counted(unit: bytes) -> bytes:
    return len(unit).to_bytes(2, "big") + unit


def kind(unit: bytes) -> int:
    """The type of a unit; one with no byte has none."""
    return unit[0] & 31 if unit else 0


def is_reference(unit: bytes) -> bool:
    """Whether other pictures may refer to the one that this unit belongs to (nal_ref_idc, 7.4.1)."""
    return bool(unit) and unit[0] & 0x60 != 0


def units(packet: bytes | memoryview, length_size: int = 4) -> Iterator[bytes]:
    """The units of a packet as MP4 and Matroska hold it; what is cut off at its end is left out."""
    at = 0
    while at + length_size <= len(packet):
        end = at + length_size + int.from_bytes(packet[at : at + length_size], "big")
        if end > len(packet):
            return
        if end > at + length_size:
            yield bytes(packet[at + length_size : end])
        at = end


def annexb_units(packet: bytes) -> Iterator[bytes]:
    """The units of a packet as encoders give it: each after a start code."""
    at = packet.find(b"\x00\x00\x01")
    while at >= 0:
        following = packet.find(b"\x00\x00\x01", at + 3)
        unit = packet[at + 3 : following if following >= 0 else len(packet)]
        if following >= 0:
            unit = unit.rstrip(b"\x00")  # the longer start code's first byte
        if unit:
            yield unit
        at = following


def sequence_of(unit: bytes) -> Sequence:
    """Read a sequence parameter set up to what matters here; raises ValueError when it is damaged."""
    bits = Bits(unit)
    profile, constraints, level = bits.take(8), bits.take(8), bits.take(8)
    number, chroma, depth = bits.unsigned(), 1, 8
    if profile in WITH_CHROMA:
        chroma = bits.unsigned()
        if chroma == 3:
            bits.flag()
        depth = 8 + max(bits.unsigned(), bits.unsigned())
        bits.flag()
        if bits.flag():
            _skip_matrices(bits, 8 if chroma != 3 else 12)
    bits.unsigned()  # bits of the frame number
    _skip_order(bits)
    bits.unsigned()  # reference pictures
    bits.flag()
    bits.unsigned()  # width and height
    bits.unsigned()
    return Sequence(number, profile, constraints, level, chroma, depth, interlaced=not bits.flag())


def picture_number(unit: bytes) -> int:
    """The id of a picture parameter set."""
    return Bits(unit).unsigned()


def _skip_matrices(bits: Bits, count: int) -> None:
    for index in range(count):
        if not bits.flag():
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.signed()) % 256
            last = following or last


def _skip_order(bits: Bits) -> None:
    match bits.unsigned():
        case 0:
            bits.unsigned()
        case 1:
            bits.flag()
            bits.signed()
            bits.signed()
            for _ in range(bits.unsigned()):
                bits.signed()
        case _:
            pass
