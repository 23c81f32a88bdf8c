"""What the server says of itself, on the wire."""

from __future__ import annotations

from typing import Literal

from reelyard.http.v1.schemas.common import Told


class VersionTold(Told):
    """Which Reelyard this is."""

    name: str
    version: str
    api: str


Status = Literal["ok", "starting", "degraded"]


class AliveTold(Told):
    """Whether requests are served."""

    status: Status


class ServerTold(Told):
    """A server that stories may be told with: for texts, speech or pictures. Its key is told to nobody."""

    kind: str
    host: str
    model: str


class ServersTold(Told):
    """The servers that the operator configured."""

    data: list[ServerTold]


class HealthTold(Told):
    """Whether all parts work. `starting`: the API answers, the workers are coming up."""

    status: Status
    version: str
    database_ms: float | None
    dispatcher: bool
    workers: int
    workers_wanted: int
    storage_free_bytes: int
