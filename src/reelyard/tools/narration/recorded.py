"""Speech that a server makes: asked for by the paragraph, decoded in a limited child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Protocol

from reelyard.errors import StageEnd, ToolFailed
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import QUIET, input_options
from reelyard.tools.narration.order import RATE, ChunkOrder, Paragraph

MIB = 1024 * 1024
MOST_LETTERS = 3_000  # of one request; servers take 4,096 characters or a little less
MOST_BYTES = 64 * MIB
LONGEST_S = 3_600.0  # of one answer


class SpeechServer(Protocol):
    """What speaks elsewhere. It minds time-outs, rates, retries and spending itself."""

    def speak(self, text: str, voice: str, instructions: str, rate: float) -> bytes:
        """The sound of the text as a whole file (WAV, MP3, FLAC, Ogg or MP4). Raises Reject or Retry."""
        ...


def record(
    order: ChunkOrder, paragraphs: Sequence[Paragraph], server: SpeechServer, folder: Path, run: Runner
) -> tuple[Paragraph, ...]:
    """The paragraphs with the files of their sound, which lie in `folder`.

    Raises what `server` raises, and ToolFailed when it sends something that is no sound.
    """
    numbers = count(1)
    found = []
    for paragraph in paragraphs:
        files = []
        for sentences in grouped(paragraph.sentences):
            data = server.speak(" ".join(sentences), order.voice.own_name, order.prompt, order.manner.rate)
            target = folder / f"recorded-{next(numbers):04}.pcm"
            decode_answer(data, target, run=run)
            files.append((str(target), sentences))
        found.append(replace(paragraph, recorded=tuple(files)))
    return tuple(found)


def grouped(sentences: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The sentences in as few requests as may be: fewer cost less, and a voice reads on as it should."""
    group: list[str] = []
    for sentence in sentences:
        if group and sum(map(len, group)) + len(group) + len(sentence) > MOST_LETTERS:
            yield tuple(group)
            group = []
        group.append(sentence)
    if group:
        yield tuple(group)


def decode_answer(data: bytes, target: Path, *, run: Runner) -> None:
    """Write the sound of a server's answer as plain samples at RATE; raises ToolFailed when there is none."""
    demuxer = demuxer_of(data)
    if demuxer is None or len(data) > MOST_BYTES:
        raise ToolFailed(
            "The speech server sent something that is no sound."
            if demuxer is None
            else "The speech server sent too much for one paragraph.",
            hint="Look at its settings: it should answer with WAV, MP3, FLAC, Ogg or MP4.",
        )
    source = target.with_suffix(".answer")
    source.write_bytes(data)
    try:
        run(decode_command(source, demuxer, target))
    except StageEnd as problem:
        if isinstance(problem, ToolFailed):
            raise ToolFailed(
                f"The sound that the speech server sent cannot be read: {problem.message}"
            ) from problem
        raise
    finally:
        source.unlink()
    if target.stat().st_size < RATE // 50:
        raise ToolFailed("The speech server sent a sound without any length.", hint="Try again.")


def decode_command(source: Path, demuxer: str, target: Path) -> Command:
    argv = (
        *(ffmpeg(), *QUIET, *input_options(demuxer), "-map", "0:a:0", "-t", f"{LONGEST_S:g}"),
        *("-ac", "1", "-ar", str(RATE), "-f", "s16le", "-y", f"file:{target}"),
    )
    return Command(
        argv,
        reads=(source,),
        writes=(target,),
        limits=Limits(120, 120, 1024 * MIB, 256 * MIB),
        stdin=source,
    )


def demuxer_of(data: bytes) -> str | None:
    """FFmpeg's name for what the answer is, by its first bytes; None when it is no sound."""
    first = data[:2] + b"\0\0"
    signs = (
        ("wav", data[:4] == b"RIFF" and data[8:12] == b"WAVE"),
        ("flac", data[:4] == b"fLaC"),
        ("ogg", data[:4] == b"OggS"),
        ("mov", data[4:8] == b"ftyp"),
        ("mp3", data[:3] == b"ID3" or (first[0] == 0xFF and first[1] & 0xE6 == 0xE2)),
        ("aac", first[0] == 0xFF and first[1] & 0xF6 == 0xF0),
    )
    return next((name for name, holds in signs if holds), None)
