"""What passes between the dispatcher and the workers: values that are plain JSON on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Ending(StrEnum):
    """How an attempt ended, as the worker or the messenger tells it."""

    DONE = "done"
    SKIPPED = "skipped"
    REJECTED = "rejected"  # bad input: never tried again
    RETRY = "retry"  # a passing fault
    YIELDED = "yielded"
    DISOWNED = "disowned"  # it was killed because its token no longer stands
    LOST = "lost"  # the worker went away


@dataclass(frozen=True, slots=True)
class Made:
    """An artifact as it was stored."""

    role: str
    blob_key: str
    size: int
    sha256: str
    crc32: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one stage: all that a worker needs, and nothing that it must not see."""

    key: str  # subject:stage:token, unique for ever
    subject_kind: str
    subject_id: str
    owner_id: str
    pipeline: str
    stage: str
    version: int
    token: int
    prefix: str  # where this attempt's artifacts and outcome go
    input_key: str
    input_sha256: str | None
    input_name: str
    media: Mapping[str, Any] | None
    settings: Mapping[str, Any]
    tools: Mapping[str, Any]
    artifacts: Mapping[str, str] = field(default_factory=dict)  # role -> blob key
    earlier: Mapping[str, str] = field(default_factory=dict)  # role -> blob key, of what is served now
    facts: Mapping[str, Any] = field(default_factory=dict)  # stage -> what it returned
    allowance: float | None = None  # what paid servers may cost in this attempt; None: no limit
    cores: int = 1  # of the machine that it may keep busy

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended and what it left; stored as `outcome.json` under the attempt's prefix before it is told."""

    key: str
    ending: Ending
    started_at: float  # seconds since the epoch, by the worker's clock
    ended_at: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    made: tuple[Made, ...] = ()
    spent: float = 0.0  # on paid servers
    degraded: bool = False  # right, but not as good as it could be: not to be cached
    code: str | None = None  # of the error
    message: str | None = None
    hint: str | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        data = dict(value)
        data["ending"] = Ending(data["ending"])
        data["made"] = tuple(Made(**one) for one in data.get("made", ()))
        data["warnings"] = tuple(data.get("warnings", ()))
        return cls(**data)


def lost(key: str, at: float, message: str) -> Outcome:
    """The outcome of an attempt whose worker went away."""
    return Outcome(key, Ending.LOST, at, at, code="worker_crash", message=message)


def disowned(key: str, at: float) -> Outcome:
    """The outcome of an attempt that was taken back before it began."""
    return Outcome(key, Ending.DISOWNED, at, at)


class Word(StrEnum):
    """What a worker tells while it works."""

    STARTED = "started"
    PROGRESS = "progress"
    PART = "part"
    HELLO = "hello"


@dataclass(frozen=True, slots=True)
class Told:
    """One message of a worker. Lost ones do no harm: the outcome alone decides."""

    word: Word
    key: str
    worker: str
    fraction: float = 0.0
    note: str = ""
    live: Mapping[str, Any] | None = None
    part: str = ""  # the blob key of a kept part

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        data = dict(value)
        data["word"] = Word(data["word"])
        return cls(**data)


OUTCOME = "outcome.json"
