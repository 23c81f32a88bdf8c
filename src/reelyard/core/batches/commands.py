"""Commanding batches: start, pause, resume, cancel, retry, redo, request.

The engine is not called from here: it reads what stands in the database and is woken after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reelyard.core.accounts.limits import TierLimits
from reelyard.core.batches import lifecycle, repository
from reelyard.core.batches.ledger import Ledger
from reelyard.core.batches.lifecycle import BatchAction, BatchStatus, ItemEvent, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.service import validated
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.library.service import LibraryService
from reelyard.core.runs import repository as runs
from reelyard.db.session import Transaction
from reelyard.errors import IllegalTransition, SourceMissing
from reelyard.kit.json import JsonObject
from reelyard.pipeline.registry import Registry
from reelyard.pipeline.stage import Inventory

Wake = Callable[[], None]


class BatchCommands:
    """What an owner tells a batch to do."""

    def __init__(
        self,
        registry: Registry,
        ledger: Ledger,
        library: LibraryService,
        wake: Wake,
        inventory: Callable[[str], Inventory],
        tiers: TierLimits,
    ) -> None:
        self._registry = registry
        self._ledger = ledger
        self._library = library
        self._wake = wake
        self._inventory = inventory  # what the workers have for a pipeline
        self._tiers = tiers

    def start(self, tx: Transaction, owner_id: str, batch_id: str) -> Batch:
        """Begin.

        Raises IllegalTransition, FilesMissing, NothingToDo, QuotaExceeded, and what the pipeline's own check refuses.
        """
        batch = self._locked(tx, owner_id, batch_id)
        counts = repository.counts(tx, batch)
        lifecycle.next_batch(BatchStatus(batch.status), BatchAction.START, counts)
        lifecycle.check_start(counts, repository.missing_sources(tx, batch))
        self.check(batch.pipeline, batch.settings)
        self._ledger.move_batch(tx, batch, BatchAction.START)
        self._ledger.settle(tx, batch)
        self._tiers.check_minutes(tx, owner_id)
        return self._and_wake(tx, batch)

    def pause(self, tx: Transaction, owner_id: str, batch_id: str) -> Batch:
        """Start nothing new; what runs goes on to its end."""
        batch = self._locked(tx, owner_id, batch_id)
        self._ledger.move_batch(tx, batch, BatchAction.PAUSE)
        self._ledger.settle(tx, batch)
        return self._and_wake(tx, batch)

    def resume(self, tx: Transaction, owner_id: str, batch_id: str) -> Batch:
        """Go on where it stood."""
        batch = self._locked(tx, owner_id, batch_id)
        self._ledger.move_batch(tx, batch, BatchAction.RESUME)
        self._ledger.settle(tx, batch)
        return self._and_wake(tx, batch)

    def cancel(self, tx: Transaction, owner_id: str, batch_id: str) -> Batch:
        """End it: every item that has not ended is cancelled now, and what runs for it is killed."""
        batch = self._locked(tx, owner_id, batch_id)
        lifecycle.next_batch(BatchStatus(batch.status), BatchAction.CANCEL)
        never_started = batch.started_at is None
        self._library.abort_uploads_of(tx, batch.id)
        self._ledger.cancel_rest(tx, batch)
        runs.drop_partial(tx, batch.id)
        runs.drop_queued(tx, batch.id)
        self._ledger.move_batch(tx, batch, BatchAction.CANCEL)
        if never_started:
            self._library.release_originals_of(tx, batch.id)
        return self._and_wake(tx, batch)

    def retry(
        self, tx: Transaction, owner_id: str, batch_id: str, item_ids: Sequence[str] | None = None
    ) -> tuple[Batch, list[Item]]:
        """Try failed items again, all or those named. Raises IllegalTransition, SourceMissing, NothingToRetry."""
        batch = self._locked(tx, owner_id, batch_id)
        counts = repository.counts(tx, batch)
        lifecycle.next_batch(BatchStatus(batch.status), BatchAction.RETRY, counts)
        lifecycle.check_retry(counts)
        if item_ids is None:
            items = [
                item
                for item in repository.items_of(tx, batch, status=ItemStatus.FAILED)
                if self._has_source(tx, item)
            ]
        else:
            items = [repository.item_of(tx, batch, item_id) for item_id in item_ids]
        if not items:
            raise SourceMissing(
                "The files of the failed items are gone.", hint="Upload them again in a new batch."
            )
        for item in items:
            self._put_back(tx, batch, item, ItemEvent.RETRY)
            item.manual_retries += 1
        self._ledger.move_batch(tx, batch, BatchAction.RETRY)
        self._tiers.check_minutes(tx, owner_id)
        return self._and_wake(tx, batch), items

    def redo(
        self, tx: Transaction, owner_id: str, batch_id: str, item_id: str, settings: JsonObject | None = None
    ) -> Item:
        """Do an ended item again, with settings of its own if given; its old outputs are served until then."""
        batch = self._locked(tx, owner_id, batch_id)
        lifecycle.check_redo(BatchStatus(batch.status), on_request=batch.on_request)
        item = repository.item_of(tx, batch, item_id)
        if settings is not None:
            item.settings = self._own_settings(batch, settings)
        self._put_back(tx, batch, item, ItemEvent.REDO)
        self._ledger.move_batch(tx, batch, BatchAction.REDO)
        self._tiers.check_minutes(tx, owner_id)
        self._and_wake(tx, batch)
        return item

    def request(
        self,
        tx: Transaction,
        owner_id: str,
        batch_id: str,
        item_ids: Sequence[str],
        settings: JsonObject | None = None,
    ) -> Batch:
        """Ask for items of a batch that waits to be asked; the batch goes to work if it does not yet.

        Raises IllegalTransition, QuotaExceeded, and what the pipeline's own check refuses.
        """
        batch = self._locked(tx, owner_id, batch_id)
        self.check(batch.pipeline, {**batch.settings, **(settings or {})})
        for item_id in item_ids:
            item = repository.item_of(tx, batch, item_id)
            if ItemStatus(item.status).ended:
                raise IllegalTransition(
                    "item", item.status, "be requested", lifecycle.item_allowed(ItemStatus(item.status))
                )
            item.requested = True
            if settings is not None:
                item.settings = self._own_settings(batch, settings)
            self._ledger.tell_item(tx, batch, item, "item.requested")
        if batch.status == BatchStatus.PENDING:
            self._ledger.move_batch(tx, batch, BatchAction.START)
        self._tiers.check_minutes(tx, owner_id)
        return self._and_wake(tx, batch)

    def check(self, pipeline_name: str, settings: JsonObject) -> None:
        """Raises InvalidInput, and what the pipeline's own check refuses: what this installation cannot do."""
        pipeline = self._registry.get(pipeline_name)
        model = pipeline.validate(validated(self._registry, pipeline_name, settings))
        pipeline.check(model, self._inventory(pipeline_name))

    def _locked(self, tx: Transaction, owner_id: str, batch_id: str) -> Batch:
        return repository.batch_for_change(tx, owner_id, batch_id)

    def _and_wake(self, tx: Transaction, batch: Batch) -> Batch:
        tx.after_commit(self._wake)
        return batch

    def _put_back(self, tx: Transaction, batch: Batch, item: Item, event: ItemEvent) -> None:
        lifecycle.next_item(ItemStatus(item.status), event, source_ready=item.source_ready)
        if not self._has_source(tx, item):
            raise SourceMissing("The item's file is no longer there.", hint="Upload it again in a new batch.")
        file = tx.session.get_one(LibraryFile, item.file_id)
        if file.status == FileStatus.REFUSED:  # it may have been a passing fault, or the limits have changed
            self._library.verify_again(tx, file)
            item.source_ready = False
        self._ledger.move_item(tx, batch, item, event)

    @staticmethod
    def _has_source(tx: Transaction, item: Item) -> bool:
        file = tx.session.get(LibraryFile, item.file_id)
        return file is not None and file.deleted_at is None and file.blob_key is not None

    def _own_settings(self, batch: Batch, settings: JsonObject) -> dict[str, Any]:
        merged: Mapping[str, Any] = {**batch.settings, **settings}
        return validated(self._registry, batch.pipeline, merged)
