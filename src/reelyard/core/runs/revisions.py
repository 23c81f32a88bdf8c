"""Revisions of what stages made: a user's change is kept beside what it changes, and nothing is overwritten.

Later stages read the newest, and a redo carries revisions over to an equal artifact (see `edits_of`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from reelyard.core.batches.models import Item
from reelyard.core.batches.states import ItemStatus
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction
from reelyard.errors import Conflict, NotFound
from reelyard.kit.ids import NewId
from reelyard.kit.json import JsonObject
from reelyard.storage.storage import Storage


class Kept(Protocol):
    """What can be kept: it is written as JSON."""

    def to_json(self) -> dict[str, Any]: ...


Value = TypeVar("Value", bound=Kept)


@dataclass(frozen=True, slots=True)
class Revised(Generic[Value]):
    """One kind of thing that users change, in the role of its artifact and in their words."""

    role: str
    read: Callable[[JsonObject], Value]
    noun: str
    where: str = ""  # the way out when an item has none
    change: str = "change"  # what a change is called
    doing: str = "changed"  # what cannot be done to it while its item is at work


class Revisions(Generic[Value]):
    """The revisions of one kind of thing."""

    def __init__(self, storage: Storage, new_id: NewId, kind: Revised[Value]) -> None:
        self._storage = storage
        self._new_id = new_id
        self._kind = kind

    def all_of(self, tx: Transaction, item: Item) -> list[Artifact]:
        """Every revision of what is served, oldest first; 0 is what a stage made."""
        if item.served_generation is None:
            return []
        made = runs.artifacts_of(tx, item.id, item.served_generation)
        return [artifact for artifact in made if artifact.role == self._kind.role]

    def one(self, tx: Transaction, item: Item, number: int | None = None) -> Artifact:
        """The newest revision, or that number. Raises NotFound."""
        made = self.all_of(tx, item)
        noun = self._kind.noun
        if not made:
            raise NotFound(f"This item has no {noun}.", hint=self._kind.where or None, noun=noun)
        if number is None:
            return made[-1]
        for artifact in made:
            if artifact.revision == number:
                return artifact
        raise NotFound(f"This {noun} has no revision {number}.", noun="revision")

    def read(self, artifact: Artifact) -> Value:
        """What it holds. Raises BlobMissing."""
        return self._kind.read(json.loads(self._storage.read_bytes(artifact.blob_key)))

    def check_newest(self, newest: int, base: int) -> None:
        """Raises Conflict when `base` is not the newest any more."""
        if base != newest:
            raise Conflict(
                f"The {self._kind.noun} was changed meanwhile: it is at revision {newest}, not {base}.",
                hint=f"Read it again, then repeat the {self._kind.change}.",
                revision=newest,
            )

    def check_at_rest(self, item: Item) -> None:
        """Raises Conflict while the item is at work, or waits for it."""
        status = ItemStatus(item.status)
        if not status.ended:
            raise Conflict(
                f"The item is {status}: its {self._kind.noun} cannot be {self._kind.doing} now.",
                hint="Wait until it is completed, or cancel the batch.",
                state=status.value,
            )

    def changed(
        self,
        tx: Transaction,
        item: Item,
        base: int,
        edit: Callable[[Value], Value],
        begin_from: int | None = None,
    ) -> tuple[Artifact, Value]:
        """Keep what `edit` makes of the newest (or of revision `begin_from`), unless it changes nothing.

        Raises NotFound, Conflict when `base` is not the newest any more or the item is at work, and what `edit` raises.
        """
        newest = self.one(tx, item)
        self.check_newest(newest.revision, base)
        self.check_at_rest(item)
        known = self.read(newest)
        begun = known if begin_from is None else self.read(self.one(tx, item, begin_from))
        value = edit(begun)
        return (newest if value == known else self.keep(tx, newest, value)), value

    def keep(self, tx: Transaction, newest: Artifact, value: Value) -> Artifact:
        """`value` as the revision after `newest`."""
        key = f"revisions/{newest.owner_id}/{newest.subject_id}/{self._new_id()}"
        stored = self._storage.put_bytes(key, json.dumps(value.to_json(), ensure_ascii=False).encode())
        made = Artifact(
            id=self._new_id(), owner_id=newest.owner_id, subject_kind=SubjectKind.ITEM, subject_id=newest.subject_id,
            generation=newest.generation, run_id=None, stage=newest.stage, role=newest.role,
            is_output=newest.is_output, revision=newest.revision + 1, blob_key=stored.key, size=stored.size,
            sha256=stored.sha256, crc32=stored.crc32, created_at=tx.now,
        )  # fmt: skip
        tx.session.add(made)
        tx.session.flush()
        return made
