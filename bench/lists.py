"""How long the first page of a long list takes over HTTP."""

from __future__ import annotations

import time

from bench.result import Result, percentile, tell
from bench.rows import batch_of, empty_files, many_batches
from bench.server import Plan, Site, call, folder, prepared, serving

from reelyard.core.batches.service import BatchOrder

LIMIT_MS = 50.0
ASKED = 200


def run(*, quick: bool) -> list[Result]:
    """20 batches among 100,000, and the first items of 10,000."""
    batches, items = (10_000, 1_000) if quick else (100_000, 10_000)
    with folder() as place:
        tell(f"lists: putting {batches:,} batches and {items:,} items into the database")
        with prepared(place / "data", Plan()) as container:
            many_batches(container, batches, "transcription")
            order = BatchOrder("long", "transcription")
            batch_id = batch_of(container, empty_files(container, items), order)
        with serving(place / "data") as site:
            tell("lists: asking")
            return [
                _asked(site, f"20 among {batches:,} batches", "/api/v1/batches?limit=20"),
                _asked(site, f"first page of {items:,} items", f"/api/v1/batches/{batch_id}/items"),
            ]


def _asked(site: Site, name: str, path: str) -> Result:
    took = []
    with site.connection() as connection:
        for _ in range(5):
            call(connection, "GET", path)
        for _ in range(ASKED):
            begun = time.perf_counter()
            page = call(connection, "GET", path)
            took.append((time.perf_counter() - begun) * 1000)
    note = f"{len(page['data'])} a page, p50 {percentile(took, 0.5):.1f} ms"
    return Result(f"{name}, p95", percentile(took, 0.95), "ms", LIMIT_MS, note=note)
