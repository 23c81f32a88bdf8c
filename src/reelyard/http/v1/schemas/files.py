"""Files of the library on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.http.v1.schemas.common import ErrorFacts, Moment, Told
from reelyard.media.info import Kind


class BatchOfFile(Told):
    """A batch that the file is in."""

    id: str
    name: str
    status: str


class FileTold(Told):
    """An original. Links hold for about two hours; ask again for fresh ones."""

    id: str
    name: str
    size: int | None = Field(description="Bytes; null until the last one has come.")
    status: FileStatus
    kind: Kind | None = Field(description="By content, not by name; null until it was looked at.")
    format: str | None
    mime: str | None
    duration_s: float | None
    sha256: str | None
    error: ErrorFacts | None = Field(description="Why it cannot be used.")
    created_at: Moment
    updated_at: Moment
    content_url: str | None = Field(description="Play or read it; null until it has come.")
    download_url: str | None
    thumbnail_url: str | None
    levels_url: str | None = Field(description="How loud it is over its length, as JSON.")


class FileDetail(FileTold):
    """An original with all that is known of it."""

    info: dict[str, Any] | None = Field(description="What was found in it: streams, sizes, rates.")
    batches: list[BatchOfFile]


class FileTaken(Told):
    """One file of a form: taken, or refused with the reason."""

    name: str
    file: FileTold | None = None
    item_id: str | None = None
    error: ErrorFacts | None = None


class FilesTaken(Told):
    """What became of each file, in the order in which they were sent."""

    files: list[FileTaken]


def error_of(file: LibraryFile) -> ErrorFacts | None:
    """Why a file cannot be used."""
    if file.error_code is None:
        return None
    return ErrorFacts(code=file.error_code, message=file.error_message or "", hint=file.error_hint)
