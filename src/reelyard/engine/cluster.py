"""The way to the workers: six verbs, and Dask `distributed` behind them.

Dask supervises, transports and places; it never decides to run anything again. Its asyncio loop has a
thread of its own; verbs may be called from any thread and do not wait, except `start` and `close`.
What comes back goes to one function, `tell`, from the loop's thread.
"""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Protocol

import structlog

from reelyard.engine.messages import Attempt, Outcome, Told, Word, disowned
from reelyard.errors import EngineUnavailable

log = structlog.get_logger(__name__)

TOPIC = "reelyard"
GRACE_S = 0.4  # a lost worker's last answers may be on the way for so long


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker that has said hello."""

    address: str
    name: str
    pools: tuple[str, ...]  # which stages it takes: ("cpu",) or ("light",)
    pid: int
    inventory: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt has ended; `outcome` is None when its worker went away."""

    key: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class WorkersChanged:
    """A worker came or went."""


Message = Ended | Told | WorkersChanged


class Cluster(Protocol):
    """The six verbs."""

    def start(self, tell: Callable[[Message], None]) -> None:
        """Bring the workers up; returns when the first of them can take work."""
        ...

    def submit(self, attempt: Attempt, worker: str) -> None:
        """Run the attempt on that worker; `Ended` follows, whatever happens."""
        ...

    def kill(self, key: str, worker: str, *, yielding: bool = False) -> None:
        """End a running attempt and its children; with `yielding` ask it to stop at its next part instead."""
        ...

    def adopt(self, attempt: Attempt, worker: str) -> None:
        """Take up a run that an earlier control plane submitted."""
        ...

    def capacity(self) -> tuple[WorkerInfo, ...]:
        """The workers that can take work now."""
        ...

    def close(self) -> None:
        """End everything; returns when no worker and no child is left."""
        ...


@dataclass(frozen=True, slots=True)
class LocalSpec:
    """A cluster on this machine: `slots` thin workers with one thread each, and one for short things."""

    slots: int
    scratch: Path
    environment: Mapping[str, str] = field(default_factory=dict)  # what a worker builds its own root from


_DASK = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-ttl": "9 seconds",
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.memory.monitor-interval": "10s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.limit": "30s",
    "distributed.worker.multiprocessing-method": "forkserver",
    "logging": {"distributed": "error"},
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": 65536,
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "OPENBLAS_NUM_THREADS": 1,
        "DASK_LOGGING__DISTRIBUTED": "critical",  # that its scheduler has gone is no news at an end
    },
}

# Workers are forked off a process that has loaded all of it and nothing else: measured, a start of three workers
# takes half as long as when each loads it for itself, and so does taking the place of one that was killed.
_PRELOADED = ("distributed", "distributed.nanny", "reelyard.engine.workers", "reelyard.bootstrap_worker")


