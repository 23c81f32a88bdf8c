"""Exports on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from reelyard.core.exports.models import ExportFormat, ExportStatus
from reelyard.core.exports.names import MOST_PATTERN, PATTERN
from reelyard.http.v1.schemas.common import Given, Moment, Told


class NewExport(Given):
    """What to export and how. All but the format concern archives alone."""

    format: ExportFormat = Field(
        ExportFormat.ZIP,
        description="All outputs as an archive, those that stand for the items as one file, or a list of links to them.",
    )
    include_failed: bool = Field(
        False, description="A report of what failed or was cancelled, and its originals in `failed/`."
    )
    use_original_filenames: bool = Field(True, description="Else {name} is what an item is: `video`, say.")
    batch_name_prefix: bool = Field(False, description="The name of the batch in front of every name.")
    pattern: str = Field(
        PATTERN,
        max_length=MOST_PATTERN,
        description="{position} has three digits or more, {name} and {ext} are what they say.",
    )


class ExportTold(Told):
    """An export. `download_url` is there while it can be fetched."""

    id: str
    batch_id: str
    format: ExportFormat
    options: dict[str, Any]
    status: ExportStatus
    progress: float = Field(description="0 to 100.")
    note: str = Field(description="What is being done.")
    eta_s: float | None
    items: int = Field(description="Whose outputs are in it.")
    files: int
    media_s: float
    file_name: str
    size: int | None = Field(description="Bytes of the download, once they are known.")
    sha256: str | None = Field(description="Of the download; an archive has a manifest of its files instead.")
    download_url: str | None
    warnings: list[str]
    error_code: str | None
    error_message: str | None
    error_hint: str | None
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    expires_at: Moment | None


class PreviewTold(Told):
    """What an export would give; `size` is near enough."""

    format: ExportFormat
    file_name: str
    items: int
    left_out: int = Field(description="Completed items that have nothing for it.")
    not_completed: int
    files: int
    size: int
    media_s: float
    names: list[str] = Field(description="The first of the files, as they would be called.")
