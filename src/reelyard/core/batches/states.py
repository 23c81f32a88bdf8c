"""The words of the lifecycle: states, actions, events, and what a cell of its tables can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class BatchStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in {BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED}


class ItemStatus(StrEnum):
    PENDING = "pending"
    UPLOADING = "uploading"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in {ItemStatus.COMPLETED, ItemStatus.FAILED, ItemStatus.CANCELLED}


class ItemSituation(StrEnum):
    """The columns of the items' table: a status, `pending` split by whether its file is ready."""

    NO_SOURCE = "pending, no source"
    READY = "pending, source ready"
    UPLOADING = "uploading"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchAction(StrEnum):
    """What is done to a batch: by its owner, but `settle` by the product itself."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"  # failed items
    REDO = "redo"  # an ended item, on request
    ADD = "add"  # an item
    REORDER = "reorder"  # items
    DELETE = "delete"
    SETTLE = "settle"


class ItemEvent(StrEnum):
    """What happens to an item. `drain`: its worker or the control plane is being stopped in good order."""

    UP_BEGIN = "up_begin"
    UP_DONE = "up_done"
    UP_FAIL = "up_fail"
    UP_EXPIRE = "up_expire"
    CLAIM = "claim"
    OK = "ok"
    ERR_RETRYABLE = "err_retryable"
    ERR_FINAL = "err_final"
    LEASE_LOST = "lease_lost"
    DRAIN = "drain"
    YIELD = "yield"
    TIME_OUT = "time_out"
    CANCEL = "cancel"
    RETRY = "retry"
    REDO = "redo"
    REMOVE = "remove"


class No(StrEnum):
    """A cell that is not a move: nothing changes, and who hears of it."""

    REFUSED = "409"  # whoever asked is told
    STALE = "stale"  # reported by one who lost the item: its files are dropped, a line is logged
    NEVER = "never"  # a claim passes it by
    NOTHING = "—"  # has no meaning here, or came too late


class Effect(StrEnum):
    """What an item's move changes besides the status."""

    TOKEN = "token + 1"  # noqa: S105 - a fencing number, not a secret
    RETRY = "retry count + 1"
    BACKOFF = "waits before the next try"
    GENERATION = "generation + 1"
    KILL = "children ended"
    ABORT = "upload aborted"
    REQUEUE = "stage queued again"


class Guard(StrEnum):
    """What must hold besides the state: asked by `may_claim` and the `check_` functions, or by the caller."""

    NONE = ""
    START = "every file received or failed, one item to do"
    HAS_FAILED = "an item failed"
    ON_REQUEST = "the batch waits for requests"
    CHILDREN_GONE = "its children are gone"
    CLAIM = "batch processing, requested, below the concurrency, not waiting for its retry"
    SOURCE = "its file is there"


@dataclass(frozen=True, slots=True)
class BatchMove:
    """`to` is None when the batch is gone afterwards."""

    to: BatchStatus | None
    guard: Guard = Guard.NONE


@dataclass(frozen=True, slots=True)
class ItemMove:
    """`to` is None when the item is gone afterwards; `spent` where it goes when no retry is left."""

    to: ItemStatus | None
    effects: frozenset[Effect] = frozenset()
    guard: Guard = Guard.NONE
    spent: ItemStatus | None = None


class Settle(StrEnum):
    """The cell whose outcome the counts decide: see `settled`."""

    BY_COUNTS = "by its items"


BatchCell: TypeAlias = BatchMove | Settle | No
ItemCell: TypeAlias = ItemMove | No


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items of a batch are in each state; `unrequested` of the live ones nobody asked for yet."""

    pending: int = 0
    uploading: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    unrequested: int = 0

    @property
    def total(self) -> int:
        return self.live + self.completed + self.failed + self.cancelled

    @property
    def live(self) -> int:
        return self.pending + self.uploading + self.processing
