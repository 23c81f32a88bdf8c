"""Signed links that an export gives out: to itself, and inside a playlist to what it names. Both end with it.

Paths and queries only, without a host: they hold on whatever address the server is reached. What a playlist names
lies below the playlist, and is named from there: some players take a path that begins with a slash for a file here.
"""

from __future__ import annotations

from datetime import datetime

from reelyard.core.exports.models import Export
from reelyard.kit.mime import mime_of
from reelyard.storage.signing import Grant, Signer

OBJECTS = "/api/v1/content/objects/"
EXPORTS = "/api/v1/content/exports/"
LISTED = "objects/"  # what a playlist names, as seen from it


class ExportLinks:
    """Signs them. The same export has the same link each time, so that a download can be gone on with."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def of_export(self, export: Export) -> str | None:
        """Where the export is fetched; None unless it can be."""
        if export.completed_at is None or export.expires_at is None or export.status != "completed":
            return None
        grant = Grant(
            method="GET", path=EXPORTS + export.id, user=export.owner_id, subject=export.id,
            disposition="attachment", filename=export.file_name, mime=mime_of(export.file_name),
        )  # fmt: skip
        lifetime = export.expires_at - export.completed_at
        return self._signer.sign(grant, now=export.completed_at, lifetime=lifetime)

    def of_object(self, owner_id: str, blob_key: str, name: str, now: datetime, expires: datetime) -> str:
        """Where one stored thing is fetched, as seen from an export; shown where a browser can."""
        grant = Grant(
            method="GET", path=EXPORTS + LISTED + blob_key, user=owner_id, subject="object", disposition="inline",
            filename=name, mime=mime_of(name),
        )  # fmt: skip
        return self._signer.sign(grant, now=now, lifetime=expires - now).removeprefix(EXPORTS)
