"""What the engine's tests begin with: owners, files that are ready, batches at work; and how they wait."""

from __future__ import annotations

import hashlib
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reelyard.bootstrap import Container
from reelyard.core.accounts.service import ensure_owner
from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.service import BatchOrder
from reelyard.core.library.models import Upload, UploadStatus
from reelyard.core.library.service import NewFile, Original
from reelyard.core.library.uploads import original_key
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import StageRun
from reelyard.db.session import Transaction
from reelyard.media.info import AudioStream, Kind, MediaInfo

FILE_STAGES = 3  # verify, thumbnail, levels


def wait_until(happened: Callable[[], bool], seconds: float = 20.0, every: float = 0.02) -> float:
    """Poll until it is so; returns how many seconds that took."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() < begun + seconds, f"it did not happen in {seconds} s"
        time.sleep(every)
    return time.monotonic() - begun


def new_owner(container: Container, name: str = "somebody") -> str:
    return ensure_owner(container.db, str(uuid.uuid4()), name)


def ready_files(container: Container, owner: str, contents: Iterable[str]) -> list[str]:
    """Files that arrived and were verified, each under the name “file-<n>”; returns their ids."""
    with container.db.write() as tx:
        return [_ready_file(container, tx, owner, n, content.encode()) for n, content in enumerate(contents)]


def _ready_file(container: Container, tx: Transaction, owner: str, number: int, content: bytes) -> str:
    new = NewFile(f"file-{number}-{uuid.uuid4().hex[:8]}", len(content))
    file, upload = container.library.announce(tx, owner, new)
    stored = container.storage.put_bytes(original_key(file), content)
    upload.status, upload.sealed_at = UploadStatus.SEALED, tx.now
    container.library.received(tx, file, stored.key, stored.size)
    info = MediaInfo(
        Kind.AUDIO,
        "wav",
        "audio/wav",
        len(content),
        1.0,
        audio=(AudioStream(0, "pcm_s16le", 16_000, 1, 1.0),),
    )
    sha256 = hashlib.sha256(content).hexdigest()
    container.library.verified(tx, file, Original(sha256, zlib.crc32(content), len(content), info))
    file.stage_index = FILE_STAGES  # no picture, no levels: they are not what is tested
    assert isinstance(upload, Upload)
    return file.id


@dataclass(frozen=True, slots=True)
class Order:
    """A batch to be made."""

    pipeline: str = "work"
    settings: dict[str, Any] | None = None
    concurrency: int = 3
    priority: int = 5
    start: bool = True


PLAIN = Order()


def new_batch(container: Container, owner: str, files: Sequence[str], order: Order = PLAIN) -> str:
    """A batch of these files, started unless told otherwise; returns its id."""
    with container.db.write() as tx:
        wanted = BatchOrder(
            "a batch", order.pipeline, settings=order.settings or {}, concurrency=order.concurrency,
            priority=order.priority,
        )  # fmt: skip
        batch = container.batches.create(tx, owner, wanted)
        container.batches.add_files(tx, owner, batch.id, files)
        if order.start:
            container.commands.start(tx, owner, batch.id)
        return batch.id


def batch_of(container: Container, batch_id: str) -> Batch:
    with container.db.read() as tx:
        batch = tx.session.get_one(Batch, batch_id)
        tx.session.expunge(batch)
        return batch


def items_of(container: Container, batch_id: str) -> list[Item]:
    with container.db.read() as tx:
        return list(repository.items_of(tx, tx.session.get_one(Batch, batch_id)))


def runs_of(container: Container, item: Item) -> list[StageRun]:
    with container.db.read() as tx:
        return list(runs.runs_of(tx, item.id))


def ended(container: Container, *batch_ids: str) -> bool:
    return all(batch_of(container, one).status in ("completed", "failed", "cancelled") for one in batch_ids)


def journal(path: Path) -> list[tuple[str, str, str, float, int]]:
    """What the stages of `tests.faults.pipelines` wrote: name, stage, start or end, time, process."""
    if not path.exists():
        return []
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(name, stage, what, float(at), int(pid)) for name, stage, what, at, pid in rows]
