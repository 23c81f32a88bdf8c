"""Stories: their chunks read, changed and made anew."""

from __future__ import annotations

from fastapi import APIRouter, Response

from reelyard.bootstrap import Container
from reelyard.core.batches.models import Item
from reelyard.core.batches.views import item_view
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs.models import Artifact
from reelyard.core.stories.service import ChunkMade, ItemStory
from reelyard.db.session import Transaction
from reelyard.http.container import Services
from reelyard.http.idempotency import OnlyOnce
from reelyard.http.identity import Owner
from reelyard.http.v1.outputs import output
from reelyard.http.v1.schemas.common import Id
from reelyard.http.v1.schemas.items import ItemTold, OutputTold
from reelyard.http.v1.schemas.stories import StoryChanges, StoryChunkTold, StoryRevisionsTold, StoryTold
from reelyard.http.v1.schemas.transcripts import RevisionTold
from reelyard.media.story import Chunk
from reelyard.media.story_edits import ChunkChange

router = APIRouter(prefix="/batches/{batch_id}/items/{item_id}/story", tags=["stories"])


@router.get("")
def get_story(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> StoryTold:
    """The newest story, chunk by chunk, with what was made of each."""
    with services.db.read() as tx:
        story = services.stories.get(tx, owner, batch_id, item_id)
        name = _file_name(tx, story)
    return _told(services, story, name)


@router.patch("")
def change_story(
    batch_id: Id, item_id: Id, changes: StoryChanges, owner: Owner, services: Services
) -> StoryTold:
    """Change chunks, as a new revision. Refused while the item is at work, or when it was changed meanwhile."""
    wanted = [ChunkChange(one.number, one.values) for one in changes.chunks]
    with services.db.write() as tx:
        made = services.stories.change(
            tx, (owner, batch_id, item_id), changes.revision, wanted, changes.begin_from
        )
        name = _file_name(tx, made)
    return _told(services, made, name)


@router.get("/revisions")
def list_story_revisions(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> StoryRevisionsTold:
    """Every revision, oldest first."""
    with services.db.read() as tx:
        revisions = services.stories.revisions(tx, owner, batch_id, item_id)
        return StoryRevisionsTold(revisions=[RevisionTold.model_validate(one) for one in revisions])


@router.get("/revisions/{number}")
def get_story_revision(batch_id: Id, item_id: Id, number: int, owner: Owner, services: Services) -> StoryTold:
    """One revision, whole."""
    with services.db.read() as tx:
        story = services.stories.get(tx, owner, batch_id, item_id, number)
        name = _file_name(tx, story)
    return _told(services, story, name)


@router.post("/make", response_model=ItemTold)
def make_story(batch_id: Id, item_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Tell the newest revision; only what was changed is spoken and drawn again."""

    def work(tx: Transaction) -> ItemTold:
        item = services.stories.make(tx, owner, batch_id, item_id)
        tx.session.flush()
        file = tx.session.get_one(LibraryFile, item.file_id)
        return ItemTold.model_validate(item_view(item, file, services.board))

    return once.answer(200, work)


def _told(services: Container, made: ItemStory, name: str) -> StoryTold:
    """`name` is that of the file that the story was read from."""

    def shown(artifact: Artifact | None) -> OutputTold | None:
        return output(services, artifact, name) if artifact is not None else None

    def chunk(one: Chunk) -> StoryChunkTold:
        parts = made.chunks.get(one.number, ChunkMade())
        return StoryChunkTold(
            number=one.number, text=one.text, heading=one.heading, words=one.words, voice=one.voice,
            picture_prompt=one.picture_prompt, seed=one.seed, start_s=parts.start_s, end_s=parts.end_s,
            narration=shown(parts.narration), picture=shown(parts.picture), alt=parts.alt,
        )  # fmt: skip

    ends = [parts.end_s for parts in made.chunks.values() if parts.end_s is not None]
    return StoryTold(
        item_id=made.item_id,
        revision=made.revision,
        told=made.told,
        created_at=made.made.created_at,
        title=made.story.title,
        language=made.story.language,
        words=made.story.words,
        duration_s=max(ends, default=None),
        chunks=[chunk(one) for one in made.story.chunks],
    )


def _file_name(tx: Transaction, made: ItemStory) -> str:
    return tx.session.get_one(LibraryFile, tx.session.get_one(Item, made.item_id).file_id).name
