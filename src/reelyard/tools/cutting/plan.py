"""How a cut list is carried out by copying: what is taken over packet by packet, and what is encoded anew.

A kept range is copied from its first keyframe on, up to a packet at which all pictures so far are whole in decode
order. What lies before that keyframe, the head, is encoded anew, and so are the few pictures after that packet.
Each piece begins with a keyframe, so that the pieces follow each other without regard to what they came from.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import CutList
from reelyard.tools.cutting.film_index import FilmIndex

PROFILES = {66: "baseline", 77: "main", 100: "high"}  # H.264's profile_idc by the encoder's names
FORMATS = ("yuv420p", "yuvj420p")
NUMBERS = range(1, 32)  # ids that both kinds of parameter sets may have
LENGTH_SIZE = 4  # bytes before each unit, in all files but a few


@dataclass(frozen=True, slots=True)
class Head:
    """Frames `start` up to, but not including, `end`, to be encoded anew."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Copy:
    """Packets `first` up to, but not including, `last`, in decode order: `frames` pictures from `start` on."""

    start: int
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class SmartPlan:
    """The film in order, as pieces."""

    rate: Fraction
    pieces: tuple[Head | Copy, ...]
    decoded: int  # frames that have to be decoded to encode the heads

    @property
    def heads(self) -> tuple[Head, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Head))

    @property
    def copied(self) -> tuple[tuple[int, int], ...]:
        """Where in the made film the pieces lie that are copied: its frames, from the first up to the second."""
        found, at = [], 0
        for piece in self.pieces:
            if isinstance(piece, Copy):
                found.append((at, at + len(piece)))
            at += len(piece)
        return tuple(found)

    @property
    def frames(self) -> int:
        return sum(len(piece) for piece in self.pieces)

    @property
    def encoded(self) -> int:
        """Frames that are encoded anew."""
        return sum(len(head) for head in self.heads)

    @property
    def share(self) -> float:
        """The part of the film that is encoded anew, 0 to 1."""
        return self.encoded / self.frames if self.frames else 0.0

    def to_json(self) -> dict[str, Any]:
        pieces = [
            [piece.start, piece.end] if isinstance(piece, Head) else [piece.start, piece.first, piece.last]
            for piece in self.pieces
        ]
        return {"rate": str(self.rate), "decoded": self.decoded, "pieces": pieces}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        data: dict[str, Any] = dict(value)
        pieces = tuple(Head(*piece) if len(piece) == 2 else Copy(*piece) for piece in data["pieces"])
        return cls(Fraction(data["rate"]), pieces, data["decoded"])


def plan(cuts: CutList, index: FilmIndex) -> SmartPlan:
    """The pieces that give exactly what `cuts` keeps. Only for an index that `refusal` lets pass."""
    pieces = [piece for kept in cuts.kept for piece in _pieces(kept.start, kept.end, index)]
    decoded = sum(_decoded(piece, index) for piece in pieces if isinstance(piece, Head))
    return SmartPlan(index.rate, tuple(_joined(pieces)), decoded)


def refusal(index: FilmIndex) -> str | None:
    """Why the film cannot be cut by copying, as a sentence; None when it can."""
    return next((why for applies, why in _hindrances(index) if applies), None)


def _hindrances(index: FilmIndex) -> Iterator[tuple[bool, str]]:
    """What stands against copying, the plainest first, and whether it does."""
    coding = index.coding
    yield (
        coding.codec != "h264",
        f"The pictures are coded in {coding.codec.upper()}, and only H.264 is cut by copying.",
    )
    yield not index.constant, "The frame rate varies, so that the pictures have to be laid on an even grid."
    yield (
        coding.damaged or coding.changes,
        "Parts of the film are damaged, or its coding changes on the way.",
    )
    yield coding.interlaced, "The film is interlaced."
    yield (
        coding.length_size != LENGTH_SIZE,
        "The container holds H.264 in a form that cannot be joined.",
    )
    yield (
        coding.depth > 8 or coding.pixel_format not in FORMATS or coding.profile not in PROFILES,
        f"The pictures are coded as {coding.pixel_format}, in a profile that is not joined.",
    )
    yield (
        not index.points or index.order[index.points[0]] > 0,
        "The film does not begin with a whole picture, or an edit list reorders it.",
    )
    yield free_number(index) is None, "The film uses too many parameter sets."


def free_number(index: FilmIndex) -> int | None:
    """An id for parameter sets that the film does not use."""
    return next((number for number in NUMBERS if number not in index.coding.numbers), None)


def whole_until(index: FilmIndex, group: int, frame: int) -> int:
    """The last frame, at most `frame`, up to which (excluded) the group can be copied; its beginning if none."""
    return max((end for end in _whole_points(index, group) if end <= frame), default=_begin(index, group))


def whole_from(index: FilmIndex, group: int, frame: int) -> int | None:
    """The first frame, at least `frame`, up to which (excluded) the group can be copied; None when there is none."""
    return next((end for end in _whole_points(index, group) if end >= frame), None)


def _whole_points(index: FilmIndex, group: int) -> Iterator[int]:
    """The frames up to which the group is whole after one of its packets, ascending."""
    first, last = index.group(group)
    begin = most = index.order[first]
    for packet in range(first, last):
        most = max(most, index.order[packet])
        if most == begin + packet - first:
            yield most + 1


def _begin(index: FilmIndex, group: int) -> int:
    return index.order[index.points[group]]


def _pieces(start: int, end: int, index: FilmIndex) -> Iterator[Head | Copy]:
    group = bisect_left(index.points, start, key=index.order.__getitem__)
    at = _begin(index, group) if group < len(index.points) else end
    if at > start:
        yield Head(start, min(at, end))
    while at < end:
        first, last = index.group(group)
        whole = at + last - first
        until = whole if whole <= end else whole_until(index, group, end)
        if until > at:
            yield Copy(at, first, first + until - at)
        if until < min(whole, end):
            yield Head(until, end)
            return
        at, group = until, group + 1


def _joined(pieces: Iterable[Head | Copy]) -> Iterator[Head | Copy]:
    """Groups that follow each other in the file as one piece."""
    before: Head | Copy | None = None
    for piece in pieces:
        if isinstance(before, Copy) and isinstance(piece, Copy) and before.last == piece.first:
            before = Copy(before.start, before.first, piece.last)
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before


def _decoded(head: Head, index: FilmIndex) -> int:
    group = index.group_of(head.start)
    return head.end - (head.start if group is None else _begin(index, group))
