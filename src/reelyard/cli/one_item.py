"""One item of a batch that a command names: found, done anew, taken away."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from reelyard.errors import InvalidInput
from reelyard.kit.file_names import stem_of

if TYPE_CHECKING:
    from reelyard.cli.desk import Taking
    from reelyard.client import Client, Item


def found(client: Client, which: str, name: str | None, noun: str) -> tuple[str, Item]:
    """The batch's id, and the item that `name` means: its file's name or its number. Raises InvalidInput."""
    batch = client.batches.find(which)
    items = list(client.batches.items(batch.id))
    named = [item for item in items if name in (None, item.file.name, str(item.position))]
    if len(named) == 1:
        return batch.id, named[0]
    names = ", ".join(f"{item.position} {item.file.name}" for item in (named or items)[:10])
    what = f"There is no {noun} “{name}” in “{batch.name}”" if not named else "Several are meant"
    raise InvalidInput(f"{what}: {names}.", hint="Name one by its number.")


def done_anew(client: Client, item: Item, again: Callable[[], object], taking: Taking, out: Path) -> None:
    """Have the item done `again`, follow that to its end, and write what came of it to `out`. Raises InvalidInput."""
    from reelyard.cli.reporting import reporter  # noqa: PLC0415
    from reelyard.cli.results import Results, in_short  # noqa: PLC0415
    from reelyard.client import Progress  # noqa: PLC0415

    name = item.file.name
    with reporter(as_json=False, clock=time.monotonic) as shown:
        since = client.batches.get(item.batch_id).seq
        again()
        shown.progress(name, 0.0)
        for message in client.live.follow(item.batch_id, since):
            if isinstance(message, Progress):
                shown.progress(name, message.progress / 100, f"{message.stage} {message.note}".strip())
            elif client.batches.get(item.batch_id).ended:
                break
        shown.over(name)
        done = client.batches.item(item.batch_id, item.id)
        if done.status != "completed":
            raise InvalidInput(f"{name} could not be made: {done.error or done.status}")
        writers = {ending: partial(client.outputs.save, one) for ending, one in taking.files(done).items()}
        files = Results(out).keep(PurePosixPath(stem_of(name)), writers)
        text = "\n     ".join((f"done {name} → {in_short(files)}", *done.warnings))
        shown.tell("done", text, files=list(files.values()), warnings=list(done.warnings))
