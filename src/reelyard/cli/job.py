"""Working on many files: hand over what is not finished, follow the work, write results as they come.

Used by `transcribe`, `edit` and `demo`. Everything goes through the API; what was handed over is noted in the folder for
results, so that the same command, after an interruption of any kind, goes on with the same batch.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import partial

from reelyard.cli.desk import Account, Desk
from reelyard.cli.handing import Handing, Round
from reelyard.cli.reporting import seconds
from reelyard.cli.results import Finished, in_short
from reelyard.cli.sources import Source
from reelyard.client import Client, ClientError, Event, Item, Outlook, Progress, Reset
from reelyard.errors import ReelyardError

ALL = "all files"
BAD_INPUT = frozenset({"wrong_kind", "no_audio"})  # found out only when the work began


class Job:
    """One command's work on many sources."""

    def __init__(self, client: Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._handing = Handing(client, desk)

    def run(self, sources: Sequence[Source]) -> None:
        """Work on all of them. Raises ClientError when the order itself is refused."""
        rounds = list(self._handing.rounds(sources))
        for each in rounds:
            self._handing.send(each)
        for each in rounds:
            self._follow(each)
            self._desk.reporter.over(ALL)
            self._handing.open.remove(each.batch.id)

    def pause(self) -> list[str]:
        """Begin nothing more of this command; gives the batches that wait now."""
        waiting = []
        for batch_id in self._handing.open:
            with contextlib.suppress(ReelyardError):
                batch = self._client.batches.get(batch_id)
                if batch.status == "processing":
                    self._client.batches.pause(batch_id)
                if not batch.ended:
                    waiting.append(batch_id)
        return waiting

    def _follow(self, one: Round) -> None:
        if self._look(one):
            return
        paused = False
        for message in self._client.live.follow(one.batch.id, one.batch.seq):
            if isinstance(message, Progress):
                if message.item_id in one.sources and message.item_id not in one.ended:
                    note = f"{message.stage} {message.note}".strip()
                    self._desk.reporter.progress(
                        str(one.sources[message.item_id].path), message.progress / 100, note
                    )
            elif isinstance(message, Outlook):
                share = len(one.ended) / max(1, len(one.sources))
                self._desk.reporter.progress(ALL, share, f"{seconds(message.eta_s)} left")
            elif isinstance(message, Reset) or _has_ended(message):
                if self._look(one):
                    return
            elif isinstance(message, Event):
                self._heard(one, message)
                if message.kind == "batch.paused" and not paused:
                    self._desk.reporter.tell(
                        "paused", "the batch was paused; it waits for “reelyard batches resume”"
                    )
                paused = message.kind == "batch.paused"

    def _heard(self, one: Round, event: Event) -> None:
        item = event.data.get("item") or {}
        if event.kind == "item.retrying" and event.item_id in one.sources:
            why = item.get("error_message") or "a passing fault"
            source = one.sources[event.item_id]
            self._desk.reporter.tell(
                "retrying", f"again later: {source.path}: {why}", source=str(source.path), reason=why
            )
        elif event.item_id in one.sources and item.get("status") in ("completed", "failed", "cancelled"):
            self._end(one, self._client.batches.item(one.batch.id, event.item_id or ""))

    def _look(self, one: Round) -> bool:
        """Read how things stand, as at the beginning and after a gap; True when the batch has ended."""
        batch = self._client.batches.get(one.batch.id)
        for item in self._client.batches.items(batch.id):
            if item.ended:
                self._end(one, item)
        one.batch = batch
        return batch.ended or len(one.ended) == len(one.sources)

    def _end(self, one: Round, item: Item) -> None:
        source = one.sources.get(item.id)
        if source is None or item.id in one.ended:
            return
        one.ended.add(item.id)
        self._desk.reporter.over(str(source.path))
        if item.status == "completed":
            self._keep(source, self._client.batches.item(item.batch_id, item.id))
        elif item.error is not None and (item.file.status == "refused" or item.error.code in BAD_INPUT):
            self._desk.refuse(source, ClientError(item.error.code, item.error.message, hint=item.error.hint))
        else:
            reason = item.error or f"it was {item.status}"
            self._desk.fail(source, ClientError("failed", str(reason)))
        self._desk.results.note_ended([item.id])

    def _keep(self, source: Source, item: Item) -> None:
        wish, outputs = self._desk.wish, self._desk.wish.taking.files(item)
        writers = {ending: partial(self._client.outputs.save, output) for ending, output in outputs.items()}
        files = self._desk.results.keep(source.stem, writers)
        account = wish.taking.account(item)
        file = self._client.files.get(item.file.id)
        done = Finished(file.sha256 or "", source.size, wish.key, str(source.path), files, account.made_by)
        self._desk.results.note_finished(done)
        self._desk.tally.done.append(str(source.path))
        if account.made_by:
            self._desk.tally.made_by[account.made_by] += 1
        self._desk.tally.better = account.better or self._desk.tally.better
        self._tell_done(source, item, files, account)

    def _tell_done(self, source: Source, item: Item, files: Mapping[str, str], account: Account) -> None:
        text = f"done {source.path} → {in_short(files)} ({account.text})"
        text += "".join(f"\n     {line}" for line in (*account.lines, *item.warnings))
        self._desk.reporter.tell(
            "done", text, source=str(source.path), files=list(files.values()), **account.facts,
            warnings=list(item.warnings),
        )  # fmt: skip


def _has_ended(message: object) -> bool:
    if not isinstance(message, Event):
        return False
    return message.kind in ("batch.ended", "items.cancelled", "items.failed", "batch.deleted")
