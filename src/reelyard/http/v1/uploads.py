"""Uploads: announced in one request, sent in parts by signed links, completed, or gone on with later."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Response

from reelyard.bootstrap import Container
from reelyard.core.library.models import LibraryFile, Upload, UploadStatus
from reelyard.core.library.service import NewFile
from reelyard.db.session import Transaction
from reelyard.errors import InvalidInput, ReelyardError, UploadClosed
from reelyard.http.announcing import Announced, announce
from reelyard.http.container import Services
from reelyard.http.idempotency import OnlyOnce
from reelyard.http.identity import Owner
from reelyard.http.signed import part_url
from reelyard.http.v1.files import told_all
from reelyard.http.v1.schemas.common import ErrorFacts, Id
from reelyard.http.v1.schemas.files import FileTold
from reelyard.http.v1.schemas.uploads import (
    NewUploads,
    PartsGiven,
    PartTold,
    PartUrl,
    PartUrls,
    UploadOpened,
    UploadsOpened,
    UploadState,
    UploadTold,
)

router = APIRouter(prefix="/uploads", tags=["uploads"])

LINKS_PER_FILE = 64
LINKS_IN_ALL = 6_400


@router.post("", status_code=201, response_model=UploadsOpened)
def open_uploads(order: NewUploads, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Announce files and get the links to send them by. What is refused is named; the others are taken.

    When every file is refused nothing was created, and the answer is an error that holds all the reasons.
    """
    files = [NewFile(file.name, file.size, order.batch_id) for file in order.files]

    def work(tx: Transaction) -> UploadsOpened:
        announced = announce(services, tx, owner, files, order.batch_id)
        if not any(one.file for one in announced):
            raise _all_refused(announced)  # nothing was written
        return UploadsOpened(files=_opened(services, tx, announced))

    return once.answer(201, work)


@router.get("/{upload_id}")
def get_upload(upload_id: Id, owner: Owner, services: Services) -> UploadState:
    """What has come of an upload, so that the rest can be sent."""
    with services.db.read() as tx:
        upload, file = services.uploads.find(tx, owner, upload_id)
        told = told_all(services, tx, [file])[0]
    received = [
        PartTold(number=p.number, size=p.size, sha256=p.sha256) for p in services.uploads.received(upload_id)
    ]
    return UploadState(**_told(upload).model_dump(), file=told, received=received)


@router.post("/{upload_id}/sign")
def sign_parts(upload_id: Id, wanted: PartsGiven, owner: Owner, services: Services) -> PartUrls:
    """Fresh links for parts of an upload; each may be begun for 15 minutes."""
    with services.db.read() as tx:
        upload, _ = services.uploads.find(tx, owner, upload_id)
    if upload.status != UploadStatus.OPEN:
        raise UploadClosed(
            f"This upload is {upload.status}.", hint="Announce the file again.", status=upload.status
        )
    outside = next((number for number in wanted.parts if not 1 <= number <= upload.parts), None)
    if outside is not None:
        raise InvalidInput(
            f"This upload has parts 1 to {upload.parts}; {outside} was asked for.", field="parts"
        )
    return PartUrls(part_urls=_links(services, upload, wanted.parts))


@router.post("/{upload_id}/complete", status_code=202)
def complete_upload(upload_id: Id, owner: Owner, services: Services) -> FileTold:
    """All parts are there: hand the file over to be looked at. Repeating it gives the same answer."""
    file = services.uploads.complete(owner, upload_id)
    with services.db.read() as tx:
        return told_all(services, tx, [file])[0]


@router.delete("/{upload_id}", status_code=204)
def abort_upload(upload_id: Id, owner: Owner, services: Services) -> None:
    """Give an upload up; what came of it is removed, and an item that waits for it fails."""
    services.uploads.abort(owner, upload_id)


def _opened(services: Container, tx: Transaction, announced: list[Announced]) -> list[UploadOpened]:
    files: list[LibraryFile] = [one.file for one in announced if one.file is not None]
    told = iter(told_all(services, tx, files))
    left = LINKS_IN_ALL
    opened = []
    for one in announced:
        if one.upload is None:
            opened.append(UploadOpened(name=one.name, error=_error(one)))
            continue
        first = range(1, min(one.upload.parts, LINKS_PER_FILE, left) + 1)
        left -= len(first)
        opened.append(
            UploadOpened(
                name=one.name,
                file=next(told),
                item_id=one.item_id,
                upload=_told(one.upload),
                part_urls=_links(services, one.upload, first),
            )
        )
    return opened


def _links(services: Container, upload: Upload, numbers: Iterable[int]) -> list[PartUrl]:
    return [PartUrl(number=n, url=part_url(services, upload.owner_id, upload.id, n)) for n in numbers]


def _told(upload: Upload) -> UploadTold:
    return UploadTold.model_validate(upload)


def _error(one: Announced) -> ErrorFacts:
    error = one.error
    assert error is not None  # noqa: S101 - it has no upload
    return ErrorFacts(code=error.code, message=error.message, hint=error.hint, details=error.details)


def _all_refused(announced: list[Announced]) -> ReelyardError:
    reasons = [{"name": one.name, **_error(one).model_dump()} for one in announced]
    first = announced[0].error
    assert first is not None  # noqa: S101 - all were refused
    if len(announced) == 1:
        return first
    return InvalidInput(first.message, hint=first.hint, files=reasons)
