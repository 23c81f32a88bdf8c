"""Large downloads: gone on with after a break, into a file aside, and proved when they are whole."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reelyard.client.errors import ClientError, Unreachable
from reelyard.client.transport import Transport

BLOCK = 1 << 20
MANIFEST = "manifest.json"

OnReceived = Callable[[int], None]  # hears how many bytes are here


@dataclass(slots=True)
class Download:
    """One file on its way."""

    transport: Transport
    url: str
    size: int
    aside: Path
    is_patched: bool = False  # it came in more than one piece

    @property
    def mark(self) -> Path:
        """Where the server's mark of this content is kept: with another, its bytes would not fit what is here."""
        return self.aside.with_name(f"{self.aside.name}.etag")

    def run(self, heard: OnReceived) -> None:
        """Fetch what is missing; a break is followed by another try, as long as something arrives."""
        patience, breaks = self.transport.patience, 0
        while (have := self._have()) < self.size:
            try:
                self._fetch(have, heard)
            except Unreachable:
                breaks = 1 if self._have() > have else breaks + 1
                if breaks > patience.retries:
                    raise
                patience.sleep(patience.wait_s(breaks))
            else:
                if self._have() <= have:
                    raise damaged("nothing of it arrived")

    def _have(self) -> int:
        if not self.aside.exists() or (not self.mark.exists() and self.aside.stat().st_size < self.size):
            return 0
        have = self.aside.stat().st_size
        return have if have <= self.size else 0

    def _fetch(self, have: int, heard: OnReceived) -> None:
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": self.mark.read_text()}
        with self.transport.stream(self.url, headers=headers) as answer:
            goes_on = have > 0 and answer.status_code == 206
            if goes_on and not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                raise damaged("the server sent another part of it than was asked for")
            self.is_patched = self.is_patched or goes_on
            with self.aside.open("ab" if goes_on else "wb") as file:
                self._mark(answer.headers.get("ETag", ""), goes_on=goes_on)
                received = have if goes_on else 0
                for block in answer.iter_bytes(BLOCK):
                    file.write(block)
                    received += len(block)
                    heard(received)

    def _mark(self, tag: str, *, goes_on: bool) -> None:
        if goes_on:
            return
        if tag and not tag.startswith("W/"):  # a weak mark does not promise equal bytes
            self.mark.write_text(tag)
        else:
            self.mark.unlink(missing_ok=True)


def prove(path: Path, size: int, sha256: str | None, *, archive: bool, thoroughly: bool) -> None:
    """What arrived is what was sent: by size, and by hash, or by an archive's own manifest. Raises ClientError."""
    found = path.stat().st_size
    if found != size:
        raise damaged(f"{found} of {size} bytes are here")
    if sha256 is not None:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise damaged("its hash is not the one that the server told")
    elif archive:
        _prove_archive(path, thoroughly=thoroughly)


def _prove_archive(path: Path, *, thoroughly: bool) -> None:
    """Every file of the manifest is in it, with its size, and `thoroughly` with its hash too."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = json.loads(archive.read(MANIFEST))["files"]
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            for file in listed:
                if sizes.get(file["name"]) != file["size"]:
                    raise damaged(f"“{file['name']}” is not in it whole")
                if thoroughly and _hash_in(archive, file["name"]) != file["sha256"]:
                    raise damaged(f"“{file['name']}” in it is not what was sent")
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as problem:
        raise damaged("the archive cannot be read") from problem


def _hash_in(archive: zipfile.ZipFile, name: str) -> str:
    state = hashlib.sha256()
    with archive.open(name) as file:
        while block := file.read(BLOCK):
            state.update(block)
    return state.hexdigest()


def damaged(why: str) -> ClientError:
    """The error of a download that is not what was sent."""
    return ClientError("damaged_download", f"The download is damaged: {why}.", hint="Fetch it again.")
