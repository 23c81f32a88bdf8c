"""Pictures that Reelyard draws itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from reelyard.pipeline.context import Context
from reelyard.pipelines.telling.picture import Made, Wanted
from reelyard.pipelines.telling.placing import place
from reelyard.tools.pictures.drawing import draw, foretold
from reelyard.tools.pictures.look import StoryLook

DRAWN = "drawn"
AT_ONCE = 6  # pictures drawn by one child: its start costs as much as one of them


class DrawnPictures:
    """Drawn by as many children as there are cores, a few by each; every picture is a part."""

    def __init__(self, context: Context, shared: StoryLook, *, instead: bool) -> None:
        self._context, self._look, self._instead = context, shared, instead
        self._lock = threading.Lock()
        self._done = 0

    def made(self, wanted: Sequence[Wanted]) -> dict[str, Made]:
        """The pictures, each at its place, by role."""
        if not wanted:
            return {}
        groups = list(_grouped(wanted, AT_ONCE))
        hands = min(max(1, self._context.cores), len(groups))
        with ThreadPoolExecutor(max_workers=hands, thread_name_prefix="pictures") as pool:
            futures = [pool.submit(self._group, group, len(wanted)) for group in groups]
            try:
                return {one.role: one for future in futures for one in future.result()}
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _group(self, group: Sequence[Wanted], total: int) -> list[Made]:
        """A few pictures by one child, in a folder that no other group knows.

        The first that is missing draws all that follow it.
        """
        folder = self._context.workdir / f"with-{group[0].role}"
        drawn = False

        def make(wanted: Wanted, target: Path) -> None:
            nonlocal drawn
            if not drawn:
                folder.mkdir()
                rest = group[group.index(wanted) :]
                orders = [replace(each.order, path=folder / each.role) for each in rest]
                draw(orders, self._look, folder, run=self._context.run)
                drawn = True
            (folder / wanted.role).replace(target)

        return [self._one(wanted, partial(make, wanted), total) for wanted in group]

    def _one(self, wanted: Wanted, make: Callable[[Path], None], total: int) -> Made:
        kept = self._context.part({"drawn": wanted.key}, make)
        place(self._context, wanted.role, kept)
        shown = foretold(wanted.order, self._look)
        with self._lock:
            self._done += 1
            if not self._instead:
                self._context.progress(self._done / total, f"picture {self._done} of {total}")
        return Made(wanted.role, wanted.key, shown.description, DRAWN, not shown.drawn, self._instead)


def _grouped(wanted: Sequence[Wanted], most: int) -> Iterator[tuple[Wanted, ...]]:
    waiting = iter(wanted)
    while group := tuple(islice(waiting, most)):
        yield group
