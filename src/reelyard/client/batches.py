"""Batches through the client: order, list, command, look into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reelyard.client.errors import ClientError
from reelyard.client.models import Batch, Item, Page, each
from reelyard.client.transport import Transport

FILES_AT_ONCE = 1_000  # ids in one request; a body has at most 1 MiB
PAGE = 200


@dataclass(frozen=True, slots=True)
class Order:
    """A new batch. `settings` by the pipeline's schema, `concurrency` items at once, `priority` 0 to 10 or the plan's."""

    name: str
    pipeline: str = "transcription"
    settings: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    concurrency: int = 3
    priority: int | None = None


class Batches:
    """`client.batches`. Every call raises ClientError when it is refused."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, order: Order, file_ids: Sequence[str] = (), *, start: bool = False) -> Batch:
        """Order a batch, empty or with files of the library."""
        body = {
            "name": order.name, "pipeline": order.pipeline, "settings": dict(order.settings),
            "description": order.description, "concurrency": order.concurrency, "priority": order.priority,
            "file_ids": list(file_ids), "start": start,
        }  # fmt: skip
        return Batch.model_validate(self._transport.json("POST", "/api/v1/batches", body=body))

    def get(self, batch_id: str) -> Batch:
        """The batch as it is now."""
        return Batch.model_validate(self._transport.json("GET", f"/api/v1/batches/{batch_id}"))

    def page(
        self, *, status: str | None = None, search: str | None = None, limit: int = 20, offset: int = 0
    ) -> Page[Batch]:
        """One page, the newest first."""
        params = {"status": status, "search": search, "limit": limit, "offset": offset}
        return Page[Batch].model_validate(self._transport.json("GET", "/api/v1/batches", params=params))

    def all(self, *, status: str | None = None, search: str | None = None) -> Iterator[Batch]:
        """Every batch, the newest first, fetched page by page."""
        return each(lambda at: self.page(status=status, search=search, limit=PAGE, offset=at))

    def find(self, text: str) -> Batch:
        """The one batch with this name, id, or beginning of an id.

        Raises ClientError `not_found` or, when several fit, `ambiguous`, which names them.
        """
        fits = [batch for batch in self.all() if batch.id.startswith(text.lower()) or batch.name == text]
        if not fits:
            raise ClientError(
                "not_found", f"There is no batch “{text}”.", hint="See “reelyard batches list”."
            )
        if len(fits) > 1:
            named = ", ".join(batch.id[:8] for batch in fits[:5])
            raise ClientError(
                "ambiguous", f"“{text}” fits {len(fits)} batches: {named}.", hint="Give more of the id."
            )
        return fits[0]

    def change(self, batch_id: str, **changes: Any) -> Batch:
        """Change name, description, concurrency or priority; settings before the start."""
        return Batch.model_validate(
            self._transport.json("PATCH", f"/api/v1/batches/{batch_id}", body=changes)
        )

    def delete(self, batch_id: str) -> None:
        """Delete a batch that is pending or has ended."""
        self._transport.json("DELETE", f"/api/v1/batches/{batch_id}")

    def start(self, batch_id: str) -> Batch:
        """Begin to work."""
        return self._command(batch_id, "start")

    def pause(self, batch_id: str) -> Batch:
        """Let running items end and start no other."""
        return self._command(batch_id, "pause")

    def resume(self, batch_id: str) -> Batch:
        """Go on where it stood."""
        return self._command(batch_id, "resume")

    def cancel(self, batch_id: str) -> Batch:
        """End it now."""
        return self._command(batch_id, "cancel")

    def retry(self, batch_id: str, item_ids: Sequence[str] | None = None) -> Batch:
        """Try failed items again, all or those named."""
        return self._command(batch_id, "retry", None if item_ids is None else {"item_ids": list(item_ids)})

    def _command(self, batch_id: str, word: str, body: Any = None) -> Batch:
        answer = self._transport.json("POST", f"/api/v1/batches/{batch_id}/{word}", body=body)
        return Batch.model_validate(answer)

    # --- items --------------------------------------------------------------------------------------------

    def add_files(self, batch_id: str, file_ids: Sequence[str]) -> list[str]:
        """Put files of the library into a batch that has not started, in this order; gives the items' ids."""
        added: list[str] = []
        for start in range(0, len(file_ids), FILES_AT_ONCE):
            body = {"file_ids": list(file_ids[start : start + FILES_AT_ONCE])}
            added += self._transport.json("POST", f"/api/v1/batches/{batch_id}/items", body=body)["item_ids"]
        return added

    def items_page(
        self, batch_id: str, *, status: str | None = None, limit: int = PAGE, offset: int = 0
    ) -> Page[Item]:
        """One page of the items, in order."""
        params = {"status": status, "limit": limit, "offset": offset}
        return Page[Item].model_validate(
            self._transport.json("GET", f"/api/v1/batches/{batch_id}/items", params=params)
        )

    def items(self, batch_id: str, *, status: str | None = None) -> Iterator[Item]:
        """Every item in order, fetched page by page."""
        return each(lambda at: self.items_page(batch_id, status=status, offset=at))

    def item(self, batch_id: str, item_id: str) -> Item:
        """One item as it is now, with what its stages found out and what may be taken away."""
        return Item.model_validate(self._transport.json("GET", f"/api/v1/batches/{batch_id}/items/{item_id}"))

    def remove(self, batch_id: str, item_ids: Sequence[str]) -> None:
        """Take items out that are not at work and not completed."""
        for start in range(0, len(item_ids), FILES_AT_ONCE):
            body = {"item_ids": list(item_ids[start : start + FILES_AT_ONCE])}
            self._transport.json("POST", f"/api/v1/batches/{batch_id}/items/remove", body=body)
