"""Cut lists of films: read, changed, rendered anew, taken away as a timeline; and the highlights beside them.

A change is a revision of the artifact `cuts.json`, as a correction is one of a transcript: nothing is overwritten.
The next rendering reads the newest, and only the stages that depend on the list run again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reelyard.core.batches import repository as batches
from reelyard.core.batches.commands import BatchCommands
from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction
from reelyard.errors import Conflict, NotFound
from reelyard.kit.file_names import stem_of
from reelyard.kit.ids import NewId
from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import CutList, FilmClock
from reelyard.media.highlights import Highlights
from reelyard.media.info import MediaInfo
from reelyard.storage.storage import Storage

ROLE = "cuts.json"
FILM = "film."  # how the roles of rendered films begin
HIGHLIGHTS = ("highlights.json", "moments.json")  # best first

TimelineWriter = Callable[[CutList, MediaInfo, str, str], str]  # cut list, file, its name, format


@dataclass(frozen=True, slots=True)
class ItemCuts:
    """An item's cut list as it is now, or was at one revision."""

    item_id: str
    revision: int  # 0 is what the stages decided
    cuts: CutList
    made: Artifact
    rendered: bool  # whether a film was made of it, or of a later one


class CutService:
    """The cut lists of each owner's items."""

    def __init__(
        self, storage: Storage, new_id: NewId, commands: BatchCommands, write: TimelineWriter
    ) -> None:
        self._storage = storage
        self._new_id = new_id
        self._commands = commands
        self._write = write

    def get(
        self, tx: Transaction, owner_id: str, batch_id: str, item_id: str, number: int | None = None
    ) -> ItemCuts:
        """The newest revision, or that number; raises NotFound."""
        item = self._item(tx, owner_id, batch_id, item_id)
        made = self._revision(tx, item, number)
        return self._told(tx, item, made, self._read(made))

    def revisions(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> list[Artifact]:
        """Every revision, oldest first; raises NotFound."""
        return self._revisions(tx, self._item(tx, owner_id, batch_id, item_id))

    def change(
        self, tx: Transaction, item_of: tuple[str, str, str], base: int, edit: Callable[[CutList], CutList],
        begin_from: int | None = None,
    ) -> ItemCuts:  # fmt: skip
        """Keep what `edit` makes of the newest list (or of revision `begin_from`) as a new revision.

        `item_of` is the owner's, the batch's and the item's id. Raises Conflict when `base` is not the newest any
        more or the item is at work, NotFound, and what `edit` raises. A change of nothing makes no revision.
        """
        batches.batch_for_change(tx, *item_of[:2])
        item = self._item(tx, *item_of)
        newest = self._revision(tx, item)
        if base != newest.revision:
            raise Conflict(
                f"The cut list was changed meanwhile: it is at revision {newest.revision}, not {base}.",
                hint="Read it again, then repeat the change.",
                revision=newest.revision,
            )
        _refuse_at_work(item)
        known = self._read(newest)
        begun = known if begin_from is None else self._read(self._revision(tx, item, begin_from))
        changed = edit(begun)
        made = newest if changed == known else self._keep(tx, item, newest, changed)
        return self._told(tx, item, made, changed)

    def render(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Item:
        """Render the film by its newest list; what does not depend on the list is not done again.

        Raises NotFound, Conflict while it is at work, and what a redo refuses.
        """
        batches.batch_for_change(tx, owner_id, batch_id)
        item = self._item(tx, owner_id, batch_id, item_id)
        self._revision(tx, item)
        _refuse_at_work(item)
        settings = {**(item.settings or {}), "render": True}
        return self._commands.redo(tx, owner_id, batch_id, item_id, settings)

    def highlights(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Highlights:
        """What stood out, with the times of the film as the newest list makes it; raises NotFound."""
        item = self._item(tx, owner_id, batch_id, item_id)
        artifacts = self._artifacts(tx, item)
        made = next((artifacts[role] for role in HIGHLIGHTS if role in artifacts), None)
        if made is None:
            raise NotFound(
                "This item has no highlights.",
                hint="Do it again with detect_highlights set to true.",
                noun="highlights",
            )
        found = Highlights.from_json(self._json(made))
        return found.in_film(FilmClock(self._read(artifacts[ROLE]))) if ROLE in artifacts else found

    def timeline(
        self, tx: Transaction, owner_id: str, batch_id: str, item_id: str, form: str
    ) -> tuple[str, str]:
        """The newest list as other editors read it, and a name for the file. Raises NotFound, InvalidInput."""
        item = self._item(tx, owner_id, batch_id, item_id)
        cuts = self._read(self._revision(tx, item))
        file = tx.session.get_one(LibraryFile, item.file_id)
        text = self._write(cuts, MediaInfo.from_json(file.info or {}), file.name, form)
        return text, f"{stem_of(file.name)}.{form}"

    def _item(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Item:
        return batches.item_of(tx, batches.batch_for_reading(tx, owner_id, batch_id), item_id)

    def _artifacts(self, tx: Transaction, item: Item) -> dict[str, Artifact]:
        if item.served_generation is None:
            return {}
        return runs.newest(runs.artifacts_of(tx, item.id, item.served_generation))

    def _revisions(self, tx: Transaction, item: Item) -> list[Artifact]:
        made = runs.artifacts_of(tx, item.id, item.served_generation or 0)
        found = [artifact for artifact in made if artifact.role == ROLE]
        if not found:
            raise NotFound(
                "This item has no cut list.",
                hint="It is there once a film is completed; other things have none.",
                noun="cut list",
            )
        return found

    def _revision(self, tx: Transaction, item: Item, number: int | None = None) -> Artifact:
        all_of_it = self._revisions(tx, item)
        if number is None:
            return all_of_it[-1]
        for artifact in all_of_it:
            if artifact.revision == number:
                return artifact
        raise NotFound(f"This cut list has no revision {number}.", noun="revision")

    def _told(self, tx: Transaction, item: Item, made: Artifact, cuts: CutList) -> ItemCuts:
        artifacts = self._artifacts(tx, item)
        films = [artifact for role, artifact in artifacts.items() if role.startswith(FILM)]
        rendered = any(film.created_at >= made.created_at for film in films)
        return ItemCuts(item.id, made.revision, cuts, made, rendered)

    def _keep(self, tx: Transaction, item: Item, newest: Artifact, changed: CutList) -> Artifact:
        key = f"revisions/{item.owner_id}/{item.id}/{self._new_id()}"
        stored = self._storage.put_bytes(key, json.dumps(changed.to_json()).encode())
        made = Artifact(
            id=self._new_id(), owner_id=item.owner_id, subject_kind=SubjectKind.ITEM, subject_id=item.id,
            generation=newest.generation, run_id=None, stage=newest.stage, role=ROLE, is_output=newest.is_output,
            revision=newest.revision + 1, blob_key=stored.key, size=stored.size, sha256=stored.sha256,
            crc32=stored.crc32, created_at=tx.now,
        )  # fmt: skip
        tx.session.add(made)
        tx.session.flush()
        return made

    def _read(self, artifact: Artifact) -> CutList:
        return CutList.from_json(self._json(artifact))

    def _json(self, artifact: Artifact) -> JsonObject:
        read: dict[str, Any] = json.loads(self._storage.read_bytes(artifact.blob_key))
        return read


def _refuse_at_work(item: Item) -> None:
    status = ItemStatus(item.status)
    if not status.ended:
        raise Conflict(
            f"The item is {status}: its cut list cannot be changed or rendered now.",
            hint="Wait until it is completed, or cancel the batch.",
            state=status.value,
        )
