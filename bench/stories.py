"""Stories on a real server: one of 5,000 words told whole with its film, and ten of them in one batch with flat memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.narration import made_up
from bench.processes import Memory
from bench.result import Result, tell
from bench.rows import batch_of, recordings
from bench.server import Plan, Site, folder, prepared, serving

from reelyard.core.batches.service import BatchOrder

WORDS, QUICK_WORDS = 5_000, 600
DOCUMENTS, QUICK_DOCUMENTS = 10, 3
NARRATION_LEAST = 200.0  # times real time
CONTROL_MB, WORKERS_MB, CHILDREN_MB = 64.0, 32.0, 1024.0
BATCH_S = 600.0  # for ten documents
PATIENCE_S = 3_600.0
SETTLED_S, EVERY_S = 2.0, 0.3
STORY = {"movement": "still"}  # everything else as it is when nothing is chosen
MANY = {"film": False, "words_per_chunk": 200}  # ten films would be the one above, ten times


@dataclass(frozen=True, slots=True)
class Told:
    """A batch of stories that is done, and what its processes held meanwhile, in MB."""

    batch: Mapping[str, Any]
    item: Mapping[str, Any]  # the first, with its runs
    memory: Memory
    control_before: float
    workers_after_first: float

    @property
    def seconds(self) -> float:
        return between(self.batch["started_at"], self.batch["completed_at"])


def run(*, quick: bool) -> list[Result]:
    """A story with narration, pictures and film; then a batch with narration and pictures."""
    words = QUICK_WORDS if quick else WORDS
    with folder() as place:
        tell(f"stories: one of {words} words, with its film")
        whole = _told(place, [_text(place, words, 1)], STORY)
    with folder() as place:
        count = QUICK_DOCUMENTS if quick else DOCUMENTS
        tell(f"stories: {count} of {words} words")
        many = _told(place, [_text(place, words, seed) for seed in range(1, count + 1)], MANY)
    return [*_whole(whole), *_many(many, words)]


def _whole(told: Told) -> list[Result]:
    """How fast its narration was made, from the file to the files; what its film took."""
    runs, facts = {run["stage"]: run for run in told.item["runs"]}, told.item["result"]
    took = between(runs["read"]["started_at"], runs["sound"]["ended_at"])
    minutes = facts["sound"]["duration_s"] / 60
    film_s = between(runs["film"]["started_at"], runs["film"]["ended_at"])
    note = f"{minutes:.0f} min of sound from text to files in {took:.1f} s, on a server that had nothing else to do"
    film = (
        f"PSS of all together; {facts['chunk']['chunks']} pictures, {minutes:.0f} min of film at 1080p, still, "
        f"made in {film_s:.0f} s, the whole story in {told.seconds:.0f} s"
    )
    return [
        Result(
            "a story's narration", 60 * minutes / took, "times real time", NARRATION_LEAST, at_most=False, note=note
        ),
        Result("a story's children, memory", told.memory.most_children[0], "MB", CHILDREN_MB, note=film),
    ]  # fmt: skip


def _many(told: Told, words: int) -> list[Result]:
    count = told.batch["counts"]["completed"]
    what = f"{count} texts of {words:,} words"
    note = f"narration and pictures, chunks of {MANY['words_per_chunk']} words, no films; 2 workers"
    children = f"their children held {told.memory.most_children[0]:.0f} MB at most"
    control = max(0.0, told.memory.most_control - told.control_before)
    grown = max(0.0, told.memory.workers - told.workers_after_first)
    return [
        Result(f"{what}, one batch", told.seconds, "s", BATCH_S, note=note),
        Result(f"{what}, server's own memory", control, "MB", CONTROL_MB, note="PSS gained at most"),
        Result(
            f"{what}, workers' memory", grown, "MB", WORKERS_MB, note=f"PSS gained from the first to the last; {children}"
        ),
    ]  # fmt: skip


def _told(place: Path, texts: list[Path], settings: Mapping[str, Any]) -> Told:
    """The texts as one batch on a server of its own. Raises RuntimeError when one is not told."""
    with prepared(place / "data", Plan()) as container:
        order = BatchOrder("stories", "story", settings=dict(settings), concurrency=4)
        batch_id = batch_of(container, recordings(container, texts), order)
    with serving(place / "data") as site:
        time.sleep(SETTLED_S)
        memory = Memory(site.pid)
        memory.look()
        before = memory.control
        with memory.watched():
            site.call("POST", f"/api/v1/batches/{batch_id}/start")
            first = _first_done(site, batch_id, memory)
            batch = site.ended(batch_id, PATIENCE_S, EVERY_S)
        memory.look()
        path = f"/api/v1/batches/{batch_id}/items"
        items = site.call("GET", f"{path}?limit=50")["data"]
        item = site.call("GET", f"{path}/{items[0]['id']}")
    if batch["counts"]["completed"] != len(texts):
        raise RuntimeError(f"the batch ended as {batch['counts']}: {item['error']}")
    return Told(batch, item, memory, before, first)


def _first_done(site: Site, batch_id: str, memory: Memory) -> float:
    """What the workers held when the first text was told."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        counts = site.call("GET", f"/api/v1/batches/{batch_id}")["counts"]
        if counts["completed"] or counts["failed"]:
            break
        time.sleep(EVERY_S)
    return memory.workers


def _text(place: Path, words: int, seed: int) -> Path:
    """A made-up text as a file."""
    paragraphs = [paragraph for chunk in made_up(words, seed) for paragraph in chunk]
    (path := place / f"story-{seed}.txt").write_text(f"Story {seed}\n\n" + "\n\n".join(paragraphs) + "\n")
    return path


def between(start: str, end: str) -> float:
    """Seconds from one moment to another, both as the API tells them."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
