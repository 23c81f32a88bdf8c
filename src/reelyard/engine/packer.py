"""The thread that finishes exports which need no worker, as soon as they are ordered."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from reelyard.errors import DatabaseBusy

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 30.0  # a bell may be lost, and a fault may have passed
AGAIN_S = 1.0  # while the database is busy


class Packer:
    """Calls `pack` whenever it is woken; `wake` may be called from any thread."""

    def __init__(self, pack: Callable[[], int]) -> None:
        self._pack = pack
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="packer", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier control plane left."""
        self._bell.set()
        self._thread.start()

    def wake(self) -> None:
        """Something was ordered."""
        self._bell.set()

    def stop(self) -> None:
        """Returns when nothing is packed any more."""
        self._stopping.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        patience = LOOK_EVERY_S
        while not self._stopping.is_set():
            self._bell.wait(patience)
            self._bell.clear()
            if self._stopping.is_set():
                return
            patience = LOOK_EVERY_S
            try:
                self._pack()
            except DatabaseBusy as error:
                log.warning("packing.waits", reason=str(error))
                patience = AGAIN_S
            except Exception:
                log.exception("packing.broke")
