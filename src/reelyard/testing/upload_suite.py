# ruff: noqa: S101 - a suite asserts
"""What every upload store must do. A test module subclasses the suite and gives it a fixture.

class TestDiskUploads(UploadSuite):
    @pytest.fixture
    def stores(self, tmp_path): ...; yield Stores(storage, uploads)
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from reelyard.errors import InvalidInput, TooLarge, UploadIncomplete
from reelyard.storage.storage import PartSlot, UploadedPart
from reelyard.testing.storage_suite import some_bytes
from reelyard.testing.upload_steps import Stores, in_chunks
from reelyard.testing.upload_writers import UploadWriters


class UploadSuite(UploadWriters):
    """The contract of `UploadStore`; give a fixture `stores`."""

    def test_parts_in_any_order_make_up_the_whole(self, stores: Stores) -> None:
        data = some_bytes(3 * self.part + 17)
        stores.uploads.begin("u1", len(data))
        slots = self.slots(len(data))

        for slot in reversed(slots):
            part = self.send(stores, data, slot)
            piece = data[slot.offset : slot.offset + slot.limit]
            assert part == UploadedPart(slot.number, len(piece), hashlib.sha256(piece).hexdigest())

        assert [part.number for part in stores.uploads.parts("u1")] == [1, 2, 3, 4]
        assert stores.uploads.seal("u1", "files/u1") == len(data)
        assert stores.storage.read_bytes("files/u1") == data

    def test_parts_sent_side_by_side_do_not_mix(self, stores: Stores) -> None:
        data = some_bytes(8 * self.part)
        stores.uploads.begin("u1", len(data))

        async def all_at_once() -> None:
            await asyncio.gather(
                *(
                    stores.uploads.write_part("u1", slot, in_chunks(data[slot.offset :][: slot.limit], 7_001))
                    for slot in self.slots(len(data))
                )
            )

        asyncio.run(all_at_once())

        stores.uploads.seal("u1", "files/u1")
        assert stores.storage.read_bytes("files/u1") == data

    def test_beginning_sealing_and_aborting_twice_is_the_same_as_once(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))
        self.send(stores, data, self.slots(len(data))[0])
        stores.uploads.begin("u1", len(data))
        stores.uploads.begin("u2", 5)

        sizes = [stores.uploads.seal("u1", "files/u1") for _ in range(2)]
        stores.uploads.abort("u2")
        stores.uploads.abort("u2")
        stores.uploads.abort("never-begun")

        assert sizes == [len(data), len(data)]
        assert stores.storage.read_bytes("files/u1") == data
        assert [*stores.uploads.begun()] == []

    def test_an_empty_file_needs_no_part(self, stores: Stores) -> None:
        stores.uploads.begin("u1", 0)

        assert stores.uploads.seal("u1", "files/u1") == 0
        assert stores.storage.read_bytes("files/u1") == b""

    def test_one_byte_too_many_is_refused_and_not_kept(self, stores: Stores) -> None:
        data = some_bytes(2 * self.part)
        stores.uploads.begin("u1", len(data))
        first, second = self.slots(len(data))
        self.send(stores, data, second)

        with pytest.raises(TooLarge):
            asyncio.run(
                stores.uploads.write_part("u1", first, in_chunks(data[: self.part] + b"!", self.part + 1))
            )
        with pytest.raises(TooLarge):
            asyncio.run(stores.uploads.write_part("u1", first, in_chunks(data[: self.part] + b"!")))

        assert [part.number for part in stores.uploads.parts("u1")] == [2]
        self.send(stores, data, first)
        stores.uploads.seal("u1", "files/u1")
        assert stores.storage.read_bytes("files/u1") == data

    def test_a_body_without_end_is_cut_at_once(self, stores: Stores) -> None:
        stores.uploads.begin("u1", 100)
        taken = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal taken
            while True:
                taken += 10
                yield b"0123456789"

        with pytest.raises(TooLarge):
            asyncio.run(stores.uploads.write_part("u1", PartSlot(1, 0, 100), endless()))

        assert taken == 110

    def test_a_part_that_is_too_short_or_has_another_hash_is_refused(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))

        with pytest.raises(InvalidInput, match="ended after"):
            asyncio.run(stores.uploads.write_part("u1", PartSlot(1, 0, len(data)), in_chunks(data[:-1])))
        with pytest.raises(InvalidInput, match="SHA-256"):
            asyncio.run(
                stores.uploads.write_part("u1", PartSlot(1, 0, len(data), sha256="0" * 64), in_chunks(data))
            )

        assert stores.uploads.parts("u1") == ()
        right = PartSlot(1, 0, len(data), sha256=hashlib.sha256(data).hexdigest().upper())
        assert asyncio.run(stores.uploads.write_part("u1", right, in_chunks(data))).size == len(data)

    def test_a_slot_that_does_not_fit_is_refused(self, stores: Stores) -> None:
        stores.uploads.begin("u1", 100)
        stores.uploads.begin("whole", None)

        for slot in (PartSlot(0, 0, 1), PartSlot(10_001, 0, 1), PartSlot(1, -1, 1), PartSlot(1, 1, 100)):
            with pytest.raises(InvalidInput):
                asyncio.run(stores.uploads.write_part("u1", slot, in_chunks(b"x")))
        with pytest.raises(InvalidInput):
            asyncio.run(stores.uploads.write_part("whole", PartSlot(2, 0, 1), in_chunks(b"x")))
        with pytest.raises(InvalidInput):
            stores.uploads.begin("u2", -1)
        with pytest.raises(InvalidInput):
            stores.uploads.begin("../u2", 1)

    def test_what_is_missing_keeps_the_upload_open(self, stores: Stores) -> None:
        data = some_bytes(3 * self.part)
        stores.uploads.begin("u1", len(data))
        first, second, third = self.slots(len(data))
        self.send(stores, data, first)
        self.send(stores, data, third)

        with pytest.raises(UploadIncomplete, match=f"bytes from {self.part} on"):
            stores.uploads.seal("u1", "files/u1")

        assert not stores.storage.exists("files/u1")
        self.send(stores, data, second)
        assert stores.uploads.seal("u1", "files/u1") == len(data)

    def test_a_whole_file_slot_takes_what_comes_up_to_its_limit(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", None)
        slot = PartSlot(1, 0, self.part, exact=False)

        with pytest.raises(UploadIncomplete):
            stores.uploads.seal("u1", "files/u1")
        with pytest.raises(TooLarge):
            asyncio.run(stores.uploads.write_part("u1", slot, in_chunks(data + b"!")))
        part = asyncio.run(stores.uploads.write_part("u1", slot, in_chunks(data[:1000])))

        assert part.size == 1000
        assert stores.uploads.seal("u1", "files/u1") == 1000
        assert stores.storage.read_bytes("files/u1") == data[:1000]

    def test_a_part_sent_again_replaces_the_first(self, stores: Stores) -> None:
        data, other = some_bytes(2 * self.part), some_bytes(2 * self.part, seed=2)
        stores.uploads.begin("u1", len(data))
        first, second = self.slots(len(data))
        for slot in (first, second):
            self.send(stores, other, slot)

        for _ in range(3):
            self.send(stores, data, second)

        assert len(stores.uploads.parts("u1")) == 2
        stores.uploads.seal("u1", "files/u1")
        assert stores.storage.read_bytes("files/u1") == other[: self.part] + data[self.part :]

    def test_a_whole_file_sent_again_replaces_the_first(self, stores: Stores) -> None:
        stores.uploads.begin("u1", None)
        slot = PartSlot(1, 0, 1000, exact=False)

        for body in (b"a long first one", b"short"):
            asyncio.run(stores.uploads.write_part("u1", slot, in_chunks(body)))

        assert stores.uploads.seal("u1", "files/u1") == 5
        assert stores.uploads.seal("u1", "files/u1") == 5
        assert stores.storage.read_bytes("files/u1") == b"short"

    def test_an_acknowledged_part_survives_a_failed_attempt_to_replace_it(self, stores: Stores) -> None:
        data, other = some_bytes(self.part), some_bytes(self.part, seed=2)
        stores.uploads.begin("u1", len(data))
        (slot,) = self.slots(len(data))
        kept = self.send(stores, data, slot)

        with pytest.raises(InvalidInput):
            asyncio.run(stores.uploads.write_part("u1", slot, in_chunks(other[:-1])))

        assert stores.uploads.parts("u1") == (kept,)
        stores.uploads.seal("u1", "files/u1")
        assert stores.storage.read_bytes("files/u1") == data

    def test_what_the_body_raises_goes_through(self, stores: Stores) -> None:
        stores.uploads.begin("u1", 100)

        async def broken() -> AsyncIterator[bytes]:
            yield b"x"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            asyncio.run(stores.uploads.write_part("u1", PartSlot(1, 0, 100), broken()))

        assert stores.uploads.parts("u1") == ()
