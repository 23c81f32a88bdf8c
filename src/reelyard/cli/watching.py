"""Watching a batch: its running items as bars, what ended as lines."""

from __future__ import annotations

import time

from reelyard.cli.reporting import reporter
from reelyard.client import Batch, Client, Event, Item, Progress, Reset


def watch_batch(client: Client, batch: Batch, *, as_json: bool) -> Batch:
    """Show what happens until the batch has ended; gives it as it is then."""
    with reporter(as_json=as_json, clock=time.monotonic) as show:
        names = {item.id: item.file.name for item in client.batches.items(batch.id)}
        batch = client.batches.get(batch.id)
        if not batch.ended:
            for message in client.live.follow(batch.id, batch.seq):
                if isinstance(message, Progress):
                    name = names.get(message.item_id, message.item_id)
                    show.progress(name, message.progress / 100, f"{message.stage} {message.note}".strip())
                elif isinstance(message, Event) and message.item_id is not None:
                    status = (message.data.get("item") or {}).get("status")
                    if status in ("completed", "failed", "cancelled"):
                        item = client.batches.item(batch.id, message.item_id)
                        show.over(item.file.name)
                        show.tell(
                            f"item.{status}", _line(item), item=item.id, name=item.file.name, status=status
                        )
                if isinstance(message, Event | Reset) and _may_have_ended(message):
                    batch = client.batches.get(batch.id)
                    if batch.ended:
                        break
        counts = batch.counts
        numbers = f"{counts.completed} done, {counts.failed} failed, {counts.cancelled} cancelled"
        text = f"“{batch.name}” {batch.status}: {numbers}"
        show.tell("ended", text, batch=batch.id, status=batch.status, counts=counts.model_dump())
    return batch


def _may_have_ended(message: Event | Reset) -> bool:
    return isinstance(message, Reset) or message.kind.startswith(("batch.", "items."))


def _line(item: Item) -> str:
    return f"{item.status} {item.file.name}" + (f": {item.error}" if item.error else "")
