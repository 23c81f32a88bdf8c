"""Library files and batches put into the database at once, by the core's own models."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from reelyard.bootstrap import Container
from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import ItemEvent
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.service import BatchOrder
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.library.uploads import original_key
from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction
from reelyard.kit.ids import new_id
from reelyard.kit.processes import runner_in
from reelyard.media.info import Kind, MediaInfo
from reelyard.tools.ffmpeg.probe import inspect

FILE_STAGES = 3  # verify, thumbnail, levels: all done
AT_ONCE = 500
EMPTY = MediaInfo(Kind.AUDIO, "wav", "audio/wav", 1000, 1.0)
FILM = MediaInfo(Kind.VIDEO, "mp4", "video/mp4", 1000, 60.0)


def empty_files(container: Container, count: int, info: MediaInfo = EMPTY) -> list[str]:
    """Library files that were verified, it is said, and of which nothing is stored; returns their ids."""
    made: list[str] = []
    for start in range(0, count, AT_ONCE):
        with container.db.write() as tx:
            for number in range(start, min(count, start + AT_ONCE)):
                file = _file(tx, f"file-{number}.{info.format}", info, f"{number:064x}")
                file.blob_key = "none"
                tx.session.add(file)
                made.append(file.id)
    return made


def recordings(container: Container, paths: Iterable[Path]) -> list[str]:
    """Recordings in the library as if they had been uploaded and verified; returns their ids."""
    made: list[str] = []
    for path in paths:
        content = path.read_bytes()
        info = inspect(path, run=runner_in(path.parent))
        with container.db.write() as tx:
            file = _file(tx, path.name, info, hashlib.sha256(content).hexdigest())
            file.crc32 = zlib.crc32(content)
            file.blob_key = container.storage.put_bytes(original_key(file), content).key
            tx.session.add(file)
            made.append(file.id)
    return made


def _file(tx: Transaction, name: str, info: MediaInfo, sha256: str) -> LibraryFile:
    return LibraryFile(
        id=new_id(), owner_id=LOCAL_OWNER, name=name, size=info.size, status=FileStatus.READY, sha256=sha256,
        crc32=0, kind=info.kind, format=info.format, mime=info.mime, duration_s=info.duration_s,
        info=info.to_json(), created_at=tx.now, updated_at=tx.now, token=0, stage_index=FILE_STAGES, retry_count=0,
    )  # fmt: skip


def batch_of(container: Container, files: Sequence[str], order: BatchOrder) -> str:
    """A batch with these files that has not started; returns its id."""
    with container.db.write() as tx:
        batch_id = container.batches.create(tx, LOCAL_OWNER, order).id
    for start in range(0, len(files), AT_ONCE):
        with container.db.write() as tx:
            container.batches.add_files(tx, LOCAL_OWNER, batch_id, files[start : start + AT_ONCE])
    return batch_id


@dataclass(frozen=True, slots=True)
class Zeros:
    """So many bytes of nothing, which take up no room on the disk. Its sums are told only where they are `known`."""

    size: int
    known: bool = True

    def sums(self) -> tuple[int, str]:
        """CRC-32 and SHA-256."""
        return _sums_of_zeros(self.size) if self.known else (0, f"{self.size:064x}")


@cache
def _sums_of_zeros(size: int) -> tuple[int, str]:
    block, sha, crc = memoryview(bytes(4 * 1024**2)), hashlib.sha256(), 0
    for start in range(0, size, len(block)):
        part = block[: size - start]
        sha.update(part)
        crc = zlib.crc32(part, crc)
    return crc, sha.hexdigest()


def sparse_original(container: Container, zeros: Zeros) -> str:
    """A library file of nothing but zeros; returns its id."""
    crc, sha = zeros.sums()
    info = MediaInfo(Kind.VIDEO, "mp4", "video/mp4", zeros.size, 60.0)
    with container.db.write() as tx:
        file = _file(tx, "zeros.mp4", info, sha)
        file.crc32, file.blob_key = crc, original_key(file)
        _store(container, file.blob_key, zeros)
        tx.session.add(file)
    return file.id


def completed(container: Container, outputs: Sequence[Zeros]) -> str:
    """A batch of films that is done; each item's film is of zeros. Returns its id."""
    batch_id = batch_of(container, empty_files(container, len(outputs), FILM), BatchOrder("done", "video"))
    with container.db.write() as tx:
        container.commands.start(tx, LOCAL_OWNER, batch_id)
    with container.db.write() as tx:
        batch = repository.engine_batch(tx, batch_id)
        for item, zeros in zip(repository.items_of(tx, batch), outputs, strict=True):
            container.ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
            tx.session.add(_film_of(container, tx, item, zeros))
            container.ledger.move_item(tx, batch, item, ItemEvent.OK)
        container.ledger.settle(tx, batch)
    return batch_id


def _film_of(container: Container, tx: Transaction, item: Item, zeros: Zeros) -> Artifact:
    key, (crc, sha) = f"work/{item.owner_id}/{item.id}/{item.token}-render/film.mp4", zeros.sums()
    _store(container, key, zeros)
    return Artifact(
        id=new_id(), owner_id=item.owner_id, subject_kind=SubjectKind.ITEM, subject_id=item.id,
        generation=item.generation, run_id=None, stage="render", role="film.mp4", is_output=True, revision=0,
        blob_key=key, size=zeros.size, sha256=sha, crc32=crc, created_at=tx.now,
    )  # fmt: skip


def _store(container: Container, key: str, zeros: Zeros) -> None:
    with tempfile.NamedTemporaryFile(delete=False, dir=container.settings.data) as file:
        file.truncate(zeros.size)
    container.storage.take(key, Path(file.name))


def many_batches(container: Container, count: int, pipeline: str) -> None:
    """Batches with nothing in them, ordered one second after the other."""
    for start in range(0, count, 5_000):
        with container.db.write() as tx:
            numbers = range(start, min(count, start + 5_000))
            tx.session.execute(insert(Batch), [_batch(tx, number, pipeline) for number in numbers])


def _batch(tx: Transaction, number: int, pipeline: str) -> dict[str, Any]:
    at = tx.now - timedelta(days=30) + timedelta(seconds=number)
    counted = ("total", "uploading", "processing", "completed", "failed", "cancelled", "bytes", "bytes_done")
    return {
        "id": new_id(), "owner_id": LOCAL_OWNER, "name": f"Batch {number}", "description": "", "pipeline": pipeline,
        "settings": {}, "concurrency": 3, "priority": 5, "status": "pending", "on_request": False, "strip": [],
        "created_at": at, "updated_at": at, "event_seq": 0, "stalled_s": 0.0, "media_s": 0.0, "media_done_s": 0.0,
        **dict.fromkeys(counted, 0),
    }  # fmt: skip
