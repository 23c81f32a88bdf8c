"""Media types of what goes out, by the ending of its name."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

_OWN = {
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".zip": "application/zip",
    ".m3u8": "audio/x-mpegurl",  # a list of whole files, no segments of a stream
}


def mime_of(name: str) -> str:
    """The media type of what has this name, or this role."""
    suffix = PurePosixPath(name).suffix.lower()
    return (
        _OWN.get(suffix) or mimetypes.guess_type(f"x{suffix}", strict=False)[0] or "application/octet-stream"
    )
