"""What a storm looks at from outside while it rages, and what it checks when it is over."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.support.engine import journal

from reelyard.core.invariants import broken
from reelyard.db.session import Database, sqlite_url
from reelyard.kit.clock import SystemClock
from reelyard.storage.disk import DiskStorage

SERVED = """SELECT i.id, f.blob_key, a.blob_key, b.pipeline, a.sha256 FROM items i
    JOIN library_files f ON f.id = i.file_id JOIN batches b ON b.id = i.batch_id
    LEFT JOIN artifacts a ON a.subject_id = i.id AND a.generation = i.served_generation AND a.is_output
    WHERE i.served_generation IS NOT NULL"""
STATES = "SELECT id, status, served_generation FROM items"
TOO_MANY = """SELECT b.id FROM batches b JOIN items i ON i.batch_id = b.id WHERE i.status = 'processing'
    GROUP BY b.id, b.concurrency HAVING COUNT(*) > b.concurrency"""
REAL = ("video", "story")  # whose stages are the product's own
TOO_OFTEN = """SELECT subject_id, stage, COUNT(*) FROM stage_runs WHERE status = 'done'
    GROUP BY subject_id, generation, stage HAVING COUNT(*) > 1"""
FAILED = """SELECT i.id, i.stage, i.error_code, i.error_message FROM items i JOIN batches b ON b.id = i.batch_id
    WHERE b.pipeline IN ('video', 'story') AND i.status <> 'completed' AND i.error_code IS NOT 'tool_crash'"""
TOLD = """SELECT i.id, a.role, a.sha256 FROM items i JOIN batches b ON b.id = i.batch_id
    JOIN artifacts a ON a.subject_id = i.id AND a.generation = i.served_generation AND a.is_output
    WHERE b.pipeline = 'story' AND i.status = 'completed'"""
ENDED = ("completed", "failed", "cancelled")


def expected(text: str, parts: int, style: str = "plain") -> bytes:
    """What the pipeline “work” makes of a text."""
    return f"{style}\n{''.join(f'part {n} of {text}{chr(10)}' for n in range(parts))}".encode()


@dataclass(slots=True)
class Poller:
    """Reads outputs as a user would, again and again, from the database's rows and the stored files."""

    data: Path
    parts: int
    wrong: list[str] = field(default_factory=list)
    looks: int = 0
    _ended: dict[str, str] = field(default_factory=dict)
    _whole: set[tuple[str, str | None]] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="poller", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(0.05):
            try:
                self.look()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    self.wrong.append(f"the database could not be read: {error}")

    def look(self) -> None:
        """Once: nothing half-made is served, nothing ended moves again, no batch has too much at work."""
        self.looks += 1
        database = sqlite3.connect(f"file:{self.data / 'reelyard.db'}?mode=ro", uri=True, timeout=5)
        try:
            states, served = database.execute(STATES).fetchall(), database.execute(SERVED).fetchall()
            self.wrong += [f"too many items of {batch} at work" for (batch,) in database.execute(TOO_MANY)]
        finally:
            database.close()
        for item, status, generation in states:
            self._state(item, status, generation)
        for item, source, output, pipeline, sha256 in served:
            if (item, output) not in self._whole:
                self._whole.add((item, output))
                self._output(item, source, output, sha256 if pipeline in REAL else None)

    def _state(self, item: str, status: str, generation: int | None) -> None:
        before = self._ended.get(item)
        if before is not None and before != status:
            self.wrong.append(f"{item} was {before} and is {status}")
        if status in ENDED:
            self._ended[item] = status
        if (generation is not None) != (status == "completed"):
            self.wrong.append(f"{item} is {status} and serves {generation}")

    def _output(self, item: str, source: str, output: str | None, sha256: str | None) -> None:
        """What is served is whole: by the hash that was recorded of it, or by what must come of such a text."""
        storage = DiskStorage(self.data)
        if output is None:
            self.wrong.append(f"{item} is served and has no output")
        elif sha256 is not None:
            if hashlib.sha256(storage.read_bytes(output)).hexdigest() != sha256:
                self.wrong.append(f"{item} serves something else than was recorded")
        elif storage.read_bytes(output) != expected(storage.read_bytes(source).decode(), self.parts):
            self.wrong.append(f"{item} serves something else than was made of it")


def left_to_do(data: Path) -> int:
    """Batches that have not ended."""
    database = sqlite3.connect(f"file:{data / 'reelyard.db'}?mode=ro", uri=True, timeout=30)
    try:
        marks = ",".join("?" * len(ENDED))
        query = f"SELECT COUNT(*) FROM batches WHERE status NOT IN ({marks})"
        return int(database.execute(query, ENDED).fetchone()[0])
    finally:
        database.close()


@dataclass(slots=True)
class Verdict:
    """What is wrong, and figures."""

    wrong: list[str]
    items: Counter[str]
    starts: Counter[tuple[str, str]]
    losses: int


def judge(data: Path, journal_path: Path, stages: int) -> Verdict:
    """After everything has ended: each item once, each finished stage once, and the invariants."""
    db = Database(sqlite_url(data / "reelyard.db"), SystemClock())
    try:
        wrong = [str(violation) for violation in broken(db, DiskStorage(data))]
    finally:
        db.close()
    database = sqlite3.connect(f"file:{data / 'reelyard.db'}?mode=ro", uri=True)
    rows = database.execute("SELECT status FROM items").fetchall()
    done = database.execute(
        """SELECT f.name, r.stage, r.ended_at, r.subject_id FROM stage_runs r JOIN items i ON i.id = r.subject_id
           JOIN library_files f ON f.id = i.file_id WHERE r.status = 'done' AND NOT r.cached"""
    ).fetchall()
    whole = database.execute(
        """SELECT i.id, COUNT(*) FROM items i JOIN stage_runs r ON r.subject_id = i.id AND r.status = 'done'
           WHERE i.status = 'completed' AND r.pipeline NOT IN ('video', 'story') GROUP BY i.id HAVING COUNT(*) <> ?""",
        (stages,),
    ).fetchall()
    twice = database.execute(TOO_OFTEN).fetchall()
    failed = database.execute(FAILED).fetchall()
    losses = database.execute("SELECT COUNT(*) FROM stage_runs WHERE status = 'lost'").fetchone()[0]
    database.close()
    wrong += [f"{item} is completed with {number} finished stages" for item, number in whole]
    wrong += [f"{stage} of {subject} was finished {number} times" for subject, stage, number in twice]
    wrong += [f"{item} failed in {stage}: {code} {message}" for item, stage, code, message in failed]
    lines = [line for line in journal(journal_path) if line[2] == "start"]
    ends = {(name, stage): _seconds(at) for name, stage, at, _ in done}
    wrong += [
        f"{name} began {stage} again after it had finished"
        for name, stage, _, at, _ in lines
        if at > ends.get((name, stage), at)
    ]
    starts = Counter((name, stage) for name, stage, *_ in lines)
    return Verdict(wrong, Counter(status for (status,) in rows), starts, losses)


def told_otherwise(data: Path, told: Mapping[str, str]) -> list[str]:
    """Stories that are not those which come out when nothing happens; `told`: these outputs' hashes, by role."""
    database = sqlite3.connect(f"file:{data / 'reelyard.db'}?mode=ro", uri=True)
    found: dict[str, dict[str, str]] = {}
    for item, role, sha256 in database.execute(TOLD):
        found.setdefault(item, {})[role] = sha256
    database.close()
    return [
        f"story {item} is told otherwise: {sorted(dict(made.items() ^ told.items()))}"
        for item, made in found.items()
        if made != told
    ]


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
