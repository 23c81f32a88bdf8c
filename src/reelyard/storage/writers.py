"""Who writes at an upload right now: one writer a part, a gate that closes, ends for the silent."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field

from reelyard.errors import PartSuperseded, ReelyardError, UploadClosed
from reelyard.storage.receiving import settled
from reelyard.storage.storage import UploadedPart

Work = Callable[[], Coroutine[None, None, UploadedPart]]


@dataclass(eq=False, slots=True)
class Writer:
    """One request that writes a part, in a task of its own so that it can be ended from anywhere."""

    task: asyncio.Task[UploadedPart]
    loop: asyncio.AbstractEventLoop
    gone: Future[None] = field(default_factory=Future)  # set when it touches nothing any more
    ended_by: ReelyardError | None = None

    def end(self, why: ReelyardError) -> None:
        """Ask it to stop; `gone` tells when it has."""
        if self.ended_by is None and not self.gone.done():
            self.ended_by = why
            with contextlib.suppress(RuntimeError):  # its loop is closed: so is its connection
                self.loop.call_soon_threadsafe(self.task.cancel)


class Gate:
    """Lets writers in to one upload until it is closed. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = True
        self._writers: dict[int, Writer] = {}

    async def write(self, number: int, work: Work) -> UploadedPart:
        """Do `work` as the only writer of part `number`: an earlier one is ended and waited for first."""
        writer = self._enter(number, work)
        try:
            await asyncio.wait({writer.task})
        except asyncio.CancelledError:
            writer.task.cancel()
            await settled((writer.task,))
            raise
        if writer.task.cancelled():
            raise writer.ended_by or UploadClosed()
        return writer.task.result()

    def close(self) -> None:
        """Let nobody in any more."""
        with self._lock:
            self._open = False

    def reopen(self) -> None:
        with self._lock:
            self._open = True

    def wait(self, patience: float) -> bool:
        """Wait up to `patience` seconds for the writers inside; whether they are gone."""
        with self._lock:
            inside = [writer.gone for writer in self._writers.values()]
        return not wait(inside, timeout=patience).not_done

    def end_all(self, why: ReelyardError) -> None:
        with self._lock:
            inside = [*self._writers.values()]
        for writer in inside:
            writer.end(why)

    def _enter(self, number: int, work: Work) -> Writer:
        loop = asyncio.get_running_loop()
        with self._lock:
            if not self._open:
                raise UploadClosed("The upload is being sealed or was aborted; it takes no more parts.")
            before = self._writers.get(number)
            writer = Writer(loop.create_task(_after(before, work)), loop)
            self._writers[number] = writer
        writer.task.add_done_callback(lambda task: self._leave(number, writer, task))
        if before is not None:
            before.end(PartSuperseded(f"Part {number} is being sent again by a later request."))
        return writer

    def _leave(self, number: int, writer: Writer, task: asyncio.Task[UploadedPart]) -> None:
        if not task.cancelled():
            task.exception()  # told to whoever waits in `write`; here only marked as seen
        with self._lock:
            if self._writers.get(number) is writer:
                del self._writers[number]
        writer.gone.set_result(None)


async def _after(before: Writer | None, work: Work) -> UploadedPart:
    if before is not None:
        await settled(_as_asyncio(before.gone))
    return await work()


def _as_asyncio(gone: Future[None]) -> Iterable[asyncio.Future[None]]:
    return (asyncio.wrap_future(gone),)
