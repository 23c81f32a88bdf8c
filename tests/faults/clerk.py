"""One who orders exports while a storm rages: downloads them through breaks, cancels some, and adds up at the end."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import sqlite3
import threading
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from reelyard.client import Client, ClientError, Export, ExportOrder, Patience
from reelyard.core.accounts.models import LOCAL_OWNER

FORMATS = ("zip", "zip", "merged", "playlist")
MOST_AT_ONCE = 4  # not fetched yet
CANCELLED = 0.2  # of the orders
LIVE = "('pending', 'processing')"
PASSING = ("unreachable", "busy", "unavailable", "storage_unavailable", "batch_not_ended", "not_found")
ENDED_BATCHES = (
    """SELECT id, pipeline FROM batches WHERE owner_id = ? AND status = 'completed' AND deleted_at IS NULL"""
)


@dataclass(slots=True)
class Clerk:
    """Works in a thread of its own, over HTTP, as the one user."""

    data: Path
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _open: list[Export] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        (self.data.parent / "exports").mkdir(exist_ok=True)
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Order nothing more; returns when the last download has ended or broken."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        chance = random.Random(self.seed)
        while not self._over.wait(0.05):
            try:
                with Client.of_data_folder(self.data) as client:
                    client._transport.patience = Patience(retries=0)
                    self._work(client, chance)
            except ClientError as error:
                self._refused(error)
            except sqlite3.OperationalError:
                continue

    def _work(self, client: Client, chance: random.Random) -> None:
        while not self._over.wait(0.02):
            if len(self._open) < MOST_AT_ONCE:
                self._order(client, chance)
            for export in [*self._open]:
                self._look(client, export)

    def _order(self, client: Client, chance: random.Random) -> None:
        batches = self._batches()
        if not batches:
            return
        order = ExportOrder(chance.choice(FORMATS), batch_name_prefix=chance.random() < 0.5)
        export = client.exports.order(chance.choice(batches), order)
        if any(one.id == export.id for one in self._open):
            return
        self._open.append(export)
        self.done[f"{export.format} ordered"] += 1
        if chance.random() < CANCELLED:
            with contextlib.suppress(ClientError):  # it may have ended before
                client.exports.cancel(export.batch_id, export.id)

    def _look(self, client: Client, export: Export) -> None:
        now = client.exports.get(export.batch_id, export.id)
        if not now.ended:
            return
        if now.status == "completed":
            self._fetch(client, now)
            with contextlib.suppress(ClientError):
                client.exports.remove(now.batch_id, now.id)  # so that the next order is work again
        elif now.status == "failed" and now.error_code != "tool_crash":
            self.wrong.append(f"export {now.id} ({now.format}) failed: {now.error_code} {now.error_message}")
        self.done[f"{now.format} {now.status}"] += 1
        self._open.remove(export)

    def _fetch(self, client: Client, export: Export) -> None:
        path = client.exports.save(export, self.data.parent / "exports" / f"{export.id}.whole")
        self.wrong += damage(path, export)
        self.done["downloaded"] += 1
        path.unlink()

    def _refused(self, error: ClientError) -> None:
        if error.code == "damaged_download":
            self.wrong.append(f"a download was damaged: {error}")
        elif error.code not in PASSING and (error.status is None or error.status < 500):
            self.done[f"refused: {error.code}"] += 1
        time.sleep(0.1)

    def _batches(self) -> list[str]:
        database = sqlite3.connect(f"file:{self.data / 'reelyard.db'}?mode=ro", uri=True, timeout=5)
        try:
            return [batch for batch, _ in database.execute(ENDED_BATCHES, (LOCAL_OWNER,))]
        finally:
            database.close()

    def audit(self) -> None:
        """When all has ended, on a calm server: every export that is there downloads whole and is right."""
        if self.data.exists() and exports_under_way(self.data):
            self.wrong.append(f"{exports_under_way(self.data)} exports never ended")
        with Client.of_data_folder(self.data) as client:
            for batch_id in self._batches():
                client.exports.wait(client.exports.order(batch_id))
                for export in client.exports.all(batch_id):
                    if export.status == "completed":
                        self._fetch(client, export)


def damage(path: Path, export: Export) -> list[str]:
    """What is not right of a downloaded export."""
    name = f"export {export.id} ({export.format})"
    if path.stat().st_size != export.size:
        return [f"{name} has {path.stat().st_size} bytes instead of {export.size}"]
    if export.sha256 is not None and hashlib.sha256(path.read_bytes()).hexdigest() != export.sha256:
        return [f"{name} has another hash"]
    if export.format != "zip":
        return []
    with zipfile.ZipFile(path) as archive:
        found = [f"{name}: {bad} is damaged" for bad in [archive.testzip()] if bad is not None]
        found += [
            f"{name}: {told['name']} is not what the manifest says"
            for told in json.loads(archive.read("manifest.json"))["files"]
            if hashlib.sha256(archive.read(told["name"])).hexdigest() != told["sha256"]
        ]
    return found


def exports_under_way(data: Path) -> int:
    """Exports that have not ended."""
    database = sqlite3.connect(f"file:{data / 'reelyard.db'}?mode=ro", uri=True, timeout=30)
    try:
        return int(database.execute(f"SELECT COUNT(*) FROM exports WHERE status IN {LIVE}").fetchone()[0])
    finally:
        database.close()
