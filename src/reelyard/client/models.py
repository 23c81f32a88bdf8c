"""What a Reelyard tells, as frozen values; fields that a newer server adds are left aside.

Sizes are bytes, durations seconds, progress per cent (0 to 100); what is unknown is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

ENDED = frozenset({"completed", "failed", "cancelled"})  # of batches and items alike
Element = TypeVar("Element")


class Told(BaseModel):
    """Base of what is told."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(Told, Generic[Element]):
    """One page of a list, and how many there are in all."""

    data: tuple[Element, ...]
    total: int
    limit: int
    offset: int


def each(page: Callable[[int], Page[Element]]) -> Iterator[Element]:
    """All that a list holds, fetched page by page; `page` gives the one that begins at a place, counted from 0."""
    offset = 0
    while True:
        found = page(offset)
        yield from found.data
        offset += len(found.data)
        if not found.data or offset >= found.total:
            return


class Problem(Told):
    """Why something failed, or why it is going to be tried again."""

    code: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class File(Told):
    """A file of the library; `status` is receiving, verifying, ready, refused or expired."""

    id: str
    name: str
    size: int | None = None
    status: str
    kind: str | None = None
    format: str | None = None
    duration_s: float | None = None
    sha256: str | None = None
    error: Problem | None = None


class Part(Told):
    """A part that was acknowledged: whole and durable."""

    number: int
    size: int


class Upload(Told):
    """The way of one file into the library, in parts of `part_size`; `received` are those that arrived."""

    id: str
    file_id: str
    size: int | None = None
    part_size: int
    parts: int
    status: str
    received: tuple[Part, ...] = ()


class Counts(Told):
    """How many items are in each state."""

    total: int = 0
    pending: int = 0
    uploading: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def left(self) -> int:
        return self.pending + self.uploading + self.processing


class Batch(Told):
    """What was ordered, and how far it is."""

    id: str
    name: str
    description: str = ""
    pipeline: str
    settings: Mapping[str, Any] = {}
    concurrency: int
    priority: int
    status: str
    counts: Counts
    progress: float = 0.0
    eta_s: float | None = None
    throughput_mbps: float | None = None
    seq: int = 0
    created_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class ItemFile(Told):
    """What an item shows of its file."""

    id: str
    name: str
    status: str
    kind: str | None = None
    size: int | None = None
    duration_s: float | None = None


class Output(Told):
    """A file that was made of an item, such as transcript.srt; `url` fetches it for two hours."""

    id: str
    role: str
    stage: str
    revision: int = 0
    file_name: str
    size: int
    sha256: str
    url: str


class Item(Told):
    """One file in a batch; `result` and `outputs` are known when it was asked for by itself."""

    id: str
    batch_id: str
    position: int
    file: ItemFile
    status: str
    progress: float = 0.0
    stage: str | None = None
    note: str = ""
    eta_s: float | None = None
    error: Problem | None = None
    warnings: tuple[str, ...] = ()
    retry_count: int = 0
    max_retries: int = 0
    not_before: datetime | None = None
    result: Mapping[str, Any] | None = None
    outputs: tuple[Output, ...] = ()

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def fact(self, name: str) -> Any:
        """What a stage found out about the item under this name; None when none did."""
        for facts in (self.result or {}).values():
            if isinstance(facts, Mapping) and facts.get(name) is not None:
                return facts[name]
        return None


class Event(Told):
    """A fact with its number. `kind` says what happened; `seq` counts in its batch, `owner_seq` in all."""

    owner_seq: int
    seq: int | None = None
    kind: str
    batch_id: str | None = None
    item_id: str | None = None
    at: datetime
    data: Mapping[str, Any] = {}


class Progress(Told):
    """How far a running item is: the latest value."""

    batch_id: str
    item_id: str
    stage: str
    progress: float
    eta_s: float | None = None
    note: str = ""
    live: Mapping[str, Any] | None = None


class Outlook(Told):
    """What is to be expected of a batch at work."""

    batch_id: str
    eta_s: float | None = None
    spread_s: float | None = None
    throughput_mbps: float | None = None


class Reset(Told):
    """What came before cannot be told any more: read anew how things stand. `seq` is where telling goes on."""

    seq: int


Message = Event | Progress | Outlook | Reset
