"""The pictures of a batch in decode order: those that were encoded, and between them those that need no encoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reelyard.tools.cutting.records import Record
from reelyard.tools.slideshow.slices import START, Numbering, Skip, renumbered

OFTEN = 16  # frames after which a held picture becomes a reference, so that places can be counted on


@dataclass(slots=True)
class Weaver:
    """Numbers pictures as they are decoded. `stamp` of a record is its place, counted from the batch's beginning."""

    numbering: Numbering
    still: Skip
    blend: Skip
    _key: int = field(default=0, init=False)  # place of the last keyframe
    _frame: int = field(default=0, init=False)  # references since then
    _owed: range = field(default=range(0), init=False)  # places of the blend before the next stop

    def stop(self, stop: dict[str, Any], slice_: bytes) -> Iterator[Record]:
        """A picture that was encoded (or that keyframe once more), the blend before it, and what it holds."""
        place = stop["place"]
        if stop["key"]:
            self._key, self._frame = place, 0
            yield Record(START + slice_, place)
        else:
            yield self._record(place, renumbered(slice_, *self._numbers(place)))
        self._frame += 1
        for between in self._owed:
            yield self._record(between, self.blend.unit(*self._numbers(between)))
        yield from self._hold(place + 1, stop["held"], last=stop["blended"] > 0)
        begin = place + 1 + stop["held"]
        self._owed = range(begin, begin + stop["blended"])

    def _hold(self, begin: int, count: int, *, last: bool) -> Iterator[Record]:
        for done in range(1, count + 1):
            place = begin + done - 1
            reference = not done % OFTEN or (last and done == count)
            yield self._record(place, self.still.unit(*self._numbers(place), reference=reference))
            self._frame += reference

    def _numbers(self, place: int) -> tuple[Numbering, int, int]:
        return self.numbering, self._frame, 2 * (place - self._key)

    def _record(self, place: int, unit: bytes) -> Record:
        return Record(START + unit, place, key=False)
