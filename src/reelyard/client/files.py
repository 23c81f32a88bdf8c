"""Files through the client: sent in parts straight to storage, several at once, and gone on with after a break."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reelyard.client.errors import ClientError, RefusedFile
from reelyard.client.models import File, Page, Problem, Upload
from reelyard.client.transport import Transport

FILES_AT_ONCE = 5
PARTS_AT_ONCE = 4
ANNOUNCED_AT_ONCE = 500
LINKS_AT_ONCE = 16  # parts whose links are asked for together: they live a quarter of an hour
BLOCK = 1 << 20  # bytes handed to the connection at a time


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one file is on its way; `received` counts acknowledged and handed over bytes."""

    path: Path
    received: int
    size: int


OnSent = Callable[[Sent], None]  # called from the sending threads


@dataclass(frozen=True, slots=True)
class Slot:
    """A file to send and the upload that takes it; `links` are those that are known already, by part."""

    path: Path
    upload: Upload
    item_id: str | None = None  # when it was announced for a batch
    links: Mapping[int, str] = field(default_factory=dict)


Outcome = File | ClientError


class Files:
    """`client.files`: the library."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(
        self, paths: Sequence[Path | str], *, batch_id: str | None = None, on_sent: OnSent | None = None
    ) -> list[File | RefusedFile]:
        """Send files, five at a time; gives for each, in order, the file, or why it was refused or failed.

        A file that was received is verified next: its `status` tells when it is ready, or why it was refused.
        """
        every = [Path(path) for path in paths]
        announced = self.announce(every, batch_id=batch_id)
        slots = [each for each in announced if isinstance(each, Slot)]
        sent: dict[str, Outcome] = {
            slot.upload.id: outcome for slot, outcome in self.send(slots, on_sent=on_sent)
        }
        result: list[File | RefusedFile] = []
        for path, each in zip(every, announced, strict=True):
            outcome = sent[each.upload.id] if isinstance(each, Slot) else each
            result.append(
                outcome if isinstance(outcome, File | RefusedFile) else RefusedFile(path.name, outcome)
            )
        return result

    def announce(self, paths: Sequence[Path], *, batch_id: str | None = None) -> list[Slot | RefusedFile]:
        """Say which files are going to come, in one request for many; gives a slot or a refusal for each, in order."""
        found: list[Slot | RefusedFile] = []
        for start in range(0, len(paths), ANNOUNCED_AT_ONCE):
            found += self._announce(paths[start : start + ANNOUNCED_AT_ONCE], batch_id)
        return found

    def _announce(self, paths: Sequence[Path], batch_id: str | None) -> list[Slot | RefusedFile]:
        wanted = [{"name": sent_name(path), "size": path.stat().st_size} for path in paths]
        body: dict[str, Any] = {"files": wanted} | ({"batch_id": batch_id} if batch_id else {})
        try:
            answer = self._transport.json("POST", "/api/v1/uploads", body=body)
        except ClientError as error:
            return _all_refused(paths, error)
        return [_announced(path, told) for path, told in zip(paths, answer["files"], strict=True)]

    def send(self, slots: Sequence[Slot], *, on_sent: OnSent | None = None) -> Iterator[tuple[Slot, Outcome]]:
        """Send what was announced, now or in an earlier life; gives each slot with its outcome as it ends.

        What has arrived already is not sent again. Leaving the loop early stops the sending at the next part.
        """
        stop = threading.Event()
        with (
            ThreadPoolExecutor(FILES_AT_ONCE, "upload") as files,
            ThreadPoolExecutor(FILES_AT_ONCE * PARTS_AT_ONCE, "part") as parts,
        ):
            jobs = {
                files.submit(_Sending(self._transport, slot, parts, stop, on_sent).run): slot
                for slot in slots
            }
            try:
                waiting: set[Future[File]] = set(jobs)
                while waiting:
                    done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                    for job in done:
                        yield jobs[job], _outcome(job)
            finally:
                stop.set()
                for job in jobs:
                    job.cancel()

    def get(self, file_id: str) -> File:
        """One file as it is now."""
        return File.model_validate(self._transport.json("GET", f"/api/v1/files/{file_id}"))

    def page(
        self, *, search: str | None = None, status: str | None = None, limit: int = 50, offset: int = 0
    ) -> Page[File]:
        """One page of the library, the newest first."""
        params = {"search": search, "status": status, "limit": limit, "offset": offset}
        return Page[File].model_validate(self._transport.json("GET", "/api/v1/files", params=params))

    def delete(self, file_id: str) -> None:
        """Let a file go; refused while a batch that has not ended needs it."""
        self._transport.json("DELETE", f"/api/v1/files/{file_id}")

    def upload_state(self, upload_id: str) -> Upload:
        """What of an upload has arrived."""
        return Upload.model_validate(self._transport.json("GET", f"/api/v1/uploads/{upload_id}"))


@dataclass
class _Sending:
    """One file on its way."""

    transport: Transport
    slot: Slot
    pool: ThreadPoolExecutor
    stop: threading.Event
    on_sent: OnSent | None
    handed: dict[int, int] = field(default_factory=dict)  # bytes by part
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> File:
        """Send what is missing, then complete. Raises ClientError."""
        upload, path = self.slot.upload, self.slot.path
        if upload.status == "open":
            if path.stat().st_size != upload.size:
                raise ClientError(
                    "changed", f"“{path.name}” has changed since it was announced.", hint="Send it again."
                )
            arrived = {part.number: part.size for part in upload.received}
            self.handed = dict(arrived)
            missing = [number for number in range(1, upload.parts + 1) if number not in arrived]
            for start in range(0, len(missing), LINKS_AT_ONCE):
                self._send_some(missing[start : start + LINKS_AT_ONCE])
        return File.model_validate(self.transport.json("POST", f"/api/v1/uploads/{upload.id}/complete"))

    def _send_some(self, numbers: Sequence[int]) -> None:
        known = self.slot.links
        links = known if all(number in known for number in numbers) else self._links(numbers)
        gate = threading.Semaphore(PARTS_AT_ONCE)
        jobs: list[Future[None]] = []
        for number in numbers:
            gate.acquire()
            if self.stop.is_set() or any(job.done() and job.exception() for job in jobs):
                break
            job = self.pool.submit(self._send_part, number, links[number])
            job.add_done_callback(lambda _job: gate.release())
            jobs.append(job)
        wait(jobs)
        for job in jobs:
            job.result()
        if self.stop.is_set():
            raise ClientError("stopped", f"Sending “{self.slot.path.name}” was stopped.")

    def _links(self, numbers: Sequence[int]) -> dict[int, str]:
        path = f"/api/v1/uploads/{self.slot.upload.id}/sign"
        answer = self.transport.json("POST", path, body={"parts": list(numbers)})
        return {told["number"]: told["url"] for told in answer["part_urls"]}

    def _send_part(self, number: int, link: str) -> None:
        upload = self.slot.upload
        length = min(upload.part_size, (upload.size or 0) - (number - 1) * upload.part_size)
        try:
            self.transport.put(link, lambda: self._blocks(upload, number, length), length)
        except ClientError as error:
            if error.code != "bad_signature" or self.stop.is_set():
                raise
            self.transport.put(
                self._links([number])[number], lambda: self._blocks(upload, number, length), length
            )

    def _blocks(self, upload: Upload, number: int, length: int) -> Iterator[bytes]:
        self._note(number, 0)
        with self.slot.path.open("rb") as file:
            file.seek((number - 1) * upload.part_size)
            done = 0
            while done < length:
                if self.stop.is_set():
                    raise ClientError("stopped", f"Sending “{self.slot.path.name}” was stopped.")
                block = file.read(min(BLOCK, length - done))
                if not block:
                    raise ClientError("changed", f"“{self.slot.path.name}” was cut short while it was sent.")
                yield block
                done += len(block)
                self._note(number, done)

    def _note(self, number: int, handed: int) -> None:
        with self.lock:
            self.handed[number] = handed
            so_far = sum(self.handed.values())
        if self.on_sent is not None:
            self.on_sent(Sent(self.slot.path, so_far, self.slot.upload.size or 0))


def sent_name(path: Path) -> str:
    """A file's name as text, also where its bytes are none."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _announced(path: Path, told: Any) -> Slot | RefusedFile:
    if told.get("error"):
        error = Problem.model_validate(told["error"])
        return RefusedFile(path.name, ClientError(error.code, error.message, hint=error.hint))
    links = {each["number"]: each["url"] for each in told.get("part_urls", ())}
    return Slot(path, Upload.model_validate(told["upload"]), told.get("item_id"), links)


def _all_refused(paths: Sequence[Path], error: ClientError) -> list[Slot | RefusedFile]:
    """When every file of a request is refused, that is an error which tells the reason for each."""
    told = error.details.get("files")
    if isinstance(told, list) and len(told) == len(paths):
        problems = [Problem.model_validate(each) for each in told]
        return [
            RefusedFile(path.name, ClientError(each.code, each.message, hint=each.hint))
            for path, each in zip(paths, problems, strict=True)
        ]
    if (len(paths) == 1 and error.details.get("field") == "size") or error.code == "too_large":
        return [RefusedFile(path.name, error) for path in paths]
    raise error


def _outcome(job: Future[File]) -> Outcome:
    try:
        return job.result()
    except ClientError as error:
        return error
    except OSError as error:
        return ClientError("unreadable", f"The file cannot be read: {error.strerror or error}.")
