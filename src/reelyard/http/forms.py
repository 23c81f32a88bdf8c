"""Files sent as a plain form, streamed into storage part by part: nothing is gathered in memory or written twice."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from reelyard.bootstrap import Container
from reelyard.core.batches.ledger import Failure
from reelyard.core.library.service import NewFile, file_name
from reelyard.errors import InvalidInput, MalformedRequest, ReelyardError, TooLarge
from reelyard.http.announcing import announce
from reelyard.http.receiving import DRAINED, patient

MOST_FILES = 10
MOST_HEADER = 16_384  # bytes of a part's headers
MOST_FIELDS = 100  # parts of a form, files among them


@dataclass(slots=True)
class Taken:
    """What became of one file of a form."""

    name: str
    file_id: str | None = None
    item_id: str | None = None
    error: ReelyardError | None = None


@dataclass(slots=True)
class Received:
    """What became of a form. `failure` is why no file was taken, or why it was not read to its end (not `whole`)."""

    files: list[Taken] = field(default_factory=list)
    failure: ReelyardError | None = None
    whole: bool = False


async def receive_form(
    services: Container,
    owner_id: str,
    request: Request,
    batch_id: str | None = None,
    *,
    join: bool = True,
    most_bytes: int | None = None,
) -> Received:
    """Take the files of the request's form, whatever their fields are called; other fields are passed over.

    A file that is refused is named, and the others go on; reading ends where the form itself or the storage fails,
    and the files before that are kept. `failure` is set besides when not one file was taken. With `join` each file
    becomes an item of the batch before its bytes come; without, that is the caller's. `most_bytes` bounds each file
    where that is less than the installation allows.
    """
    received = Received()
    taking = _Taking(services, owner_id, batch_id, join, most_bytes)
    try:
        form = Form(patient(request), request.headers.get("content-type", ""))
        async for name in form.files():
            taken = Taken(file_name(name))
            received.files.append(taken)
            if len(received.files) > MOST_FILES:
                taken.error = _too_many(taken)
            else:
                await taking.take(form, taken)
        received.whole = True
        if not received.files:
            raise InvalidInput("The form holds no file.", hint="Send at least one part with a file name.")
        if not any(one.file_id for one in received.files):
            received.failure = received.files[0].error
    except ReelyardError as error:
        received.failure = error
    except ClientDisconnect:
        received.failure = MalformedRequest("The connection ended in the middle of the form.")
    return received


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes the files of one form."""

    services: Container
    owner_id: str
    batch_id: str | None
    join: bool
    most_bytes: int | None = None

    async def take(self, form: Form, taken: Taken) -> None:
        """Stream one file into storage. Raises what makes the rest of the form unreadable, or not worth reading."""
        uploads, upload_id = self.services.uploads, None
        try:
            upload_id = await asyncio.to_thread(self._announced, taken)
            slot = await asyncio.to_thread(uploads.place, self.owner_id, upload_id, 1)
            if self.most_bytes is not None:
                slot = replace(slot, limit=min(slot.limit, self.most_bytes))
            await uploads.write(upload_id, slot, form.body())
            await asyncio.to_thread(uploads.complete, self.owner_id, upload_id)
        except BaseException as error:
            taken.file_id, taken.error = None, _told(taken, error, self.most_bytes)
            if upload_id is not None:
                why = Failure(taken.error.code, taken.error.message, taken.error.hint)
                with suppress(ReelyardError):
                    await asyncio.shield(asyncio.to_thread(uploads.abort, self.owner_id, upload_id, why))
            if not isinstance(error, InvalidInput | TooLarge):
                raise taken.error from error

    def _announced(self, taken: Taken) -> str:
        services, new = self.services, NewFile(taken.name, None, self.batch_id)
        with services.db.write() as tx:
            one = announce(services, tx, self.owner_id, [new], self.batch_id if self.join else None)[0]
            if one.error is not None:
                raise one.error
            assert one.file is not None  # noqa: S101 - it was taken
            assert one.upload is not None  # noqa: S101 - likewise
            taken.file_id, taken.item_id = one.file.id, one.item_id
            return one.upload.id


def _too_many(taken: Taken) -> InvalidInput:
    return InvalidInput(
        f"A form takes at most {MOST_FILES} files; “{taken.name}” is one too many.",
        hint="Send it in another request.",
    )


def _told(taken: Taken, error: BaseException, most_bytes: int | None) -> ReelyardError:
    if isinstance(error, TooLarge):
        may_be = f": at most {most_bytes:,} bytes" if most_bytes is not None else ""
        return TooLarge(f"“{taken.name}” is larger than a file may be{may_be}.", hint="Split the file.")
    if isinstance(error, ReelyardError):
        return error
    return MalformedRequest(f"“{taken.name}” did not come to its end.", hint="Send it again.")


class Form:
    """A multipart body, read as it comes: the name of each file, then its bytes."""

    def __init__(self, stream: AsyncIterator[bytes], content_type: str) -> None:
        """Raises MalformedRequest when `content_type` is not that of a form with files."""
        kind, options = parse_options_header(content_type.encode("latin-1", "replace"))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
            raise MalformedRequest("This is not a form with files.", hint="Send it as multipart/form-data.")
        self._stream = stream
        self._found: deque[tuple[str, bytes]] = deque()
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._begun = 0
        self._passed_over = 0  # bytes
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_begin,
                "on_header_field": lambda data, start, end: self._on_header(0, data[start:end]),
                "on_header_value": lambda data, start, end: self._on_header(1, data[start:end]),
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers,
                "on_part_data": lambda data, start, end: self._found.append(("data", data[start:end])),
                "on_part_end": lambda: self._found.append(("end", b"")),
                "on_end": lambda: self._found.append(("over", b"")),
            },
        )

    async def files(self) -> AsyncGenerator[str, None]:
        """The name of each file in turn; what is not read of its body is passed over."""
        while True:
            kind, data = await self._next()
            if kind == "over":
                return
            if kind == "file":
                yield data.decode("utf-8", "replace")
            self._passed_over += len(data) if kind == "data" else 0
            if self._passed_over > DRAINED:
                raise TooLarge("The form holds too much that is not taken.")

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The bytes of the file that was named last."""
        while True:
            kind, data = await self._next()
            if kind != "data":
                return
            yield data

    async def _next(self) -> tuple[str, bytes]:
        while not self._found:
            chunk = await anext(self._stream, None)
            if chunk is None:
                raise MalformedRequest("The form ends too early.", hint="Send it again.")
            try:
                self._parser.write(chunk)
            except MultipartParseError as error:
                raise MalformedRequest("The form cannot be read.") from error
        return self._found.popleft()

    def _on_begin(self) -> None:
        self._begun += 1
        if self._begun > MOST_FIELDS:
            raise InvalidInput(f"A form has at most {MOST_FIELDS} fields.")
        self._headers = {}

    def _on_header(self, which: int, data: bytes) -> None:
        self._header[which].extend(data)
        if sum(map(len, self._header)) > MOST_HEADER:
            raise MalformedRequest("A part of the form has too long a header.")

    def _on_header_end(self) -> None:
        if len(self._headers) < MOST_FIELDS:
            self._headers[bytes(self._header[0]).lower()] = bytes(self._header[1])
        self._header = (bytearray(), bytearray())

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"filename" in options:
            self._found.append(("file", options[b"filename"]))
