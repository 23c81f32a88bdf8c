"""What signed links lead to: parts of uploads are put here, stored things fetched. The link is the permission."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from reelyard.bootstrap import Container
from reelyard.core.exports import repository as exports
from reelyard.core.exports.links import EXPORTS, LISTED
from reelyard.core.exports.models import Export
from reelyard.core.exports.packing import layout_of
from reelyard.core.library.repository import is_served
from reelyard.errors import BadSignature, BlobMissing, InvalidInput, NotFound, ReelyardError, TooLarge
from reelyard.http.container import Services
from reelyard.http.receiving import patient, refused
from reelyard.http.serving import Content, StoredResponse, answered, etag_of, safe_headers, stored
from reelyard.http.signed import DOWNLOADS
from reelyard.http.v1.schemas.uploads import PartTold
from reelyard.storage.signing import Grant
from reelyard.storage.storage import PartSlot, UploadedPart
from reelyard.storage.zip_stream import ZipStream

router = APIRouter(prefix="/content", tags=["content"])

BROWSERS_KEEP_S = 15 * 60
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


def granted(services: Container, request: Request, method: str) -> Grant:
    """What the request's link allows, by its very text. Raises BadSignature."""
    target = (
        request.scope["raw_path"].decode("latin-1") + "?" + request.scope["query_string"].decode("latin-1")
    )
    return services.signer.verify(method, target, now=services.clock.now())


@router.put("/uploads/{upload_id}/{number}", response_model=PartTold)
async def put_part(upload_id: str, number: str, request: Request, services: Services) -> Response:
    """Send one part of an upload as the body. `Content-SHA256` (hexadecimal) is checked when it is given.

    Acknowledged parts are durable. A part may be sent again until the upload is completed; when it is on its way
    twice, the later request wins.
    """
    del upload_id, number  # the link's own text is believed, nothing read out of it beside
    try:
        grant = granted(services, request, "PUT")
        slot = await asyncio.to_thread(_slot, services, grant, request)
        part = await services.uploads.write(grant.subject, slot, patient(request))
    except ReelyardError as error:
        return await refused(request, error)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    return acknowledged(part)


def _slot(services: Container, grant: Grant, request: Request) -> PartSlot:
    """Where the part goes, with all that can be refused before a byte of it is read."""
    if grant.part is None:
        raise BadSignature("The link is not valid.", hint="Ask for a new one.")
    return slot_of(services, grant, grant.part, request)


def slot_of(services: Container, grant: Grant, number: int, request: Request) -> PartSlot:
    """Where part `number` of the upload goes. Raises NotFound, UploadClosed, InvalidInput, TooLarge."""
    slot = services.uploads.place(grant.user, grant.subject, number)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > slot.limit:
        raise TooLarge(
            f"Part {slot.number} has at most {slot.limit:,} bytes; {int(declared):,} were declared.",
            hint="Send exactly what was announced.",
        )
    given = request.headers.get("content-sha256")
    if given is not None and not _SHA256.fullmatch(given):
        raise InvalidInput("Content-SHA256 has 64 hexadecimal digits.", field="Content-SHA256")
    return replace(slot, sha256=given)


def acknowledged(part: UploadedPart) -> Response:
    """The answer to what was sent and is durable."""
    told = PartTold(number=part.number, size=part.size, sha256=part.sha256)
    return Response(told.model_dump_json(), 200, {"ETag": f'"{part.sha256}"'}, media_type="application/json")


@router.head("/exports/objects/{key:path}", include_in_schema=False)
@router.get("/exports/objects/{key:path}", include_in_schema=False)  # as playlists name it
@router.head("/objects/{key:path}", include_in_schema=False)
@router.get(
    "/objects/{key:path}",
    response_class=Response,
    responses={206: {"description": "A range of it."}, 304: {"description": "You have it."}},
)
async def get_object(key: str, request: Request, services: Services) -> Response:
    """Fetch a stored thing, or one range of it."""
    del key  # as above
    return await asyncio.to_thread(_object, services, request)


def _object(services: Container, request: Request) -> StoredResponse:
    grant = granted(services, request, "GET")
    key = grant.path.removeprefix(EXPORTS + LISTED).removeprefix(DOWNLOADS)
    with services.db.read() as tx:
        if not is_served(tx, grant.user, key):
            raise NotFound("What this link leads to was deleted.")
    mime = grant.mime or "application/octet-stream"
    headers = safe_headers(grant.filename or "file", mime, inline=grant.disposition == "inline")
    headers["Cache-Control"] = f"private, max-age={BROWSERS_KEEP_S}"
    try:
        return stored(services.storage, key, headers, request.headers)
    except BlobMissing as error:
        raise NotFound("What this link leads to is not there any more.") from error


@router.head("/exports/{export_id}", include_in_schema=False)
@router.get(
    "/exports/{export_id}",
    response_class=Response,
    responses={206: {"description": "A range of it."}, 304: {"description": "You have it."}},
)
async def get_exported(export_id: str, request: Request, services: Services) -> Response:
    """Fetch a finished export, or one range of it. Its bytes stay the same: a broken download can be gone on with."""
    del export_id  # the link's own text is believed
    return await asyncio.to_thread(_exported, services, request)


def _exported(services: Container, request: Request) -> StoredResponse:
    grant = granted(services, request, "GET")
    with services.db.read() as tx:
        export = exports.downloadable(tx, grant.user, grant.subject)
        if export is None or grant.path != EXPORTS + export.id:
            raise NotFound("The export that this link leads to has ended.", hint="Order it again.")
        entries = [] if export.blob_key is not None else exports.entries_of(tx, export.id)
    headers = safe_headers(grant.filename or export.file_name, grant.mime or "application/zip", inline=False)
    headers["Cache-Control"] = "private, no-cache"
    try:
        if export.blob_key is not None:
            return stored(services.storage, export.blob_key, headers, request.headers)
        return answered(_archive(services, export, entries), headers, request.headers)
    except BlobMissing as error:
        raise NotFound("What this link leads to is not there any more.") from error


def _archive(services: Container, export: Export, entries: list[exports.Frozen]) -> Content:
    layout = layout_of(entries, export)
    keys = [entry.blob_key for entry in entries]
    return Content(
        layout.size,
        etag_of(f"exports/{export.id}"),
        lambda start: ZipStream(layout, keys, services.storage, start),
    )
