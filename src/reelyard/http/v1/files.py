"""The library: files sent by form, listed, looked at, let go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from reelyard.bootstrap import Container
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.library.repository import FileQuery, made_of
from reelyard.db.session import Transaction
from reelyard.http.container import Services
from reelyard.http.forms import Taken, receive_form
from reelyard.http.identity import Owner
from reelyard.http.signed import download_url
from reelyard.http.taking import headers_of, refusal_of
from reelyard.http.v1.schemas.common import ErrorFacts, Id, Limit, Offset, Page, Search
from reelyard.http.v1.schemas.files import BatchOfFile, FileDetail, FilesTaken, FileTaken, FileTold, error_of
from reelyard.media.info import Kind

router = APIRouter(prefix="/files", tags=["files"])

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "maxItems": 10,
                        }
                    },
                }
            }
        },
    }
}


def told_all(services: Container, tx: Transaction, files: Sequence[LibraryFile]) -> list[FileTold]:
    """Files as `/api/v1` shows them, with links."""
    made = made_of(tx, [file.id for file in files])
    return [FileTold(**_facts(services, file, made.get(file.id, {}))) for file in files]


def _facts(services: Container, file: LibraryFile, made: dict[str, str]) -> dict[str, Any]:
    names = (
        "id",
        "name",
        "size",
        "status",
        "kind",
        "format",
        "mime",
        "duration_s",
        "sha256",
        "created_at",
        "updated_at",
    )

    def link(key: str | None, name: str, mime: str, *, inline: bool) -> str | None:
        return download_url(services, file.owner_id, key, name, mime, inline=inline) if key else None

    ready = file.blob_key if file.status == FileStatus.READY else None
    mime = file.mime or "application/octet-stream"
    return {
        **{name: getattr(file, name) for name in names},
        "error": error_of(file),
        "content_url": link(ready, file.name, mime, inline=True),
        "download_url": link(ready, file.name, mime, inline=False),
        "thumbnail_url": link(made.get("thumbnail.jpg"), "thumbnail.jpg", "image/jpeg", inline=True),
        "levels_url": link(made.get("levels.json"), "levels.json", "application/json", inline=False),
    }


@router.get("")
def list_files(  # noqa: PLR0913, PLR0917 - every filter is a parameter of its own
    owner: Owner,
    services: Services,
    search: Search = None,
    kind: Kind | None = None,
    status: FileStatus | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Page[FileTold]:
    """One page of your files, the newest first."""
    with services.db.read() as tx:
        files, total = services.library.page(tx, owner, FileQuery(search, kind, status, limit, offset))
        data = told_all(services, tx, files)
    return Page(data=data, total=total, limit=limit, offset=offset)


@router.get("/{file_id}")
def get_file(file_id: Id, owner: Owner, services: Services) -> FileDetail:
    """One file, what was found in it, and the batches that it is in."""
    with services.db.read() as tx:
        file = services.library.get(tx, owner, file_id)
        told = _facts(services, file, made_of(tx, [file.id]).get(file.id, {}))
        batches = [
            BatchOfFile(id=batch_id, name=name, status=status)
            for batch_id, name, status in services.library.batches_of(tx, file)
        ]
    return FileDetail(**told, info=file.info, batches=batches)


@router.delete("/{file_id}", status_code=204)
def delete_file(file_id: Id, owner: Owner, services: Services) -> None:
    """Let a file go; links to it end at once. Refused while a batch that has not ended needs it."""
    with services.db.write() as tx:
        services.library.delete(tx, owner, file_id)


@router.post("", status_code=201, response_model=FilesTaken, openapi_extra=_FORM)
async def send_files(
    request: Request,
    owner: Owner,
    services: Services,
    batch_id: Annotated[Id | None, Query(description="Put them into this batch at once.")] = None,
) -> Response:
    """Send up to ten files as a form, under any field names. What is refused is named; the others are taken."""
    received = await receive_form(services, owner, request, batch_id)
    if (answer := await refusal_of(request, received)) is not None:
        return answer
    if received.failure is not None and not any(one.file_id for one in received.files):
        raise received.failure
    told = await run_in_threadpool(_taken, services, owner, received.files)
    return Response(told.model_dump_json(), 201, headers_of(received), media_type="application/json")


def _taken(services: Container, owner: str, files: Sequence[Taken]) -> FilesTaken:
    with services.db.read() as tx:
        found = [services.library.get(tx, owner, one.file_id) if one.file_id else None for one in files]
        told = iter(told_all(services, tx, [file for file in found if file is not None]))
        listed = [
            FileTaken(
                name=one.name,
                file=next(told) if file is not None else None,
                item_id=one.item_id,
                error=facts_of(one) if one.error is not None else None,
            )
            for one, file in zip(files, found, strict=True)
        ]
    return FilesTaken(files=listed)


def facts_of(one: Taken) -> ErrorFacts:
    """Why a file of a form was not taken."""
    error = one.error
    assert error is not None  # noqa: S101 - asked for refused ones alone
    return ErrorFacts(code=error.code, message=error.message, hint=error.hint, details=error.details)
