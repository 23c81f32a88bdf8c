"""A whole file by one PUT to a signed link: for clients that cut nothing into parts and complete nothing."""

from __future__ import annotations

import asyncio
import hashlib

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from reelyard.bootstrap import Container
from reelyard.core.library.models import UploadStatus
from reelyard.errors import BadSignature, InvalidInput, ReelyardError, UploadClosed
from reelyard.http.container import Services
from reelyard.http.receiving import patient, refused
from reelyard.http.v1.content import acknowledged, granted, slot_of
from reelyard.http.v1.schemas.uploads import PartTold
from reelyard.storage.signing import Grant
from reelyard.storage.storage import UploadedPart

router = APIRouter(prefix="/content/whole", tags=["content"])
BLOCK = 1024 * 1024


@router.put("/{upload_id}", response_model=PartTold)
async def put_whole(upload_id: str, request: Request, services: Services) -> Response:
    """Send a whole file as the body: the upload is complete when it ends. Sending the same again gives the same answer.

    The link binds the start of the request, not its end. What breaks off may be sent again from the beginning.
    """
    del upload_id  # the link's own text is believed
    try:
        grant = granted(services, request, "PUT")
        if grant.part is not None:
            raise BadSignature("The link is not valid.", hint="Ask for a new one.")
        return acknowledged(await _take(services, grant, request))
    except ReelyardError as error:
        return await refused(request, error)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it


async def _take(services: Container, grant: Grant, request: Request) -> UploadedPart:
    try:
        slot = await asyncio.to_thread(slot_of, services, grant, 1, request)
    except UploadClosed as closed:
        return await _again(services, grant, request, closed)
    part = await services.uploads.write(grant.subject, slot, patient(request))
    if not part.size:
        raise InvalidInput("The file is empty.", hint="Send one that holds something.", field="body")
    await asyncio.to_thread(services.uploads.complete, grant.user, grant.subject)
    return part


async def _again(services: Container, grant: Grant, request: Request, closed: UploadClosed) -> UploadedPart:
    """The answer was lost on its way and the file came once more: fine if it is the same. Raises UploadClosed."""
    stored = await asyncio.to_thread(_stored, services, grant)
    if stored is None:
        raise closed
    hashed, size = hashlib.sha256(), 0
    async for chunk in patient(request):
        size += len(chunk)
        if size > stored.size:
            raise closed
        hashed.update(chunk)
    if hashed.hexdigest() != stored.sha256:
        raise closed
    return stored


def _stored(services: Container, grant: Grant) -> UploadedPart | None:
    with services.db.read() as tx:
        upload, file = services.uploads.find(tx, grant.user, grant.subject)
        if upload.status != UploadStatus.SEALED or file.deleted_at is not None or file.blob_key is None:
            return None
        key, size, sha256 = file.blob_key, file.size or 0, file.sha256
    if sha256 is None:
        with services.storage.open(key) as stream:
            hashed = hashlib.sha256()
            while block := stream.read(BLOCK):
                hashed.update(block)
        sha256 = hashed.hexdigest()
    return UploadedPart(1, size, sha256)
