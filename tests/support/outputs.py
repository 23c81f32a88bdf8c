"""An item that was completed and has outputs, without a worker."""

from __future__ import annotations

import json
import uuid
from fractions import Fraction

from tests.support.served import Served

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import ItemEvent
from reelyard.core.batches.models import Item
from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction
from reelyard.media.cut_list import CutList
from reelyard.media.highlights import Highlights, Sensitivity
from reelyard.media.story import Chunk, Story
from reelyard.media.transcript import Transcript


def output(container: Container, tx: Transaction, item: Item, made: tuple[str, str], data: bytes) -> Artifact:
    """Store an output of the item, as if its stage had made it; `made` is the stage's name and the output's role."""
    stage, role = made
    stored = container.storage.put_bytes(f"work/{item.owner_id}/{item.id}/{item.token}-{stage}/{role}", data)
    artifact = Artifact(
        id=str(uuid.uuid4()), owner_id=item.owner_id, subject_kind=SubjectKind.ITEM, subject_id=item.id,
        generation=item.generation, run_id=None, stage=stage, role=role, is_output=True, revision=0,
        blob_key=stored.key, size=stored.size, sha256=stored.sha256, crc32=stored.crc32, created_at=tx.now,
    )  # fmt: skip
    tx.session.add(artifact)
    return artifact


def complete_with_transcript(served: Served, batch_id: str) -> dict[str, str]:
    """Complete the batch's first pending item with a transcript; the ids of all that came of it."""
    container = served.container
    words = json.dumps(Transcript(1.0, "pocketsphinx", "en-us", "en").to_json()).encode()
    with container.db.write() as tx:
        batch = repository.engine_batch(tx, batch_id)
        item = repository.items_of(tx, batch)[0]
        container.ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
        artifact = output(container, tx, item, ("transcribe", "transcript.json"), words)
        container.ledger.move_item(tx, batch, item, ItemEvent.OK)
        container.texts.item_completed(tx, item)
        container.ledger.settle(tx, batch)
        return {
            "batch_id": batch_id,
            "item_id": item.id,
            "file_id": item.file_id,
            "artifact_id": artifact.id,
            "transcript_id": container.texts.ids_of(tx, [item.id])[item.id],
        }


def add_edit(served: Served, item_id: str) -> None:
    """Give a completed item what a film's edit and a text's story would have made."""
    cuts = CutList.whole(Fraction(25), Fraction(0), 50).decided(10, 20, keep=False)
    told = {"cuts.json": cuts.to_json(), "highlights.json": Highlights(2.0, Sensitivity.LOW).to_json()}
    told["chunks.json"] = Story("A tale", "en", (Chunk(1, "It was dark."),)).to_json()
    container = served.container
    with container.db.write() as tx:
        item = tx.session.get_one(Item, item_id)
        for role, value in told.items():
            output(container, tx, item, ("edit", role), json.dumps(value).encode())
