"""The janitor: what is referred to stays whatever happens, what is not goes after its hour."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files

from reelyard.bootstrap import Container, build
from reelyard.core.batches.models import Item
from reelyard.core.events.log import NewEvent
from reelyard.core.events.models import Event
from reelyard.core.library.models import LibraryFile, Upload, UploadStatus
from reelyard.core.library.purge import EVENTS_KEPT, GRACE, Janitor, Swept
from reelyard.core.library.service import NewFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact, CacheBlob, CacheEntry, Part, RunStatus, StageRun, SubjectKind
from reelyard.kit.clock import SystemClock
from reelyard.settings import load_settings
from reelyard.storage.storage import PartSlot
from reelyard.testing.clock import ManualClock
from reelyard.testing.cluster import ManualCluster
from reelyard.testing.upload_steps import in_chunks

HOUR = GRACE.total_seconds()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(SystemClock().now())


@pytest.fixture
def container(tmp_path: Path, clock: ManualClock) -> Iterator[Container]:
    built = build(load_settings(data=tmp_path), clock=clock, cluster=ManualCluster(1, clock))
    yield built
    built.upload_store.close()
    built.db.close()
    built.folder.release()


@pytest.fixture
def janitor(container: Container) -> Janitor:
    return Janitor(container.db, container.storage, container.uploads, container.clock)


def keys(container: Container) -> set[str]:
    return {entry.key for entry in container.storage.list("")}


def put(container: Container, key: str) -> str:
    container.storage.put_bytes(key, b"something")
    return key


def an_item(container: Container, owner: str) -> tuple[str, Item]:
    files = ready_files(container, owner, [f"content {uuid.uuid4()}"])
    batch_id = new_batch(container, owner, files, Order("transcription", start=False))
    return batch_id, items_of(container, batch_id)[0]


def make(container: Container, owner: str, subject: str, key: str, kind: str = SubjectKind.ITEM) -> None:
    stored = container.storage.put_bytes(key, b"made")
    with container.db.write() as tx:
        tx.session.add(
            Artifact(
                id=str(uuid.uuid4()), owner_id=owner, subject_kind=kind, subject_id=subject, generation=1, stage="s",
                role=str(uuid.uuid4()), blob_key=key, size=stored.size, sha256=stored.sha256, crc32=0, created_at=tx.now,
            )
        )  # fmt: skip


def a_run(container: Container, owner: str, subject: str, status: RunStatus) -> str:
    run_id = str(uuid.uuid4())
    with container.db.write() as tx:
        tx.session.add(
            StageRun(
                id=run_id, owner_id=owner, subject_kind=SubjectKind.ITEM, subject_id=subject, pipeline="p", stage="s",
                stage_index=0, generation=1, token=7, status=status, pool="cpu", queued_at=tx.now,
            )
        )  # fmt: skip
    return run_id


def test_all_that_something_refers_to_stays(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    _, item = an_item(container, owner)
    make(container, owner, item.id, f"work/{owner}/{item.id}/1-s/cut.mp4")
    make(container, owner, item.file_id, f"work/{owner}/{item.file_id}/1-t/thumbnail.jpg", SubjectKind.FILE)
    make(container, owner, str(uuid.uuid4()), f"work/{owner}/export/1-z/merged.mp4", SubjectKind.EXPORT)
    make(container, owner, item.id, f"revisions/{owner}/{item.id}/r")
    run_id = a_run(container, owner, item.id, RunStatus.RUNNING)
    put(container, f"work/{owner}/{item.id}/7-s/outcome.json")
    cached, part = put(container, f"work/{owner}/gone/1-s/x"), put(container, f"parts/{owner}/ab/abc")
    put(container, f"{part}.sum")
    with container.db.write() as tx:
        tx.session.add(CacheEntry(owner_id=owner, key="k", run_id=run_id, created_at=tx.now, used_at=tx.now))
        tx.session.add(
            CacheBlob(owner_id=owner, key="k", role="x", blob_key=cached, size=1, sha256="", crc32=0)
        )
        runs.keep_part(tx, owner, item.id, part)
    before = keys(container)

    clock.advance(HOUR * 3)
    swept = janitor.sweep()

    assert swept == Swept()
    assert keys(container) == before
    assert len(before) == 9


def test_what_nothing_refers_to_goes_after_an_hour_and_not_before(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    _, item = an_item(container, owner)
    a_run(container, owner, item.id, RunStatus.DONE)
    left = {
        put(container, f"originals/{owner}/{uuid.uuid4()}"),
        put(container, f"work/{owner}/{item.id}/7-s/outcome.json"),
        put(container, f"work/{owner}/{uuid.uuid4()}/1-s/cut.mp4"),
        put(container, f"parts/{owner}/ab/abc"),
        put(container, f"parts/{owner}/ab/abc.sum"),
        put(container, f"revisions/{owner}/{item.id}/r"),
    }

    clock.advance(HOUR - 60)
    assert janitor.sweep() == Swept()
    clock.advance(120)
    swept = janitor.sweep()

    assert (swept.blobs, swept.bytes) == (6, 6 * 9)
    assert not keys(container) & left
    assert len(keys(container)) == 1


def test_a_deleted_batch_or_file_lets_its_blobs_go_and_no_others(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    (gone, item), (kept, other) = an_item(container, owner), an_item(container, owner)
    for one in (item, other):
        make(container, owner, one.id, f"work/{owner}/{one.id}/1-s/cut.mp4")
        make(container, owner, one.file_id, f"work/{owner}/{one.file_id}/1-t/thumbnail.jpg", SubjectKind.FILE)
    with container.db.write() as tx:
        container.batches.delete(tx, owner, gone)
        container.library.delete(tx, owner, item.file_id)

    clock.advance(HOUR * 2)
    swept = janitor.sweep()

    assert swept.blobs == 3
    assert keys(container) == {
        f"originals/{owner}/{other.file_id}",
        f"work/{owner}/{other.id}/1-s/cut.mp4",
        f"work/{owner}/{other.file_id}/1-t/thumbnail.jpg",
    }
    assert kept


def test_parts_go_when_their_item_has_ended(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    batch_id, item = an_item(container, owner)
    part = put(container, f"parts/{owner}/ab/abc")
    with container.db.write() as tx:
        runs.keep_part(tx, owner, item.id, part)
    clock.advance(HOUR * 2)
    assert janitor.sweep() == Swept()

    with container.db.write() as tx:
        container.commands.cancel(tx, owner, batch_id)
    swept = janitor.sweep()

    assert (swept.parts, swept.blobs) == (1, 1)
    with container.db.read() as tx:
        assert tx.session.scalars(select(Part)).all() == []


def test_a_crash_between_forgetting_and_removing_is_made_good_by_the_next_round(
    container: Container, janitor: Janitor, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = new_owner(container)
    left = {put(container, f"work/{owner}/{uuid.uuid4()}/1-s/{n}") for n in range(5)}
    _, item = an_item(container, owner)
    part = put(container, f"parts/{owner}/ab/abc")
    with container.db.write() as tx:
        runs.keep_part(tx, owner, item.id, part)
        tx.session.get_one(Item, item.id).status = "failed"
    clock.advance(HOUR * 2)
    delete, removed = container.storage.delete, []

    def power_cut(key: str) -> None:
        delete(key)
        removed.append(key)
        if len(removed) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(container.storage, "delete", power_cut)
        with pytest.raises(KeyboardInterrupt):
            janitor.sweep()
    swept = janitor.sweep()

    assert swept.blobs == 3
    assert not keys(container) & {*left, part}


def test_nothing_that_is_referred_to_goes_while_others_work(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    _, item = an_item(container, owner)
    old = [put(container, f"work/{owner}/{item.id}/{n}-s/out") for n in range(120)]
    clock.advance(HOUR * 2)
    adopted: list[str] = []
    over = threading.Event()

    def adopt() -> None:
        """Refer to old blobs, as a cache hit does, if they are still there."""
        for key in old[::-3]:
            with container.db.write() as tx:
                if container.storage.exists(key):
                    tx.session.add(
                        Artifact(
                            id=str(uuid.uuid4()), owner_id=owner, subject_kind="item", subject_id=item.id, generation=1,
                            stage="s", role=key, blob_key=key, size=1, sha256="", crc32=0, created_at=tx.now,
                        )
                    )  # fmt: skip
                    adopted.append(key)
        over.set()

    working = threading.Thread(target=adopt)
    working.start()
    while not over.is_set():
        janitor.sweep()
    working.join()
    janitor.sweep()

    assert set(adopted) <= keys(container)
    assert adopted


def written(container: Container, owner: str) -> tuple[LibraryFile, Upload]:
    """A file of four bytes that have arrived, whose upload is not completed."""
    with container.db.write() as tx:
        file, upload = container.library.announce(tx, owner, NewFile("a.wav", 4))
    slot = container.uploads.place(owner, upload.id, 1)
    asyncio.run(container.uploads.write(upload.id, slot, in_chunks(b"abcd")))
    return file, upload


def test_uploads_whose_time_is_over_leave_nothing(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    file, upload = written(container, owner)
    container.upload_store.begin("orphan", 10)
    asyncio.run(container.upload_store.write_part("orphan", PartSlot(1, 0, 10), in_chunks(bytes(10))))

    first = janitor.sweep()
    clock.advance(timedelta(hours=25).total_seconds())
    second = janitor.sweep()

    assert (first.uploads, second.uploads) == (1, 1)
    assert list(container.upload_store.begun()) == []
    with container.db.read() as tx:
        assert tx.session.get_one(Upload, upload.id).status == UploadStatus.EXPIRED
        assert tx.session.get_one(LibraryFile, file.id).status == "expired"


def test_a_file_sealed_before_a_crash_is_kept_and_completed_afterwards(
    container: Container, janitor: Janitor, clock: ManualClock
) -> None:
    owner = new_owner(container)
    file, upload = written(container, owner)
    container.upload_store.seal(upload.id, f"originals/{owner}/{file.id}")  # and the process ends here

    clock.advance(HOUR * 2)
    assert janitor.sweep() == Swept()
    completed = container.uploads.complete(owner, upload.id)

    assert (completed.status, completed.size) == ("verifying", 4)
    assert container.storage.read_bytes(completed.blob_key or "") == b"abcd"


def test_events_are_kept_for_thirty_days(container: Container, janitor: Janitor, clock: ManualClock) -> None:
    owner = new_owner(container)

    def tell() -> None:
        with container.db.write() as tx:
            container.log.record(tx, NewEvent(owner, "something", {}))

    tell()
    clock.advance(EVENTS_KEPT.total_seconds() + 60)
    tell()
    swept = janitor.sweep()

    with container.db.read() as tx:
        assert tx.session.execute(select(func.count()).select_from(Event)).scalar_one() == 1
    assert swept.events == 1
