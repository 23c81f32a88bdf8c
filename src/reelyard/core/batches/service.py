"""Ordering batches: create, change, add files, order, remove, delete.

Every function gets the open transaction and never commits; every one is bounded by its owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from reelyard.core.accounts.limits import TierLimits
from reelyard.core.batches import lifecycle, repository
from reelyard.core.batches.ledger import Ledger
from reelyard.core.batches.lifecycle import BatchAction, BatchStatus, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library import repository as library
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.db.session import Transaction
from reelyard.errors import Conflict, DuplicateFile, IllegalTransition, InvalidInput, NotFound
from reelyard.kit.ids import NewId
from reelyard.kit.json import JsonObject
from reelyard.pipeline.registry import Registry


@dataclass(frozen=True, slots=True)
class Limits:
    """What one batch may be in this installation."""

    items_per_batch: int = 10_000
    concurrency: int = 10
    max_retries: int = 3


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """A new batch as it is asked for."""

    name: str
    pipeline: str
    description: str = ""
    settings: JsonObject = field(default_factory=dict)
    concurrency: int = 3
    priority: int | None = None  # None: what the owner's plan gives
    on_request: bool = False


class BatchService:
    """Batches as their owners order them."""

    def __init__(
        self, registry: Registry, ledger: Ledger, new_id: NewId, limits: Limits, tiers: TierLimits
    ) -> None:
        self._registry = registry
        self._ledger = ledger
        self._new_id = new_id
        self._limits = limits
        self._tiers = tiers

    def create(self, tx: Transaction, owner_id: str, order: BatchOrder) -> Batch:
        """A new, empty batch. Raises InvalidInput that names the field, RateLimited."""
        plan = self._tiers.of(tx, owner_id)
        batch = Batch(
            id=self._new_id(),
            owner_id=owner_id,
            name=_name(order.name),
            description=order.description,
            pipeline=self._registry.get(order.pipeline).name,
            settings=self._settings(order.pipeline, order.settings),
            concurrency=self._concurrency(order.concurrency),
            priority=_priority(plan.priority if order.priority is None else order.priority),
            status=BatchStatus.PENDING,
            on_request=order.on_request,
            created_at=tx.now,
            updated_at=tx.now,
            total=0, uploading=0, processing=0, completed=0, failed=0, cancelled=0,
            media_s=0.0, media_done_s=0.0, bytes=0, bytes_done=0, event_seq=0, stalled_s=0.0, strip=[],
        )  # fmt: skip
        self._tiers.check_rate(tx, owner_id)
        tx.session.add(batch)
        tx.session.flush()
        self._ledger.tell_batch(tx, batch, "batch.created", facts=order_facts(batch))
        return batch

    def change(self, tx: Transaction, owner_id: str, batch_id: str, changes: Mapping[str, Any]) -> Batch:
        """Change name, description, concurrency or priority at any time; settings only before the start."""
        batch = repository.batch_for_change(tx, owner_id, batch_id)
        if "settings" in changes and batch.status != BatchStatus.PENDING:
            raise Conflict(
                "The settings of a batch cannot be changed after it was started.",
                hint="Order a new batch with these settings; what is the same will not be done again.",
            )
        readers: dict[str, Any] = {
            "name": _name,
            "description": str,
            "concurrency": self._concurrency,
            "priority": _priority,
            "settings": lambda value: self._settings(batch.pipeline, value),
        }
        for field_name, value in changes.items():
            setattr(batch, field_name, readers[field_name](value))
        self._ledger.tell_batch(tx, batch, "batch.changed", facts=order_facts(batch))
        return batch

    def add_files(self, tx: Transaction, owner_id: str, batch_id: str, file_ids: Sequence[str]) -> list[Item]:
        """Put library files into a pending batch, in this order.

        Raises DuplicateFile, NotFound, InvalidInput, QuotaExceeded.
        """
        batch = repository.batch_for_change(tx, owner_id, batch_id)
        self._must_be_pending(tx, batch, BatchAction.ADD)
        self.check_room(tx, owner_id, batch, len(file_ids))
        files = self._files(tx, batch, file_ids)
        position = repository.last_position(tx, batch)
        added = [(self._item(tx, batch, file, position + n), file) for n, file in enumerate(files, start=1)]
        self._ledger.add_items(tx, batch, added)
        self._ledger.redraw(tx, batch)
        return [item for item, _ in added]

    def check_room(self, tx: Transaction, owner_id: str, batch: Batch, more: int) -> None:
        """Whether so many more files may come into the batch. Raises QuotaExceeded, InvalidInput."""
        self._tiers.check_files(tx, owner_id, batch.total + more)
        self._check_room(batch, more)

    def remove_items(self, tx: Transaction, owner_id: str, batch_id: str, item_ids: Sequence[str]) -> Batch:
        """Take items out that are not at work and not completed; the batch settles if nothing else is left to do."""
        batch = repository.batch_for_change(tx, owner_id, batch_id)
        for item_id in item_ids:
            item = repository.item_of(tx, batch, item_id)
            self._ledger.remove_item(tx, batch, item)
            file = tx.session.get_one(LibraryFile, item.file_id)
            batch.media_s = max(0.0, batch.media_s - (file.duration_s or 0.0))
            batch.bytes = max(0, batch.bytes - (file.size or 0))
        repository.close_ranks(tx, batch)
        self._ledger.redraw(tx, batch)
        if batch.status in (BatchStatus.PROCESSING, BatchStatus.PAUSED):
            self._ledger.settle(tx, batch)
        return batch

    def reorder(self, tx: Transaction, owner_id: str, batch_id: str, item_ids: Sequence[str]) -> Batch:
        """Put the items into this order; those not named follow in the order they had. Only before the start."""
        batch = repository.batch_for_change(tx, owner_id, batch_id)
        self._must_be_pending(tx, batch, BatchAction.REORDER)
        items = {item.id: item for item in repository.items_of(tx, batch)}
        unknown = [item_id for item_id in item_ids if item_id not in items]
        if unknown:
            raise NotFound("There is no such item in this batch.", noun="item", id=unknown[0])
        if len(set(item_ids)) != len(item_ids):
            raise InvalidInput("An item is named twice in the new order.", field="item_ids")
        first = [items.pop(item_id) for item_id in item_ids]
        for position, item in enumerate([*first, *items.values()], start=1):
            item.position = position
        self._ledger.redraw(tx, batch)
        self._ledger.tell_batch(tx, batch, "items.reordered", item_ids=list(item_ids))
        return batch

    def delete(self, tx: Transaction, owner_id: str, batch_id: str) -> None:
        """Delete a batch that is pending or has ended; what was stored for it is purged later."""
        batch = repository.batch_for_change(tx, owner_id, batch_id)
        self._ledger.move_batch(tx, batch, BatchAction.DELETE)

    def _must_be_pending(self, tx: Transaction, batch: Batch, action: BatchAction) -> None:
        if batch.status != BatchStatus.PENDING:
            possible = lifecycle.allowed(BatchStatus(batch.status), repository.counts(tx, batch))
            raise IllegalTransition("batch", batch.status, f"{action} items", possible)

    def _check_room(self, batch: Batch, more: int) -> None:
        if batch.total + more > self._limits.items_per_batch:
            raise InvalidInput(
                f"A batch holds at most {self._limits.items_per_batch} files; this one has {batch.total}.",
                hint="Put the rest into another batch.",
                field="file_ids",
            )

    def _files(self, tx: Transaction, batch: Batch, file_ids: Sequence[str]) -> list[LibraryFile]:
        found = {file.id: file for file in library.files_of_owner(tx, batch.owner_id, file_ids)}
        present = repository.files_in(tx, batch, file_ids)
        for file_id in file_ids:
            if file_id not in found:
                raise NotFound("There is no such file in your library.", noun="file", id=file_id)
            if file_id in present:
                raise DuplicateFile(f"“{found[file_id].name}” is already in this batch.", file_id=file_id)
            self._check_usable(batch, found[file_id])
            present.add(file_id)
        return [found[file_id] for file_id in file_ids]

    def _check_usable(self, batch: Batch, file: LibraryFile) -> None:
        if file.status in (FileStatus.REFUSED, FileStatus.EXPIRED):
            raise InvalidInput(
                f"“{file.name}” cannot be used: {file.error_message or file.status}.", file_id=file.id
            )
        if file.kind is not None and file.kind not in self._registry.get(batch.pipeline).accepts:
            raise InvalidInput(
                f"“{file.name}” is {file.kind}, which “{batch.pipeline}” does not take.", file_id=file.id
            )

    def _item(self, tx: Transaction, batch: Batch, file: LibraryFile, position: int) -> Item:
        return Item(
            id=self._new_id(),
            owner_id=batch.owner_id,
            batch_id=batch.id,
            file_id=file.id,
            position=position,
            status=ItemStatus.PENDING,
            source_ready=file.status == FileStatus.READY,
            requested=not batch.on_request,
            max_retries=self._limits.max_retries,
            generation=1, token=0, stage_index=0, progress=0.0, retry_count=0, manual_retries=0,
            created_at=tx.now,
            updated_at=tx.now,
        )  # fmt: skip

    def _settings(self, pipeline: str, values: JsonObject) -> dict[str, Any]:
        return validated(self._registry, pipeline, values)

    def _concurrency(self, value: int) -> int:
        if not 1 <= value <= self._limits.concurrency:
            raise InvalidInput(
                f"The concurrency is a number from 1 to {self._limits.concurrency}; {value} was given.",
                field="concurrency",
            )
        return value


def validated(registry: Registry, pipeline: str, values: JsonObject) -> dict[str, Any]:
    """Settings as they are kept: every field present. Raises InvalidInput that names the field."""
    try:
        return registry.get(pipeline).validate(values).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "settings"
        raise InvalidInput(
            f"The setting “{where}” is not right: {first['msg']}.", field=f"settings.{where}"
        ) from None


def order_facts(batch: Batch) -> dict[str, Any]:
    """What its owner ordered, for events."""
    names = ("name", "description", "pipeline", "settings", "concurrency", "priority", "on_request")
    return {name: getattr(batch, name) for name in names}


def _name(value: str) -> str:
    name = value.strip()
    if not 1 <= len(name) <= 100:
        raise InvalidInput("A batch needs a name of 1 to 100 characters.", field="name")
    return name


def _priority(value: int) -> int:
    if not 0 <= value <= 10:
        raise InvalidInput(f"The priority is a number from 0 to 10; {value} was given.", field="priority")
    return value
