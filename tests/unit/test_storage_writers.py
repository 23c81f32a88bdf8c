from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest

from reelyard.errors import PartSuperseded, UploadClosed
from reelyard.storage.receiving import settled
from reelyard.storage.storage import UploadedPart
from reelyard.storage.writers import Gate

PART = UploadedPart(1, 0, "")


class Thread:
    """Work in a thread that goes on though its writer was ended, until it is let go."""

    def __init__(self, story: list[str]) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.get_running_loop().create_future()
        self._story = story

    async def work(self) -> UploadedPart:
        self.begun.set()
        try:
            await settled((self.may_end,))
        finally:
            self._story.append("first left")
        return PART


def second(story: list[str]) -> Coroutine[None, None, UploadedPart]:
    async def work() -> UploadedPart:
        story.append("second writes")
        return PART

    return work()


async def turns(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_second_writer_begins_only_when_the_first_touches_nothing_any_more() -> None:
    async def scene() -> list[str]:
        gate, story = Gate(), list[str]()
        thread = Thread(story)
        one = asyncio.create_task(gate.write(1, thread.work))
        await thread.begun.wait()
        two = asyncio.create_task(gate.write(1, lambda: second(story)))
        await turns()
        story.append("thread ends")
        thread.may_end.set_result(None)
        assert await two == PART
        with pytest.raises(PartSuperseded):
            await one
        return story

    assert asyncio.run(scene()) == ["thread ends", "first left", "second writes"]


def test_a_third_writer_waits_for_the_first_though_the_second_was_ended() -> None:
    async def scene() -> list[str]:
        gate, story = Gate(), list[str]()
        thread = Thread(story)
        tasks = [asyncio.create_task(gate.write(1, thread.work))]
        await thread.begun.wait()
        for name in ("second", "third"):

            async def work(name: str = name) -> UploadedPart:
                story.append(name)
                return PART

            tasks.append(asyncio.create_task(gate.write(1, work)))
            await turns()
        thread.may_end.set_result(None)
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(end) for end in ends] == [PartSuperseded, PartSuperseded, UploadedPart]
        return story

    assert asyncio.run(scene()) == ["first left", "third"]


def test_a_cancelled_request_waits_for_its_thread() -> None:
    async def scene() -> list[str]:
        gate, story = Gate(), list[str]()
        thread = Thread(story)
        one = asyncio.create_task(gate.write(1, thread.work))
        await thread.begun.wait()
        one.cancel()
        await turns()
        one.cancel()
        await turns()
        assert not one.done()
        assert not gate.wait(0)
        thread.may_end.set_result(None)
        with pytest.raises(asyncio.CancelledError):
            await one
        await turns()
        assert gate.wait(0)
        return story

    assert asyncio.run(scene()) == ["first left"]


def test_writers_of_different_parts_do_not_wait_for_each_other() -> None:
    async def scene() -> None:
        gate = Gate()
        thread = Thread([])
        one = asyncio.create_task(gate.write(1, thread.work))
        await thread.begun.wait()
        assert await gate.write(2, lambda: second([])) == PART
        thread.may_end.set_result(None)
        assert await one == PART

    asyncio.run(scene())


def test_a_closed_gate_lets_nobody_in_until_it_is_open_again() -> None:
    async def scene() -> None:
        gate = Gate()
        gate.close()
        with pytest.raises(UploadClosed):
            await gate.write(1, lambda: second([]))
        gate.reopen()
        assert await gate.write(1, lambda: second([])) == PART

    asyncio.run(scene())
