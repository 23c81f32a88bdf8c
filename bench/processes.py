"""What a server's processes hold of the memory, told apart: its own, its workers, and what these run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from bench.watching import watching

EVERY_S = 0.25


@dataclass(slots=True)
class Memory:
    """In MB, what is shared counted once (PSS); by the newest look, and the most of all looks."""

    pid: int
    control: float = 0.0  # all that is neither a worker nor run by one
    workers: float = 0.0
    most_control: float = 0.0
    most_children: list[float] = field(default_factory=lambda: [0.0])  # of all workers together

    def look(self) -> float:
        """Look once; gives what the workers' children hold."""
        control = workers = children = 0.0
        for process, depth in _family(psutil.Process(self.pid)):
            with contextlib.suppress(psutil.Error):
                held = float(process.memory_full_info().pss) / 1e6
                control += held if depth < 0 else 0.0
                workers += held if depth == 0 else 0.0
                children += held if depth > 0 else 0.0
        self.control, self.workers = control, workers
        self.most_control = max(self.most_control, control)
        return children

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look again and again during the block."""
        with watching(self.look, self.most_children, EVERY_S):
            yield


def _family(top: psutil.Process, depth: int = -1) -> Iterator[tuple[psutil.Process, int]]:
    """The process and all below it, and how deep each is below a worker: -1 for those above, 0 for workers."""
    yield top, depth
    with contextlib.suppress(psutil.Error):
        for child in top.children():
            yield from _family(child, depth + 1 if depth >= 0 or _is_worker(child, top) else depth)


def _is_worker(process: psutil.Process, parent: psutil.Process) -> bool:
    """Workers are forked off one process; their names are the same."""
    return all("forkserver" in " ".join(one.cmdline()) for one in (process, parent))
