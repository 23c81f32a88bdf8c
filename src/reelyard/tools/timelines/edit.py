"""What a timeline tells: the kept ranges of one film, under its name, in its time code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from reelyard.kit.file_names import safe_file_name
from reelyard.media.cut_list import CutList
from reelyard.media.info import AudioStream, MediaInfo, VideoStream
from reelyard.tools.timelines.timecode import TimeCode

# What no line of text and no XML document can hold: controls, halves of characters, non-characters.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


class TimelineFormat(StrEnum):
    EDL = "edl"
    FCPXML = "fcpxml"
    OTIO = "otio"


@dataclass(frozen=True, slots=True)
class Edit:
    """A film's cut list with what other editors want to know of its file.

    Frames are counted as pictures of the file, from its first: editors do the same, whenever sound begins.
    """

    cuts: CutList
    media: MediaInfo
    name: str  # the file's, as its user gave it
    timecode: str | None = None  # of the first picture, when the file says one

    @property
    def clock(self) -> TimeCode:
        return TimeCode.of(self.cuts.rate, self.timecode)

    @property
    def title(self) -> str:
        """The name on one line, without what cannot be written."""
        return " ".join(_UNWRITABLE.sub(" ", self.name).split()) or "film"

    @property
    def address(self) -> str:
        """The file beside the timeline, as a URL."""
        return "./" + quote(safe_file_name(self.title))

    @property
    def picture(self) -> VideoStream | None:
        return self.media.film

    @property
    def sound(self) -> AudioStream | None:
        return next(iter(self.media.audio), None)
