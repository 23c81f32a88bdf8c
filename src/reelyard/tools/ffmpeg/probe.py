"""Looking into a file: what it holds, or why it is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.formats import TAKEN, Format, settled
from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream
from reelyard.media.sniffing import refusal, sniff, take_sample
from reelyard.tools.ffmpeg import limits as bounds
from reelyard.tools.ffmpeg.inputs import demuxer_of
from reelyard.tools.ffmpeg.limits import ProbeLimits

MIB = 1024 * 1024
LONGEST_HEADER_S = 366 * 24 * 3600.0  # a header that says more is not believed
DEFAULT = ProbeLimits()


def inspect(path: Path, *, run: Runner, name: str = "", limits: ProbeLimits = DEFAULT) -> MediaInfo:
    """Judge the file at `path` by its content and look into it; `name` is what its owner calls it.

    Raises Reject with code `unsupported_type`, `invalid_media` or `limits` and a sentence for the owner, and
    what `run` raises.
    """
    with path.open("rb") as stream:
        sample = take_sample(stream)
    found = sniff(sample, name)
    if found is None:
        raise Reject(refusal(sample), code="unsupported_type" if sample.head else "invalid_media")
    return probe(path, found, limits, run=run)


def probe(path: Path, found: Format, limits: ProbeLimits = DEFAULT, *, run: Runner) -> MediaInfo:
    """Look into a file whose format is known, in a child process; raises as `inspect`."""
    size = path.stat().st_size
    if found.demuxer is None:
        return MediaInfo(Kind.DOCUMENT, found.name, found.mime, size)
    answer = json.loads(run(probe_command(path, found, limits)).stdout)
    info = parse(answer, found, size, limits)
    bounds.check(info, limits)
    return info


def probe_command(path: Path, found: Format, limits: ProbeLimits = DEFAULT) -> Command:
    """The command whose standard output `parse` takes, as JSON."""
    arguments = (demuxer_of(found.name), limits.max_streams, limits.max_pixels, limits.scan_s)
    argv, env = python_child("reelyard.tools.ffmpeg.probe_child", *map(str, arguments))
    may_take = Limits(limits.wall_s, math.ceil(limits.wall_s), 1024 * MIB, MIB)
    return Command(argv, stdin=path, env=env, limits=may_take)


def parse(answer: Mapping[str, Any], found: Format, size: int, limits: ProbeLimits = DEFAULT) -> MediaInfo:
    """What the child's answer means; raises Reject when the file cannot be worked on."""
    if "too_many_streams" in answer:
        raise bounds.too_many_streams(answer["too_many_streams"], limits.max_streams)
    if "error" in answer:
        raise _unreadable(found)
    length = _length(answer)
    audio, video, warnings = _streams(answer, found)
    kind = (
        Kind.VIDEO if any(not film.is_cover for film in video) and Kind.VIDEO in found.kinds else Kind.AUDIO
    )
    right = settled(found, kind)
    return MediaInfo(
        kind=kind,
        format=right.name,
        mime=right.mime_as(kind),
        size=size,
        duration_s=round(length.seconds, 6),
        start_s=_finite(answer.get("start")) or 0.0,
        audio=audio,
        video=video,
        warnings=(*length.warnings, *warnings),
    )


# --- how long it is -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Length:
    seconds: float
    warnings: tuple[str, ...] = ()


def _length(answer: Mapping[str, Any]) -> _Length:
    """The length by what was read; the header's where it agrees, or where not all could be read in time."""
    said = _finite(answer.get("duration"))
    header = said if said is not None and 0 < said < LONGEST_HEADER_S else None
    scan = answer["scan"]
    read = _read_seconds(answer)
    if not scan["complete"]:
        if header is not None:
            return _Length(max(header, read))
        return _Length(read * max(1.0, answer.get("size", 0) / max(scan["position"], 1)))
    if read <= 0:
        raise Reject(
            "Nothing in the file can be played: it is empty or damaged.",
            hint="Check that it plays in a player, and send it again.",
        )
    if header is None or abs(read - header) <= max(0.5, 0.01 * header):
        return _Length(header or read)
    if read < header - max(1.0, 0.02 * header):
        return _Length(read, (ends_early(read, header),))
    return _Length(read)


