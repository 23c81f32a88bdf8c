"""The voices that read stories aloud."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.stories import VoicesTold, VoiceTold

router = APIRouter(prefix="/voices", tags=["stories"])
Language = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$", description="Those that speak it: en, pt-br."),
]


@router.get("")
def list_voices(owner: Owner, services: Services, language: Language = None) -> VoicesTold:
    """The voices on the workers: all, or those that speak a language."""
    del owner  # all hear the same
    return VoicesTold(data=[VoiceTold.model_validate(one) for one in services.voices(language)])
