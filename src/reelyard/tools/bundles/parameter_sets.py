"""Parameter sets of H.264 and HEVC: what a decoder has to know, beside the pictures or among them; pure.

A file has one place for them, before all pictures. Films that were encoded otherwise bring others; those are put
among the pictures, before each from which one can start, so that a player has the right ones wherever it begins.
"""

from __future__ import annotations

from collections.abc import Iterator

H264_SETS = frozenset({7, 8})  # SPS, PPS
HEVC_SETS = frozenset({32, 33, 34})  # VPS, SPS, PPS


def length_size(extradata: bytes, codec: str) -> int:
    """How many bytes tell each unit's length; 0 when the stream is not of the form that MP4 and Matroska use."""
    if codec == "h264":
        return (extradata[4] & 3) + 1 if len(extradata) > 6 and extradata[0] == 1 else 0
    return (extradata[21] & 3) + 1 if len(extradata) > 22 and extradata[0] == 1 else 0


def sets_of(extradata: bytes, codec: str) -> bytes:
    """The parameter sets that stand in a file's header, as they stand in a packet (lengths of four bytes)."""
    units = _of_h264(extradata) if codec == "h264" else _of_hevc(extradata)
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)


def sets_in(packet: bytes, codec: str) -> bytes:
    """The parameter sets that stand in a packet (lengths of four bytes), as they stand there."""
    kinds = H264_SETS if codec == "h264" else HEVC_SETS
    found = b""
    for unit in _units(packet):
        kind = unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63
        if kind in kinds:
            found += len(unit).to_bytes(4, "big") + unit
    return found


def with_sets(packet: bytes, sets: bytes, codec: str) -> bytes:
    """The packet with `sets` before its pictures, behind the mark of an access unit, which has to be first."""
    mark = 9 if codec == "h264" else 35
    first = next(_units(packet), b"")
    kind = (first[0] & 31 if codec == "h264" else first[0] >> 1 & 63) if first else -1
    at = 4 + len(first) if kind == mark else 0
    return packet[:at] + sets + packet[at:]


def _units(packet: bytes) -> Iterator[bytes]:
    at = 0
    while at + 4 < len(packet):
        length = int.from_bytes(packet[at : at + 4], "big")
        if length == 0 or at + 4 + length > len(packet):
            return
        yield packet[at + 4 : at + 4 + length]
        at += 4 + length


def _of_h264(extradata: bytes) -> Iterator[bytes]:
    """ISO/IEC 14496-15, 5.3.3.1.2: SPS counted in five bits, PPS in eight, each with a length of two bytes."""
    if len(extradata) < 7:
        return
    at = 5
    for mask in (31, 255):
        count = extradata[at] & mask if at < len(extradata) else 0
        at += 1
        for _ in range(count):
            length = int.from_bytes(extradata[at : at + 2], "big")
            yield extradata[at + 2 : at + 2 + length]
            at += 2 + length


def _of_hevc(extradata: bytes) -> Iterator[bytes]:
    """ISO/IEC 14496-15, 8.3.3.1.2: arrays by type, each unit with a length of two bytes."""
    if len(extradata) < 23:
        return
    at = 23
    for _ in range(extradata[22]):
        kind, count = extradata[at] & 63, int.from_bytes(extradata[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            length = int.from_bytes(extradata[at : at + 2], "big")
            if kind in HEVC_SETS:
                yield extradata[at + 2 : at + 2 + length]
            at += 2 + length
