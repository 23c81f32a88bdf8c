"""The voices that read stories aloud."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.stories import VoicesTold, VoiceTold

router = APIRouter(prefix="/voices", tags=["stories"])
Language = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$", description="Those that speak it: en, pt-br."),
]
Voice = Annotated[str, Path(max_length=200)]
_SOUND: dict[int | str, dict[str, Any]] = {200: {"content": {"audio/wav": {}}}}
_KEPT = {"Cache-Control": "private, max-age=86400"}


@router.get("")
def list_voices(owner: Owner, services: Services, language: Language = None) -> VoicesTold:
    """The voices on the workers: all, or those that speak a language."""
    del owner  # all hear the same
    return VoicesTold(data=[VoiceTold.model_validate(one) for one in services.voices(language)])


@router.get("/{voice_id}/sample", response_class=Response, responses=_SOUND)
def get_voice_sample(voice_id: Voice, owner: Owner, services: Services) -> Response:
    """A sentence in the voice's own language; there is none of a speech server's voices, which cost money."""
    del owner  # all hear the same
    return Response(services.voice_sample(voice_id), media_type="audio/wav", headers=_KEPT)
