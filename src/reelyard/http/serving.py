"""A stored thing as an answer: whole or a range of it, read ahead in threads, harmless in a browser."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reelyard.http.lines import Patience, line_of
from reelyard.kit.file_names import safe_file_name
from reelyard.storage.storage import Storage

BLOCK = 1024 * 1024  # bytes read and sent at once: two are held for each download
SENT = 64 * 1024  # bytes handed over at once
_SHOWN = re.compile(r"(audio|video)/[a-z0-9.+-]+|image/(jpeg|png|webp|gif)|text/(plain|vtt)")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE | re.ASCII)


class Readable(Protocol):
    """What can be read on from where it was opened; fewer bytes than asked for mean nothing, none the end."""

    def read(self, most: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Content:
    """Something of which any stretch can be read; under an equal `tag` its bytes are the same for ever."""

    size: int
    tag: str
    open: Callable[[int], Readable]  # from that byte on


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from `start` up to and without `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def wanted(header: str | None, size: int) -> Stretch | None:
    """What a Range header asks for of `size` bytes: everything when it asks for several ranges or for nonsense.

    None when what it asks for does not exist.
    """
    found = _RANGE.fullmatch(header.strip()) if header is not None and len(header) < 100 else None
    if found is None or found.groups() == ("", ""):
        return Stretch(0, size)
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return Stretch(size - length, size) if length else None
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return Stretch(0, size)
    return Stretch(start, end) if start < size else None


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition of RFC 6266: a plain name for old readers, the whole one for all others."""
    safe = safe_file_name(name)
    plain = safe.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def is_shown(mime: str) -> bool:
    """Whether a browser may show such a thing itself: media and plain text, nothing that can hold a script."""
    return _SHOWN.fullmatch(mime) is not None


def etag_of(key: str) -> str:
    """What is stored under a key never changes."""
    return f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'


def safe_headers(name: str, mime: str, *, inline: bool) -> dict[str, str]:
    """The headers that a download has in any case."""
    return {
        "Content-Type": f"{mime}; charset=utf-8" if mime.startswith("text/") else mime,
        "Content-Disposition": disposition(name, inline=inline and is_shown(mime)),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class StoredResponse(Response):
    """Streams one stretch of a stored thing."""

    def __init__(
        self, file: Readable | None, stretch: Stretch, status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(status_code=status, headers={**headers, "Content-Length": str(stretch.length)})
        self._file = file
        self._stretch = stretch
        self._handed = 0  # bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        try:
            await send(start)
            if self._file is None or scope["method"] == "HEAD" or not self._stretch.length:
                await send({"type": "http.response.body", "body": b""})
                return
            line = line_of(scope)
            watching = [asyncio.create_task(_gone(receive))]
            if line is not None:
                watching.append(asyncio.create_task(line.watch(lambda: self._handed, _patience(scope))))
            try:
                await self._send_blocks(self._file, send, watching[0])
                if line is not None:
                    await line.drained()
            finally:
                for task in watching:
                    task.cancel()
        finally:
            if self._file is not None:
                self._file.close()

    async def _send_blocks(self, file: Readable, send: Send, gone: asyncio.Task[None]) -> None:
        length = self._stretch.length
        async with aclosing(_blocks(file, length)) as blocks:
            async for block in blocks:
                for start in range(0, len(block), SENT):
                    piece = block[start : start + SENT]
                    if gone.done():
                        return
                    more = self._handed + len(piece) < length
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
                    self._handed += len(piece)


def _patience(scope: Scope) -> Patience:
    found: Patience = scope["app"].state.patience
    return found


async def _gone(receive: Receive) -> None:
    """Ends when the reader has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _blocks(file: Readable, length: int) -> AsyncGenerator[bytes, None]:
    """`length` bytes of `file`; the next block is read while the one before is sent."""
    run = asyncio.get_running_loop().run_in_executor
    ahead = run(None, file.read, min(BLOCK, length)) if length else None
    try:
        while ahead is not None:
            block = await ahead
            length -= len(block)
            ahead = run(None, file.read, min(BLOCK, length)) if length and block else None
            if block:
                yield block
    finally:
        if ahead is not None:  # a thread still reads: the file must not be closed under it
            await asyncio.wait({ahead})


def stored(
    storage: Storage, key: str, headers: Mapping[str, str], asked: Mapping[str, str]
) -> StoredResponse:
    """The answer to a request with the headers `asked`, lower case; opens the file. Raises BlobMissing."""
    content = Content(storage.size(key), etag_of(key), lambda start: storage.open(key, start))
    return answered(content, headers, asked)


def answered(content: Content, headers: Mapping[str, str], asked: Mapping[str, str]) -> StoredResponse:
    """As `stored`, of anything that can be read."""
    size, tag = content.size, content.tag
    common = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
    if tag in asked.get("if-none-match", ""):
        return StoredResponse(None, Stretch(0, 0), 304, common)
    header = asked.get("range") if asked.get("if-range", tag) == tag else None
    stretch = wanted(header, size)
    if stretch is None:
        return StoredResponse(None, Stretch(0, 0), 416, {**common, "Content-Range": f"bytes */{size}"})
    file = content.open(stretch.start)
    if stretch.length == size:
        return StoredResponse(file, stretch, 200, common)
    part = f"bytes {stretch.start}-{stretch.end - 1}/{size}"
    return StoredResponse(file, stretch, 206, {**common, "Content-Range": part})
