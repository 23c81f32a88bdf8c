# ruff: noqa: S101 - a suite asserts
"""What every upload store must do while somebody is writing: the second half of the contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from reelyard.errors import InvalidInput, PartSuperseded, UploadClosed
from reelyard.storage.storage import PartSlot, UploadedPart
from reelyard.testing.storage_suite import some_bytes
from reelyard.testing.upload_steps import Silence, Stores, UploadSteps, in_chunks


class UploadWriters(UploadSteps):
    """Several writers of a part, writers that fall silent or go away, and sealing and aborting meanwhile."""

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
