"""Artifacts by themselves: what one is, and a fresh link to it."""

from __future__ import annotations

from fastapi import APIRouter

from reelyard.core.runs.repository import served_artifact
from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.v1.outputs import output
from reelyard.http.v1.schemas.common import Id
from reelyard.http.v1.schemas.items import OutputTold

router = APIRouter(prefix="/artifacts", tags=["items"])


@router.get("/{artifact_id}")
def get_artifact(artifact_id: Id, owner: Owner, services: Services) -> OutputTold:
    """An output of yours with a link that holds for two hours from now."""
    with services.db.read() as tx:
        artifact, file = served_artifact(tx, owner, artifact_id)
        return output(services, artifact, file.name)
