"""The narration as the film takes it: AAC in MP4."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Limits
from reelyard.tools.ffmpeg.inputs import QUIET, input_options

MIB = 1024 * 1024
COPIED: Final = ".m4a"
DEMUXERS: Final = {".wav": "wav", ".mp3": "mp3"}
BITS = "96k"
SLOWEST = 20  # seconds of sound in a second, at least


def needs_encoding(sound: Path) -> bool:
    """Whether its packets cannot be copied; raises Reject (`unsupported_type`) for what narrations are never in."""
    if sound.suffix == COPIED:
        return False
    if sound.suffix not in DEMUXERS:
        raise Reject(
            f"A film cannot be made of a narration in {sound.suffix or 'an unknown format'}.",
            code="unsupported_type",
            hint="Order the narration as M4A, MP3 or WAV.",
        )
    return True


def encode_command(sound: Path, seconds: float, target: Path, ffmpeg: str) -> Command:
    """Write the sound to `target` as AAC in MP4."""
    argv = (
        *(ffmpeg, *QUIET, *input_options(DEMUXERS[sound.suffix]), "-map", "0:a:0", "-vn"),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-c:a", "aac", "-b:a", BITS),
        *("-flags:a", "+bitexact", "-fflags", "+bitexact", "-f", "mp4", "-y", f"file:{target}"),
    )
    most = 60 + seconds / SLOWEST
    limits = Limits(most, int(most), 2048 * MIB, 4096 * MIB)
    return Command(argv, stdin=sound, writes=(target,), limits=limits)
