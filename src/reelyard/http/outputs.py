"""What was made of an item as it is handed out: what it is called, what it is, and a link to fetch it."""

from __future__ import annotations

from dataclasses import dataclass

from reelyard.bootstrap import Container
from reelyard.http.signed import download_url
from reelyard.kit.file_names import download_name
from reelyard.kit.mime import mime_of


@dataclass(frozen=True, slots=True)
class Handed:
    """An output for its reader; `url` is a path with a query, and holds for two hours."""

    file_name: str
    mime: str
    url: str


def handed(services: Container, owner_id: str, blob_key: str, role: str, source: str) -> Handed:
    """The output stored under `blob_key` in its role; `source` is the name of the file that it was made of."""
    name, mime = download_name(source, role), mime_of(role)
    return Handed(name, mime, download_url(services, owner_id, blob_key, name, mime))