class DaskCluster:
    """`Cluster` over Dask, on this machine."""

    def __init__(self, spec: LocalSpec) -> None:
        self._spec = spec
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="cluster", daemon=True)
        self._tell: Callable[[Message], None] = lambda _message: None
        self._workers: dict[str, WorkerInfo] = {}
        self._flights: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._lock = threading.Lock()
        self._recalled: set[str] = set()
        self._closing = False
        self._complete = asyncio.Event()  # every worker has said hello once
        self._cluster: Any = None
        self._client: Any = None
        self._background: set[asyncio.Task[Any]] = set()

    def _run(self) -> None:
        """The loop's thread. The workers inherit its signal mask: Ctrl-C on a terminal reaches the whole group, and
        it is ours to hear, not theirs, since they are to stop at their next part.
        """
        resource_tracker.ensure_running()  # it would lift the block in the thread that starts it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._loop.run_forever()

    def start(self, tell: Callable[[Message], None], timeout_s: float = 60.0) -> None:
        self._tell = tell
        self._thread.start()
        try:
            self._await(self._start(), timeout_s)
        except TimeoutError:
            raise EngineUnavailable(
                "The workers did not start in time.", hint="See the log of the server."
            ) from None

    def submit(self, attempt: Attempt, worker: str) -> None:
        self._loop.call_soon_threadsafe(self._launch, attempt, worker)

    def adopt(self, attempt: Attempt, worker: str) -> None:
        self.submit(
            attempt, worker
        )  # an equal key is not run twice: the scheduler hands over the run that it has

    def kill(self, key: str, worker: str, *, yielding: bool = False) -> None:
        self._post(self._kill(key, worker, yielding=yielding))

    def capacity(self) -> tuple[WorkerInfo, ...]:
        with self._lock:
            return tuple(self._workers.values())

    def close(self) -> None:
        if not self._thread.is_alive():
            return
        self._closing = True
        try:
            self._await(self._close(), 15.0)
        except TimeoutError:
            log.warning("cluster.close_timed_out")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)
        if not self._thread.is_alive():
            self._loop.close()

    # --- on the loop ------------------------------------------------------------------------------------

    async def _start(self) -> None:
        import dask  # noqa: PLC0415 - half a second, and only a server needs it

        dask.config.set(_DASK)  # before the import below, which sets logging up once and for all
        from distributed import Client, Nanny, Scheduler  # noqa: PLC0415
        from distributed.deploy.spec import SpecCluster  # noqa: PLC0415
        from distributed.security import Security  # noqa: PLC0415
        from distributed.utils import get_mp_context  # noqa: PLC0415

        from reelyard.engine.workers import WorkerSetup  # noqa: PLC0415

        get_mp_context().set_forkserver_preload(list(_PRELOADED))
        security = Security.temporary()
        self._cluster = await SpecCluster(
            scheduler={"cls": Scheduler, "options": _scheduler_options(security)},
            workers={name: {"cls": Nanny, "options": self._nanny(security)} for name in self._names()},
            asynchronous=True,
            security=security,
            silence_logs=False,
            name="reelyard",
        )
        self._client = await Client(
            self._cluster, asynchronous=True, security=security, set_as_default=False, name="reelyard"
        )
        self._client.subscribe_topic(TOPIC, self._heard)
        self._client.subscribe_topic("all", self._scheduler_said)
        await self._client.register_plugin(WorkerSetup())
        await self._complete.wait()

    def _names(self) -> list[str]:
        return ["light", *(f"slot-{n}" for n in range(1, self._spec.slots + 1))]

    def _nanny(self, security: Any) -> dict[str, Any]:
        return {
            "nthreads": 1,
            "memory_limit": 0,
            "security": security,
            "dashboard": False,
            "local_directory": str(self._spec.scratch),
            "env": dict(self._spec.environment),
            "death_timeout": 30,
            "host": "127.0.0.1",
            "protocol": "tls://",
        }

    async def _close(self) -> None:
        for _, task in list(self._flights.values()):
            task.cancel()
        if self._client is not None:
            for topic in (TOPIC, "all"):
                self._client.unsubscribe_topic(topic)
            await self._client.close()
        if self._cluster is not None:
            await self._cluster.close()

    def _launch(self, attempt: Attempt, worker: str) -> None:
        task = self._loop.create_task(self._fly(attempt, worker))
        self._flights[attempt.key] = (worker, task)
        task.add_done_callback(lambda _task: self._flights.pop(attempt.key, None))

    async def _fly(self, attempt: Attempt, worker: str) -> None:
        from reelyard.engine.workers import run_attempt  # noqa: PLC0415

        outcome: Outcome | None = None
        future = self._client.submit(
            run_attempt,
            json.dumps(attempt.to_json()),
            key=attempt.key,
            workers=[worker],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )
        try:
            outcome = Outcome.from_json(json.loads(await future))
        except asyncio.CancelledError:
            if attempt.key in self._recalled:
                self._recalled.discard(attempt.key)
                self._keep(future.cancel())
                outcome = disowned(attempt.key, time.time())
            elif self._loop.is_closed() or worker in self._workers:
                return  # this control plane is closing
        except Exception as error:  # noqa: BLE001 - whatever the messenger says, the worker did not answer
            log.info("attempt.lost", key=attempt.key, worker=worker, reason=type(error).__name__)
        future.release()
        self._tell(Ended(attempt.key, outcome))

    async def _kill(self, key: str, worker: str, *, yielding: bool) -> None:
        from reelyard.engine.workers import end_attempt, end_worker  # noqa: PLC0415

        if worker not in self._workers:
            return
        try:
            answers = await self._client.run(end_attempt, key, yielding, workers=[worker])
            if not answers[worker]:
                self._recall(key)
            if yielding or await self._ended(key, 1.5):
                return
            log.warning("worker.ended", worker=worker, reason="its stage did not stop", key=key)
            await self._client.run(end_worker, workers=[worker], nanny=True)
        except Exception as error:  # noqa: BLE001 - a worker that is gone needs no killing
            log.info("kill.unanswered", key=key, worker=worker, reason=repr(error))

    def _recall(self, key: str) -> None:
        """Take back what waits on a worker behind other work: it has not begun, and its worker will not begin it."""
        flight = self._flights.get(key)
        if flight is not None:
            self._recalled.add(key)
            flight[1].cancel()

    async def _ended(self, key: str, seconds: float) -> bool:
        flight = self._flights.get(key)
        if flight is None:
            return True
        done, _ = await asyncio.wait([flight[1]], timeout=seconds)
        return bool(done)

    def _heard(self, event: tuple[float, Any]) -> None:
        told = Told.from_json(json.loads(event[1]))
        if told.word is Word.HELLO:
            live = dict(told.live or {})
            info = WorkerInfo(told.worker, live["name"], tuple(live["pools"]), live["pid"], live["inventory"])
            with self._lock:
                self._workers[told.worker] = info
            if len(self._workers) >= len(self._names()):
                self._complete.set()
            self._tell(WorkersChanged())
        else:
            self._tell(told)

    def _scheduler_said(self, event: tuple[float, Any]) -> None:
        said = event[1]
        if said.get("action") != "remove-worker":
            return
        address = said["worker"]
        with self._lock:
            known = self._workers.pop(address, None)
        if known is not None and not self._closing:
            log.info("worker.gone", worker=address, name=known.name)
            self._tell(WorkersChanged())
        self._keep(self._give_up(address))

    async def _give_up(self, address: str) -> None:
        """What the scheduler does not fail by itself would wait for ever for a worker that never comes back."""
        await asyncio.sleep(GRACE_S)
        for worker, task in list(self._flights.values()):
            if worker == address:
                task.cancel()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _post(self, work: Coroutine[Any, Any, None]) -> None:
        self._loop.call_soon_threadsafe(self._keep, work)

    def _await(self, work: Coroutine[Any, Any, None], seconds: float) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)


def _scheduler_options(security: Any) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "protocol": "tls://",
        "port": 0,
        "security": security,
        "dashboard": False,
        "dashboard_address": "127.0.0.1:0",  # its page is off, its server is not: no fixed port, nobody from outside
        "transition_counter_max": False,
    }
