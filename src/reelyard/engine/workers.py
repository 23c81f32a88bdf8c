"""What Dask calls on a worker: a few importable functions and the plugin that sets a worker up.

A worker is a thin supervisor with one thread. It builds its own root from its environment, joins with a
hello that says what it has, and does the work in `engine.workbench`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
from typing import Any

from distributed import WorkerPlugin, get_worker

from reelyard.engine.messages import Attempt, Told, Word

NAME = "reelyard"
TOPIC = "reelyard"


class WorkerSetup(WorkerPlugin):  # type: ignore[misc]  # distributed has no types
    """Gives a worker its workbench and says hello."""

    name = NAME

    def setup(self, worker: Any) -> None:
        from reelyard.bootstrap_worker import worker_root  # noqa: PLC0415 - loads the pipelines, on workers only

        def tell(told: Told) -> None:
            worker.log_event(TOPIC, json.dumps(told.to_json()))  # enums are text only to JSON

        self.root = worker_root(dict(os.environ), str(worker.name), worker.address, tell)
        pools = ("light",) if str(worker.name) == "light" else ("cpu",)
        hello = {
            "name": str(worker.name),
            "pools": list(pools),
            "pid": os.getpid(),
            "inventory": self.root.registry.inventory(),
            "digest": self.root.registry.digest(),
        }
        tell(Told(Word.HELLO, "", worker.address, live=hello))

    def teardown(self, worker: Any) -> None:
        del worker
        root = getattr(self, "root", None)
        if root is not None:
            root.bench.close()


def run_attempt(payload: str) -> str:
    """Run one attempt here; JSON in, JSON out, errors as data."""
    plugin: Any = get_worker().plugins[NAME]
    outcome = plugin.root.bench.run(Attempt.from_json(json.loads(payload)))
    return json.dumps(outcome.to_json())


def end_attempt(key: str, yielding: bool, dask_worker: Any) -> bool:  # noqa: FBT001 - called by name over the wire
    """End an attempt on this worker, or ask it to yield; returns at once, and whether there is more to wait for.

    False: it had not begun here, and will not.
    """
    bench = dask_worker.plugins[NAME].root.bench
    if yielding:
        bench.ask_to_yield(key)
        return True
    begun: bool = bench.end(key)
    return begun


def end_worker(dask_worker: Any) -> None:
    """Runs on the nanny: kill its worker, which the nanny then replaces."""
    with contextlib.suppress(ProcessLookupError, TypeError):
        os.kill(dask_worker.pid, signal.SIGKILL)
