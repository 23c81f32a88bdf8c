"""The yard on the wire."""

from __future__ import annotations

from pydantic import Field

from reelyard.http.v1.schemas.common import Moment, Told


class SpanTold(Told):
    """One stage on one slot; ids and name are null for another owner's."""

    pipeline: str
    stage: str
    status: str
    subject_kind: str
    subject_id: str | None
    batch_id: str | None
    name: str | None
    started_at: Moment
    ended_at: Moment | None


class LaneTold(Told):
    """One worker's slot in the last ten minutes."""

    worker: str
    pools: list[str]
    present: bool
    spans: list[SpanTold]


class NextTold(Told):
    """An item of yours that waits."""

    item_id: str
    batch_id: str
    batch_name: str
    name: str
    position: int
    reason: str = Field(description="Why it waits, as the end of a sentence that begins with its name.")
    not_before: Moment | None


class EngineTold(Told):
    """The yard: what every slot did, who is next."""

    since: Moment
    now: Moment
    lanes: list[LaneTold]
    head: list[NextTold]
    running: int
    waiting: int = Field(description="Stages that could begin now, of everybody.")
