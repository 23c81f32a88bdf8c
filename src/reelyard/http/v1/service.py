"""What the server says of itself."""

from __future__ import annotations

from fastapi import APIRouter

from reelyard import __version__
from reelyard.http.v1.schemas.service import VersionTold

router = APIRouter(tags=["service"])


@router.get("/version")
def get_version() -> VersionTold:
    """Which Reelyard this is, and which API."""
    return VersionTold(name="reelyard", version=__version__, api="v1")
