"""How a batch went, in figures: kept with it when it ends, and worked out for the moment before."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import BatchStatus
from reelyard.core.batches.models import Batch
from reelyard.core.runs import repository as runs
from reelyard.db.session import Transaction

MOST_FAILURES = 20  # kinds of failure that are told


def summary(tx: Transaction, batch: Batch) -> dict[str, Any]:
    """The report of a batch as a JSON value; times in seconds, sizes in bytes, what is unknown None."""
    counts = repository.counts(tx, batch)
    ended = batch.completed_at or tx.now
    elapsed = (ended - batch.started_at).total_seconds() if batch.started_at is not None else None
    stages = _stages(tx, batch)
    tried = counts.completed + counts.failed
    told = {name: value for name, value in asdict(counts).items() if name != "unrequested"}
    return {
        "batch_id": batch.id,
        "name": batch.name,
        "pipeline": batch.pipeline,
        "status": str(batch.status),
        "final": BatchStatus(batch.status).ended,
        "counts": {"total": counts.total, **told},
        "success_rate": counts.completed / tried if tried else None,
        "elapsed_s": elapsed,
        "work_s": sum(stage["seconds"] for stage in stages),
        "media_s": batch.media_s,
        "media_done_s": batch.media_done_s,
        "bytes": batch.bytes,
        "bytes_done": batch.bytes_done,
        "speed": batch.media_done_s / elapsed if elapsed and batch.media_done_s else None,
        "throughput_mbps": batch.bytes_done / 1e6 / elapsed if elapsed and batch.bytes_done else None,
        "retries": repository.retries(tx, batch),
        "stages": stages,
        "failures": [
            {"code": code or "unknown", "items": number, "message": message or ""}
            for code, number, message in repository.failures(tx, batch, MOST_FAILURES)
        ],
    }


def _stages(tx: Transaction, batch: Batch) -> list[dict[str, Any]]:
    """Per stage, in the order of the pipeline. Durations are added up here: databases differ in how they subtract times."""
    found: dict[str, dict[str, Any]] = {}
    for run in runs.timed_runs(tx, batch.id):
        row = found.setdefault(
            run.stage,
            {"stage": run.stage, "runs": 0, "cached": 0, "failed": 0, "seconds": 0.0, "longest_s": 0.0},
        )
        took = max(0.0, ((run.ended_at or tx.now) - run.started_at).total_seconds())
        row["runs"] += 1
        row["cached"] += run.cached
        row["failed"] += run.failed
        row["seconds"] += took
        row["longest_s"] = max(row["longest_s"], took)
    return list(found.values())
