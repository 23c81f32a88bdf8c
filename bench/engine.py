"""How many items the engine takes through its books in a second, when the work itself costs nothing."""

from __future__ import annotations

from datetime import datetime

from bench.pipelines import NAMES
from bench.result import Result, tell
from bench.rows import batch_of, empty_files
from bench.server import Plan, folder, prepared, serving

from reelyard.core.batches.service import BatchOrder

LIMIT = 100.0  # items a second


def run(*, quick: bool) -> list[Result]:
    """10,000 empty items through start, claim, worker, result and settling."""
    count = 1_000 if quick else 10_000
    plan = Plan(NAMES)
    with folder() as place:
        tell(f"engine: putting {count:,} files into a batch")
        with prepared(place / "data", plan) as container:
            batch_id = batch_of(
                container, empty_files(container, count), BatchOrder("many", "noop", concurrency=10)
            )
        with serving(place / "data", plan) as site:
            tell("engine: working")
            site.call("POST", f"/api/v1/batches/{batch_id}/start")
            batch = site.ended(batch_id, 60 + count / 10, every=0.5)
    done = batch["counts"]["completed"]
    if done != count:
        raise RuntimeError(f"{count - done} of {count} items did not complete")
    took = datetime.fromisoformat(batch["completed_at"]) - datetime.fromisoformat(batch["started_at"])
    rate = count / took.total_seconds()
    return [Result(f"{count:,} empty items", rate, "items/s", LIMIT, at_most=False)]
