from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from reelyard.errors import InvalidInput, StorageUnavailable
from reelyard.storage.disk import DiskStorage
from reelyard.testing.storage_suite import StorageSuite, some_bytes


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "data")


class TestDiskStorageKeepsTheContract(StorageSuite):
    pass


def _leftovers(storage: DiskStorage) -> list[Path]:
    return [*(storage.root / "tmp").iterdir()]


def _other_file_system(tmp_path: Path) -> Path:
    shared_memory = Path("/dev/shm")
    if not shared_memory.is_dir() or shared_memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    return shared_memory


def test_a_source_on_the_same_file_system_is_moved(storage: DiskStorage, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"moved")
    inode = source.stat().st_ino

    storage.put("a/b", source)

    assert not source.exists()
    assert (storage.root / "objects/a/b").stat().st_ino == inode


def test_a_source_on_another_file_system_is_copied(storage: DiskStorage, tmp_path: Path) -> None:
    data = some_bytes(9_000_000)
    source = _other_file_system(tmp_path) / f"reelyard-{os.getpid()}-{tmp_path.name}"
    source.write_bytes(data)

    try:
        stored = storage.put("a/b", source)
    finally:
        source.unlink()

    assert stored.size == len(data)
    assert storage.read_bytes("a/b") == data
    assert not _leftovers(storage)


def test_materialising_links_where_it_can_and_copies_where_it_cannot(
    storage: DiskStorage, tmp_path: Path
) -> None:
    storage.put_bytes("a/b", b"content")
    far = _other_file_system(tmp_path) / f"reelyard-{os.getpid()}-{tmp_path.name}"

    storage.materialise("a/b", tmp_path / "near")
    try:
        storage.materialise("a/b", far)
        assert far.read_bytes() == b"content"
    finally:
        far.unlink(missing_ok=True)

    assert (tmp_path / "near").stat().st_nlink == 2


def test_objects_are_read_only_and_private(storage: DiskStorage, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    source.chmod(0o666)

    storage.put("a/moved", source)
    storage.put_bytes("a/written", b"x")

    for name in ("moved", "written"):
        assert stat.S_IMODE((storage.root / "objects/a" / name).stat().st_mode) == 0o400
    assert stat.S_IMODE((storage.root / "objects").stat().st_mode) == 0o700


def test_folders_that_become_empty_are_removed(storage: DiskStorage) -> None:
    storage.put_bytes("a/b/c/d", b"x")
    storage.put_bytes("a/e", b"x")

    storage.delete("a/b/c/d")

    assert not (storage.root / "objects/a/b").exists()
    assert storage.exists("a/e")


def test_a_key_cannot_be_the_folder_of_another(storage: DiskStorage, tmp_path: Path) -> None:
    storage.put_bytes("a/b", b"x")
    (tmp_path / "source").write_bytes(b"x")

    with pytest.raises(InvalidInput, match="folder of another"):
        storage.put_bytes("a", b"x")
    with pytest.raises(InvalidInput, match="folder of another"):
        storage.put_bytes("a/b/c", b"x")
    with pytest.raises(InvalidInput, match="folder of another"):
        storage.put("a/b/c/d", tmp_path / "source")
    assert not _leftovers(storage)


def test_putting_and_emptying_the_same_folder_at_once_loses_nothing(storage: DiskStorage) -> None:
    def come_and_go(name: str) -> None:
        for _ in range(150):
            storage.put_bytes(f"a/b/{name}", b"x")
            assert storage.read_bytes(f"a/b/{name}") == b"x"
            storage.delete(f"a/b/{name}")
        storage.put_bytes(f"a/b/{name}", b"x")

    threads = [Thread(target=come_and_go, args=(str(n),)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {entry.key for entry in storage.list("a/b/")} == {"a/b/0", "a/b/1", "a/b/2"}


def test_the_janitor_takes_only_what_is_older_than_its_limit(storage: DiskStorage) -> None:
    now = datetime.now(UTC)
    old, new, folder = (storage.root / "tmp" / name for name in ("old", "new", "gone-1"))
    old.write_bytes(b"")
    new.write_bytes(b"")
    folder.mkdir()
    (folder / "file").write_bytes(b"")
    for path in (old, folder):
        os.utime(path, (0, 0))

    removed = storage.remove_stale(now - timedelta(hours=1))

    assert removed == 2
    assert _leftovers(storage) == [new]


def test_a_place_that_cannot_be_written_is_said_to_be_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageUnavailable, match="could not prepare"):
        DiskStorage(tmp_path / "file" / "data")
