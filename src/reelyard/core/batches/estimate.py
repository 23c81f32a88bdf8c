"""How long stages take, learnt from those that have ended: the same pipeline, stage and tools only.

Pure values. What was never seen is unknown: a declared cost is good enough to share slots by, and not to
promise anything by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

NEWEST = 0.2  # how much the newest stage weighs against all before it
OWN_PACE_FROM = 0.1  # of a running stage must be done before its own pace is believed


@dataclass(frozen=True, slots=True)
class Kind:
    """What is comparable. `tools` names what `auto` was resolved to, and its digest."""

    pipeline: str
    stage: str
    tools: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to do: by the media's duration where it has one, else by bytes."""

    media_s: float | None
    size: int = 0  # bytes

    @property
    def by_media(self) -> bool:
        return bool(self.media_s)

    @property
    def amount(self) -> float:
        """Seconds of media, or megabytes of 1,000,000 bytes; never nothing: every stage costs a little."""
        return max(0.01, self.media_s or self.size / 1e6)


@dataclass(frozen=True, slots=True)
class Rate:
    """Seconds of work per unit: a mean that forgets, by amount, and how far off single stages were."""

    work_s: float
    amount: float
    count: int
    error: float  # mean of |took / expected - 1|

    @property
    def per_unit(self) -> float:
        return self.work_s / self.amount


Rates: TypeAlias = Mapping[tuple[Kind, bool], Rate]  # the flag: by media


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds of work to do; how far off one stage may be, and how far all of its kind together."""

    seconds: float
    own_error_s: float
    shared_error_s: float


def learn(rates: Rates, kind: Kind, size: Size, took_s: float) -> Rates:
    """The rates after one more stage has ended well. Do not teach what came from the cache, or failed."""
    key = (kind, size.by_media)
    old = rates.get(key)
    if old is None:
        return {**rates, key: Rate(took_s, size.amount, 1, 0.5)}
    # Every stage weighs alike until there are enough to forget the oldest.
    share = max(NEWEST, 1 / (old.count + 1))
    expected = max(old.per_unit * size.amount, 1e-9)
    return {
        **rates,
        key: Rate(
            work_s=old.work_s * (1 - share) + took_s * share,
            amount=old.amount * (1 - share) + size.amount * share,
            count=old.count + 1,
            error=old.error * (1 - share) + abs(took_s / expected - 1) * share,
        ),
    }


def whole(rates: Rates, kind: Kind, size: Size) -> Estimate | None:
    """What a stage that has not begun will take; None when none of its kind has ended yet."""
    rate = rates.get((kind, size.by_media))
    if rate is None:
        return None
    seconds = rate.per_unit * size.amount
    certain = min(rate.count, 1 / NEWEST)
    return Estimate(seconds, seconds * rate.error, seconds * rate.error / certain**0.5)


def rest(known: Estimate | None, fraction: float, elapsed_s: float) -> Estimate | None:
    """What a running stage still takes: what is known of its kind, and more and more its own pace."""
    fraction = min(1.0, max(0.0, fraction))
    left = 1 - fraction
    if fraction < OWN_PACE_FROM:
        return None if known is None else _scaled(known, left)
    own = elapsed_s / fraction
    if known is None:
        return Estimate(own * left, own * left * 0.5, 0.0)
    mixed = known.seconds * left + own * fraction
    return Estimate(mixed * left, known.own_error_s * left, known.shared_error_s * left)


def _scaled(estimate: Estimate, share: float) -> Estimate:
    return Estimate(estimate.seconds * share, estimate.own_error_s * share, estimate.shared_error_s * share)
