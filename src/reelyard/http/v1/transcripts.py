"""Transcripts: found, read, corrected, taken away in any format."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from reelyard.bootstrap import Container
from reelyard.core.batches.repository import item_of_owner
from reelyard.core.texts.models import Transcript as Row
from reelyard.core.texts.repository import Found
from reelyard.db.session import Transaction
from reelyard.errors import Conflict
from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.serving import safe_headers
from reelyard.http.v1.schemas.common import Id, Limit, Offset, Page
from reelyard.http.v1.schemas.transcripts import (
    Correction,
    RevisionsTold,
    RevisionTold,
    TranscriptDetail,
    TranscriptFound,
    TranscriptText,
    TranscriptTold,
)
from reelyard.media.transcript import Transcript
from reelyard.media.transcript_edits import edited

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

Format = Literal["txt", "srt", "vtt", "json"]
_MIMES = {"txt": "text/plain", "srt": "application/x-subrip", "vtt": "text/vtt", "json": "application/json"}
_DOWNLOAD: dict[int | str, dict[str, Any]] = {200: {"content": {mime: {} for mime in _MIMES.values()}}}


@router.get("")
def list_transcripts(
    owner: Owner,
    services: Services,
    q: Annotated[str | None, Query(max_length=200, description="Words that all are to be found.")] = None,
    item_id: Annotated[Id | None, Query(description="The transcript of this item.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Page[TranscriptFound]:
    """Transcripts that hold some words, best first; else all of them, newest first, or the one of an item."""
    with services.db.read() as tx:
        if item_id is not None:
            item_of_owner(tx, owner, item_id)
        if q is not None and q.strip():
            found, total = services.texts.search(tx, owner, q, limit, offset, item_id)
        else:
            found, total = services.texts.page(tx, owner, limit, offset, item_id)
    return Page(data=[_found(one) for one in found], total=total, limit=limit, offset=offset)


@router.get("/{transcript_id}")
def get_transcript(transcript_id: Id, owner: Owner, services: Services) -> TranscriptDetail:
    """One transcript with its newest text."""
    with services.db.read() as tx:
        row, transcript = services.texts.get(tx, owner, transcript_id)
    return _detail(row, transcript)


@router.put("/{transcript_id}")
def correct_transcript(
    transcript_id: Id, correction: Correction, owner: Owner, services: Services
) -> TranscriptDetail:
    """Keep a correction as a new revision. Refused when somebody else corrected it meanwhile."""
    with services.db.read() as tx:
        original = _base(services, tx, owner, transcript_id, correction.revision)
    corrected = edited(original, correction.segments)
    with services.db.write() as tx:
        row = services.texts.correct(tx, owner, transcript_id, corrected, correction.revision)
        tx.session.flush()
        return _detail(row, corrected)


def _base(services: Container, tx: Transaction, owner: str, transcript_id: str, revision: int) -> Transcript:
    row, newest = services.texts.get(tx, owner, transcript_id)
    if row.revision != revision:
        raise Conflict(
            f"The transcript was changed meanwhile: it is at revision {row.revision}, not {revision}.",
            hint="Read it again, then repeat the correction.",
            revision=row.revision,
        )
    return newest


@router.get("/{transcript_id}/revisions")
def list_revisions(transcript_id: Id, owner: Owner, services: Services) -> RevisionsTold:
    """Every revision, oldest first."""
    with services.db.read() as tx:
        revisions = services.texts.revisions(tx, owner, transcript_id)
    return RevisionsTold(revisions=[RevisionTold.model_validate(one) for one in revisions])


@router.get("/{transcript_id}/revisions/{number}")
def get_revision(transcript_id: Id, number: int, owner: Owner, services: Services) -> TranscriptText:
    """One revision, whole."""
    with services.db.read() as tx:
        return TranscriptText.model_validate(services.texts.revision(tx, owner, transcript_id, number))


@router.get("/{transcript_id}/export", response_class=Response, responses=_DOWNLOAD)
def export_transcript(
    transcript_id: Id,
    owner: Owner,
    services: Services,
    wanted: Annotated[Format, Query(alias="format", description="txt, srt, vtt or json")] = "txt",
) -> Response:
    """The newest revision as a file, in the caption style of its batch."""
    with services.db.read() as tx:
        text, name = services.texts.export(tx, owner, transcript_id, wanted)
    headers = safe_headers(name, _MIMES[wanted], inline=False)
    return Response(text.encode(), headers=headers)


def _found(one: Found) -> TranscriptFound:
    told = TranscriptTold.model_validate(one.row)
    return TranscriptFound(
        **told.model_dump(), file_name=one.file_name, batch_name=one.batch_name, excerpt=one.excerpt
    )


def _detail(row: Row, transcript: Transcript) -> TranscriptDetail:
    told = TranscriptTold.model_validate(row)
    return TranscriptDetail(**told.model_dump(), transcript=TranscriptText.model_validate(transcript))
