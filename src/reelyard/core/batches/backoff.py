"""When a passing fault is tried again, and how many such tries go out at once.

Pure: time passes by the arguments, chance by a function. Two things keep a thousand items that failed
together from coming back together: each waits a little more or less than the schedule says, and a budget
lets second tries through at a steady rate beside the first ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

LONGEST_WAIT_S = 3600.0
Random = Callable[[], float]  # uniform in [0, 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds before the first, second … automatic retry; the last holds for all that follow."""

    delays_s: tuple[float, ...] = (60.0, 300.0, 900.0)
    jitter: float = 0.2  # of the delay, up and down
    cap_s: float = LONGEST_WAIT_S  # never longer, jitter included

    def __post_init__(self) -> None:
        if not self.delays_s or min(self.delays_s) < 0:
            raise ValueError("a schedule needs at least one delay, and none below zero")
        if not 0 <= self.jitter < 1:
            raise ValueError("jitter is a share of the delay: at least 0 and less than 1")


def delay_s(schedule: Schedule, retry: int, random: Random) -> float:
    """How long the `retry`-th retry (1 is the first) waits, in seconds; ValueError below 1.

    Where a delay with its jitter would pass the cap, the whole spread is moved below it: cutting it off
    would bring many back in the same second.
    """
    if retry < 1:
        raise ValueError("retries are counted from 1")
    base = schedule.delays_s[min(retry, len(schedule.delays_s)) - 1]
    base = min(base, schedule.cap_s / (1 + schedule.jitter))
    return base * (1 + schedule.jitter * (2 * random() - 1))


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """How many second tries may begin: a share of the first ones, and a trickle when there are none.

    `balance` is what may begin now. It never grows above `burst_s` seconds of the trickle, so nothing is
    saved up for a peak.
    """

    balance: float = 0.0
    share: float = 0.1  # second tries for each first one
    trickle_per_s: float = 10.0  # so that work goes on where every item is a second try
    burst_s: float = 1.0

    def refilled(self, elapsed_s: float, first_tries: int = 0) -> RetryBudget:
        """The budget after `elapsed_s` seconds in which `first_tries` began."""
        if elapsed_s < 0:
            raise ValueError("time does not run backwards")
        earned = elapsed_s * self.trickle_per_s + first_tries * self.share
        ceiling = max(1.0, self.burst_s * self.trickle_per_s, first_tries * self.share)
        return replace(self, balance=min(self.balance + earned, ceiling))

    def granted(self, wanted: int) -> tuple[int, RetryBudget]:
        """How many of the `wanted` may begin now, and the budget that is left."""
        count = min(wanted, int(self.balance))
        return count, replace(self, balance=self.balance - count)
