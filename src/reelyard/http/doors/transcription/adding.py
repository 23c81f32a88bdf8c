"""Files that come as a form: stored, looked at, and put into their job; each that is not taken is named."""

from __future__ import annotations

from reelyard.bootstrap import Container
from reelyard.core.batches import lifecycle
from reelyard.core.batches.states import BatchAction, BatchStatus
from reelyard.errors import InvalidInput, QuotaExceeded
from reelyard.http.doors.transcription import reading, schemas, translate
from reelyard.http.forms import Received
from reelyard.http.taking import let_go, look_at


def check_draft(services: Container, owner_id: str, job_id: str) -> str:
    """Before a byte is read; gives the batch's id. Raises NotFound, IllegalTransition."""
    with services.db.read() as tx:
        batch = reading.find(tx, owner_id, job_id)
        lifecycle.next_batch(BatchStatus(batch.status), BatchAction.ADD)
        return batch.id


def put_in(services: Container, owner_id: str, job_id: str, received: Received) -> schemas.AddedItems:
    """Make items of the files that came. Raises InvalidInput or QuotaExceeded when not one is taken.

    Raises besides NotFound, IllegalTransition.
    """
    files = received.files
    if not files and received.failure is not None:
        raise received.failure
    look_at(services, owner_id, files, services.registry.get(translate.PIPELINE).accepts)
    with services.db.write() as tx:
        batch = reading.find(tx, owner_id, job_id)
        lifecycle.next_batch(BatchStatus(batch.status), BatchAction.ADD)
        for one in files:
            if one.error is None and one.file_id is not None:
                try:
                    one.item_id = services.batches.add_files(tx, owner_id, batch.id, [one.file_id])[0].id
                except (InvalidInput, QuotaExceeded) as error:  # found wanting meanwhile, or the job is full
                    one.error = error
        tx.session.flush()
        items = reading.items(services, tx, batch, [one.item_id for one in files if one.item_id])
    let_go(services, owner_id, [one for one in files if one.error is not None])
    errors = [translate.file_error(one.name, one.error) for one in files if one.error is not None]
    if not items:
        for one in files:
            if isinstance(one.error, QuotaExceeded):
                raise one.error
        told = " ".join(f"“{error.file_name}”: {error.message}" for error in errors)
        raise InvalidInput(f"No file was taken. {told}", field="files")
    return schemas.AddedItems(items=items, errors=errors)
