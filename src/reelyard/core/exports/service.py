"""Exporting a batch: order, look at, cancel, remove, preview.

An export is a snapshot: what goes in is frozen with the order, and every stored thing in it stays until the
export has ended, whatever is redone or removed meanwhile. Deleting the batch ends its exports with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure
from reelyard.core.batches.lifecycle import BatchStatus
from reelyard.core.batches.models import Batch
from reelyard.core.exports import repository
from reelyard.core.exports.layout import Layout, Subject, file_name, laid_out
from reelyard.core.exports.models import LIVE, Export, ExportFormat, ExportStatus
from reelyard.core.exports.moves import Moves
from reelyard.core.exports.order import ExportOrder, checked, options_of
from reelyard.db.session import Transaction
from reelyard.errors import BatchNotEnded, IllegalTransition, NothingToExport
from reelyard.kit.ids import NewId
from reelyard.kit.json import digest
from reelyard.pipeline.registry import Registry
from reelyard.storage.zip_layout import ZipEntry, ZipLayout

SHOWN = 20  # names in a preview
ROWS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would give. `size` is in bytes, of an archive without its manifest, of a whole the sum of its parts."""

    format: str
    file_name: str
    items: int  # whose outputs are in it
    left_out: int  # completed items that have nothing for it
    not_completed: int
    files: int
    size: int
    media_s: float
    names: tuple[str, ...]  # the first of them


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an order would freeze, read without holding anybody up, and how the batch stood then."""

    order: ExportOrder
    stood: tuple[Any, ...]
    file_name: str
    layout: Layout
    mark: str


class ExportService:
    """Exports as their owners order them."""

    def __init__(self, registry: Registry, moves: Moves, new_id: NewId, wake: Callable[[], None]) -> None:
        self._registry = registry
        self._moves = moves
        self._new_id = new_id
        self._wake = wake

    def prepare(self, tx: Transaction, owner_id: str, batch_id: str, order: ExportOrder) -> Prepared:
        """Lay the order out in a transaction that only reads, so that `order` has little to do. Raises as `order`."""
        order = checked(order)
        return self._prepared(tx, batches.batch_for_reading(tx, owner_id, batch_id), order)

    def order(
        self,
        tx: Transaction,
        owner_id: str,
        batch_id: str,
        order: ExportOrder,
        prepared: Prepared | None = None,
    ) -> Export:
        """A new export, or the equal one that is under way or can still be fetched.

        What was `prepared` is used if the batch stands as it stood. Raises NotFound, InvalidInput that names the
        field, BatchNotEnded, NothingToExport.
        """
        order = checked(order)
        batch = batches.batch_for_change(tx, owner_id, batch_id)
        if prepared is None or prepared.order != order or prepared.stood != _stands(tx, batch):
            prepared = self._prepared(tx, batch, order)
        known = repository.equal_one(tx, batch.id, prepared.mark)
        return known if known is not None else self._new(tx, batch, prepared)

    def _prepared(self, tx: Transaction, batch: Batch, order: ExportOrder) -> Prepared:
        stood = _stands(tx, batch)
        name, layout = self._laid_out(tx, batch, order)
        return Prepared(order, stood, name, layout, _mark(order, name, layout))

    def _new(self, tx: Transaction, batch: Batch, prepared: Prepared) -> Export:
        order, layout = prepared.order, prepared.layout
        export = Export(
            id=self._new_id(), owner_id=batch.owner_id, batch_id=batch.id, format=order.format, options=options_of(order),
            digest=prepared.mark, status=ExportStatus.PENDING, progress=0.0, note="", items=layout.items,
            files=len(layout.entries), media_s=_lasts(layout), file_name=prepared.file_name, token=0, retry_count=0,
            input_bytes=sum(entry.blob.size for entry in layout.entries),
            failures=list(layout.failures) or None, warnings=_warnings(layout),
            created_at=tx.now, updated_at=tx.now,
        )  # fmt: skip
        tx.session.add(export)
        repository.add_entries(tx, export, layout.entries)
        self._moves.tell(tx, export, "export.ordered")
        tx.after_commit(self._wake)
        return export

    def preview(self, tx: Transaction, owner_id: str, batch_id: str, order: ExportOrder) -> Preview:
        """What the order would give. Raises as `order`."""
        order = checked(order)
        batch = batches.batch_for_reading(tx, owner_id, batch_id)
        name, layout = self._laid_out(tx, batch, order)
        sizes = [ZipEntry(entry.name, entry.blob.size, 0) for entry in layout.entries]
        whole = sum(entry.size for entry in sizes)
        return Preview(
            format=order.format, file_name=name, items=layout.items, left_out=layout.left_out,
            not_completed=batch.total - batch.completed, files=len(layout.entries),
            size=ZipLayout(sizes, tx.now).size if order.format == ExportFormat.ZIP else whole,
            media_s=_lasts(layout),
            names=tuple(entry.name or entry.title for entry in layout.entries[:SHOWN]),
        )  # fmt: skip

    def get(self, tx: Transaction, owner_id: str, batch_id: str, export_id: str) -> Export:
        """The owner's export of that batch; raises NotFound."""
        return repository.export_of(tx, owner_id, batch_id, export_id)

    def page(
        self, tx: Transaction, owner_id: str, batch_id: str, limit: int = 100, offset: int = 0
    ) -> tuple[Sequence[Export], int]:
        """The batch's exports, the newest first, and how many there are. Raises NotFound."""
        batch = batches.batch_for_reading(tx, owner_id, batch_id)
        return repository.exports_of(tx, batch.id, limit, offset)

    def cancel(self, tx: Transaction, owner_id: str, batch_id: str, export_id: str) -> Export:
        """End an export that is under way; what works for it is killed. Raises NotFound, IllegalTransition."""
        batches.batch_for_change(tx, owner_id, batch_id)  # owners and batches are locked before exports
        export = repository.export_of(tx, owner_id, batch_id, export_id, lock=True)
        if export.status not in LIVE:
            raise IllegalTransition("export", export.status, "cancel", ("remove",))
        self._moves.end(tx, export, ExportStatus.CANCELLED)
        tx.after_commit(self._wake)
        return export

    def remove(self, tx: Transaction, owner_id: str, batch_id: str, export_id: str) -> Export:
        """Cancel it if it is under way, else take it out of the history; its link ends. Raises NotFound."""
        batches.batch_for_change(tx, owner_id, batch_id)  # owners and batches are locked before exports
        export = repository.export_of(tx, owner_id, batch_id, export_id, lock=True)
        if export.status in LIVE:
            return self.cancel(tx, owner_id, batch_id, export_id)
        if export.status == ExportStatus.COMPLETED:
            self._moves.end(tx, export, ExportStatus.EXPIRED, told=False)
        export.deleted_at = tx.now
        self._moves.tell(tx, export, "export.removed")
        return export

    def tidy(self, tx: Transaction) -> int:
        """End what is over, and what belongs to deleted batches; forget rows after 30 days. Returns how many."""
        over = repository.overdue(tx)
        for export in over:
            self._moves.end(tx, export, _end_of(export))
        if over:
            tx.after_commit(self._wake)
        tx.session.flush()
        return len(over) + repository.forget(tx, tx.now - ROWS_KEPT)

    def _laid_out(self, tx: Transaction, batch: Batch, order: ExportOrder) -> tuple[str, Layout]:
        if not BatchStatus(batch.status).ended:
            raise BatchNotEnded(
                f"“{batch.name}” is {batch.status}; it can be exported when it has ended.",
                hint="Wait until it has ended, or cancel what is left of it.",
                status=batch.status,
            )
        if not batch.completed:
            raise NothingToExport(
                f"No item of “{batch.name}” was completed.", hint="Retry what failed, then export."
            )
        pipeline = self._registry.get(batch.pipeline)
        subject = Subject(batch.name, pipeline.noun, pipeline.primary, batch.total)
        layout = laid_out(subject, repository.sources_of(tx, batch), order)
        if not layout.items:
            raise NothingToExport(
                f"Nothing that “{batch.name}” made can be put into this kind of export.",
                hint="Choose another format.",
            )
        return file_name(subject, order, layout.entries), layout


