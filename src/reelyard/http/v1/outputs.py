"""An item's outputs as `/api/v1` shows them."""

from __future__ import annotations

from dataclasses import asdict

from reelyard.bootstrap import Container
from reelyard.core.batches.models import Item
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact
from reelyard.db.session import Transaction
from reelyard.http.outputs import handed
from reelyard.http.v1.schemas.items import OutputTold

_ROWS = ("id", "role", "stage", "revision", "size", "sha256", "created_at")


def outputs_of(services: Container, tx: Transaction, item: Item, name: str) -> list[OutputTold]:
    """What the item's last completed generation gave, newest revisions; `name` is its file's."""
    if item.served_generation is None:
        return []
    made = runs.newest(runs.artifacts_of(tx, item.id, item.served_generation))
    return [output(services, artifact, name) for artifact in made.values() if artifact.is_output]


def output(services: Container, artifact: Artifact, name: str) -> OutputTold:
    """One output with a link that holds for two hours."""
    rows = {row: getattr(artifact, row) for row in _ROWS}
    link = handed(services, artifact.owner_id, artifact.blob_key, artifact.role, name)
    return OutputTold.model_validate({**rows, **asdict(link)})
