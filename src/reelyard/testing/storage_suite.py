# ruff: noqa: S101 - a suite asserts
"""What every storage must do. A test module subclasses a suite and gives it a fixture that makes the storage.

class TestDiskStorage(StorageSuite):
    @pytest.fixture
    def storage(self, tmp_path): return DiskStorage(tmp_path / "data")
"""

from __future__ import annotations

import hashlib
import random
import zlib
from pathlib import Path

import pytest

from reelyard.errors import BlobMissing, InvalidInput
from reelyard.storage.storage import Storage


def some_bytes(size: int, seed: int = 1) -> bytes:
    """The same bytes for the same seed, not compressible."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - test data, no secret


class StorageSuite:
    """The contract of `Storage`; give a fixture `storage`."""

    def test_what_is_put_is_read_back_and_described(self, storage: Storage, tmp_path: Path) -> None:
        data = some_bytes(5_000_001)
        source = tmp_path / "source"
        source.write_bytes(data)

        stored = storage.put("items/1/out.wav", source)

        assert (stored.key, stored.size) == ("items/1/out.wav", len(data))
        assert stored.sha256 == hashlib.sha256(data).hexdigest()
        assert stored.crc32 == zlib.crc32(data)
        assert storage.read_bytes("items/1/out.wav") == data
        assert storage.size("items/1/out.wav") == len(data)

    def test_small_things_and_nothing_at_all_are_stored(self, storage: Storage) -> None:
        small, empty = storage.put_bytes("a/small", b"small"), storage.put_bytes("a/empty", b"")

        assert (small.size, small.crc32) == (5, zlib.crc32(b"small"))
        assert empty.sha256 == hashlib.sha256(b"").hexdigest()
        assert storage.read_bytes("a/small") == b"small"
        assert storage.read_bytes("a/empty") == b""

    def test_putting_again_replaces(self, storage: Storage) -> None:
        storage.put_bytes("a/b", b"first")

        storage.put_bytes("a/b", b"second")

        assert storage.read_bytes("a/b") == b"second"

    def test_reading_begins_at_any_byte(self, storage: Storage) -> None:
        storage.put_bytes("a/b", b"0123456789")

        with storage.open("a/b", 7) as tail, storage.open("a/b", 10) as end, storage.open("a/b") as whole:
            assert (tail.read(), end.read(), whole.read(3)) == (b"789", b"", b"012")

    def test_an_open_thing_is_read_to_its_end_though_it_is_deleted(self, storage: Storage) -> None:
        storage.put_bytes("a/b", b"0123456789")

        with storage.open("a/b") as file:
            storage.delete("a/b")
            assert file.read() == b"0123456789"

    def test_materialising_makes_a_file_that_outlives_the_key(self, storage: Storage, tmp_path: Path) -> None:
        storage.put_bytes("a/b", b"content")
        target = tmp_path / "work" / "input"

        storage.materialise("a/b", target)
        storage.materialise("a/b", target)
        storage.delete("a/b")

        assert target.read_bytes() == b"content"

    def test_a_materialised_file_can_be_put_under_another_key(self, storage: Storage, tmp_path: Path) -> None:
        storage.put_bytes("a/b", b"content")
        storage.materialise("a/b", tmp_path / "input")

        storage.put("a/c", tmp_path / "input")

        assert storage.read_bytes("a/b") == storage.read_bytes("a/c") == b"content"

    def test_what_is_not_there_is_missing_everywhere(self, storage: Storage, tmp_path: Path) -> None:
        storage.put_bytes("a/b", b"")

        for key in ("a/none", "none", "a", "a/b/c"):
            assert not storage.exists(key)
            with pytest.raises(BlobMissing):
                storage.open(key)
            with pytest.raises(BlobMissing):
                storage.read_bytes(key)
            with pytest.raises(BlobMissing):
                storage.size(key)
            with pytest.raises(BlobMissing):
                storage.materialise(key, tmp_path / "target")
            storage.delete(key)
        assert storage.exists("a/b")

    def test_deleting_takes_exactly_what_is_named(self, storage: Storage) -> None:
        for key in ("a/1", "a/2", "ab/1", "b/a/1"):
            storage.put_bytes(key, b"x")

        storage.delete("a/2")
        storage.delete("a/2")
        storage.delete_prefix("b/")
        storage.delete_prefix("none/")

        assert {entry.key for entry in storage.list("")} == {"a/1", "ab/1"}

    def test_a_listing_names_everything_below_and_nothing_beside(self, storage: Storage) -> None:
        for key in ("a/1", "a/b/2", "ab/3", "c"):
            storage.put_bytes(key, key.encode())

        found = {entry.key: entry.size for entry in storage.list("a/")}

        assert found == {"a/1": 3, "a/b/2": 5}
        assert {entry.key for entry in storage.list("")} == {"a/1", "a/b/2", "ab/3", "c"}
        assert [*storage.list("none/")] == []

    def test_a_listing_tells_the_time_in_utc(self, storage: Storage) -> None:
        storage.put_bytes("a/1", b"x")

        (entry,) = storage.list("a/")

        offset = entry.modified.utcoffset()
        assert offset is not None
        assert not offset

    @pytest.mark.parametrize(
        "key",
        ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a\\b", "a b", "ä", "a\n", "a\0", "~",
         "x" * 901, "y" * 201, "%2e%2e", "a/b:c"],
    )  # fmt: skip
    def test_a_name_that_is_no_key_is_refused(self, storage: Storage, key: str, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"x")

        with pytest.raises(InvalidInput):
            storage.put_bytes(key, b"x")
        with pytest.raises(InvalidInput):
            storage.put(key, source)
        with pytest.raises(InvalidInput):
            storage.open(key)
        with pytest.raises(InvalidInput):
            storage.exists(key)
        with pytest.raises(InvalidInput):
            storage.delete(key)
        assert source.exists()

    @pytest.mark.parametrize("prefix", ["a", "/", "../", "a/../", "a//"])
    def test_a_prefix_without_a_slash_or_with_a_way_out_is_refused(
        self, storage: Storage, prefix: str
    ) -> None:
        with pytest.raises(InvalidInput):
            storage.delete_prefix(prefix)
        with pytest.raises(InvalidInput):
            storage.list(prefix)

    def test_everything_at_once_is_never_deleted(self, storage: Storage) -> None:
        with pytest.raises(InvalidInput):
            storage.delete_prefix("")

    def test_reading_before_the_start_is_refused(self, storage: Storage) -> None:
        storage.put_bytes("a/b", b"x")

        with pytest.raises(InvalidInput):
            storage.open("a/b", -1)

    def test_a_missing_source_is_said_to_be_missing(self, storage: Storage, tmp_path: Path) -> None:
        with pytest.raises(BlobMissing):
            storage.put("a/b", tmp_path / "none")

    def test_a_source_that_is_a_link_or_a_folder_is_refused(self, storage: Storage, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        victim.write_bytes(b"another's")
        (tmp_path / "link").symlink_to(victim)

        for source in (tmp_path / "link", tmp_path):
            with pytest.raises(InvalidInput):
                storage.put("a/b", source)
        assert not storage.exists("a/b")

    def test_free_room_is_known_or_without_limit(self, storage: Storage) -> None:
        free = storage.free_bytes()

        assert free is None or free > 0
