"""Uploads on the wire."""

from __future__ import annotations

from pydantic import Field, StrictInt

from reelyard.core.library.models import UploadStatus
from reelyard.http.v1.schemas.common import ErrorFacts, Given, GivenId, Moment, Told
from reelyard.http.v1.schemas.files import FileTold

MOST_FILES = 1_000
MOST_PARTS = 1_000


class FileGiven(Given):
    """A file that is going to be sent."""

    name: str = Field(
        max_length=10_000, description="As it is called where it comes from; it is data, never a path."
    )
    size: StrictInt | None = Field(None, description="Bytes; null when it is not known: then it is one part.")


class NewUploads(Given):
    """Files to be sent, in one request; to a batch at once if one is named."""

    files: list[FileGiven] = Field(min_length=1, max_length=MOST_FILES)
    batch_id: GivenId | None = None


class PartsGiven(Given):
    """Parts for which links are wanted, by number from 1."""

    parts: list[StrictInt] = Field(min_length=1, max_length=MOST_PARTS)


class PartTold(Told):
    """A part that was acknowledged: whole and durable."""

    number: int
    size: int
    sha256: str


class PartUrl(Told):
    """Where to PUT a part; to be begun within 15 minutes."""

    number: int
    url: str


class UploadTold(Told):
    """How a file is to be sent: cut into parts of `part_size` bytes, the last one shorter."""

    id: str
    file_id: str
    status: UploadStatus
    size: int | None
    part_size: int
    parts: int
    expires_at: Moment


class UploadState(UploadTold):
    """An upload with what has come of it, to go on from."""

    file: FileTold
    received: list[PartTold]


class UploadOpened(Told):
    """One file of the request: where to send it, or why it is not taken."""

    name: str
    file: FileTold | None = None
    item_id: str | None = None
    upload: UploadTold | None = None
    part_urls: list[PartUrl] = Field(default_factory=list, description="The first ones; ask for the others.")
    error: ErrorFacts | None = None


class UploadsOpened(Told):
    """What became of each file, in the order in which they were given."""

    files: list[UploadOpened]


class PartUrls(Told):
    part_urls: list[PartUrl]
