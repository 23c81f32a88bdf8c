"""What this door does in more than one step of the core: a batch with places for uploads, and a retry of what failed."""

from __future__ import annotations

from collections.abc import Iterable

from reelyard.bootstrap import Container
from reelyard.core.batches import lifecycle, repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.repository import ItemQuery
from reelyard.core.batches.states import BatchAction, BatchStatus, ItemStatus
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction
from reelyard.errors import IllegalTransition, NotFound, NothingToRetry, SourceMissing
from reelyard.http.doors.video import reading, schemas, translate
from reelyard.http.doors.video.errors import RetryLimitReached


def create(services: Container, tx: Transaction, owner_id: str, asked: schemas.BatchJobCreate) -> Batch:
    """A batch, with a place for each video that is to be uploaded. Raises InvalidInput, QuotaExceeded, RateLimited."""
    batch = services.batches.create(tx, owner_id, translate.order(asked))
    services.batches.check_room(tx, owner_id, batch, asked.video_count)
    if asked.video_count:
        files = services.library.announce_unsized(tx, owner_id, translate.names(asked), batch.id)
        services.batches.add_files(tx, owner_id, batch.id, [file.id for file in files])
    return batch


def check_deletable(tx: Transaction, batch: Batch) -> None:
    """Only what has ended is deleted at this door. Raises IllegalTransition."""
    status = BatchStatus(batch.status)
    if not status.ended:
        possible = lifecycle.allowed(status, repository.counts(tx, batch))
        others = tuple(action for action in possible if action is not BatchAction.DELETE)
        raise IllegalTransition("batch", status, BatchAction.DELETE, others)


def retry_failed(
    services: Container, tx: Transaction, batch: Batch, video_ids: Iterable[str] | None = None
) -> int:
    """Try failed videos again, all or those named, and go on with a paused batch; returns how many.

    Those that were retried by hand as often as they may be, or whose file is gone, are left out. Raises
    IllegalTransition, NotFound, NothingToRetry, RetryLimitReached, SourceMissing.
    """
    lifecycle.next_batch(BatchStatus(batch.status), BatchAction.RETRY, repository.counts(tx, batch))
    failed = _failed(tx, batch, video_ids)
    if not failed:
        raise NothingToRetry("No video of this batch failed.")
    left = [(item, file) for item, file in failed if item.manual_retries < item.max_retries]
    if not left:
        raise RetryLimitReached("Every failed video was retried as often as it may be.")
    there = [item.id for item, file in left if file.deleted_at is None and file.blob_key is not None]
    if not there:
        raise SourceMissing("The files of the failed videos are gone.", hint="Upload them in a new batch.")
    services.commands.retry(tx, batch.owner_id, batch.id, there)
    if batch.status == BatchStatus.PAUSED:
        services.commands.resume(tx, batch.owner_id, batch.id)
    return len(there)


def _failed(tx: Transaction, batch: Batch, video_ids: Iterable[str] | None) -> list[tuple[Item, LibraryFile]]:
    wanted = ItemQuery(status=ItemStatus.FAILED, limit=max(1, batch.total))
    failed, _ = repository.list_items(tx, batch, wanted)
    if video_ids is None:
        return failed
    named = set(reading.video_ids(video_ids))
    if named - repository.files_in(tx, batch, named):
        raise NotFound("There is no such video in this batch.", noun="file")
    return [(item, file) for item, file in failed if file.id in named]