def _stands(tx: Transaction, batch: Batch) -> tuple[Any, ...]:
    """Equal at two moments between which nothing changed that an export shows."""
    return (batch.id, batch.event_seq, *repository.edits_in(tx, batch))


def status_of(export: Export, now: datetime) -> ExportStatus:
    """Its state at that moment: one whose time is over has expired, before that is written down."""
    status = ExportStatus(export.status)
    over = export.expires_at is not None and export.expires_at <= now
    return ExportStatus.EXPIRED if status is ExportStatus.COMPLETED and over else status


def missing(name: str) -> Failure:
    """Why an export whose entry is not stored any more fails."""
    return Failure(
        "export_file_missing",
        f"“{name}” is not where it was stored.",
        "Do that item again, then export once more.",
    )


def _end_of(export: Export) -> ExportStatus:
    return ExportStatus.CANCELLED if export.status in LIVE else ExportStatus.EXPIRED


def _lasts(layout: Layout) -> float:
    items = {entry.item_id: entry.duration_s or 0.0 for entry in layout.entries}
    return sum(items.values())


def _warnings(layout: Layout) -> list[Any] | None:
    if not layout.left_out:
        return None
    return [f"{layout.left_out} completed items have nothing that could be put into this export."]


def _mark(order: ExportOrder, name: str, layout: Layout) -> str:
    """The same for orders that give the same bytes, but for their time."""
    entries = [[e.name, e.title, e.duration_s, e.blob.sha256] for e in layout.entries]
    return digest({**asdict(order), "file_name": name, "entries": entries, "failures": layout.failures})
