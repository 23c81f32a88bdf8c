"""A live stream over hours: `python -m tests.endurance --hours 2`. Outside the tests, since it takes as long as it says.

A real server works on a batch of films for so long, as if they were long ones. One reader follows it by the
founding front end's EventSource from beginning to end, another loses its line every few minutes and comes back with
Last-Event-ID. In the end both must have heard the same, without a gap, never a silence of more than 20 s, and the
server must not have grown.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import struct
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import structlog
from tests.acceptance.video_front_end import ApiClient, EventSource
from tests.endurance.films import NAME, SECONDS
from tests.faults.server import Server

from reelyard.storage.datafolder import holder
from reelyard.testing.media import MediaMaker

FILMS_AN_HOUR, FEWEST, MOST_FILMS = 12, 4, 48
MOST_SILENT_S = 20.0
WARM = 0.2  # of the time: what is loaded once is not growth
GROWTH_MB, GROWTH_MB_PER_HOUR = 8.0, 4.0
TOLD_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Run:
    """How long, and how rough."""

    hours: float
    drop_every_s: float
    look_every_s: float = 5.0

    @property
    def seconds(self) -> float:
        return self.hours * 3600

    @property
    def films(self) -> int:
        return min(max(FEWEST, round(self.hours * FILMS_AN_HOUR)), MOST_FILMS)


@dataclass(slots=True)
class Memory:
    """What the server's own process held: seconds since the beginning, megabytes."""

    process: psutil.Process
    begun: float = field(default_factory=time.monotonic)
    seen: list[tuple[float, float]] = field(default_factory=list)

    def look(self) -> None:
        self.seen.append((time.monotonic() - self.begun, self.process.memory_info().rss / 1e6))

    def grown(self) -> float:
        """Megabytes, from the mean of the first fifth after it is warm to that of the last."""
        warm = [mb for _, mb in self.seen[int(len(self.seen) * WARM) :]]
        part = max(1, len(warm) // 5)
        return sum(warm[-part:]) / part - sum(warm[:part]) / part


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beside its limit."""

    name: str
    value: str
    good: bool


def main() -> None:
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        findings = _endured(Run(options.hours, options.drop_every), Path(folder))
    for finding in findings:
        _say(f"{'ok  ' if finding.good else 'FAIL'} {finding.name}: {finding.value}")
    sys.exit(not all(finding.good for finding in findings))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.endurance", description="A live stream over hours."
    )
    parser.add_argument("--hours", type=float, default=2.0, help="how long the batch takes (default: 2)")
    parser.add_argument(
        "--drop-every", type=float, default=240.0, metavar="SECONDS", help="between broken lines"
    )
    return parser.parse_args()


def _endured(run: Run, folder: Path) -> list[Finding]:
    film = MediaMaker(folder).film().read_bytes()
    with _serving(folder, run) as (client, memory):
        names = [f"film {n}.mp4" for n in range(run.films)]
        opened = client.create_batch_job(
            {"name": "A long one", "video_count": run.films, "file_names": names}
        )
        job_id = opened["batch_job"]["id"]
        client.upload_batch_videos(opened["upload_urls"], [_unlike(film, n) for n in range(run.films)])
        steady, broken = (client.subscribe_to_batch_progress(job_id) for _ in range(2))
        client.start_batch_processing(job_id)
        _followed(run, (steady, broken), memory)
        client.until_ended(job_id, seconds=600)
        for source in (steady, broken):
            source.until_over(60)
        memory.look()
        status = client.get_batch_job(job_id)["status"]
        from_the_start = EventSource(f"{client.base_url}/api/batch-jobs/{job_id}/progress", {}, "0")
        from_the_start.until_over(60)
        return [
            Finding("the batch", status, status == "completed"),
            _told(steady, run.films),
            *_heard(steady, broken, from_the_start),
            _growth(memory, run),
        ]


@contextmanager
def _serving(folder: Path, run: Run) -> Iterator[tuple[ApiClient, Memory]]:
    environment = {"REELYARD_PIPELINES": NAME, SECONDS: str(run.seconds / run.films)}
    server = Server(folder / "data", workers=1, environment=environment)
    server.start()
    assert server.process is not None
    known = holder(folder / "data")
    assert known is not None
    assert known.address is not None
    client = ApiClient(known.address)
    try:
        yield client, Memory(psutil.Process(server.process.pid))
    finally:
        client.close()
        server.stop()


def _followed(run: Run, sources: tuple[EventSource, EventSource], memory: Memory) -> None:
    """Break the second reader's line again and again until the first has heard of the end."""
    steady, broken = sources
    begun = dropped = told = time.monotonic()
    while not steady.of("batch_completed"):
        now = time.monotonic()
        if now > begun + run.seconds * 1.5 + 600:
            raise TimeoutError("the batch does not end")
        if now > dropped + run.drop_every_s:
            broken.lose()
            dropped = now
        if now > told + TOLD_EVERY_S:
            told = now
            _say(
                f"{(now - begun) / 60:.0f} min: {len(steady.messages)} messages, {memory.seen[-1][1]:.1f} MB"
            )
        memory.look()
        time.sleep(run.look_every_s)


def _heard(steady: EventSource, broken: EventSource, replayed: EventSource) -> list[Finding]:
    numbers = [[int(m["_id"]) for m in each.messages if m["_id"]] for each in (steady, broken)]
    silent = max(max(map(_longest_silence, each.connections), default=0.0) for each in (steady, broken))
    same = _numbered(steady) == _numbered(broken)
    of_old = _numbered(steady)[-len(_numbered(replayed)) :] == _numbered(replayed)[-len(_numbered(steady)) :]
    drops = broken.statuses.count(200) - 1
    return [
        Finding("messages, and heartbeats", f"{len(steady.messages)}, {len(steady.comments)}", True),
        Finding(
            "lines of the steady reader", str(steady.statuses.count(200)), steady.statuses.count(200) == 1
        ),
        Finding("lines that broke, and were taken up again", str(drops), drops > 0),
        Finding("numbers never go back", str(numbers[0][-1:]), all(each == sorted(each) for each in numbers)),
        Finding("both heard the same numbered events", str(len(_numbered(steady))), same),
        Finding("and so does one who asks from the beginning", str(len(_numbered(replayed))), of_old),
        Finding("longest silence", f"{silent:.1f} s, limit {MOST_SILENT_S:.0f} s", silent <= MOST_SILENT_S),
    ]


def _told(steady: EventSource, films: int) -> Finding:
    done = len({message["video_id"] for message in steady.of("video_completed")})
    return Finding("films told to be done", f"{done} of {films}", done == films)


def _unlike(film: bytes, number: int) -> bytes:
    """Equal work is done once: each film ends in a box of its own that players pass over."""
    return film + struct.pack(">I4sI", 12, b"free", number)


def _numbered(source: EventSource) -> list[tuple[str, str | None]]:
    """The events that have a number of their own, in order: name and video."""
    ids = [message["_id"] for message in source.messages]
    fresh = [n for n, (before, now) in enumerate(itertools.pairwise(["", *ids])) if now != before]
    found = ((source.messages[n]["event"], source.messages[n]["video_id"]) for n in fresh)
    return [each for each in found if each[0] != "video_progress"]


def _longest_silence(moments: Sequence[float]) -> float:
    return max((after - before for before, after in itertools.pairwise(moments)), default=0.0)


def _growth(memory: Memory, run: Run) -> Finding:
    grown, limit = memory.grown(), GROWTH_MB + GROWTH_MB_PER_HOUR * run.hours
    last = memory.seen[-1][1]
    return Finding(
        "the server grew", f"{grown:+.1f} MB to {last:.1f} MB, limit {limit:.1f} MB", grown <= limit
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
