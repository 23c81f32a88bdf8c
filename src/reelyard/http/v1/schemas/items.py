"""Items on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.http.v1.schemas.batches import BatchTold, SettingsGiven
from reelyard.http.v1.schemas.common import Given, GivenId, Moment, Told


class FilesGiven(Given):
    """Files of your library, in the order in which they are to be worked on."""

    file_ids: list[GivenId] = Field(min_length=1, max_length=10_000)


class ItemsGiven(Given):
    """Items of the batch."""

    item_ids: list[GivenId] = Field(min_length=1, max_length=1_000)


class OrderGiven(Given):
    """The new order; items that are not named follow in the order they had."""

    item_ids: list[GivenId] = Field(min_length=1, max_length=10_000)


class OwnSettings(Given):
    """Settings for this item alone, over its batch's."""

    settings: SettingsGiven | None = None


class RequestOrder(ItemsGiven):
    """Which items are asked for, with settings of their own if given."""

    settings: SettingsGiven | None = None


class ItemFileTold(Told):
    """The file of an item."""

    id: str
    name: str
    status: str
    kind: str | None
    size: int | None
    duration_s: float | None


class ItemErrorTold(Told):
    """Why the item failed, or why it is going to be tried again."""

    code: str
    message: str
    hint: str | None


class ItemTold(Told):
    """An item as it is now. What is unknown is null."""

    id: str
    batch_id: str
    position: int
    file: ItemFileTold
    status: ItemStatus
    progress: float = Field(description="0 to 100; 100 when it is completed.")
    stage: str | None
    note: str = Field(description="What the running stage says that it does.")
    eta_s: float | None
    error: ItemErrorTold | None
    warnings: list[str]
    retry_count: int
    max_retries: int
    not_before: Moment | None = Field(description="When the next automatic try may begin.")
    requested: bool
    source_ready: bool
    generation: int = Field(description="Grows with every retry by hand and every redo.")
    served_generation: int | None = Field(description="Whose outputs are handed out.")
    allowed: list[str]
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    updated_at: Moment


class RunTold(Told):
    """One attempt at one stage."""

    stage: str
    generation: int
    status: str
    cached: bool
    queued_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
    warnings: list[str]
    error_code: str | None
    error_message: str | None


class OutputTold(Told):
    """A file that was made. `url` is a path on this server with a signature; it holds for two hours."""

    id: str
    role: str
    stage: str
    revision: int = Field(description="0 as it was made; higher after corrections.")
    file_name: str
    mime: str
    size: int
    sha256: str
    url: str
    created_at: Moment


class ItemDetails(ItemTold):
    """An item with its stages and outputs."""

    settings: dict[str, Any] = Field(description="Its own, else its batch's.")
    result: dict[str, Any] | None = Field(description="What its stages returned, by stage.")
    live: dict[str, Any] | None = Field(description="What the running stage shows.")
    plan: list[str] = Field(description="The stages that its settings ask for, in order.")
    runs: list[RunTold]
    outputs: list[OutputTold]


class ItemsAdded(Told):
    """The batch, and the ids of the new items in the order of the files."""

    batch: BatchTold
    item_ids: list[str]