def ends_early(read: float, expected: float) -> str:
    """The warning for a file of which only the beginning could be read."""
    return f"The file ends early: {read:.0f} of {expected:.0f} s could be read."


def _read_seconds(answer: Mapping[str, Any]) -> float:
    """The longest stream: by its time stamps, or by the frames of sound that it holds if those are more."""
    scan = answer["scan"]
    start = _finite(answer.get("start")) or 0.0
    longest = 0.0
    for stream in _real_streams(answer):
        key = str(stream["index"])
        if key in scan["spans"]:
            longest = max(longest, scan["spans"][key][1] - start)
        if stream.get("frame") and stream.get("rate"):
            longest = max(longest, scan["packets"].get(key, 0) * stream["frame"] / stream["rate"])
    return longest


def _real_streams(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [s for s in answer["streams"] if s["type"] in ("audio", "video") and not s.get("cover")]


# --- what is in it ------------------------------------------------------------------------------------


def _streams(
    answer: Mapping[str, Any], found: Format
) -> tuple[tuple[AudioStream, ...], tuple[VideoStream, ...], tuple[str, ...]]:
    usable = [s for s in answer["streams"] if s["type"] in ("audio", "video") and _is_usable(s)]
    left_out = [s for s in _real_streams(answer) if not _is_usable(s)]
    audio = tuple(_sound(s, answer) for s in usable if s["type"] == "audio")
    video = tuple(_film(s, answer) for s in usable if s["type"] == "video")
    if not audio and all(film.is_cover for film in video):
        if left_out:
            raise Reject(
                f"The file's {_codecs(left_out)} cannot be decoded here.",
                code="unsupported_type",
                hint="Convert it to MP4 (H.264 and AAC) or to MP3 first.",
            )
        raise _unreadable(found)
    warnings = (f"The {_codecs(left_out)} cannot be decoded here and is left out.",) if left_out else ()
    return audio, video, warnings


def _is_usable(stream: Mapping[str, Any]) -> bool:
    measures = ("rate", "channels") if stream["type"] == "audio" else ("width", "height")
    measured = all(stream.get(name, 0) > 0 for name in measures)
    return bool(stream["allowed"] and measured and stream.get("decodes", True))


def _codecs(streams: list[Mapping[str, Any]]) -> str:
    words = {"audio": "sound", "video": "film"}
    return " and ".join(f"{words[s['type']]} ({s['codec'] or 'unknown codec'})" for s in streams[:3])


def _sound(stream: Mapping[str, Any], answer: Mapping[str, Any]) -> AudioStream:
    return AudioStream(
        index=stream["index"],
        codec=stream["codec"],
        sample_rate=stream["rate"],
        channels=stream["channels"],
        duration_s=_span(stream, answer),
        language=_language(stream.get("language")),
    )


def _film(stream: Mapping[str, Any], answer: Mapping[str, Any]) -> VideoStream:
    aspect = stream.get("aspect") or (1, 1)
    return VideoStream(
        index=stream["index"],
        codec=stream["codec"],
        width=stream["width"],
        height=stream["height"],
        frame_rate=_finite(stream.get("frame_rate")),
        duration_s=None if stream["cover"] else _span(stream, answer),
        pixel_format=stream.get("pixel_format"),
        rotation=round(stream["rotation"] / 90) * 90 % 360,
        sample_aspect=(aspect[0], aspect[1]) if aspect[0] > 0 and aspect[1] > 0 else (1, 1),
        is_cover=stream["cover"],
    )


def _span(stream: Mapping[str, Any], answer: Mapping[str, Any]) -> float | None:
    span = answer["scan"]["spans"].get(str(stream["index"])) if answer["scan"]["complete"] else None
    if span is not None:
        return round(float(span[1] - span[0]), 6)
    said = _finite(stream.get("duration"))
    return said if said is not None and 0 < said < LONGEST_HEADER_S else None


def _language(tag: str | None) -> str | None:
    return tag if tag and tag.isalpha() and len(tag) <= 8 and tag != "und" else None


def _finite(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _unreadable(found: Format) -> Reject:
    return Reject(
        f"The file begins like {found.name.upper()} but cannot be read: it is damaged or cut off.",
        hint=f"Check that it plays in a player, and send it again. {TAKEN}",
    )
