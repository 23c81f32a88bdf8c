"""Stories: their chunks read, changed and made anew, and what was made of each chunk.

A change is a revision of the artifact `chunks.json`: nothing is overwritten. Making it anew is a redo, in which
only chunks that were changed are spoken and drawn again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reelyard.core.batches import repository as batches
from reelyard.core.batches.commands import BatchCommands
from reelyard.core.batches.models import Batch, Item
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact
from reelyard.core.runs.revisions import Revised, Revisions
from reelyard.db.session import Transaction
from reelyard.errors import LanguageUnsupported, Refused, UnknownVoice
from reelyard.kit.ids import NewId
from reelyard.media.story import Story
from reelyard.media.story_edits import ChunkChange, edited
from reelyard.storage.storage import Storage

ROLE = "chunks.json"
STORIES = Revised(
    ROLE,
    Story.from_json,
    "story",
    where="It is there once a text is told; other things have none.",
    doing="changed or made anew",
)
TIMING, PICTURES = "timing.json", "pictures.json"
_OF_CHUNK = re.compile(r"(narration|picture)-(\d{4})\.\w+")
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class ChunkMade:
    """What was made of one chunk, when it is heard in the narration, and what its picture shows."""

    narration: Artifact | None = None
    picture: Artifact | None = None
    start_s: float | None = None
    end_s: float | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class ItemStory:
    """An item's story as it is now, or was at one revision."""

    item_id: str
    revision: int  # 0 is what the stages cut
    story: Story
    made: Artifact
    told: bool  # whether sound, pictures and film were made of it, or of a later one
    chunks: Mapping[int, ChunkMade]  # by number, as they are handed out: of the revision that was told


class StoryService:
    """The stories of each owner's items."""

    def __init__(self, storage: Storage, new_id: NewId, commands: BatchCommands) -> None:
        self._storage = storage
        self._revisions = Revisions(storage, new_id, STORIES)
        self._commands = commands

    def get(
        self, tx: Transaction, owner_id: str, batch_id: str, item_id: str, number: int | None = None
    ) -> ItemStory:
        """The newest revision, or that number; raises NotFound."""
        item = self._item(tx, owner_id, batch_id, item_id)
        made = self._revisions.one(tx, item, number)
        return self._shown(tx, item, made, self._revisions.read(made))

    def revisions(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> list[Artifact]:
        """Every revision, oldest first; raises NotFound."""
        item = self._item(tx, owner_id, batch_id, item_id)
        self._revisions.one(tx, item)
        return self._revisions.all_of(tx, item)

    def change(
        self, tx: Transaction, item_of: tuple[str, str, str], base: int, changes: Sequence[ChunkChange],
        begin_from: int | None = None,
    ) -> ItemStory:  # fmt: skip
        """Keep the newest story (or revision `begin_from`) with these changes as a new revision.

        `item_of` is the owner's, the batch's and the item's id. Raises NotFound, Conflict when `base` is not the
        newest any more or the item is at work, InvalidInput, UnknownVoice and LanguageUnsupported that name chunk
        and field. A change of nothing makes no revision.
        """
        batch = batches.batch_for_change(tx, *item_of[:2])
        item = self._item(tx, *item_of)

        def edit(story: Story) -> Story:
            after = edited(story, changes)
            self._check_voices(batch, item, story, after)
            return after

        made, story = self._revisions.changed(tx, item, base, edit, begin_from)
        return self._shown(tx, item, made, story)

    def make(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Item:
        """Make it anew from its newest revision. Raises NotFound, Conflict while it is at work, and what a redo refuses."""
        batches.batch_for_change(tx, owner_id, batch_id)
        item = self._item(tx, owner_id, batch_id, item_id)
        self._revisions.one(tx, item)
        self._revisions.check_at_rest(item)
        return self._commands.redo(tx, owner_id, batch_id, item_id)

    def _item(self, tx: Transaction, owner_id: str, batch_id: str, item_id: str) -> Item:
        return batches.item_of(tx, batches.batch_for_reading(tx, owner_id, batch_id), item_id)

    def _check_voices(self, batch: Batch, item: Item, before: Story, after: Story) -> None:
        """Voices that were not there before have to be on the workers."""
        settings = item.settings if item.settings is not None else batch.settings
        known = {chunk.voice for chunk in before.chunks} | {None, AUTO}
        for chunk in after.chunks:
            if chunk.voice not in known:
                try:
                    self._commands.check(batch.pipeline, {**settings, "voice": chunk.voice, "audio": True})
                except (UnknownVoice, LanguageUnsupported) as error:
                    raise _of_chunk(error, chunk.number) from None
                known.add(chunk.voice)

    def _shown(self, tx: Transaction, item: Item, made: Artifact, story: Story) -> ItemStory:
        artifacts = runs.newest(runs.artifacts_of(tx, item.id, made.generation))
        later = [one for role, one in artifacts.items() if role != ROLE and one.created_at >= made.created_at]
        told = made.revision == 0 or any(one.is_output for one in later)
        return ItemStory(item.id, made.revision, story, made, told, self._chunks(artifacts))

    def _chunks(self, artifacts: Mapping[str, Artifact]) -> dict[int, ChunkMade]:
        found: dict[int, dict[str, Any]] = {}
        for role, artifact in artifacts.items():
            named = _OF_CHUNK.fullmatch(role)
            if named is not None and artifact.is_output:
                found.setdefault(int(named[2]), {})[named[1]] = artifact
        for one in self._listed(artifacts.get(TIMING), "chunks"):
            found.setdefault(one["number"], {}).update(start_s=one["start"], end_s=one["end"])
        for one in self._listed(artifacts.get(PICTURES), "pictures"):
            named = _OF_CHUNK.fullmatch(one["role"])
            if named is not None:
                found.setdefault(int(named[2]), {})["alt"] = one.get("description")
        return {number: ChunkMade(**facts) for number, facts in found.items()}

    def _listed(self, artifact: Artifact | None, name: str) -> list[dict[str, Any]]:
        if artifact is None:
            return []
        listed: list[dict[str, Any]] = json.loads(self._storage.read_bytes(artifact.blob_key))[name]
        return listed


def _of_chunk(error: Refused, number: int) -> Refused:
    details = {**error.details, "field": "voice", "chunk": number}
    return type(error)(f"Chunk {number}: {error.message}", hint=error.hint, **details)
