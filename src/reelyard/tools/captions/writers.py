"""Transcripts as files: plain text, SubRip, WebVTT and JSON; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

from reelyard.media.transcript import Transcript
from reelyard.tools.captions.cues import Cue, CueStyle, cues


class CaptionFormat(StrEnum):
    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


def write(transcript: Transcript, form: CaptionFormat, style: CueStyle | None = None) -> str:
    """The text of a file in that format; an empty transcript gives a valid, empty file."""
    if form is CaptionFormat.TXT:
        return f"{transcript.text}\n" if transcript.segments else ""
    if form is CaptionFormat.JSON:
        return json.dumps(transcript.to_json(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return write_cues(cues(transcript, style), form)


def write_cues(shown: Sequence[Cue], form: CaptionFormat) -> str:
    """Cues as SRT or VTT; raises ValueError for a format without cues."""
    if form is CaptionFormat.SRT:
        blocks = [
            f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{_srt_text(cue)}\n"
            for number, cue in enumerate(shown, 1)
        ]
        return "\n".join(blocks)
    if form is CaptionFormat.VTT:
        blocks = [f"{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{_vtt_text(cue)}\n" for cue in shown]
        return "\n".join(["WEBVTT\n", *blocks])
    raise ValueError(f"{form} has no cues")


def _time(seconds: float, mark: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}{mark}{milliseconds:03d}"


def _srt_text(cue: Cue) -> str:
    # SubRip has no escape: players take “<i>” for a tag, so “<” is given as its look-alike.
    return "\n".join(line.replace("<", "\u2039").replace("-->", "→") for line in cue.lines)


def _vtt_text(cue: Cue) -> str:
    escaped = (line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in cue.lines)
    return "\n".join(escaped)
