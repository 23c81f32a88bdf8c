"""Events on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from reelyard.http.v1.schemas.common import Told


class EventTold(Told):
    """What changed: a fact that is kept for 30 days."""

    owner_seq: int = Field(description="Its number among all your events.")
    seq: int | None = Field(description="Its number within its batch.")
    kind: str
    batch_id: str | None
    item_id: str | None
    at: str
    data: dict[str, Any] = Field(
        description="The facts as they are since: `batch`, `item`, `items`, `file` …"
    )


class ProgressTold(Told):
    """How far a running item is; the latest value only."""

    batch_id: str
    item_id: str
    stage: str
    progress: float = Field(description="0 to 100, of the whole item.")
    eta_s: float | None
    note: str
    live: dict[str, Any] | None


class ExportProgressTold(Told):
    """How far a running export is; the latest value only."""

    export_id: str
    batch_id: str
    progress: float = Field(description="0 to 100.")
    eta_s: float | None
    note: str


class EventsTold(Told):
    """Events after `since`, and the number to ask from next.

    When `since` lies before what is kept, or ahead of it, `reset` says so and `snapshot` tells how things stand.
    """

    events: list[EventTold]
    next: int
    more: bool = Field(description="Whether there are more already.")
    reset: bool
    snapshot: dict[str, Any] | None
    progress: list[ProgressTold]
    exports: list[ExportProgressTold]
