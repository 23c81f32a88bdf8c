"""What each plan includes, as data; an installation may set other figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tier:
    """What a user of this plan may have; None is no limit of the plan's own."""

    name: str
    files_per_batch: int | None
    concurrency: int | None  # items at work at once, over all of the user's batches
    batches_per_hour: int | None
    minutes_per_month: int | None  # of media that was completed, in a calendar month of UTC
    storage_bytes: int | None
    priority: int  # of a batch that is ordered without one, 0 to 10


FREE, CREATOR, PRO, LOCAL = "free", "creator", "pro", "local"
TIERS: Mapping[str, Tier] = {
    tier.name: tier
    for tier in (
        Tier(FREE, 3, 1, 5, 120, 5 * GB, 5),
        Tier(CREATOR, 20, 3, 20, 1_200, 100 * GB, 5),
        Tier(PRO, 50, 5, 20, 6_000, 500 * GB, 7),
        Tier(LOCAL, 10_000, None, None, None, None, 5),  # one-user mode: what the machine allows
    )
}
