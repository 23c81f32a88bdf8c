"""The surroundings of one attempt on a worker: `pipeline.Context` over storage and children."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reelyard.engine.children import Children
from reelyard.engine.messages import Attempt, Told, Word
from reelyard.errors import BlobMissing, Disowned, SpendingLimit, Yielded
from reelyard.kit.clock import Clock
from reelyard.kit.faults import Point, reach
from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import Command, Finished, Service
from reelyard.media.info import MediaInfo
from reelyard.pipeline.stage import Stage
from reelyard.storage.storage import Storage

TELL_EVERY_S = 0.5
ROUNDING = 1e-9  # three times 0.1 is a little more than 0.3
LOG = "log"  # what the tools of the attempt said


@dataclass(slots=True)
class Orders:
    """What the control plane has said of a running attempt; set from another thread."""

    ended: threading.Event = field(default_factory=threading.Event)
    yielding: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class Bench:
    """What an attempt works with."""

    storage: Storage
    children: Children
    tell: Callable[[Told], None]
    clock: Clock
    worker: str


class AttemptContext:
    """`pipeline.Context` for one attempt, in a folder of its own."""

    def __init__(
        self, attempt: Attempt, stage: Stage, settings: Any, folder: Path, bench: Bench, orders: Orders
    ) -> None:
        self._attempt = attempt
        self.stage = stage
        self._settings = settings
        self._folder = folder
        self._bench = bench
        self._orders = orders
        self._last_told = -TELL_EVERY_S
        self._outs: dict[str, Path] = {}
        self.warnings: list[str] = []
        self.spent = 0.0
        for name in ("in", "out", "work", "parts", "earlier"):
            (folder / name).mkdir()

    @property
    def input(self) -> Path:
        path = self._folder / "in" / "input"
        if not path.exists():
            self._bench.storage.materialise(self._attempt.input_key, path)
        return path

    @property
    def media(self) -> MediaInfo:
        if self._attempt.media is None:
            raise BlobMissing("Nothing is known of this file yet: it was not verified.")
        return MediaInfo.from_json(self._attempt.media)

    @property
    def settings(self) -> Any:
        return self._settings

    @property
    def tools(self) -> Mapping[str, Any]:
        return self._attempt.tools

    @property
    def name(self) -> str:
        return self._attempt.input_name

    @property
    def cores(self) -> int:
        return self._attempt.cores

    @property
    def workdir(self) -> Path:
        return self._folder / "work"

    def out(self, role: str) -> Path:
        if role not in self.stage.makes:
            raise KeyError(f"stage {self.stage.name} does not declare that it makes {role}")
        path = self._folder / "out" / role
        self._outs[role] = path
        return path

    def made(self) -> dict[str, Path]:
        """What the stage wrote, by role."""
        return {role: path for role, path in self._outs.items() if path.exists()}

    def artifact(self, role: str) -> Path:
        if role not in self.stage.uses:
            raise KeyError(f"stage {self.stage.name} does not declare that it uses {role}")
        path = self._folder / "in" / role
        if not path.exists():
            key = self._attempt.artifacts.get(role)
            if key is None:
                raise BlobMissing(f"No earlier stage made “{role}”.")
            self._bench.storage.materialise(key, path)
        return path

    def has(self, role: str) -> bool:
        return role in self.stage.uses and role in self._attempt.artifacts

    def earlier(self, role: str) -> Path | None:
        if role not in self.stage.renews:
            raise KeyError(f"stage {self.stage.name} does not declare that it renews {role}")
        key = self._attempt.earlier.get(role)
        if key is None:
            return None
        path = self._folder / "earlier" / role
        if not path.exists():
            try:
                self._bench.storage.materialise(key, path)
            except BlobMissing:
                return None
        return path

    def facts(self, stage: str) -> JsonObject:
        facts: JsonObject = self._attempt.facts.get(stage, {})
        return facts

    def part(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        self._stand()
        if self._orders.yielding.is_set():
            raise Yielded
        name = digest(
            {
                "stage": self.stage.name,
                "version": self.stage.version,
                "input": self._attempt.input_sha256,
                "tools": dict(self._attempt.tools),
                "key": key,
            }
        )
        blob = f"parts/{self._attempt.owner_id}/{name[:2]}/{name}"
        path = self._folder / "parts" / name
        if path.exists() or self._kept(blob, path):
            return path
        reach(Point.MID_STAGE)
        make(path)
        reach(Point.PART_BEFORE_KEPT)
        self._stand()
        self._keep(blob, path)
        return path

    def _kept(self, blob: str, path: Path) -> bool:
        """Fetch a kept part; one that does not have the hash that was written beside it is made again."""
        try:
            said = json.loads(self._bench.storage.read_bytes(f"{blob}.sum"))
            self._bench.storage.materialise(blob, path)
        except (BlobMissing, ValueError):
            return False
        if _sha256(path) == said.get("sha256"):
            self._tell(Told(Word.PART, self._attempt.key, self._bench.worker, part=blob))
            return True
        path.unlink()
        return False

    def _keep(self, blob: str, path: Path) -> None:
        copy = self._folder / "parts" / f"{path.name}.keep"
        copy.hardlink_to(path)  # storage moves what it is given
        stored = self._bench.storage.put(blob, copy)
        self._bench.storage.put_bytes(f"{blob}.sum", json.dumps({"sha256": stored.sha256}).encode())
        self._tell(Told(Word.PART, self._attempt.key, self._bench.worker, part=blob))

    def run(self, command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        self._stand()
        return self._bench.children.run(command, cwd=self.workdir, log=self._folder / LOG, on_line=on_line)

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        self._stand()
        return self._bench.children.ask(service, request, timeout_s=timeout_s, on_event=on_event)

    def progress(self, fraction: float, note: str = "", *, live: JsonObject | None = None) -> None:
        now = self._bench.clock.monotonic()
        if now - self._last_told < TELL_EVERY_S and fraction < 1.0:
            return
        self._last_told = now
        fraction = min(1.0, max(0.0, fraction))
        self._tell(Told(Word.PROGRESS, self._attempt.key, self._bench.worker, fraction, note, live))

    def spend(self, amount: float) -> None:
        self._stand()
        allowance = self._attempt.allowance
        if allowance is not None and self.spent + amount > allowance + ROUNDING:
            raise SpendingLimit(
                f"It would cost {amount:.4g} more, and {max(0.0, allowance - self.spent):.4g} is left of what "
                "this batch may spend.",
                hint="Raise the batch's spending limit and do it again, or choose what costs nothing.",
            )
        self.spent += amount

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def _tell(self, told: Told) -> None:
        self._bench.tell(told)

    def _stand(self) -> None:
        """Before anything costly: does the token still stand?"""
        if self._orders.ended.is_set():
            raise Disowned


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
