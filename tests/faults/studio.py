"""A real server for tests of faults: driven over HTTP, hit from outside. `filming` and `storytelling` say what it makes."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from tests.faults.halting import FOLDER, JOURNAL, halted
from tests.faults.server import Server, gone
from tests.support.engine import journal, wait_until

from reelyard.client import Client, File, Order
from reelyard.core.invariants import broken
from reelyard.db.session import Database, sqlite_url
from reelyard.kit.clock import SystemClock
from reelyard.storage.datafolder import holder
from reelyard.storage.disk import DiskStorage

PATIENCE_S = 60.0
MODELS = ("reelyard.tools.speech.server", "reelyard.tools.narration.server", "reelyard.tools.servers.child")


@dataclass(frozen=True, slots=True)
class Craft:
    """A pipeline as tests of faults use it."""

    pipeline: str
    named: str  # as REELYARD_PIPELINES names it
    file: str  # what its files are called
    settings: Mapping[str, Any]  # of its orders, unless they say otherwise
    where: Mapping[str, str]  # the middle of each stage, see `halting`
    salted: Callable[[bytes], bytes]  # the same as another file


@dataclass(slots=True)
class Studio:
    """A server with two workers over a folder, and what a test does with it."""

    folder: Path
    craft: Craft
    source: bytes  # a file of which it makes something
    settings: dict[str, str] = field(default_factory=dict)  # of the server, as its environment
    server: Server = field(init=False)
    halts: Path = field(init=False)

    def __post_init__(self) -> None:
        self.halts = self.folder / "halts"
        self.halts.mkdir(parents=True)
        environment = {"REELYARD_PIPELINES": self.craft.named, FOLDER: str(self.halts), **self.settings}
        self.server = Server(self.folder / "data", environment=environment)

    # --- what users do ------------------------------------------------------------------------------------

    def client(self) -> Client:
        return Client.of_data_folder(self.server.data)

    def get(self, path: str) -> Any:
        """What the server answers, as JSON."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.answer(method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def answer(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Whatever it answers."""
        with self._http() as http:
            return http.request(method, f"/api/v1{path}", json=body)

    def download(self, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """What a link gives, without asking who asks."""
        with self._http() as http:
            return http.get(url, headers=headers).raise_for_status()

    @contextmanager
    def downloading(self, url: str) -> Iterator[httpx.Response]:
        """An answer that has not been read yet."""
        with self._http() as http, http.stream("GET", url) as answer:
            yield answer

    def _http(self) -> httpx.Client:
        held = holder(self.server.data)
        assert held is not None, "no server holds the folder"
        headers = {"Authorization": f"Bearer {held.credential}"}
        return httpx.Client(base_url=held.address, headers=headers, timeout=30, trust_env=False)

    def upload(self, content: bytes | None = None, name: str | None = None) -> str:
        """A file in the library, verified: a new one like the source unless it is told; its id."""
        path = self.folder / (name or self.craft.file)
        path.write_bytes(self.craft.salted(self.source) if content is None else content)
        with self.client() as client:
            (file,) = client.files.upload([path])
            assert isinstance(file, File), file
            wait_until(lambda: client.files.get(file.id).status == "ready", PATIENCE_S)
        return file.id

    def start(
        self, file_ids: list[str], settings: Mapping[str, Any] | None = None, *, concurrency: int = 3
    ) -> str:
        """A batch of them, begun; its id."""
        with self.client() as client:
            wanted = {**self.craft.settings, **(settings or {})}
            order = Order("work", self.craft.pipeline, settings=wanted, concurrency=concurrency)
            return client.batches.create(order, file_ids, start=True).id

    def status(self, batch_id: str) -> str:
        return str(self.get(f"/batches/{batch_id}")["status"])

    def item(self, batch_id: str, place: int = 0) -> dict[str, Any]:
        """Item `place` of the batch, with its runs, its result and its outputs."""
        items = self.get(f"/batches/{batch_id}/items?limit=50")["data"]
        found: dict[str, Any] = self.get(f"/batches/{batch_id}/items/{items[place]['id']}")
        return found

    def over(self, batch_id: str) -> dict[str, Any]:
        """Wait until the batch has ended; its first item."""
        wait_until(lambda: self.status(batch_id) in ("completed", "failed", "cancelled"), PATIENCE_S, 0.05)
        return self.item(batch_id)

    def fetch(self, item: dict[str, Any], role: str) -> Path:
        """An output, downloaded."""
        (output,) = [one for one in item["outputs"] if one["role"] == role]
        path = self.folder / f"{uuid.uuid4().hex}-{role}"
        path.write_bytes(self.download(output["url"]).content)
        return path

    # --- what happens to them -----------------------------------------------------------------------------

    def halt(self, stage: str, at: str | None = None) -> None:
        """Whoever next comes by there stops."""
        halted(self.halts / stage, at=at or self.craft.where[stage])

    def stopped(self, other_than: psutil.Process | None = None) -> psutil.Process:
        """Wait for the tool that stopped in the middle of a stage."""
        found: list[psutil.Process] = []

        def seen() -> bool:
            found.extend(one for one in self._stopped() if one != other_than)
            return bool(found)

        wait_until(seen, PATIENCE_S)
        return found[0]

    def _stopped(self) -> list[psutil.Process]:
        found = []
        for process in self.server.family():
            try:
                if process.status() == psutil.STATUS_STOPPED:
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def tools(self) -> list[psutil.Process]:
        """What the workers' stages have running, but for models, which wait to be asked."""
        return [
            one
            for worker in self.server.worker_processes()
            for one in children_of(worker)
            if not is_model(one)
        ]

    # --- what is looked at afterwards ---------------------------------------------------------------------

    def noted(self) -> Counter[tuple[str, str]]:
        """How often each stage was begun and ended and each part made, since it was last asked for."""
        path = self.halts / JOURNAL
        rows = journal(path)
        path.unlink(missing_ok=True)
        return Counter((stage, what) for _, stage, what, *_ in rows)

    def kept_parts(self) -> int:
        """Parts that will not be made again."""
        return sum(1 for _ in (self.server.data / "objects" / "parts").rglob("*.sum"))

    def scratch(self) -> list[Path]:
        """What attempts have in work."""
        return [path for path in (self.server.data / "scratch").glob("slot-*/*") if path.name != "models"]

    def wrong(self) -> list[str]:
        """Invariants that do not hold; the server must be down."""
        assert holder(self.server.data) is None
        db = Database(sqlite_url(self.server.data / "reelyard.db"), SystemClock())
        try:
            return [str(one) for one in broken(db, DiskStorage(self.server.data))]
        finally:
            db.close()


def children_of(worker: psutil.Process) -> list[psutil.Process]:
    """What it runs; none when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return worker.children(recursive=True)
    return []


def is_model(process: psutil.Process) -> bool:
    """Whether it is one of the long-lived children that hold a model."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return not set(MODELS).isdisjoint(process.cmdline())
    return False


def made(item: dict[str, Any]) -> dict[str, str]:
    """The hashes of all outputs."""
    return {one["role"]: one["sha256"] for one in item["outputs"]}


def runs_of(item: dict[str, Any], generation: int = 1) -> list[tuple[str, str, bool]]:
    """Stage, outcome, and whether it came from the cache: each run of that generation in order."""
    return [
        (run["stage"], run["status"], run["cached"])
        for run in item["runs"]
        if run["generation"] == generation
    ]


def whole_stages(noted: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """How often each stage was begun and ended."""
    return {key: number for key, number in noted.items() if key[1] in ("start", "end")}


def parts(noted: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """How often each part was made."""
    return {key: number for key, number in noted.items() if key[1].startswith("part ")}


def cancelled(studio: Studio, batch: str, tool: psutil.Process) -> float:
    """Seconds from the order to the end of the last tool; a model that was asked is one of them."""
    asked = studio.craft.where[studio.item(batch)["stage"]].startswith("ask")
    worker = tool.parent()
    assert worker is not None
    tools = [one for one in children_of(worker) if asked or not is_model(one)]
    begun = time.monotonic()
    studio.call("POST", f"/batches/{batch}/cancel")
    gone(tools)
    wait_until(lambda: not studio.tools())
    return time.monotonic() - begun
