"""Exports through the client: order, follow, and take away; a download that broke off is gone on with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from reelyard.client.downloads import Download, OnReceived, prove
from reelyard.client.errors import ClientError
from reelyard.client.models import Page, Told, each
from reelyard.client.transport import Transport

PAGE = 100
FIRST_LOOK_S, LONGEST_LOOK_S = 0.1, 1.0  # between two looks at an export that is being made
LIVE = frozenset({"pending", "processing"})


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to export: `zip` (all outputs), `merged` (one file of all) or `playlist`; the rest is for archives.

    `pattern` makes the names of {position}, {name} and {ext}; None is the server's own.
    """

    format: str = "zip"
    include_failed: bool = False
    use_original_filenames: bool = True
    batch_name_prefix: bool = False
    pattern: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


class Export(Told):
    """An export; `download_url` is there while it can be fetched. `progress` is per cent, `size` bytes."""

    id: str
    batch_id: str
    format: str
    options: Mapping[str, Any] = {}
    status: str
    progress: float = 0.0
    note: str = ""
    eta_s: float | None = None
    items: int = 0
    files: int = 0
    media_s: float = 0.0
    file_name: str
    size: int | None = None
    sha256: str | None = None
    download_url: str | None = None
    warnings: tuple[str, ...] = ()
    error_code: str | None = None
    error_message: str | None = None
    error_hint: str | None = None
    created_at: datetime
    completed_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.status not in LIVE

    @property
    def problem(self) -> ClientError:
        """Why there is nothing to fetch."""
        if self.error_code is not None:
            message = self.error_message or f"The export failed: {self.error_code}."
            return ClientError(self.error_code, message, hint=self.error_hint)
        said = f"The export “{self.file_name}” is {self.status}."
        return ClientError(
            "export_not_ready", said, hint="Order it again." if self.ended else "Wait for its end."
        )


class ExportPreview(Told):
    """What an export would give; `size` is near enough."""

    format: str
    file_name: str
    items: int = 0
    left_out: int = 0
    not_completed: int = 0
    files: int = 0
    size: int = 0
    media_s: float = 0.0
    names: tuple[str, ...] = ()


class Exports:
    """`client.exports`. Every call raises ClientError when it is refused."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def order(self, batch_id: str, order: ExportOrder | None = None) -> Export:
        """Order an export of a batch that has ended; an equal one that can still be fetched is given instead."""
        body = (order or ExportOrder()).to_json()
        return Export.model_validate(self._transport.json("POST", _path(batch_id), body=body))

    def preview(self, batch_id: str, order: ExportOrder | None = None) -> ExportPreview:
        """What an export would give, without ordering it."""
        params = (order or ExportOrder()).to_json()
        told = self._transport.json("GET", f"{_path(batch_id)}/preview", params=params)
        return ExportPreview.model_validate(told)

    def get(self, batch_id: str, export_id: str) -> Export:
        """The export as it is now."""
        return Export.model_validate(self._transport.json("GET", _path(batch_id, export_id)))

    def all(self, batch_id: str) -> Iterator[Export]:
        """Every export of a batch, the newest first."""
        return each(lambda at: self._page(batch_id, at))

    def _page(self, batch_id: str, offset: int) -> Page[Export]:
        params = {"limit": PAGE, "offset": offset}
        return Page[Export].model_validate(self._transport.json("GET", _path(batch_id), params=params))

    def cancel(self, batch_id: str, export_id: str) -> Export:
        """End an export that is under way."""
        return Export.model_validate(self._transport.json("POST", f"{_path(batch_id, export_id)}/cancel"))

    def remove(self, batch_id: str, export_id: str) -> None:
        """Take it out of the list and end its link; one under way is cancelled."""
        self._transport.json("DELETE", _path(batch_id, export_id))

    def wait(
        self,
        export: Export,
        *,
        on_change: Callable[[Export], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Export:
        """Wait until it has ended, well or not; `on_change` hears every new state. Gives it as it is then."""
        pause = FIRST_LOOK_S
        while not export.ended:
            sleep(pause)
            pause = min(LONGEST_LOOK_S, pause * 1.5)
            before, export = export, self.get(export.batch_id, export.id)
            if on_change is not None and export != before:
                on_change(export)
        return export

    def save(self, export: Export, target: Path, *, on_received: OnReceived | None = None) -> Path:
        """Fetch a completed export to `target`, which appears when it is whole and proved."""
        aside = target.with_name(f".{export.id}.part")
        self.fetch(export, aside, on_received=on_received)
        aside.replace(target)
        return target

    def fetch(self, export: Export, aside: Path, *, on_received: OnReceived | None = None) -> None:
        """Fetch a completed export into `aside`, going on with what is there of it, and prove what arrived.

        What broke off stays, with its mark beside it (`.etag`), for another call to go on with. Raises ClientError:
        `damaged_download` when what arrived is not what was sent; then nothing of it is left.
        """
        if export.download_url is None or export.size is None:
            raise export.problem
        download = Download(self._transport, export.download_url, export.size, aside)
        download.run(on_received or _unheard)
        try:
            prove(
                aside,
                export.size,
                export.sha256,
                archive=export.format == "zip",
                thoroughly=download.is_patched,
            )
        except ClientError:
            aside.unlink(missing_ok=True)
            raise
        finally:
            download.mark.unlink(missing_ok=True)

    def text(self, export: Export) -> str:
        """The whole content of a small one: a playlist. Its links are relative to where it was fetched."""
        if export.download_url is None:
            raise export.problem
        with self._transport.stream(export.download_url) as answer:
            return answer.read().decode()


def absolute(playlist: str, address: str) -> str:
    """A playlist for a file of one's own: its links as they are when it is fetched from `address`."""
    return "".join(
        f"{urljoin(address, line)}\n" if line and not line.startswith("#") else f"{line}\n"
        for line in playlist.split("\n")[:-1]
    )


def _path(batch_id: str, export_id: str | None = None) -> str:
    return f"/api/v1/batches/{batch_id}/exports" + (f"/{export_id}" if export_id else "")


def _unheard(_count: int) -> None:
    return
