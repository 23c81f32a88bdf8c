"""What the door's routes and its socket read from the core, in the door's types."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.repository import ItemQuery
from reelyard.core.batches.states import ItemStatus
from reelyard.core.batches.views import ItemView, batch_view, item_views
from reelyard.core.runs import repository as runs
from reelyard.db.session import Transaction
from reelyard.errors import NotFound
from reelyard.http.doors.stories import schemas, translate
from reelyard.http.named import batch_of, id_of
from reelyard.http.outputs import handed

AUDIO = ("narration.m4a", "narration.mp3", "narration.wav")
CAPTIONS = ("captions.srt", "captions.vtt")
PICTURE = re.compile(r"picture-\d+\.\w+")


def find(tx: Transaction, owner_id: str, given: str) -> Batch:
    """The owner's batch of stories, whichever client made it; raises NotFound, for malformed ids too."""
    return batch_of(tx, owner_id, given, translate.PIPELINE)


def find_story(tx: Transaction, owner_id: str, given: str) -> tuple[Batch, Item]:
    """The owner's story, and the batch that holds it; raises NotFound."""
    item = repository.item_of_owner(tx, owner_id, id_of(given, "item"))
    batch = repository.batch_for_reading(tx, owner_id, item.batch_id)
    if batch.pipeline != translate.PIPELINE:
        raise NotFound("There is no such story.", noun="item")
    return batch, item


def glances(
    services: Container, tx: Transaction, batch: Batch, ids: Collection[str] | None = None
) -> list[schemas.StoryGlance]:
    """The batch's stories in order: all, or those of `ids`."""
    wanted = ItemQuery(limit=max(1, batch.total), ids=None if ids is None else tuple(ids))
    return _listed(services, tx, batch, wanted)


def stories(services: Container, tx: Transaction, batch: Batch, host: str) -> list[schemas.Story]:
    """All stories of the batch with their links, which begin with `host`."""
    made = runs.outputs_in_batch(tx, batch.id)

    def outputs(seen: schemas.StoryGlance) -> schemas.Outputs:
        return _outputs(services, batch.owner_id, seen.file_name, made.get(seen.id, {}), host)

    return [translate.story(seen, outputs(seen)) for seen in glances(services, tx, batch)]


def facts(services: Container, tx: Transaction, batch: Batch) -> schemas.BatchFacts:
    """How the batch stands."""
    return translate.batch(batch_view(tx, batch, services.board), _current(services, tx, batch))


def status(services: Container, tx: Transaction, batch: Batch, host: str) -> schemas.StoriesStatus:
    """The batch with its stories."""
    known = facts(services, tx, batch).model_dump()
    return schemas.StoriesStatus(**known, stories=stories(services, tx, batch, host))


def _current(services: Container, tx: Transaction, batch: Batch) -> schemas.StoryGlance | None:
    wanted = ItemQuery(status=ItemStatus.PROCESSING, limit=1)
    return next(iter(_listed(services, tx, batch, wanted)), None)


def _listed(
    services: Container, tx: Transaction, batch: Batch, wanted: ItemQuery
) -> list[schemas.StoryGlance]:
    found, _ = repository.list_items(tx, batch, wanted)
    pipeline = services.registry.get(batch.pipeline)
    return [translate.glance(view, pipeline, _title(tx, view)) for view in item_views(found, services.board)]


def _title(tx: Transaction, view: ItemView) -> str | None:
    """Its title; while it is made anew and not yet read again, the one it had."""
    title = translate.title_in(view.result)
    if title is None and view.served_generation is not None:
        title = translate.title_in(runs.done_facts(tx, view.id, view.served_generation))
    return title


def _outputs(
    services: Container, owner_id: str, name: str, made: Mapping[str, str], host: str
) -> schemas.Outputs:
    """`made` holds blob keys by role; the best of each kind is handed out."""

    def link(*roles: str) -> str | None:
        role = next((one for one in roles if one in made), None)
        return host + handed(services, owner_id, made[role], role, name).url if role is not None else None

    pictures = (link(role) for role in sorted(made) if PICTURE.fullmatch(role))
    return schemas.Outputs(
        text=link("story.txt"),
        chunks=link("chunks.json"),
        audio=link(*AUDIO),
        images=[picture for picture in pictures if picture is not None],
        captions=link(*CAPTIONS),
        film=link("story.mp4"),
    )
