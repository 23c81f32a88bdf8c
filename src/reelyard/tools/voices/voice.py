"""What a voice is, to those who choose one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from reelyard.kit.json import JsonObject
from reelyard.tools.voices.languages import sample_sentence


class EngineName(StrEnum):
    """What makes the sound."""

    ESPEAK = "espeak"
    PIPER = "piper"
    SERVER = "server"  # a speech server that speaks as OpenAI's does


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice. `id` is its engine and its engine's name for it: "espeak:en-us+f3", "piper:en_US-lessac-medium"."""

    id: str
    name: str  # for people
    language: str  # BCP 47 in small letters, such as en-us; "mul" where it speaks any
    engine: EngineName
    gender: str | None = None  # female or male, where it is known
    version: str = ""  # changes when its sound may: the engine's, and the digest of its model

    @property
    def own_name(self) -> str:
        """Its engine's name for it."""
        return self.id.partition(":")[2]

    @property
    def sample(self) -> str | None:
        """What it says when it is tried; None in a language without a sentence."""
        return sample_sentence(self.language)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "engine": self.engine.value}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        data: dict[str, Any] = dict(value)
        return cls(**{**data, "engine": EngineName(data["engine"])})
