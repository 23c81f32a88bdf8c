"""Transcribing many files: hand over what is not finished, follow the work, write results as they come.

Used by `transcribe` and `demo`. Everything goes through the API; what was handed over is noted in the folder for
results, so that the same command, after an interruption of any kind, goes on with the same batch.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reelyard.cli.reporting import Reporter, seconds, size
from reelyard.cli.results import Begun, Finished, Results
from reelyard.cli.sources import Source
from reelyard.cli.tally import Tally
from reelyard.client import (
    Batch,
    Client,
    ClientError,
    Event,
    Item,
    Order,
    Outlook,
    Progress,
    RefusedFile,
    Reset,
)
from reelyard.client.files import Sent, Slot
from reelyard.errors import ReelyardError
from reelyard.kit.json import digest

UPLOADING = "uploading"
BAD_INPUT = frozenset({"wrong_kind", "no_audio"})  # found out only when the work began


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of every source: the pipeline's settings without its formats, and the formats to write."""

    settings: Mapping[str, Any]
    formats: tuple[str, ...]
    concurrency: int = 3
    again: bool = False  # also what was finished before

    @property
    def key(self) -> str:
        """The same for all wishes that would give the same text."""
        return digest({"pipeline": "transcription", "settings": dict(self.settings)})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: what is wanted, where it goes, who is told, what came of it so far."""

    wish: Wish
    results: Results
    reporter: Reporter
    tally: Tally = field(default_factory=Tally)

    def unfinished(self, sources: Sequence[Source]) -> list[Source]:
        """The sources that are not done yet; the others are counted and told."""
        left = []
        for source in sources:
            done = None if self.wish.again else self.results.finished(source.path, self.wish.key)
            if done is None or not set(self.wish.formats) <= set(done.files):
                left.append(source)
                continue
            name, files = str(source.path), [done.files[form] for form in self.wish.formats]
            self.tally.skipped.append(name)
            self.reporter.tell(
                "skipped", f"skip {name}: finished before, see {files[0]}", source=name, files=files
            )
        return left


@dataclass(slots=True)
class Round:
    """One batch of this command and its sources by item."""

    batch: Batch
    sources: dict[str, Source] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)  # still to be sent
    ended: set[str] = field(default_factory=set)


class Job:
    """One command's work on many sources."""

    def __init__(self, client: Client, desk: Desk) -> None:
        self._client = client
        self._results = desk.results
        self._reporter = desk.reporter
        self._wish = desk.wish
        self._speed = Speed(time.monotonic)
        self.tally = desk.tally
        self.open: list[str] = []  # batches that have not ended

    def run(self, sources: Sequence[Source]) -> Tally:
        """Work on all of them. Raises ClientError when the order itself is refused."""
        rounds = list(self.rounds(sources))
        for each in rounds:
            self._send(each)
        for each in rounds:
            self._follow(each)
            self.open.remove(each.batch.id)
        return self.tally

    def pause(self) -> list[str]:
        """Begin nothing more of this command; gives the batches that wait now."""
        waiting = []
        for batch_id in self.open:
            with contextlib.suppress(ReelyardError):
                batch = self._client.batches.get(batch_id)
                if batch.status == "processing":
                    self._client.batches.pause(batch_id)
                if not batch.ended:
                    waiting.append(batch_id)
        return waiting

    # --- what there is to do ------------------------------------------------------------------------------

    def rounds(self, sources: Sequence[Source]) -> Iterator[Round]:
        """Batches that an earlier command began, and a new one for what is in none."""
        begun: dict[str, list[tuple[Source, Begun]]] = {}
        fresh: list[Source] = []
        for source in sources:
            found = self._results.begun(source.path, self._wish.key)
            if found is None:
                fresh.append(source)
            else:
                begun.setdefault(found.batch, []).append((source, found))
        for batch_id, pairs in begun.items():
            adopted = self._adopted(batch_id, pairs)
            if adopted is None:
                fresh += [source for source, _ in pairs]
            else:
                self.open.append(batch_id)
                yield adopted
        if fresh:
            yield from self._ordered(fresh)

    def _adopted(self, batch_id: str, pairs: list[tuple[Source, Begun]]) -> Round | None:
        try:
            batch = self._client.batches.get(batch_id)
            if batch.status in ("cancelled", "failed"):
                return None
            there = {item.id: item for item in self._client.batches.items(batch_id)}
        except ClientError as error:
            if error.code != "not_found":
                raise
            return None
        if not all(begun.item in there and there[begun.item].status != "failed" for _, begun in pairs):
            return None  # what failed before is tried anew
        found = Round(batch, {begun.item: source for source, begun in pairs})
        for source, begun in pairs:
            if there[begun.item].file.status == "receiving" and begun.upload:
                found.slots.append(
                    Slot(source.path, self._client.files.upload_state(begun.upload), begun.item)
                )
        self._reporter.tell("resumed", f"go on with batch “{batch.name}”, {len(pairs)} files", batch=batch_id)
        return found

    def _ordered(self, sources: Sequence[Source]) -> Iterator[Round]:
        settings = {**self._wish.settings, "formats": list(self._wish.formats)}
        order = Order(_name(sources), settings=settings, concurrency=self._wish.concurrency)
        batch = self._client.batches.create(order)
        self.open.append(batch.id)
        announced = self._client.files.announce([source.path for source in sources], batch_id=batch.id)
        taken: list[tuple[Source, Slot]] = []
        for source, each in zip(sources, announced, strict=True):
            if isinstance(each, RefusedFile):
                self._refuse(source, each)
            else:
                taken.append((source, each))
        if not taken:
            self.open.remove(batch.id)
            self._client.batches.delete(batch.id)
            return
        found = Round(batch)
        for source, slot in taken:
            found.sources[slot.item_id or ""] = source
            found.slots.append(slot)
        self._results.note_begun(self._begun(batch.id, source, slot) for source, slot in taken)
        yield found

    def _begun(self, batch_id: str, source: Source, slot: Slot) -> Begun:
        facts, upload = source.path.stat(), slot.upload
        return Begun(
            batch_id, slot.item_id or "", upload.file_id, upload.id, str(source.path.resolve()), facts.st_size,
            facts.st_mtime_ns, self._wish.key, str(source.stem),
        )  # fmt: skip

    # --- the way in ---------------------------------------------------------------------------------------

    def _send(self, one: Round) -> None:
        sizes = {slot.path: slot.upload.size or 0 for slot in one.slots}
        received: dict[Path, int] = {}
        total = sum(sizes.values())

        def on_sent(sent: Sent) -> None:
            received[sent.path] = sent.received
            so_far = sum(list(received.values()))
            self._reporter.progress(
                UPLOADING, so_far / total if total else 1.0, self._speed.note(so_far, total)
            )

        for slot, outcome in self._client.files.send(one.slots, on_sent=on_sent):
            if isinstance(outcome, ClientError):
                item_id = slot.item_id or ""
                self._fail(one.sources.pop(item_id), outcome)
                self._results.note_ended([item_id])
                self._client.batches.remove(one.batch.id, [item_id])
        self._reporter.over(UPLOADING)
        batch = self._client.batches.get(one.batch.id)
        if batch.status == "pending" and one.sources:
            batch = self._client.batches.start(batch.id)
        elif batch.status == "paused":
            batch = self._client.batches.resume(batch.id)
        one.batch = batch

    # --- the work -----------------------------------------------------------------------------------------

    def _follow(self, one: Round) -> None:
        if self._look(one):
            return
        paused = False
        for message in self._client.live.follow(one.batch.id, one.batch.seq):
            if isinstance(message, Progress):
                if message.item_id in one.sources and message.item_id not in one.ended:
                    note = f"{message.stage} {message.note}".strip()
                    self._reporter.progress(
                        str(one.sources[message.item_id].path), message.progress / 100, note
                    )
            elif isinstance(message, Outlook):
                self._reporter.tell("outlook", eta_s=message.eta_s)
            elif isinstance(message, Reset) or _has_ended(message):
                if self._look(one):
                    return
            elif isinstance(message, Event):
                self._heard(one, message)
                if message.kind == "batch.paused" and not paused:
                    self._reporter.tell(
                        "paused", "the batch was paused; it waits for “reelyard batches resume”"
                    )
                paused = message.kind == "batch.paused"

    def _heard(self, one: Round, event: Event) -> None:
        item = event.data.get("item") or {}
        if event.kind == "item.retrying" and event.item_id in one.sources:
            why = item.get("error_message") or "a passing fault"
            source = one.sources[event.item_id]
            self._reporter.tell(
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
        self._reporter.over(str(source.path))
        if item.status == "completed":
            self._keep(source, self._client.batches.item(item.batch_id, item.id))
        elif item.error is not None and (item.file.status == "refused" or item.error.code in BAD_INPUT):
            self._refuse(source, ClientError(item.error.code, item.error.message, hint=item.error.hint))
        else:
            reason = item.error or f"it was {item.status}"
            self._fail(source, ClientError("failed", str(reason)))
        self._results.note_ended([item.id])

    def _keep(self, source: Source, item: Item) -> None:
        roles = {f"transcript.{form}": form for form in self._wish.formats}
        outputs = {roles[each.role]: each for each in item.outputs if each.role in roles}
        contents = {
            form: self._client.outputs.read(outputs[form]) for form in self._wish.formats if form in outputs
        }
        files = self._results.keep(source.stem, contents)
        file = self._client.files.get(item.file.id)
        made_by = f"{item.fact('recogniser')} {item.fact('model')}"
        done = Finished(file.sha256 or "", source.size, self._wish.key, str(source.path), files, made_by)
        self._results.note_finished(done)
        self.tally.done.append(str(source.path))
        self.tally.made_by[made_by] += 1
        self.tally.better = item.fact("better") or self.tally.better
        self._tell_done(source, item, files, made_by)

    def _tell_done(self, source: Source, item: Item, files: Mapping[str, str], made_by: str) -> None:
        words, language = item.fact("words") or 0, item.fact("language")
        facts = ", ".join(part for part in (f"{words} words", language, f"by {made_by}") if part)
        text = f"done {source.path} → {', '.join(files.values())} ({facts})"
        text += "".join(f"\n     {warning}" for warning in item.warnings)
        self._reporter.tell(
            "done", text, source=str(source.path), files=list(files.values()), words=words, language=language,
            made_by=made_by, warnings=list(item.warnings), preview=item.fact("preview"),
        )  # fmt: skip

    def _refuse(self, source: Source, error: ReelyardError) -> None:
        self.tally.refused.append((str(source.path), str(error)))
        self._reporter.tell(
            "refused",
            f"refused {source.path}: {error}",
            source=str(source.path),
            code=error.code,
            reason=str(error),
        )

    def _fail(self, source: Source, error: ReelyardError) -> None:
        self.tally.failed.append((str(source.path), str(error)))
        self._reporter.tell(
            "failed",
            f"failed {source.path}: {error}",
            source=str(source.path),
            code=error.code,
            reason=str(error),
        )


class Speed:
    """How fast the bytes go, and how long the rest will take."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun: float | None = None

    def note(self, so_far: int, total: int) -> str:
        """Such as “12 of 80 MB, 45 MB/s, 2 s left”."""
        now = self._clock()
        if self._begun is None:
            self._begun = now
        took = now - self._begun
        text = f"{size(so_far)} of {size(total)}"
        if took < 1 or not so_far:
            return text
        speed = so_far / took
        return f"{text}, {size(speed)}/s, {seconds((total - so_far) / speed)} left"


def _has_ended(message: object) -> bool:
    if not isinstance(message, Event):
        return False
    return message.kind in ("batch.ended", "items.cancelled", "items.failed", "batch.deleted")


def _name(sources: Sequence[Source]) -> str:
    first = sources[0].path.name[:60]
    return first if len(sources) == 1 else f"{first} and {len(sources) - 1} more"
