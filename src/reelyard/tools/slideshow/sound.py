"""The narration as the film takes it: AAC in MP4."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Limits
from reelyard.media.sniffing import sniff, take_sample
from reelyard.tools.ffmpeg.inputs import QUIET, demuxer_of, input_options

MIB = 1024 * 1024
COPIED: Final = ("m4a", "mp4")  # names of formats
ENCODED: Final = ("wav", "mp3")
BITS = "96k"
SLOWEST = 20  # seconds of sound in a second, at least


def format_of(sound: Path) -> str:
    """The format's name, by what is in the file; raises Reject (`unsupported_type`) for what no narration is in."""
    with sound.open("rb") as stream:
        found = sniff(take_sample(stream))
    if found is None or found.name not in (*COPIED, *ENCODED):
        raise Reject(
            f"A film cannot be made of a narration in {found.name.upper() if found else 'an unknown format'}.",
            code="unsupported_type",
            hint="Order the narration as M4A, MP3 or WAV.",
        )
    return found.name


def encode_command(sound: Path, seconds: float, target: Path, ffmpeg: str) -> Command:
    """Write the sound to `target` as AAC in MP4."""
    argv = (
        *(ffmpeg, *QUIET, *input_options(demuxer_of(format_of(sound))), "-map", "0:a:0", "-vn"),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-c:a", "aac", "-b:a", BITS),
        *("-flags:a", "+bitexact", "-fflags", "+bitexact", "-f", "mp4", "-y", f"file:{target}"),
    )
    most = 60 + seconds / SLOWEST
    limits = Limits(most, int(most), 2048 * MIB, 4096 * MIB)
    return Command(argv, stdin=sound, writes=(target,), limits=limits)
