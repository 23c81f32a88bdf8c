"""The engine: its slots, its queue, its health."""

from __future__ import annotations

from fastapi import APIRouter

from reelyard.engine.yard import yard_view
from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.engine import EngineTold

router = APIRouter(tags=["engine"])


@router.get("/engine")
def get_engine(owner: Owner, services: Services) -> EngineTold:
    """What every slot did in the last ten minutes, and which of your items are next, and why not yet."""
    with services.db.read() as tx:
        return EngineTold.model_validate(yard_view(tx, services.claims, services.cluster, owner))
