"""Why something waits, in plain words: what the page shows beside the head of the queue.

Pure: told from the same values as the picks of `fairness`, the strongest reason first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reelyard.engine.fairness import Candidate, Slot, Yard
from reelyard.pipeline.stage import Pool

_POOL_WORDS = {Pool.CPU: "a processor slot", Pool.GPU: "the GPU", Pool.LIGHT: "the light worker"}


@dataclass(frozen=True, slots=True)
class Delay:
    """What holds an item back that is not a candidate yet, or how many are before it if it is one."""

    paused: bool = False
    not_before: datetime | None = None  # in the time zone that the reader lives in
    ahead: int = 0


def why(candidate: Candidate, yard: Yard, delay: Delay | None = None) -> str:
    """One reason, as the end of a sentence that begins with the item's name."""
    delay = delay or Delay()
    if delay.paused:
        return "paused"
    if delay.not_before is not None:
        return f"waits until {delay.not_before:%H:%M} to try again"
    reasons = (*_limits(candidate, yard), *_workers(candidate, yard.slots))
    return next(iter(reasons), None) or _turn(candidate, delay.ahead)


def _limits(candidate: Candidate, yard: Yard) -> Iterator[str]:
    if candidate.admitted:
        return
    running, limits = yard.running, yard.limits
    batch, owner = limits.batches.get(candidate.batch), limits.owners.get(candidate.owner)
    for limit, busy, whose in (
        (batch, running.batches.get(candidate.batch, 0), "the batch's"),
        (owner, running.owners.get(candidate.owner, 0), "your"),
        (limits.machine, running.machine, "the installation's"),
    ):
        if limit is not None and busy >= limit:
            yield f"{busy} of {whose} {limit} slots busy"


def _workers(candidate: Candidate, slots: tuple[Slot, ...]) -> Iterator[str]:
    """What no worker has, busy or free; then what none of those that could do it has free."""
    there = [slot for slot in slots if slot.pool is candidate.pool]
    if not there:
        yield f"needs {_POOL_WORDS[candidate.pool]}, and there is none"
        return
    able = [slot for slot in there if candidate.needs <= slot.has]
    if not able:
        yield f"needs {', '.join(sorted(candidate.needs))}, and no worker has it"
        return
    free = [slot for slot in able if slot.free > 0]
    most = max((slot.memory_mb for slot in free), default=candidate.memory_mb)
    if most < candidate.memory_mb:
        yield f"needs {candidate.memory_mb} MB of memory, {most} MB are free"
    if not free and candidate.pool is Pool.GPU:
        yield "needs the GPU, which is busy"


def _turn(candidate: Candidate, ahead: int) -> str:
    what = f"{ahead} before it" if ahead else "it is next"
    return (
        f"waits for {_POOL_WORDS[candidate.pool]}: {what}"
        if candidate.admitted
        else f"waits for its turn: {what}"
    )
