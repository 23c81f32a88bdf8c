"""How a stranger's file is given to ffmpeg: as an open descriptor, with its demuxer forced.

So ffmpeg never sees a name, and a file that names others cannot reach them: the only protocol left is the
descriptor itself, the only demuxer the one that the content asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import Reject
from reelyard.media.formats import FORMATS
from reelyard.media.info import MediaInfo, VideoStream
from reelyard.tools.ffmpeg.codecs import WHITELIST

QUIET = ("-nostdin", "-hide_banner", "-nostats", "-v", "warning")
THREADS = 2  # of a decoder: each takes pictures of its own, and a slot is not the whole machine


@dataclass(frozen=True, slots=True)
class Source:
    """A file to work on, with what is known of it."""

    path: Path
    info: MediaInfo

    @property
    def demuxer(self) -> str:
        """FFmpeg's name; raises Reject when the file is no medium."""
        return demuxer_of(self.info.format)


def demuxer_of(format_name: str) -> str:
    """The demuxer for a format's name; raises Reject for one that FFmpeg must not see."""
    entry = FORMATS.get(format_name)
    if entry is None or entry.demuxer is None:
        raise Reject(
            f"A {format_name.upper()} file is neither sound nor film.",
            code="unsupported_type",
            hint="Give it to a pipeline that takes texts.",
        )
    return entry.demuxer


def film_of(info: MediaInfo) -> VideoStream:
    """The film that is worked on; raises Reject (`no_video`) for a file without one."""
    if info.film is None:
        raise Reject(
            "The file has no moving picture.",
            code="no_video",
            hint="Send a film; a recording of sound can be transcribed instead.",
        )
    return info.film


def library_options(demuxer: str, fd: int | None = 0, further: tuple[str, ...] = ()) -> dict[str, str]:
    """The same for FFmpeg's library in a child: the options that open “fd:”, with `further` decoders.

    Without `fd` they open a file by its name, which is one of several that the child may see.
    """
    return {
        **({"protocol_whitelist": "file"} if fd is None else {"fd": str(fd), "protocol_whitelist": "fd"}),
        "format_whitelist": demuxer,
        "codec_whitelist": ",".join((WHITELIST, *further)),
    }


def input_options(demuxer: str) -> tuple[str, ...]:
    """The arguments that open standard input as this format and nothing else; seekable, as it is a file."""
    return (
        *("-protocol_whitelist", "fd", "-codec_whitelist", WHITELIST),
        *("-threads", str(THREADS), "-f", demuxer, "-fd", "0", "-i", "fd:"),
    )
