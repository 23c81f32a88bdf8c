"""Chapters: named stretches of a film."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from reelyard.kit.json import JsonObject


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    start: Fraction  # seconds
    end: Fraction

    def to_json(self) -> dict[str, str]:
        return {"title": self.title, "start": str(self.start), "end": str(self.end)}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises KeyError or ValueError for anything else."""
        data: dict[str, Any] = dict(value)
        return cls(str(data["title"]), Fraction(data["start"]), Fraction(data["end"]))
