"""What a figure rises to while something else goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def watching(measure: Callable[[], float], most: list[float], every_s: float) -> Iterator[None]:
    """Keep the highest of what is measured during the block in `most[0]`; a look every `every_s` seconds."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(every_s):
            most[0] = max(most[0], measure())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
