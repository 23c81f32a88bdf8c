"""One picture of a story, as it is wanted and as it was made."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from reelyard.kit.json import Json
from reelyard.tools.pictures.drawing import PictureOrder


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that the story needs, and the digest of all that it depends on."""

    number: int  # of its chunk; 0 for the cover
    role: str
    order: PictureOrder
    key: str

    @property
    def called(self) -> str:
        """What people call it."""
        return f"Chunk {self.number}" if self.number else "The cover"


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that is there, and what it shows."""

    role: str
    key: str
    description: str  # a sentence, for who cannot see it
    maker: str  # "drawn", or the server's host
    card: bool = False  # a title card: nothing could be drawn
    instead: bool = False  # drawn in place of one that a server did not make

    def to_json(self) -> dict[str, Json]:
        return asdict(self)
