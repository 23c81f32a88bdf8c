"""Where each clip's pictures and packets of sound go, so that sound and picture stand together at every join; pure.

Pictures are placed exactly. Packets of sound have one length and follow one another without a gap, since players
count samples: so those of a clip begin at the place of the whole row that is nearest to where they belong. They are
off by half a packet at most (11 ms), and as each clip is placed anew, nothing adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Sounding:
    """The sound of one clip: when its first packet and its end are, in seconds, 0 being the clip's first picture."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Place:
    """Where one clip's sound goes, in places of the row of packets."""

    slot: int  # of the first packet that is taken
    limit: int  # places from here on are the next clip's
    first: Fraction  # seconds: when that packet is, on the clip's own clock; those before it are left out


def starts_of(durations: Sequence[Fraction]) -> list[Fraction]:
    """When each clip begins, and at last when the whole ends."""
    return list(accumulate(durations, initial=Fraction(0)))


def origin_of(sounds: Sequence[Sounding | None], step: Fraction) -> Fraction:
    """When place 0 of the row is: where the first clip's packets are, that need not be moved then."""
    return first_taken(sounds[0], step) if sounds and sounds[0] is not None else Fraction(0)


def first_taken(sound: Sounding, step: Fraction) -> Fraction:
    """When the first packet is that is worth taking: one before the beginning, which the decoder starts on."""
    early = -sound.start - step * 3 / 2
    return sound.start + max(0, -(-early // step)) * step


def places(
    starts: Sequence[Fraction], sounds: Sequence[Sounding | None], step: Fraction
) -> list[Place | None]:
    """The places of each clip's sound; None for a clip without. `starts` is of `starts_of`, `step` in seconds."""
    origin = origin_of(sounds, step)
    firsts = [None if sound is None else first_taken(sound, step) for sound in sounds]
    slots = [
        max(0, round((start + (first or 0) - origin) / step))
        for start, first in zip(starts, [*firsts, None], strict=True)
    ]
    return [
        None if first is None else Place(slot, limit, first)
        for slot, limit, first in zip(slots, slots[1:], firsts, strict=False)
    ]
