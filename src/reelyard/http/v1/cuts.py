"""The edit of a film: its cut list read, changed and rendered, its highlights, its timeline for other editors."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from fastapi import APIRouter, Response

from reelyard.core.batches.views import item_view
from reelyard.core.cuts.service import ItemCuts
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction
from reelyard.errors import InvalidInput
from reelyard.http.container import Services
from reelyard.http.idempotency import OnlyOnce
from reelyard.http.identity import Owner
from reelyard.http.serving import safe_headers
from reelyard.http.v1.schemas.common import Id
from reelyard.http.v1.schemas.cuts import (
    CutRevisionsTold,
    CutsTold,
    DecisionGiven,
    Decisions,
    HighlightsTold,
    SpanTold,
    WholeList,
)
from reelyard.http.v1.schemas.items import ItemTold
from reelyard.http.v1.schemas.transcripts import RevisionTold
from reelyard.media.cut_edits import Decided, edited, in_frames, replaced
from reelyard.media.cut_list import CutList

router = APIRouter(prefix="/batches/{batch_id}/items/{item_id}", tags=["cuts"])

Form = Literal["edl", "fcpxml", "otio"]
_MIMES = {"edl": "text/plain", "fcpxml": "application/xml", "otio": "application/json"}
_DOWNLOAD: dict[int | str, dict[str, Any]] = {200: {"content": {mime: {} for mime in _MIMES.values()}}}


@router.get("/cuts")
def get_cuts(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> CutsTold:
    """The newest cut list: every span of the film, kept or cut, and why."""
    with services.db.read() as tx:
        return _told(services.cuts.get(tx, owner, batch_id, item_id))


@router.put("/cuts")
def put_cuts(batch_id: Id, item_id: Id, whole: WholeList, owner: Owner, services: Services) -> CutsTold:
    """Keep a whole list as a new revision. Refused while the item is at work, or when it was changed meanwhile."""
    wanted = [Decided(span.start, span.end, span.keep) for span in whole.spans]
    with services.db.write() as tx:
        made = services.cuts.change(
            tx, (owner, batch_id, item_id), whole.revision, lambda cuts: replaced(cuts, wanted)
        )
        return _told(made)


@router.patch("/cuts")
def change_cuts(batch_id: Id, item_id: Id, changes: Decisions, owner: Owner, services: Services) -> CutsTold:
    """Restore or cut some ranges, as a new revision; a later decision stands over an earlier one."""

    def edit(cuts: CutList) -> CutList:
        return edited(cuts, [_decided(cuts, number, one) for number, one in enumerate(changes.decisions, 1)])

    with services.db.write() as tx:
        made = services.cuts.change(
            tx, (owner, batch_id, item_id), changes.revision, edit, changes.begin_from
        )
        return _told(made)


@router.get("/cuts/revisions")
def list_cut_revisions(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> CutRevisionsTold:
    """Every revision, oldest first."""
    with services.db.read() as tx:
        revisions = services.cuts.revisions(tx, owner, batch_id, item_id)
        return CutRevisionsTold(revisions=[RevisionTold.model_validate(one) for one in revisions])


@router.get("/cuts/revisions/{number}")
def get_cut_revision(batch_id: Id, item_id: Id, number: int, owner: Owner, services: Services) -> CutsTold:
    """One revision, whole."""
    with services.db.read() as tx:
        return _told(services.cuts.get(tx, owner, batch_id, item_id, number))


@router.post("/cuts/render", response_model=ItemTold)
def render_cuts(batch_id: Id, item_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Render the film by the newest list; only what depends on it is done again."""

    def work(tx: Transaction) -> ItemTold:
        item = services.cuts.render(tx, owner, batch_id, item_id)
        tx.session.flush()
        file = tx.session.get_one(LibraryFile, item.file_id)
        return ItemTold.model_validate(item_view(item, file, services.board))

    return once.answer(200, work)


@router.get("/highlights")
def get_highlights(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> HighlightsTold:
    """The moments that stand out, with reasons, and where the film shows them under the newest cut list."""
    with services.db.read() as tx:
        return HighlightsTold.model_validate(services.cuts.highlights(tx, owner, batch_id, item_id))


@router.get("/timeline/{form}", response_class=Response, responses=_DOWNLOAD)
def get_timeline(batch_id: Id, item_id: Id, form: Form, owner: Owner, services: Services) -> Response:
    """The newest cut list for other editors: EDL (CMX 3600), Final Cut Pro XML or OpenTimelineIO."""
    with services.db.read() as tx:
        text, name = services.cuts.timeline(tx, owner, batch_id, item_id, form)
    return Response(text.encode(), headers=safe_headers(name, _MIMES[form], inline=False))


def _decided(cuts: CutList, number: int, one: DecisionGiven) -> Decided:
    if one.start is not None and one.end is not None and one.start_s is None and one.end_s is None:
        return Decided(one.start, one.end, one.keep)
    if one.start is None and one.end is None and one.start_s is not None and one.end_s is not None:
        return Decided(*in_frames(cuts, one.start_s, one.end_s), one.keep)
    raise InvalidInput(
        f"Decision {number} does not say from where to where.",
        hint="Give start and end in frames, or start_s and end_s in seconds.",
        field="decisions",
        decision=number,
    )


def _told(made: ItemCuts) -> CutsTold:
    cuts, spans, done = made.cuts, [], 0
    for span in cuts.spans:
        start, end = (float(round(cuts.start + frame / cuts.rate, 6)) for frame in (span.start, span.end))
        shown = float(round(done / cuts.rate, 6)) if span.keep else None
        spans.append(
            SpanTold(
                start=span.start, end=span.end, start_s=start, end_s=end, film_start_s=shown,
                keep=span.keep, reason=span.reason, level_db=span.level_db,
            )
        )  # fmt: skip
        done += len(span) if span.keep else 0
    whole = cuts.frames / cuts.rate
    return CutsTold(
        item_id=made.item_id,
        revision=made.revision,
        rendered=made.rendered,
        created_at=made.made.created_at,
        rate=str(cuts.rate),
        frames=cuts.frames,
        duration_s=float(round(whole, 6)),
        kept_duration_s=float(round(cuts.duration, 6)),
        cut_duration_s=float(round(whole - cuts.duration, 6)),
        cuts=_stretches(cuts),
        spans=spans,
    )


def _stretches(cuts: CutList) -> int:
    kept = [True, *(span.keep for span in cuts.spans)]
    return sum(before and not after for before, after in pairwise(kept))
