"""A client that asks the server again and again, as pages do that somebody looks at, and notes how long each answer took."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bench.server import Site, call

PAUSE_S = 0.05


class Calls:
    """Asks for the length of the block, each path in turn; `took` are seconds. Raises at its end what was refused."""

    def __init__(self, site: Site, batch_ids: Sequence[str]) -> None:
        self.took: list[float] = []
        self._site = site
        one = [f"/api/v1/batches/{batch_id}" for batch_id in batch_ids]
        self._paths = ["/api/v1/batches?limit=20", *one, *(f"{path}/items" for path in one)]
        self._over = threading.Event()
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._ask, name="calls")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        if self._problem is not None and error is None:
            raise self._problem

    def _ask(self) -> None:
        number = 0
        try:
            with self._site.connection() as connection:
                while not self._over.wait(PAUSE_S):
                    begun = time.perf_counter()
                    call(connection, "GET", self._paths[number % len(self._paths)])
                    self.took.append(time.perf_counter() - begun)
                    number += 1
        except Exception as problem:  # noqa: BLE001 - raised in the thread that waits
            self._problem = problem
