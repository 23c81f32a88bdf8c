"""What a recogniser is: loaded once, given one window of sound after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from reelyard.kit.json import JsonObject
from reelyard.media.transcript import Segment
from reelyard.tools.speech.windows import Window

if TYPE_CHECKING:
    from reelyard.tools.speech.sound import Samples


class RecogniserName(StrEnum):
    WHISPER = "whisper"
    POCKETSPHINX = "pocketsphinx"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which recogniser it is, to the last byte of its model: what makes two transcripts comparable."""

    recogniser: str
    model: str
    digest: str
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "versions": dict(self.versions)}

    @classmethod
    def from_json(cls, value: JsonObject) -> Identity:
        data: Any = value
        return cls(data["recogniser"], data["model"], data["digest"], dict(data["versions"]))


@dataclass(frozen=True, slots=True)
class Detected:
    language: str
    probability: float | None  # None: not detected, it is the only one


@dataclass(frozen=True, slots=True)
class Task:
    """What to recognise, and how."""

    window: Window
    language: str
    word_times: bool = True


OnSegment = Callable[[Segment], None]


class Recogniser(Protocol):
    """A loaded model. One call at a time."""

    @property
    def languages(self) -> frozenset[str]:
        """The codes of the languages that it can write down."""
        ...

    def detect_language(self, samples: Samples, windows: Sequence[Window]) -> Detected:
        """Which language is spoken in these windows."""
        ...

    def transcribe(self, samples: Samples, task: Task, on_segment: OnSegment) -> list[Segment]:
        """What is said in the task's window of the recording `samples`, timed from its beginning."""
        ...
