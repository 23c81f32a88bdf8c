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
from reelyard.core.batches.models import Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact
from reelyard.core.runs.revisions import Revised, Revisions
from reelyard.db.session import Transaction
from reelyard.errors import NotFound
from reelyard.kit.file_names import stem_of
from reelyard.kit.ids import NewId
from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import CutList, FilmClock
from reelyard.media.highlights import Highlights
from reelyard.media.info import MediaInfo
from reelyard.storage.storage import Storage

ROLE = "cuts.json"
CUTS = Revised(
    ROLE,
    CutList.from_json,
    "cut list",
    where="It is there once a film is completed; other things have none.",
    doing="changed or rendered",
)
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
        self._revisions = Revisions(storage, new_id, CUTS)
        self._commands = commands
        self._write = write

    def get(
        self, tx: Transaction, owner_id: str, batch_id: str, item_id: str, number: int | None = None
    ) -> ItemCuts:
        """The newest revision, or that number; raises NotFound."""
        item = self._item(tx, owner_id, batch_id, item_id)
        made = self._revisions.one(tx, item, number)
        return self._told(tx, item, made, self._revisions.read(made))

    def revisions(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> list[Artifact]:
        """Every revision, oldest first; raises NotFound."""
        item = self._item(tx, owner_id, batch_id, item_id)
        self._revisions.one(tx, item)
        return self._revisions.all_of(tx, item)

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
        made, cuts = self._revisions.changed(tx, item, base, edit, begin_from)
        return self._told(tx, item, made, cuts)

    def render(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Item:
        """Render the film by its newest list; what does not depend on the list is not done again.

        Raises NotFound, Conflict while it is at work, and what a redo refuses.
        """
        batches.batch_for_change(tx, owner_id, batch_id)
        item = self._item(tx, owner_id, batch_id, item_id)
        self._revisions.one(tx, item)
        self._revisions.check_at_rest(item)
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
        cuts = artifacts.get(ROLE)
        return found.in_film(FilmClock(self._revisions.read(cuts))) if cuts is not None else found

    def timeline(
        self, tx: Transaction, owner_id: str, batch_id: str, item_id: str, form: str
    ) -> tuple[str, str]:
        """The newest list as other editors read it, and a name for the file. Raises NotFound, InvalidInput."""
        item = self._item(tx, owner_id, batch_id, item_id)
        cuts = self._revisions.read(self._revisions.one(tx, item))
        file = tx.session.get_one(LibraryFile, item.file_id)
        text = self._write(cuts, MediaInfo.from_json(file.info or {}), file.name, form)
        return text, f"{stem_of(file.name)}.{form}"

    def _item(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Item:
        return batches.item_of(tx, batches.batch_for_reading(tx, owner_id, batch_id), item_id)

    def _artifacts(self, tx: Transaction, item: Item) -> dict[str, Artifact]:
        if item.served_generation is None:
            return {}
        return runs.newest(runs.artifacts_of(tx, item.id, item.served_generation))

    def _told(self, tx: Transaction, item: Item, made: Artifact, cuts: CutList) -> ItemCuts:
        artifacts = self._artifacts(tx, item)
        films = [artifact for role, artifact in artifacts.items() if role.startswith(FILM)]
        rendered = any(film.created_at >= made.created_at for film in films)
        return ItemCuts(item.id, made.revision, cuts, made, rendered)

    def _json(self, artifact: Artifact) -> JsonObject:
        read: dict[str, Any] = json.loads(self._storage.read_bytes(artifact.blob_key))
        return read
