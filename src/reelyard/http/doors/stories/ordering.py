"""What this door does in more than one step of the core: a batch from files, and one story alone."""

from __future__ import annotations

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.db.session import Transaction
from reelyard.errors import Conflict
from reelyard.http.doors.stories import reading, schemas, translate
from reelyard.http.named import id_of


def create(services: Container, tx: Transaction, owner_id: str, asked: schemas.CreateStoriesRequest) -> Batch:
    """A batch of these files; with auto mode it goes to work at once.

    Raises InvalidInput, UnknownVoice, LanguageUnsupported, NotFound, DuplicateFile, QuotaExceeded, RateLimited.
    """
    order = translate.order(asked)
    services.commands.check(translate.PIPELINE, order.settings)
    batch = services.batches.create(tx, owner_id, order)
    files = [id_of(one, "file") for one in asked.file_ids]
    services.batches.add_files(tx, owner_id, batch.id, files)
    if asked.auto_mode:
        services.commands.start(tx, owner_id, batch.id)
    tx.session.flush()
    return batch


def generate(
    services: Container, tx: Transaction, owner_id: str, story_id: str, asked: schemas.StoryOptions
) -> Item:
    """Make this story alone: one that waits to be asked for, or once more one that was completed or failed.

    Raises NotFound, Conflict while it is being made or when it was cancelled, and what `create` refuses of options.
    """
    batch, item = reading.find_story(tx, owner_id, story_id)
    batch = repository.batch_for_change(tx, owner_id, batch.id)
    tx.session.refresh(item)  # it was read before its batch was locked
    own = {**(item.settings or {}), **translate.settings(asked)}
    if ItemStatus(item.status).ended:
        services.commands.check(translate.PIPELINE, {**batch.settings, **own})
        services.commands.redo(tx, owner_id, batch.id, item.id, own or None)
    else:
        _check_waits(batch, item)
        services.commands.request(tx, owner_id, batch.id, [item.id], own or None)
    tx.session.flush()
    return item


def _check_waits(batch: Batch, item: Item) -> None:
    if batch.on_request and not item.requested:
        return
    if batch.status == BatchStatus.PENDING:
        raise Conflict("The story's batch was not started yet.", hint="Start it where it was made.")
    raise Conflict("The story is being generated.", hint="Wait until it is completed.", state=item.status)
