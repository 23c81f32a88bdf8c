"""Transcripts: found by their words, read, corrected, written again in any format.

A correction is a revision of the artifact `transcript.json`: nothing is overwritten, later stages read the
newest. The row is made with its item's completion; its text is read from storage just after that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact
from reelyard.core.runs.revisions import Revised, Revisions
from reelyard.core.texts import repository
from reelyard.core.texts.models import Transcript as Row
from reelyard.core.texts.repository import Found, Page
from reelyard.db.session import Database, Transaction
from reelyard.errors import BlobMissing, InvalidInput, NotFound
from reelyard.kit.file_names import stem_of
from reelyard.kit.ids import NewId
from reelyard.kit.json import JsonObject
from reelyard.media.transcript import Transcript
from reelyard.storage.storage import Storage

ROLE = "transcript.json"
TRANSCRIPTS = Revised(ROLE, Transcript.from_json, "transcript", change="correction")
Writer = Callable[[Transcript, str, JsonObject], str]  # transcript, format, the batch's settings


class TextService:
    """The transcripts of each owner."""

    def __init__(self, storage: Storage, new_id: NewId, write: Writer) -> None:
        self._new_id = new_id
        self._revisions = Revisions(storage, new_id, TRANSCRIPTS)
        self._write = write

    def item_completed(self, tx: Transaction, item: Item) -> None:
        """Make or renew the row of an item that has a transcript."""
        tx.session.flush()
        made = runs.newest(runs.artifacts_of(tx, item.id, item.generation)).get(ROLE)
        if made is None:
            return
        facts = _facts(item)
        row = repository.row_of_item(tx, item.owner_id, item.id)
        if row is None:
            row = Row(
                id=self._new_id(),
                owner_id=item.owner_id,
                batch_id=item.batch_id,
                item_id=item.id,
                created_at=tx.now,
                text="",
            )
            tx.session.add(row)
        row.revision, row.indexed, row.updated_at = made.revision, False, tx.now
        row.language, row.recogniser, row.model = (
            facts.get("language"),
            facts.get("recogniser"),
            facts.get("model"),
        )
        row.confidence, row.words = facts.get("confidence"), int(facts.get("words") or 0)

    def index_pending(self, db: Database, limit: int = 50) -> int:
        """Fill in the text of rows that have none yet; returns how many there were."""
        with db.read() as tx:
            rows = repository.without_text(tx, limit)
            read = [(row.id, row.revision, self._text_of(tx, row)) for row in rows]
        if read:
            with db.write() as tx:
                for row_id, revision, words in read:
                    row = repository.row(tx, row_id)
                    if row is not None and row.revision == revision:
                        row.text, row.indexed = words, True
        return len(read)

    def _text_of(self, tx: Transaction, row: Row) -> str:
        try:
            return self._revisions.read(self._artifact(tx, row)).text
        except (BlobMissing, NotFound):
            return ""

    def get(self, tx: Transaction, owner_id: str, transcript_id: str) -> tuple[Row, Transcript]:
        """The newest revision; raises NotFound."""
        row = self._row(tx, owner_id, transcript_id)
        return row, self._revisions.read(self._artifact(tx, row))

    def of_item(self, tx: Transaction, owner_id: str, item_id: str) -> Row | None:
        """The row of an item's transcript, if it has one."""
        return repository.row_of_item(tx, owner_id, item_id)

    def page(
        self, tx: Transaction, owner_id: str, limit: int = 50, offset: int = 0, item_id: str | None = None
    ) -> tuple[list[Found], int]:
        """The owner's transcripts, newest first, each with its beginning, and how many there are."""
        return repository.newest_first(tx, owner_id, Page(limit, offset, item_id))

    def ids_of(self, tx: Transaction, item_ids: Sequence[str]) -> dict[str, str]:
        """Transcript ids by item, for lists."""
        return repository.ids_of(tx, item_ids)

    def revisions(self, tx: Transaction, owner_id: str, transcript_id: str) -> list[Artifact]:
        """Every revision, oldest first; 0 is what the recogniser made."""
        row = self._row(tx, owner_id, transcript_id)
        item = tx.session.get_one(Item, row.item_id)
        return self._revisions.all_of(tx, item)

    def revision(self, tx: Transaction, owner_id: str, transcript_id: str, number: int) -> Transcript:
        """One revision; raises NotFound."""
        for artifact in self.revisions(tx, owner_id, transcript_id):
            if artifact.revision == number:
                return self._revisions.read(artifact)
        raise NotFound(f"This transcript has no revision {number}.", noun="revision")

    def correct(
        self,
        tx: Transaction,
        owner_id: str,
        transcript_id: str,
        corrected: Transcript,
        base: int | None = None,
    ) -> Row:
        """Keep a user's correction as a new revision. Raises Conflict when `base` is not the newest any more."""
        row = self._row(tx, owner_id, transcript_id)
        if base is not None:
            self._revisions.check_newest(row.revision, base)
        made = self._revisions.keep(tx, self._artifact(tx, row), corrected)
        row.revision, row.text, row.indexed, row.updated_at = made.revision, corrected.text, True, tx.now
        row.words, row.language = corrected.word_count, corrected.language
        return row

    def export(self, tx: Transaction, owner_id: str, transcript_id: str, name: str) -> tuple[str, str]:
        """The newest revision in another format: the text, and a file name for it. Raises InvalidInput."""
        row, transcript = self.get(tx, owner_id, transcript_id)
        batch = tx.session.get_one(Batch, row.batch_id)
        item = tx.session.get_one(Item, row.item_id)
        file = tx.session.get_one(LibraryFile, item.file_id)
        settings = item.settings if item.settings is not None else batch.settings
        return self._write(transcript, name, settings), f"{stem_of(file.name)}.{name}"

    def search(
        self,
        tx: Transaction,
        owner_id: str,
        words: str,
        limit: int = 50,
        offset: int = 0,
        item_id: str | None = None,
    ) -> tuple[list[Found], int]:
        """Transcripts in which all the words are found, best first, and how many. Raises InvalidInput."""
        words = words.replace("\x00", " ")
        if not words.strip():
            raise InvalidInput("There is no word to look for.", field="q")
        return repository.search(tx, owner_id, words, Page(limit, offset, item_id))

    def _row(self, tx: Transaction, owner_id: str, transcript_id: str) -> Row:
        row = repository.row_of_owner(tx, owner_id, transcript_id)
        if row is None:
            raise NotFound("There is no such transcript.", noun="transcript")
        return row

    def _artifact(self, tx: Transaction, row: Row) -> Artifact:
        item = tx.session.get(Item, row.item_id)
        made = self._revisions.all_of(tx, item) if item is not None else []
        if not made:
            raise NotFound("There is no such transcript.", noun="transcript")
        return made[-1]


def _facts(item: Item) -> dict[str, Any]:
    """What the stage that made the transcript said of it."""
    for facts in (item.result or {}).values():
        if isinstance(facts, dict) and "recogniser" in facts:
            return facts
    return {}
