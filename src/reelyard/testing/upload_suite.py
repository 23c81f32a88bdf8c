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
from dataclasses import dataclass

import pytest

from reelyard.errors import InvalidInput, PartSuperseded, TooLarge, UploadClosed, UploadIncomplete
from reelyard.storage.storage import PartSlot, Storage, UploadedPart, UploadStore
from reelyard.testing.storage_suite import some_bytes

PART = 300_000  # bytes; a store with larger parts (S3: 5 MiB) overrides `part`


@dataclass(frozen=True, slots=True)
class Stores:
    storage: Storage
    uploads: UploadStore


async def in_chunks(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    """`data` as a server hands over a body."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
        await asyncio.sleep(0)


class Silence:
    """A body that gives `data` and then nothing more, without ending."""

    def __init__(self, data: bytes) -> None:
        self.heard = asyncio.Event()
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data
        self.heard.set()
        await asyncio.Event().wait()


class UploadSuite:
    """The contract of `UploadStore`; give a fixture `stores`."""

    part = PART

    def slots(self, size: int) -> list[PartSlot]:
        """The parts of a file of `size` bytes."""
        return [
            PartSlot(number, offset, min(self.part, size - offset))
            for number, offset in enumerate(range(0, size, self.part), start=1)
        ]

    def send(self, stores: Stores, data: bytes, slot: PartSlot, upload_id: str = "u1") -> UploadedPart:
        """Write the part that `slot` cuts out of the whole `data`."""
        body = in_chunks(data[slot.offset : slot.offset + slot.limit])
        return asyncio.run(stores.uploads.write_part(upload_id, slot, body))

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

    def test_a_second_writer_of_a_part_ends_the_silent_first(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))
        (slot,) = self.slots(len(data))

        async def twice() -> tuple[UploadedPart, float]:
            silence = Silence(b"?" * (self.part - 1))
            first = asyncio.create_task(stores.uploads.write_part("u1", slot, aiter(silence)))
            await silence.heard.wait()
            began = asyncio.get_running_loop().time()
            part = await stores.uploads.write_part("u1", slot, in_chunks(data))
            with pytest.raises(PartSuperseded):
                await first
            return part, asyncio.get_running_loop().time() - began

        part, took = asyncio.run(twice())

        assert took < 2
        assert stores.uploads.parts("u1") == (part,)
        stores.uploads.seal("u1", "files/u1")
        assert stores.storage.read_bytes("files/u1") == data

    def test_of_many_writers_of_a_part_the_last_stands(self, stores: Stores) -> None:
        bodies = [some_bytes(self.part, seed) for seed in range(6)]
        stores.uploads.begin("u1", self.part)
        slot = PartSlot(1, 0, self.part)

        async def race() -> list[UploadedPart | BaseException]:
            writers = [stores.uploads.write_part("u1", slot, in_chunks(body)) for body in bodies]
            return await asyncio.gather(*writers, return_exceptions=True)

        ends = asyncio.run(race())

        assert isinstance(ends[-1], UploadedPart)
        assert all(isinstance(end, UploadedPart | PartSuperseded) for end in ends)
        stores.uploads.seal("u1", "files/u1")
        assert stores.storage.read_bytes("files/u1") == bodies[-1]

    def test_a_cancelled_request_leaves_no_writer_behind(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))
        (slot,) = self.slots(len(data))

        async def cancelled() -> None:
            silence = Silence(b"?")
            task = asyncio.create_task(stores.uploads.write_part("u1", slot, aiter(silence)))
            await silence.heard.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await stores.uploads.write_part("u1", slot, in_chunks(data))

        asyncio.run(cancelled())

        assert len(stores.uploads.parts("u1")) == 1

    def test_after_sealing_and_aborting_no_part_is_taken(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        (slot,) = self.slots(len(data))
        for upload_id in ("sealed", "aborted"):
            stores.uploads.begin(upload_id, len(data))
            self.send(stores, data, slot, upload_id)
        stores.uploads.seal("sealed", "files/sealed")
        stores.uploads.abort("aborted")

        for upload_id in ("sealed", "aborted", "never-begun"):
            with pytest.raises(UploadClosed):
                self.send(stores, data, slot, upload_id)
        for upload_id in ("aborted", "never-begun"):
            with pytest.raises(UploadClosed):
                stores.uploads.seal(upload_id, f"files/{upload_id}")
            assert stores.uploads.parts(upload_id) == ()
        assert stores.storage.read_bytes("files/sealed") == data

    def test_aborting_ends_the_writers(self, stores: Stores) -> None:
        stores.uploads.begin("u1", 100)

        async def aborted() -> None:
            silence = Silence(b"?")
            task = asyncio.create_task(stores.uploads.write_part("u1", PartSlot(1, 0, 100), aiter(silence)))
            await silence.heard.wait()
            await asyncio.to_thread(stores.uploads.abort, "u1")
            with pytest.raises(UploadClosed):
                await task

        asyncio.run(aborted())

        assert [*stores.uploads.begun()] == []

    def test_sealing_waits_for_a_writer_that_goes_on(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))
        (slot,) = self.slots(len(data))

        async def sealed_meanwhile() -> int:
            half, rest = asyncio.Event(), asyncio.Event()

            async def body() -> AsyncIterator[bytes]:
                yield data[:1000]
                half.set()
                await rest.wait()
                yield data[1000:]

            writing = asyncio.create_task(stores.uploads.write_part("u1", slot, body()))
            await half.wait()
            sealing = asyncio.create_task(asyncio.to_thread(stores.uploads.seal, "u1", "files/u1"))
            await self._until_closed(stores)
            rest.set()
            await writing
            return await sealing

        assert asyncio.run(sealed_meanwhile()) == len(data)
        assert stores.storage.read_bytes("files/u1") == data

    def test_sealing_does_not_wait_for_ever_for_a_silent_writer(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))
        (slot,) = self.slots(len(data))
        self.send(stores, data, slot)

        async def sealed_meanwhile() -> int:
            silence = Silence(b"?")
            writing = asyncio.create_task(stores.uploads.write_part("u1", slot, aiter(silence)))
            await silence.heard.wait()
            size = await asyncio.to_thread(stores.uploads.seal, "u1", "files/u1")
            with pytest.raises(UploadClosed):
                await writing
            return size

        assert asyncio.run(sealed_meanwhile()) == len(data)
        assert stores.storage.read_bytes("files/u1") == data

    def test_sealing_from_many_threads_gives_one_answer(self, stores: Stores) -> None:
        data = some_bytes(self.part)
        stores.uploads.begin("u1", len(data))
        self.send(stores, data, self.slots(len(data))[0])

        async def many() -> list[int]:
            seals = [asyncio.to_thread(stores.uploads.seal, "u1", "files/u1") for _ in range(8)]
            return await asyncio.gather(*seals)

        assert asyncio.run(many()) == [len(data)] * 8

    async def _until_closed(self, stores: Stores) -> None:
        """Wait until the gate refuses a newcomer, who would otherwise be a writer of nothing."""
        async with asyncio.timeout(5):
            while True:
                try:
                    await stores.uploads.write_part("u1", PartSlot(9, 0, 1), in_chunks(b""))
                except UploadClosed:
                    return
                except InvalidInput:
                    await asyncio.sleep(0.01)
