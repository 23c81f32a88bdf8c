"""The limits of a user's plan, asked before anything is taken on. What is counted is counted in the database.

Every check gets the open transaction and reads what it has written so far; it raises, and then the caller's
transaction leaves nothing behind. So two requests at the same time never pass one limit together.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import timedelta

from reelyard.core.accounts import repository, usage
from reelyard.core.accounts.tiers import FREE, Tier
from reelyard.db.session import Transaction
from reelyard.errors import QuotaExceeded, RateLimited

HOUR = timedelta(hours=1)


class TierLimits:
    """The plans of this installation by name; who has one that is unknown gets the smallest."""

    def __init__(self, tiers: Mapping[str, Tier]) -> None:
        self._tiers = tiers

    def of(self, tx: Transaction, owner_id: str) -> Tier:
        """The owner's plan."""
        return self._named(repository.tier_names(tx, (owner_id,)).get(owner_id))

    def at_once(self, tx: Transaction, owner_ids: Collection[str]) -> dict[str, int]:
        """How many items of each owner may be at work at once; who is not named has no limit."""
        plans = {
            owner: self._named(name).concurrency
            for owner, name in repository.tier_names(tx, owner_ids).items()
        }
        return {owner: most for owner, most in plans.items() if most is not None}

    def check_rate(self, tx: Transaction, owner_id: str) -> None:
        """Before a batch is made. Deleted ones count too. Raises RateLimited."""
        most = self.of(tx, owner_id).batches_per_hour
        if most is None:
            return
        repository.lock_owner(tx, owner_id)
        newest = repository.batches_made(tx, owner_id, tx.now - HOUR, most)
        if len(newest) < most:
            return
        wait = math.ceil((newest[-1] + HOUR - tx.now).total_seconds())
        raise RateLimited(
            f"{most} batches were made within the last hour, which is the most of your plan.",
            retry_after_s=max(1, wait),
            limit=most,
            window_s=int(HOUR.total_seconds()),
        )

    def check_files(self, tx: Transaction, owner_id: str, number: int) -> None:
        """Before a batch gets so many files. Raises QuotaExceeded."""
        most = self.of(tx, owner_id).files_per_batch
        if most is not None and number > most:
            raise QuotaExceeded(
                f"A batch of your plan holds at most {most:,} files.",
                hint="Put the rest into another batch, or choose a larger plan.",
                limit="files",
                most=most,
            )

    def check_minutes(self, tx: Transaction, owner_id: str) -> None:
        """After work was ordered: what was used this month, and what all that is under way will take. Raises QuotaExceeded.

        A file that is still being looked at counts as a second; it is asked about again when its length is known.
        """
        most = self.of(tx, owner_id).minutes_per_month
        if most is None:
            return
        used = usage.seconds_used(tx, owner_id)
        wanted = repository.seconds_under_way(tx, owner_id)
        if used + wanted > most * 60:
            raise QuotaExceeded(
                f"Your plan has {most:,} minutes a month; {used / 60:,.1f} are used, and what is ordered "
                f"takes {wanted / 60:,.1f} more.",
                hint="Order less, wait for the next month, or choose a larger plan.",
                limit="minutes",
                most=most,
            )

    def check_storage(self, tx: Transaction, owner_id: str, size: int | None) -> None:
        """Before a file is announced; `size` in bytes, None while unknown. Raises QuotaExceeded."""
        most = self.of(tx, owner_id).storage_bytes
        if most is None:
            return
        repository.lock_owner(tx, owner_id)
        stored = repository.bytes_stored(tx, owner_id)
        if stored + max(1, size or 0) > most:
            raise QuotaExceeded(
                f"Your plan holds {most / 1e9:,.1f} GB; {stored / 1e9:,.1f} GB are taken.",
                hint="Delete files that you no longer need, or choose a larger plan.",
                limit="storage",
                most=most,
            )

    def room(self, tx: Transaction, owner_id: str) -> int | None:
        """Bytes that the owner may still store; None is no limit."""
        most = self.of(tx, owner_id).storage_bytes
        return None if most is None else max(0, most - repository.bytes_stored(tx, owner_id))

    def _named(self, name: str | None) -> Tier:
        return self._tiers.get(name or FREE, self._tiers[FREE])
