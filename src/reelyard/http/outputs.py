"""An item's outputs as they are handed out: what each is called, what it is, and a link to fetch it."""

from __future__ import annotations

from datetime import datetime

from reelyard.bootstrap import Container
from reelyard.core.batches.models import Item
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact
from reelyard.db.session import Transaction
from reelyard.http.signed import download_url
from reelyard.http.v1.schemas.items import OutputTold
from reelyard.kit.file_names import download_name
from reelyard.kit.mime import mime_of


def outputs_of(services: Container, tx: Transaction, item: Item, name: str) -> list[OutputTold]:
    """What the item's last completed generation gave, newest revisions; `name` is its file's."""
    if item.served_generation is None:
        return []
    made = runs.newest(runs.artifacts_of(tx, item.id, item.served_generation))
    return [output(services, artifact, name) for artifact in made.values() if artifact.is_output]


def output(services: Container, artifact: Artifact, name: str) -> OutputTold:
    """One output with a link that holds for two hours."""
    file_name = download_name(name, artifact.role)
    mime = mime_of(artifact.role)
    created: datetime = artifact.created_at
    return OutputTold(
        id=artifact.id,
        role=artifact.role,
        stage=artifact.stage,
        revision=artifact.revision,
        file_name=file_name,
        mime=mime,
        size=artifact.size,
        sha256=artifact.sha256,
        url=download_url(services, artifact.owner_id, artifact.blob_key, file_name, mime),
        created_at=created,
    )
