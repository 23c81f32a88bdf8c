"""Sound as recognisers take it: 16,000 samples a second, one channel, 16 bit, from the file's start on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import Reject, ResourceLimit, ToolFailed
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.media.info import AudioStream, MediaInfo
from reelyard.tools.ffmpeg import limits as bounds
from reelyard.tools.ffmpeg.inputs import QUIET, Source, input_options
from reelyard.tools.ffmpeg.probe import ends_early
from reelyard.tools.ffmpeg.progress import TO_STDOUT, follow

SAMPLE_RATE = 16_000  # Hz
BYTES_PER_SECOND = 2 * SAMPLE_RATE
WAV_HEADER = 44  # bytes that ffmpeg writes before the samples, when told to be `-bitexact`
MOST_S = 12 * 3600.0
# Sound that begins later than the film, or has holes, is filled with silence: times stay those of the file.
AS_STAMPED = "aresample=async=1:first_pts=0"
# Where the time stamps are nonsense that leaves next to nothing; then one sample simply follows the other.
AS_COUNTED = "asetpts=N/SR/TB"
MIB = 1024 * 1024
DAMAGE = re.compile(r"invalid data|error submitting packet|corrupt|decoding error|error while decoding")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Sound that was written."""

    path: Path
    duration_s: float  # what is really there, counted in samples
    warnings: tuple[str, ...]


def decode(
    source: Source,
    target: Path,
    *,
    ffmpeg: str,
    run: Runner,
    max_duration_s: float | None = None,
    tell: Callable[[float], None] | None = None,
) -> Decoded:
    """Write the sound of `source` to `target`: a WAV file if so named, else the bare samples, little-endian.

    `tell` hears the fraction done. Of a damaged file what can be read is taken, with a warning. Raises Reject
    (`no_audio`, `limits` when it really holds more than `max_duration_s`, `invalid_media` when nothing can be
    read) and what `run` raises. `max_duration_s` is 12 hours if not given, or what the probe let pass.
    """
    most = max_duration_s if max_duration_s is not None else max(MOST_S, (source.info.duration_s or 0) + 60)
    enough = (source.info.duration_s or 0) / 2
    for times in (AS_STAMPED, AS_COUNTED):
        command = decode_command(source, target, ffmpeg=ffmpeg, max_duration_s=most, times=times)
        said = _run_bounded(run, command, follow(source.info.duration_s, tell), most)
        seconds = _seconds_in(target)
        if seconds > most:
            raise bounds.too_long(seconds, most)
        if seconds > (enough if times is AS_STAMPED else 0):
            return Decoded(target, seconds, warnings_of(said, source.info, seconds))
    raise Reject(
        "The sound cannot be read: it is damaged.",
        hint="Check that the file plays in a player, and send it again.",
    )


def _run_bounded(run: Runner, command: Command, listen: Callable[[str], None] | None, most: float) -> str:
    """What ffmpeg said, also when it gave up: what it wrote until then may be worth having."""
    try:
        return run(command, on_line=listen).stderr
    except ToolFailed as problem:
        return str(problem.details.get("stderr", problem.message))
    except ResourceLimit as problem:
        if "larger than" in problem.message:
            raise bounds.too_long(most, most) from problem
        raise


def _seconds_in(target: Path) -> float:
    written = target.stat().st_size if target.exists() else 0
    return max(0, written - (WAV_HEADER if _is_wav(target) else 0)) / BYTES_PER_SECOND


def decode_command(
    source: Source, target: Path, *, ffmpeg: str, max_duration_s: float = MOST_S, times: str = AS_STAMPED
) -> Command:
    """The command of `decode`; raises Reject (`no_audio`) for a file without sound.

    It ends a second beyond `max_duration_s`, by time stamps and by bytes: stamps may lie.
    """
    stream = first_sound(source.info)
    # An edit list cuts by time stamps too.
    edits = ("-advanced_editlist", "0") if times == AS_COUNTED and source.demuxer == "mov" else ()
    argv = (
        *(ffmpeg, *QUIET, *TO_STDOUT, *edits, *input_options(source.demuxer)),
        *("-map", f"0:{stream.index}", "-map_metadata", "-1", "-af", times),
        *("-ac", "1", "-ar", str(SAMPLE_RATE), "-c:a", "pcm_s16le", "-t", f"{max_duration_s + 1:.3f}"),
        *("-bitexact", "-f", "wav" if _is_wav(target) else "s16le", "-y", f"file:{target}"),
    )
    seconds = min(source.info.duration_s or max_duration_s, max_duration_s)
    may_take = Limits(
        wall_s=120 + seconds,  # measured: 300 times as fast as the sound
        cpu_s=120 + int(seconds),
        memory_bytes=2048 * MIB,
        file_bytes=int((max_duration_s + 2) * BYTES_PER_SECOND) + WAV_HEADER,
    )
    return Command(argv, stdin=source.path, writes=(target,), limits=may_take)


def first_sound(info: MediaInfo) -> AudioStream:
    """The stream of sound that is worked on: the first; raises Reject with code `no_audio`."""
    if not info.audio:
        raise Reject(
            "The file has no sound.",
            code="no_audio",
            hint="Send a recording, or a film with a sound track.",
        )
    return info.audio[0]


def warnings_of(said: str, info: MediaInfo, seconds: float) -> tuple[str, ...]:
    """What the user should know of a decoding that succeeded, from what ffmpeg said and how much came."""
    expected = info.audio[0].duration_s or info.duration_s or seconds
    if seconds < expected - max(1.0, 0.02 * expected):
        return (ends_early(seconds, expected),)
    if DAMAGE.search(said.lower()):
        return ("Parts of the sound are damaged and may be missing.",)
    return ()


def _is_wav(target: Path) -> bool:
    return target.suffix == ".wav"
