"""By which ways a film can be made of its cut list: the cheapest first, the last one gives any film; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reelyard.tools.cutting.cost import choose
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.plan import plan, refusal
from reelyard.tools.rendering.copying import can_be_copied
from reelyard.tools.rendering.order import Order
from reelyard.tools.rendering.target import needs_encoding, needs_sound_encoding

STAMPED_EXACTLY = ("mp4", "mov")  # Matroska rounds time stamps to milliseconds: a plain copy keeps the error
PACKET_S = 0.03  # of sound: where a track ends is known no better


class Method(StrEnum):
    """How it is done."""

    COPY = "copy"  # the streams as they are
    CUT = "cut"  # pictures by packet, heads encoded; the sound encoded
    ENCODE = "encode"  # everything anew


@dataclass(frozen=True, slots=True)
class Way:
    """How a film is made, what that is called, and why so."""

    method: Method
    told: str
    reason: str


def ways(order: Order, index: FilmIndex) -> tuple[Way, ...]:
    """What to try, in order."""
    reasons = needs_encoding(order.source.info, order.target)
    if reasons:
        return (Way(Method.ENCODE, "encoded", " ".join(reasons)),)
    planned = None if refusal(index) else plan(order.cuts, index)
    choice = choose(planned, index, order.source.info)
    found: tuple[Way, ...] = (Way(Method.ENCODE, "encoded", choice.reason),)
    if choice.smart and order.cuts.cuts_nothing:
        why = "Nothing is cut; the sound is encoded so that it begins and ends with the picture."
        found = (Way(Method.CUT, "copied", why), *found)
    elif choice.smart:
        found = (Way(Method.CUT, "smart cut", choice.reason), *found)
    if _copies_right(order, index):
        found = (Way(Method.COPY, "copied", "Nothing is cut and nothing has to be encoded."), *found)
    return found


def _copies_right(order: Order, index: FilmIndex) -> bool:
    """Whether a plain copy can be expected to be exact: steady, well stamped, sound and picture together."""
    info = order.source.info
    if not index.constant or not can_be_copied(order):
        return False
    if needs_sound_encoding(info, order.target):
        return True  # then the sound is placed anew
    picture, most = float(index.frames / index.rate), float(1 / index.rate) + PACKET_S
    together = all(abs((sound.duration_s or picture) - picture) <= most for sound in info.audio)
    begins = index.sound_start is None or abs(float(index.sound_start - index.start)) <= most
    return info.format in STAMPED_EXACTLY and together and begins
