"""Which way of cutting is cheaper, predicted in seconds of processor time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from reelyard.media.cut_list import CutList
from reelyard.media.info import MediaInfo
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.plan import SmartPlan, plan, refusal
from reelyard.tools.cutting.snapping import snapped

# Measured with x264's veryfast at 30 pictures a second: pixels, processor seconds a second of film.
MEASURED = ((0, 0.05), (1280 * 720, 0.45), (1920 * 1080, 0.74), (3840 * 2160, 2.6))
MEASURED_RATE = 30
DECODING = 0.12  # of encoding
SOUND = 0.012  # a second of sound: decoding and encoding it
COPYING = 1 / 400e6  # a byte of the source
CHILD_S = 0.3  # a process that encodes a batch of heads
BATCHED_S = 12.0
MOST_SHARE = 0.6  # beyond it the pieces cost the picture more than they save


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds of either way."""

    smart_s: float
    full_s: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a film is cut by copying, and why or why not, as a sentence."""

    smart: bool
    reason: str
    cost: Cost | None = None  # None when there was no choice


def predicted_cost(planned: SmartPlan, info: MediaInfo) -> Cost:
    """What both ways are expected to take, sound included."""
    pixels = info.film.width * info.film.height if info.film is not None else 0
    each = _per_second(pixels) * float(planned.rate) / MEASURED_RATE  # a second of film
    seconds, encoded = float(planned.frames / planned.rate), float(planned.encoded / planned.rate)
    extra = float(planned.decoded / planned.rate) - encoded
    sound = SOUND * seconds * len(info.audio)
    children = CHILD_S * (1 + encoded / BATCHED_S) if planned.heads else 0.0
    smart = each * (encoded + DECODING * extra) + children + COPYING * info.size
    return Cost(round(smart + sound + CHILD_S, 3), round(each * seconds + sound + CHILD_S, 3))


def choose(planned: SmartPlan | None, index: FilmIndex, info: MediaInfo) -> Choice:
    """Whether to cut by copying; `planned` is None where `refusal` says no."""
    refused = refusal(index)
    if refused is not None or planned is None:
        return Choice(smart=False, reason=refused or "There is no plan for copying.")
    cost = predicted_cost(planned, info)
    percent = round(100 * planned.share)
    if planned.share > MOST_SHARE:
        why = f"{percent} % of what is kept would have to be encoded anew: keyframes are far apart."
        if index.coding.open_groups:
            why = f"{percent} % of what is kept would have to be encoded anew: most keyframes need pictures before them."
        return Choice(smart=False, reason=why, cost=cost)
    if cost.smart_s > cost.full_s:
        return Choice(smart=False, reason="Encoding all of it takes less time than copying it.", cost=cost)
    return Choice(smart=True, reason=f"Only {percent} % of what is kept is encoded anew.", cost=cost)


@dataclass(frozen=True, slots=True)
class Decision:
    """How a film is rendered: by what list, and by which plan; None when all of it is encoded."""

    cuts: CutList
    plan: SmartPlan | None
    choice: Choice


def decide(cuts: CutList, index: FilmIndex, info: MediaInfo) -> Decision:
    """The cheaper way for these cuts; they are moved to keyframes only where that way is copying."""
    if refusal(index) is not None:
        return Decision(cuts, None, choose(None, index, info))
    moved = snapped(cuts, index)
    planned = plan(moved, index)
    choice = choose(planned, index, info)
    return Decision(moved, planned, choice) if choice.smart else Decision(cuts, None, choice)


def _per_second(pixels: int) -> float:
    """Between the measured sizes, and beyond the largest, along a straight line."""
    for (small, low), (large, high) in pairwise(MEASURED):
        if pixels <= large or large == MEASURED[-1][0]:
            return low + (high - low) * (pixels - small) / (large - small)
    return MEASURED[-1][1]
