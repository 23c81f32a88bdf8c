"""An archive as a stream that begins anywhere: headers out of its layout, contents out of the storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from reelyard.errors import BlobMissing
from reelyard.storage.storage import Storage
from reelyard.storage.zip_layout import Slice, ZipLayout


class ZipStream:
    """The bytes of an archive from `start` on; one content is open at a time."""

    def __init__(self, layout: ZipLayout, blob_keys: Sequence[str], storage: Storage, start: int = 0) -> None:
        self._keys = blob_keys  # of the layout's entries, in their order
        self._storage = storage
        self._pieces = layout.pieces(start, layout.size)
        self._bytes = b""  # of headers, not yet read
        self._slice: Slice | None = None
        self._file: BinaryIO | None = None

    def read(self, most: int) -> bytes:
        """The next bytes, `most` unless the archive ends; raises BlobMissing when a content is not what it was."""
        found: list[bytes] = []
        while most > 0:
            piece = self._next(most)
            if not piece:
                break
            found.append(piece)
            most -= len(piece)
        return b"".join(found)

    def close(self) -> None:
        """Let go of the content that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next(self, most: int) -> bytes:
        if not self._bytes and self._slice is None:
            self._step()
        if self._slice is not None:
            return self._content(self._slice, most)
        piece, self._bytes = self._bytes[:most], self._bytes[most:]
        return piece

    def _step(self) -> None:
        piece = next(self._pieces, b"")
        if isinstance(piece, bytes):
            self._bytes = piece
            return
        self._slice = piece
        self._file = self._storage.open(self._keys[piece.entry], piece.start)

    def _content(self, part: Slice, most: int) -> bytes:
        assert self._file is not None  # noqa: S101 - opened with its slice
        data = self._file.read(min(most, part.end - part.start))
        if not data:
            raise BlobMissing(f"What is stored under {self._keys[part.entry]} is shorter than it was.")
        start = part.start + len(data)
        if start < part.end:
            self._slice = Slice(part.entry, start, part.end)
        else:
            self._slice = None
            self.close()
        return data
