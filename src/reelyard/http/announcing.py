"""Files that are going to come: announced together, each taken or refused by itself, put into a batch at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reelyard.bootstrap import Container
from reelyard.core.library.models import LibraryFile, Upload
from reelyard.core.library.service import NewFile, file_name
from reelyard.db.session import Transaction
from reelyard.errors import ReelyardError, Refused


@dataclass(slots=True)
class Announced:
    """One of the files: with its upload, or with the reason why it is not taken."""

    name: str
    file: LibraryFile | None = None
    upload: Upload | None = None
    item_id: str | None = None
    error: ReelyardError | None = None


def announce(
    services: Container, tx: Transaction, owner_id: str, files: Sequence[NewFile], batch_id: str | None
) -> list[Announced]:
    """Announce `files`, in order; those that are taken become items of the batch, if one is named.

    Raises what the batch itself refuses (NotFound, IllegalTransition, InvalidInput when it is full).
    """
    announced = [_one(services, tx, owner_id, file) for file in files]
    taken = [one for one in announced if one.file is not None]
    if batch_id is not None:
        ids = [one.file.id for one in taken if one.file is not None]
        items = services.batches.add_files(tx, owner_id, batch_id, ids)
        for one, item in zip(taken, items, strict=True):
            one.item_id = item.id
    return announced


def _one(services: Container, tx: Transaction, owner_id: str, new: NewFile) -> Announced:
    name = file_name(new.name)
    try:
        file, upload = services.library.announce(tx, owner_id, new)
    except Refused as error:  # checked before anything was written
        return Announced(name, error=error)
    return Announced(name, file, upload)
