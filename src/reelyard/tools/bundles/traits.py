"""What decides whether clips can be joined by copying: read from their packets, without decoding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from reelyard.kit.json import JsonObject

COPIED_FILMS = {
    ".mp4": frozenset({"h264", "hevc", "vp9", "av1"}),
    ".mov": frozenset({"h264", "hevc"}),
    ".webm": frozenset({"vp8", "vp9", "av1"}),
}
COPIED_SOUNDS = {
    ".mp4": frozenset({"aac"}), ".mov": frozenset({"aac"}), ".m4a": frozenset({"aac"}), ".webm": frozenset({"opus"}),
}  # fmt: skip
COPIED_TEXTS = {".mp4": "mov_text", ".mov": "mov_text", ".webm": "webvtt"}
WITH_SETS = frozenset({"h264", "hevc"})  # codecs whose parameters stand beside the pictures
STEPS = {"aac": 1024, "opus": 960}  # samples of a packet as we encode, so that all have as many
LONGEST_STEP = Fraction(24, 1000)  # seconds of a packet of sound: half of it is how far a join may be off


@dataclass(frozen=True, slots=True)
class FilmTraits:
    """The picture of one clip."""

    key: tuple[Any, ...]  # equal for those that one decoder plays on: codec, profile, size, aspect, colours …
    codec: str
    profile: str | None
    width: int  # as stored
    height: int
    aspect: tuple[int, int]  # of a pixel
    pixel_format: str
    rotation: int  # degrees clockwise
    rate: Fraction  # pictures a second; of a film of variable rate the mean
    is_steady: bool
    time_base: Fraction
    frames: int
    start: int  # time stamp of the first picture shown, in time_base
    delay: int  # from the first decoding to the first showing, in time_base
    duration: Fraction  # seconds
    whole: bool  # it begins with a key picture and hides none: it can be copied from its beginning
    has_own_sets: bool  # parameter sets stand among its pictures
    extradata: str

    @classmethod
    def from_json(cls, told: JsonObject, rotation: int) -> Self:
        """What the child told of a stream of pictures; how it is turned is known from the probe."""
        data: dict[str, Any] = {**told, "rotation": rotation}
        for name in ("rate", "time_base", "duration"):
            data[name] = Fraction(data[name])
        data["aspect"] = tuple(data["aspect"])
        colours = tuple(data.pop("colours"))
        rate = data["rate"] if data["is_steady"] else None
        shape = tuple(data[name] for name in ("codec", "profile", "width", "height", "aspect"))
        key = (*shape, data["pixel_format"], rotation, rate, colours)
        return cls(key=key, **data)

    def fits(self, suffix: str) -> bool:
        """Whether it can be copied into a file with this ending."""
        return self.whole and self.codec in COPIED_FILMS[suffix]

    @property
    def first_s(self) -> Fraction:
        """When the first picture is shown, on the container's own clock."""
        return self.start * self.time_base


@dataclass(frozen=True, slots=True)
class SoundTraits:
    """The sound of one clip."""

    key: tuple[Any, ...]
    codec: str
    profile: str | None
    sample_rate: int
    channels: int
    layout: str
    step: int | None  # samples of each packet; None when they differ
    start: Fraction  # seconds, on the container's own clock: of the first packet, which may only prepare
    end: Fraction
    extradata: str

    @classmethod
    def from_json(cls, told: JsonObject) -> Self:
        """What the child told of a stream of sound."""
        data: dict[str, Any] = dict(told)
        data["start"], data["end"] = Fraction(data["start"]), Fraction(data["end"])
        # Of AAC the first two bytes say type, rate and channels; what may follow says that there is nothing else.
        config = data["extradata"][:4] if data["codec"] == "aac" else ""
        names = ("codec", "profile", "sample_rate", "channels", "layout", "step")
        return cls(key=(*(data[name] for name in names), config), **data)

    def fits(self, suffix: str) -> bool:
        """Whether its packets can be copied into a file with this ending and moved by whole packets."""
        known = self.step is not None and self.step == STEPS.get(self.codec)
        short = known and Fraction(self.step or 0, self.sample_rate) <= LONGEST_STEP
        plain = self.codec != "aac" or self.profile == "LC"
        return short and plain and self.codec in COPIED_SOUNDS[suffix]


@dataclass(frozen=True, slots=True)
class Traits:
    """One clip as it was read."""

    film: FilmTraits | None
    sound: SoundTraits | None
    start: Fraction  # seconds: where the container's clock begins
    texts: str = ""  # codec of the first captions in it
    problem: str = ""  # why it cannot be read; then there is neither film nor sound
    is_broken: bool = False  # reading stopped at damage

    @classmethod
    def from_json(cls, told: JsonObject, rotation: int = 0) -> Self:
        """What the child told of a file."""
        data: dict[str, Any] = dict(told)
        if "error" in data:
            return cls(None, None, Fraction(0), problem=str(data["error"]))
        film = FilmTraits.from_json(data["film"], rotation) if data["film"] else None
        sound = SoundTraits.from_json(data["sound"]) if data["sound"] else None
        return cls(film, sound, Fraction(data["start"]), str(data["texts"]), is_broken=bool(data["broken"]))
