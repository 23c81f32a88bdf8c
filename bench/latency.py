"""How long a change of state and a step of progress are on their way to who watches."""

from __future__ import annotations

from bench.listening import Listener, listening
from bench.pipelines import NAMES
from bench.result import Result, percentile, tell
from bench.rows import batch_of, empty_files
from bench.server import Plan, Site, folder, prepared, serving, wait_until

from reelyard.core.batches.service import BatchOrder

EVENT_LIMIT_MS = 150.0
PROGRESS_LIMIT_MS = 1000.0
PROGRESS_RATE = 2.2  # messages a second and item: two, and one more at either end


def run(*, quick: bool) -> list[Result]:
    """Server-sent events over HTTP: of empty items at full speed, then of two stages that tell the time."""
    count, seconds = (500, 5.0) if quick else (4_000, 20.0)
    plan = Plan(NAMES)
    with folder() as place:
        with prepared(place / "data", plan) as container:
            files = empty_files(container, count)
            many = batch_of(container, files, BatchOrder("many", "noop", concurrency=10))
            order = BatchOrder("two", "ticker", settings={"seconds": seconds}, concurrency=2)
            two = batch_of(container, files[:2], order)
        with serving(place / "data", plan) as site:
            return [_events(site, many, count), *_progress(site, two, seconds)]


def _events(site: Site, batch_id: str, count: int) -> Result:
    tell(f"latency: events of {count:,} empty items")
    with listening(site) as listener:
        site.call("POST", f"/api/v1/batches/{batch_id}/start")
        _await(listener, "batch.ended", 60 + count / 10)
    delays = [one.delay * 1000 for one in listener.events()]
    note = f"p50 {percentile(delays, 0.5):.0f} ms, worst {max(delays):.0f} ms of {len(delays):,} events"
    return Result("state change → client, p99", percentile(delays, 0.99), "ms", EVENT_LIMIT_MS, note=note)


def _progress(site: Site, batch_id: str, seconds: float) -> list[Result]:
    tell("latency: progress")
    with listening(site) as listener:
        site.call("POST", f"/api/v1/batches/{batch_id}/start")
        _await(listener, "batch.ended", 60 + 2 * seconds)
    told = [one for one in listener.of("progress") if (one.data.get("live") or {}).get("at")]
    delays = [(one.at - one.data["live"]["at"]) * 1000 for one in told]
    note = f"p50 {percentile(delays, 0.5):.0f} ms of {len(delays)} messages"
    return [
        Result("progress → client, p99", percentile(delays, 0.99), "ms", PROGRESS_LIMIT_MS, note=note),
        Result("progress of an item", len(told) / 2 / seconds, "a second", PROGRESS_RATE),
    ]


def _await(listener: Listener, name: str, seconds: float) -> None:
    wait_until(lambda: any(one.name == name for one in listener.heard[-20:]), seconds, 0.05, name)
